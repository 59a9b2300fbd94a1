"""Pages of one motion or amendment: its text, who put it, the votes, what became of it; and its forms."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Named, Options, Section, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import MOTION_KIND_LABELS, MOTION_STATUS_LABELS, MOTION_TYPE_LABELS, VOTE_LABELS
from samen_beleidsagenda.models import Motion
from samen_beleidsagenda.permissions import DECIDE, RECORD
from samen_beleidsagenda.queries.promises import follow_up_steps
from samen_beleidsagenda.schemas.motions import (
    MoveMotion,
    MoveMotionSchema,
    SubmitMotion,
    SubmitMotionSchema,
    UpdateMotion,
    UpdateMotionSchema,
)
from samen_beleidsagenda.services.common import get_thing, may_write, require_write, scopes_of, today
from samen_beleidsagenda.services.motions import (
    motion_values,
    move_motion,
    new_motion_values,
    possible_moves,
    submit_motion,
    update_motion,
)
from samen_beleidsagenda.services.promise_links import submitters
from samen_beleidsagenda.services.votes import suggested_result
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.follow_up import follow_up_acts
from samen_beleidsagenda.web.promise_parts import (
    Act,
    Links,
    body_choices,
    document_choices,
    dossier_choices,
    due_words,
    follow_up_badges,
    history,
    holder_choices,
    ids_of_steps,
    point_choices,
)
from samen_beleidsagenda.web.promises import STATUS_BADGES, TITLE
from samen_beleidsagenda.web.vote_view import VoteView, vote_view
from samen_core.api import Text, UnitOfWork, _, format_date, latest_lines
from samen_core.web.api import Crumb, crumbs, current_uow, page_url, render

HOME = f"{paths.PROMISES}/moties"
ONE = f"{HOME}/<uuid:id>"
NAMED = {"group_ids": Named("organization", many=True), "person_ids": Named("person", many=True)}
NEW, CHANGED = (FormSpec(schema, NAMED, required=("text",)) for schema in (SubmitMotionSchema, UpdateMotionSchema))
PROPOSALS = ("proposal", "decision_paper")
_WHAT = Section(_("Wat is er ingediend?"), ("kind", "type", "number", "title", "text", "amends_id"))
_WHO = Section(_("Door wie en wanneer?"), ("group_ids", "person_ids", "submitted_on"))
_MORE = ("agenda_item_id", "dossier_id", "holder_id", "confidential")
MOVE_TITLE = _("Uitkomst vastleggen")


@pages.route(ONE, public=True)
def motion_page(id: uuid.UUID) -> ResponseReturnValue:
    """One motion or amendment."""
    uow = current_uow()
    motion = get_thing(uow, Motion, id)
    groups, persons = submitters(uow, id)
    votes = vote_view(uow, id)
    steps = follow_up_steps(uow, id)
    refers = (motion.body_id, motion.dossier_id, motion.agenda_item_id, motion.amends_id, motion.answer_document_id)
    links = Links(uow, [*refers, *groups, *persons, *ids_of_steps(steps)], [motion.holder_id])
    lines, more_lines = latest_lines(uow, id)
    badges = [(MOTION_STATUS_LABELS[motion.status], STATUS_BADGES[motion.status])]
    return render(
        "beleidsagenda/motion.html",
        motion=motion,
        badges=badges + follow_up_badges(motion.follow_up, motion.due_date, today(uow)),
        kind=MOTION_KIND_LABELS[motion.kind],
        type=MOTION_TYPE_LABELS[motion.type],
        submitted_on=format_date(motion.submitted_on),
        put_by=links.several([*groups, *persons]),
        body=links.to_body(motion.body_id),
        dossier=links.to(motion.dossier_id),
        point=links.to(motion.agenda_item_id),
        amends=links.to(motion.amends_id),
        holder=links.to_holder(motion.holder_id),
        answer=links.to(motion.answer_document_id),
        due=due_words(motion.due_date),
        votes=votes,
        vote_labels=tuple(VOTE_LABELS.items()),
        suggestion=_suggestion(motion, votes),
        history=history(steps, links),
        acts=_acts(uow, motion),
        approval_acts=acts_of(uow, motion),
        log=lines,
        more_log=more_lines,
        data_links=[(_("Vaste link"), f"/id/motion/{id}"), (_("Gegevens als JSON"), f"/api/v1/beleidsagenda/motions/{id}")],
        breadcrumbs=crumbs(*trail((motion.title, None))),
    )


def trail(*more: Crumb) -> tuple[Crumb, ...]:
    """The breadcrumbs down to the register."""
    return ((LABEL, paths.HOME), (TITLE, paths.PROMISES), *more)


def _suggestion(motion: Motion, votes: VoteView | None) -> Text | None:
    """The result that follows from the votes, while nobody confirmed one."""
    if motion.status != "submitted" or votes is None:
        return None
    result = suggested_result(votes.totals)
    if result is None:
        return _("Er zijn evenveel stemmen voor als tegen.")
    return _("Volgens de stemmen is de uitkomst: {result}. De griffie moet dit nog bevestigen.", result=MOTION_STATUS_LABELS[result])


def _acts(uow: UnitOfWork, motion: Motion) -> list[Act]:
    """What the actor can do with a motion now."""
    if uow.actor.is_anonymous or not may_write(uow, motion):
        return []
    found = [Act(_("Bewerken"), page_url(paths.motion(motion.id, "bewerken")), "pencil")]
    if DECIDE.allows(uow.actor, motion.id, scopes=scopes_of(uow, motion)) and motion.status not in ("held", "withdrawn"):
        found.append(Act(_("Stemmen vastleggen"), page_url(paths.motion(motion.id, "stemmen")), "vote"))
    if possible_moves(uow, motion):
        found.append(Act(MOVE_TITLE, page_url(paths.motion(motion.id, "uitkomst")), "gavel"))
    return found + follow_up_acts(uow, motion)


@pages.route(f"{HOME}/nieuw", permission=RECORD, methods=["GET", "POST"])
def motion_new() -> ResponseReturnValue:
    """Write down a motion or amendment."""
    uow = current_uow()
    page = FormPage(
        title=_("Leg een motie of amendement vast"),
        submit=_("Leg vast"),
        done=_("De motie is vastgelegd."),
        path=f"{HOME}/nieuw",
        back=paths.PROMISES,
        trail=trail((_("Nieuw"), None)),
    )

    def write(command: SubmitMotion) -> str:
        return paths.motion(submit_motion(uow, command).id)

    sections = (_WHAT, _WHO, Section(_("Waar hoort het bij?"), ("body_id", *_MORE, "publish")))
    options = {**_options(uow), "body_id": body_choices(uow)}
    return form_page(uow, page, NEW, sections, write, values=new_motion_values(uow), options=options)


def _options(uow: UnitOfWork, motion: Motion | None = None) -> dict[str, Any]:
    now = {name: getattr(motion, name, None) for name in ("agenda_item_id", "dossier_id", "amends_id", "holder_id")}
    return {
        "agenda_item_id": point_choices(uow, now["agenda_item_id"]),
        "dossier_id": dossier_choices(uow, now["dossier_id"]),
        "amends_id": document_choices(uow, now["amends_id"], PROPOSALS),
        "holder_id": holder_choices(uow, now["holder_id"]),
    }


@pages.route(f"{ONE}/bewerken", permission=RECORD, methods=["GET", "POST"])
def motion_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a motion."""
    uow = current_uow()
    motion = _editable(uow, id)
    there = paths.motion(id)
    page = FormPage(
        title=_("{name} bewerken", name=motion.title),
        lead="" if motion.status == "submitted" else _("De tekst en de indieners staan vast: er is al iets over besloten."),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{there}/bewerken",
        back=there,
        trail=trail((motion.title, there), (_("Bewerken"), None)),
    )

    def write(command: UpdateMotion) -> str:
        update_motion(uow, id, command)
        return there

    sections = (_WHAT, _WHO, Section(_("Waar hoort het bij?"), _MORE))
    return form_page(uow, page, CHANGED, sections, write, values=motion_values(uow, motion), options=_options(uow, motion))


@pages.route(f"{ONE}/uitkomst", permission=RECORD, methods=["GET", "POST"])
def motion_move(id: uuid.UUID) -> ResponseReturnValue:
    """Write down what happened to a motion, with the result that follows from the votes filled in."""
    uow = current_uow()
    motion = _editable(uow, id)
    there = paths.motion(id)
    votes = vote_view(uow, id)
    suggested = suggested_result(votes.totals) if votes is not None else None
    page = FormPage(
        title=_("Uitkomst van “{name}”", name=motion.title),
        lead=_suggestion(motion, votes) or "",
        submit=_("Bevestig"),
        done=_("De uitkomst is vastgelegd."),
        path=f"{there}/uitkomst",
        back=there,
        trail=trail((motion.title, there), (MOVE_TITLE, None)),
    )

    def write(command: MoveMotion) -> str:
        move_motion(uow, id, command)
        return there

    moves = possible_moves(uow, motion)
    adoptable = motion.kind == "motion" and any(name == "adopt" for name, _words in moves)
    carried_out = (Section(_("Als de motie is aangenomen"), ("due_date", "holder_id")),) if adoptable else ()
    sections = (Section(_("Wat is er gebeurd?"), ("move", "reason")), *carried_out)
    move = {"adopted": "adopt", "rejected": "reject"}.get(suggested or "")
    values = {"move": move, "holder_id": motion.holder_id, "version": motion.version}
    options: Options = {"move": moves, "holder_id": holder_choices(uow, motion.holder_id)}
    return form_page(uow, page, FormSpec(MoveMotionSchema), sections, write, values=values, options=options)


def _editable(uow: UnitOfWork, id: uuid.UUID) -> Motion:
    motion = get_thing(uow, Motion, id)
    require_write(uow, motion)
    return motion

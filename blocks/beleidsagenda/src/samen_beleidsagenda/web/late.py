"""The work on promises: what is late with one-click reminders, the mailbox of a post, and the council's agreement for many at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.permissions import DECIDE, RECORD
from samen_beleidsagenda.queries.promises import AnyRow, late_things, proposed_settlements
from samen_beleidsagenda.schemas.follow_up import AgreeManySchema, KeepContact, KeepContactSchema
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.follow_up import agree_many
from samen_beleidsagenda.services.kinds import BY_NAME
from samen_beleidsagenda.services.reminders import KIND_LABELS, addresses, contact_values, keep_contact, remind, was_just_reminded
from samen_beleidsagenda.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_beleidsagenda.web.promise_parts import Links, point_choices
from samen_core.api import Invalid, Text, UnitOfWork, _, format_date, format_moment, n_, parse
from samen_core.web.api import BoundForm, Crumb, crumbs, current_uow, go, page_url, render_status, say

LATE = _("Te laat")
SETTLE = _("Afdoen door de raad")
NO_HOLDER = _("Zonder portefeuillehouder")


@dataclass(frozen=True, slots=True)
class LateThing:
    """Something that is late."""

    kind: Text
    title: str
    url: str
    due: str
    days: Text
    reminded: str


@dataclass(frozen=True, slots=True)
class LateGroup:
    """What is late of one portfolio holder. ``remind_url`` is None where nobody can be reminded now; ``note`` says why, or where to."""

    id: str
    holder: Text | str
    things: list[LateThing]
    remind_url: str | None
    contact_url: str | None
    note: Text | str


def _trail(*more: Crumb) -> tuple[Crumb, ...]:
    return ((LABEL, paths.HOME), (DESK, paths.DESK), *more)


@pages.route(paths.LATE, permission=RECORD)
def late_page() -> ResponseReturnValue:
    """What is late, by portfolio holder."""
    return _late(current_uow())


def _late(uow: UnitOfWork, problem: Text | None = None) -> ResponseReturnValue:
    rows = late_things(uow)
    by_holder: dict[uuid.UUID | None, list[AnyRow]] = {}
    for row in rows:
        by_holder.setdefault(row.holder_id, []).append(row)
    mailboxes = addresses(uow, [id for id in by_holder if id is not None])
    return render_status(
        400 if problem else 200,
        "beleidsagenda/late.html",
        title=LATE,
        tabs=tabs(uow.actor, paths.LATE),
        desk_tabs=desk_tabs(uow.actor, paths.LATE),
        problem=problem,
        number=n_("{n} toezegging, motie of vraag is te laat.", "{n} toezeggingen, moties of vragen zijn te laat.", len(rows)),
        groups=[_group(uow, holder_id, found, mailboxes) for holder_id, found in by_holder.items()],
        register_url=page_url(paths.PROMISES),
        breadcrumbs=crumbs(*_trail((LATE, None))),
    )


def _group(uow: UnitOfWork, holder_id: uuid.UUID | None, rows: list[AnyRow], mailboxes: dict[uuid.UUID, str]) -> LateGroup:
    things = [_thing(row, today(uow)) for row in rows]
    if holder_id is None:
        return LateGroup("zonder", NO_HOLDER, things, None, None, _("Kies bij elk een portefeuillehouder, dan kunt u herinneren."))
    address = mailboxes.get(holder_id)
    contact_url = page_url(f"{paths.LATE}/{holder_id}/adres")
    note: Text | str
    if not address:
        remind_url, note = None, _("Er is nog geen e-mailadres van de medewerkers bekend.")
    elif all(was_just_reminded(uow.now, row.reminded_at) for row in rows):
        remind_url, note = None, _("Vandaag herinnerd. Morgen kan het weer.")
    else:
        remind_url, note = page_url(f"{paths.LATE}/{holder_id}/herinner"), _("De mail gaat naar {address}.", address=address)
    return LateGroup(str(holder_id), rows[0].holder_label, things, remind_url, contact_url, note)


def _thing(row: AnyRow, day: date) -> LateThing:
    kind = BY_NAME[row.type]
    late = n_("{n} dag te laat", "{n} dagen te laat", (day - row.due_date).days)
    reminded = format_moment(row.reminded_at) if row.reminded_at else ""
    return LateThing(KIND_LABELS[row.type], row.title, page_url(kind.path(row)), format_date(row.due_date), late, reminded)


@pages.route(f"{paths.LATE}/<uuid:id>/herinner", permission=RECORD, methods=["POST"])
def late_remind(id: uuid.UUID) -> ResponseReturnValue:
    """Remind the staff of a portfolio holder."""
    uow = current_uow()
    try:
        number = remind(uow, id)
    except Invalid as error:
        uow.rollback()
        texts = [text for found in error.errors.values() for text in found]
        return _late(uow, texts[0])
    say(n_("De herinnering over {n} zaak is verstuurd.", "De herinnering over {n} zaken is verstuurd.", number))
    return go(paths.LATE)


@pages.route(f"{paths.LATE}/<uuid:id>/adres", permission=RECORD, methods=["GET", "POST"])
def late_address(id: uuid.UUID) -> ResponseReturnValue:
    """The mailbox of the staff of a post."""
    uow = current_uow()
    values = contact_values(uow, id)
    title = _("Waar gaan herinneringen voor {holder} heen?", holder=values["label"])
    page = FormPage(
        title=title,
        lead=_("Vul een gedeeld postvak in, geen adres van één persoon. Leeg: dan gaat de mail naar het adres van de organisatie."),
        submit=_("Bewaar het adres"),
        done=_("Het adres is bewaard."),
        path=f"{paths.LATE}/{id}/adres",
        back=paths.LATE,
        trail=_trail((LATE, paths.LATE), (_("Adres"), None)),
    )

    def write(command: KeepContact) -> str:
        keep_contact(uow, id, command)
        return paths.LATE

    return form_page(uow, page, FormSpec(KeepContactSchema), (Section(_("Postvak"), ("email",)),), write, values=values)


@pages.route(paths.SETTLE, permission=DECIDE, methods=["GET", "POST"])
def settle_page() -> ResponseReturnValue:
    """Proposals to settle, and the agreement of the council with those that are ticked."""
    uow = current_uow()
    errors: dict[str, list[Text]] = {}
    data: Any = {}
    if request.method == "POST":
        try:
            number = agree_many(uow, parse(AgreeManySchema, request.form))
        except Invalid as error:
            uow.rollback()
            errors, data = dict(error.errors), request.form
        else:
            say(n_("{n} toezegging of motie is afgedaan.", "{n} toezeggingen en moties zijn afgedaan.", number))
            return go(paths.SETTLE)
    rows = proposed_settlements(uow)
    links = Links(uow, [row.answer_document_id for row in rows])
    items = [(f"{row.type}:{row.id}:{row.version}", row.title) for row in rows]
    form = BoundForm(AgreeManySchema, data=data, errors=errors, options={"items": items, "agenda_item_id": point_choices(uow)})
    ticked = set(data.getlist("items")) if data else set()
    return render_status(
        400 if errors else 200,
        "beleidsagenda/settle.html",
        title=SETTLE,
        tabs=tabs(uow.actor, paths.SETTLE),
        desk_tabs=desk_tabs(uow.actor, paths.SETTLE),
        form=form,
        rows=[
            {
                "value": value,
                "ticked": value in ticked,
                "id": f"zaak-{row.id}",
                "kind": KIND_LABELS[row.type],
                "title": title,
                "url": page_url(BY_NAME[row.type].path(row)),
                "body": row.body_name,
                "note": row.follow_up_note,
                "document": links.to(row.answer_document_id),
                "due": format_date(row.due_date) if row.due_date else "",
            }
            for row, (value, title) in zip(rows, items, strict=True)
        ],
        action=page_url(paths.SETTLE),
        register_url=page_url(paths.PROMISES),
        breadcrumbs=crumbs(*_trail((SETTLE, None))),
    )

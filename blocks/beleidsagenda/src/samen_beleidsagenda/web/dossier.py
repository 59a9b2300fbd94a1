"""The page of a dossier: what it is, where it stands, what happened and what is to come, and how one can have a say."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from citycontent.web.api import area_links, atlas, theme_links, thing_link
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import LEVEL_HELP, LEVEL_LABELS, PHASE_HELP, PHASE_LABELS
from samen_beleidsagenda.models import PHASES, Dossier
from samen_beleidsagenda.queries import dossiers as queries
from samen_beleidsagenda.queries.about import about
from samen_beleidsagenda.queries.participation import links_of
from samen_beleidsagenda.queries.say import LastSay, last_say
from samen_beleidsagenda.queries.steps import Step, Timeline
from samen_beleidsagenda.queries.timeline import timeline
from samen_beleidsagenda.services.common import may_see, may_write
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.dossiers import TITLE, say_line
from samen_beleidsagenda.web.linked import linked_dossier
from samen_beleidsagenda.web.moments import new_moment_path
from samen_beleidsagenda.web.participation_parts import follow_part, participation_part
from samen_beleidsagenda.web.words import light_badge, partial, phase_badge, state_badges
from samen_core.api import Gone, NotFound, Text, UnitOfWork, _, format_date, latest_lines
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

LATEST = 5
"""So many steps of the past stand open on the line; earlier ones unfold."""
ICONS = {
    "phase": "milestone",
    "moment": "calendar-clock",
    "point": "list-ordered",
    "document": "file-text",
    "decision": "gavel",
    "motion": "megaphone",
    "commitment": "handshake",
    "question": "circle-question-mark",
    "due": "hourglass",
    "participation": "messages-square",
}


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the line as the template shows it. ``city_words``: its title is what the city wrote, in Dutch.

    ``no_say``: that one has no say at it, and when one does; empty where nobody would expect one.
    """

    step: Step
    icon: str
    when: str
    url: str
    city_words: bool
    badges: tuple[tuple[Text | str, str], ...]
    slips: tuple[tuple[str, str], ...]
    say_url: str
    no_say: Text | str


@pages.route(f"{paths.DOSSIERS}/<slug>", public=True)
def dossier_page(slug: str) -> ResponseReturnValue:
    """One dossier."""
    uow = current_uow()
    dossier, light = _at(uow, slug)
    book, near = atlas(uow), about(uow, dossier)
    linked = links_of(uow, [dossier.id]).get(dossier.id, [])
    line = timeline(uow, dossier, linked)
    say = last_say(uow, [dossier.id]).get(dossier.id)
    lines, more_lines = latest_lines(uow, dossier.id)
    worker = near.organization
    running = dossier.phase not in ("completed", "withdrawn")
    return render(
        "beleidsagenda/dossier.html",
        dossier=dossier,
        json_ld=linked_dossier(uow, dossier, near),
        badges=(phase_badge(dossier.phase), *((light_badge(light),) if running else ()), *state_badges(dossier)),
        acts=acts_of(uow, dossier),
        phases=phase_steps(dossier),
        phase_help=PHASE_HELP[dossier.phase],
        phase_since=format_date(dossier.phase_since),
        phase_before=PHASE_LABELS[dossier.phase_before] if dossier.phase_before else "",
        last_reason=_last_reason(line) if dossier.phase in ("on_hold", "withdrawn") else "",
        say=say,
        say_words=say_line(say) if say else "",
        say_link=_say_link(say) if say else "",
        level=LEVEL_LABELS[dossier.level] if dossier.level else "",
        level_help=LEVEL_HELP[dossier.level] if dossier.level else "",
        earlier=[view(step) for step in line.past[:-LATEST]],
        latest=[view(step) for step in line.past[-LATEST:]],
        coming=[view(step, say) for step in line.coming],
        nothing_coming=_nothing_coming(dossier.phase),
        documents=_rows(line, "document"),
        decisions=_rows(line, "decision"),
        promises=_rows(line, "motion", "commitment"),
        questions=_rows(line, "question"),
        participation=participation_part(uow, dossier, linked),
        follow=follow_part(uow, dossier.id, paths.dossier(slug)),
        holder=near.holder,
        holder_url=page_url(f"{paths.HOLDERS}/{dossier.holder_id}"),
        people=[thing_link("person", name, slug) for name, slug in near.people],
        organization=thing_link("organization", worker.name, worker.slug) if worker is not None and worker.state == "active" else None,
        areas=area_links(book, [row.id for row in near.areas]),
        themes=theme_links(book, [row.id for row in near.themes]),
        projects=[thing_link("project", row.name, row.slug) for row in near.projects],
        start=partial(dossier.start_date),
        end=partial(dossier.expected_end),
        data_links=[
            (_("Vaste link"), f"/id/dossier/{dossier.id}"),
            (_("Gegevens als JSON"), f"/id/dossier/{dossier.id}.json"),
            (_("Agenda en feeds"), page_url(f"{paths.FEEDS}?dossier={slug}")),
        ],
        log=lines,
        more_log=more_lines,
        may_edit=may_write(uow, dossier),
        plan_url=page_url(new_moment_path(slug)),
        path=paths.dossier(slug),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.DOSSIERS), (dossier.title, None)),
    )


def dossier_at(uow: UnitOfWork, slug: str) -> Dossier:
    """The dossier at an address. Raises NotFound, and Gone for one that was public and is taken away."""
    return _at(uow, slug)[0]


def _at(uow: UnitOfWork, slug: str) -> tuple[Dossier, str]:
    found = queries.dossier_at(uow, slug)
    if found is None:
        raise NotFound
    dossier = found[0]
    if dossier.state == "deleted" and dossier.published_at is not None and not dossier.confidential:
        raise Gone(_("Dit dossier is weggehaald."))
    if not may_see(uow, dossier):
        raise NotFound
    return found


def phase_steps(dossier: Dossier) -> list[tuple[Text, str, Text]]:
    """The phases for ``layout.steps``: what is done, where it is now, what is still to come."""
    side = dossier.phase in ("on_hold", "withdrawn")
    here = PHASES.index((dossier.phase_before or PHASES[0]) if side else dossier.phase)
    words = {"done": _("geweest"), "todo": _("komt nog"), "current": PHASE_LABELS[dossier.phase] if side else _("hier zijn we nu")}
    found = []
    for position, phase in enumerate(PHASES):
        state = "done" if position < here or dossier.phase == "completed" else "current" if position == here else "todo"
        found.append((PHASE_LABELS[phase], state, words[state]))
    return found


def view(step: Step, last: LastSay | None = None) -> StepView:
    """A step of the line, ready to show; ``last`` is the last moment to have a say on the dossier."""
    badges: list[tuple[Text | str, str]] = []
    if step.late:
        badges.append((_("Te laat"), "danger"))
    elif step.status:
        badges.append((step.status, "neutral"))
    say = step.say_url or (page_url(step.path) if step.has_say and step.path else "")
    return StepView(
        step,
        ICONS[step.kind],
        str(step.period),
        page_url(step.path) if step.path else "",
        not isinstance(step.title, Text),
        (*badges, *state_badges(step)),
        tuple((str(slip.period), slip.reason) for slip in step.slips),
        say,
        _no_say(step, last) if step.coming and step.kind in ("moment", "point") and not step.has_say else "",
    )


def _no_say(step: Step, last: LastSay | None) -> Text:
    if last is None or last.day is None:
        return _("Hier kunt u niet meepraten.")
    if last.day < step.period.start:
        return _("Hier kunt u niet meepraten. Eerder wel: tot en met {day}.", day=format_date(last.day))
    return _("Hier kunt u niet meepraten. Dat kan op een ander moment, tot en met {day}.", day=format_date(last.day))


def _nothing_coming(phase: str) -> Text:
    if phase == "completed":
        return _("Dit dossier is klaar. Er staat niets meer gepland.")
    if phase == "withdrawn":
        return _("Dit dossier is ingetrokken. Er staat niets meer gepland.")
    return _("Er staat nog niets gepland. Zodra bekend is wie wanneer besluit, staat dat hier.")


def _rows(line: Timeline, *kinds: str) -> list[Row]:
    """The things of these kinds on the line, the newest first."""
    return [
        Row(
            step.title,
            page_url(step.path),
            badges=((step.status, "neutral"), *state_badges(step)) if step.status else state_badges(step),
            meta=(*((("tag", step.what),) if step.what else ()), ("calendar-days", str(step.period))),
        )
        for step in reversed((*line.past, *line.coming))
        if step.kind in kinds
    ]


def _say_link(say: LastSay) -> str:
    return say.say_url or page_url(say.path)


def _last_reason(line: Timeline) -> str:
    return next((str(step.text) for step in reversed(line.past) if step.kind == "phase"), "")

"""Acts on several cases: first a page that shows what will happen and asks what is needed, then one that tells what became of each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Invalid, Text, UnitOfWork, _, n_, without_bad
from samen_core.web.api import BoundField, Option, crumbs, current_platform, current_uow, page_url, render, render_status
from samen_oog_oor import paths
from samen_oog_oor.labels import PRIORITY_LABELS, STATE_LABELS
from samen_oog_oor.models.base import CLOSED, STATES
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.desk import organizations_with_cases, ready_texts
from samen_oog_oor.queries.work import AnyRow, chosen_cases
from samen_oog_oor.schemas.moving import BY_HAND, TEXT_LENGTH
from samen_oog_oor.schemas.work import MOST_AT_ONCE, ManyCases
from samen_oog_oor.services.bulk import ACTS, do_many, values_of
from samen_oog_oor.services.desk import possible_assignees
from samen_oog_oor.services.ready_texts import fill, what_stays_unfilled
from samen_oog_oor.web.common import DESK, LABEL, pages

TOGETHER = f"{paths.DESK}/samen"
DO = f"{TOGETHER}/doen"
NOBODY = "geen"
_TITLE = _("Samen afhandelen")


@dataclass(frozen=True, slots=True)
class Preview:
    """A case on the page that asks: what its reporter would read."""

    number: str
    title: str
    url: str
    value: str
    text: str


@pages.route(TOGETHER, permission=HANDLE, methods=["POST"])
def bulk_ask() -> ResponseReturnValue:
    """Show the chosen cases and ask what the act needs; nothing happens yet."""
    return _ask(current_uow(), {})


@pages.route(DO, permission=HANDLE, methods=["POST"])
def bulk_do() -> ResponseReturnValue:
    """Do it, and tell what became of every case. ``bekijk`` only shows the message first."""
    uow = current_uow()
    command, errors = _command()
    if errors or "bekijk" in request.form or (command.text and "state" in ACTS[command.act].asks and not _was_seen(command)):
        return _ask(uow, errors)
    actor, platform = uow.actor, current_platform()
    # Every case is changed in a transaction of its own, and a database may know one writer.
    uow.rollback()
    outcomes = do_many(platform, actor, command)
    done = [outcome for outcome in outcomes if outcome.problem is None]
    return render(
        "oog_oor/work_bulk_done.html",
        title=_TITLE,
        done=n_("Gelukt bij {n} zaak", "Gelukt bij {n} zaken", len(done)),
        done_cases=[(outcome.number, outcome.title, page_url(paths.work(outcome.number))) for outcome in done],
        failed=[
            (outcome.number, outcome.title, page_url(paths.work(outcome.number)) if outcome.number else "", outcome.problem)
            for outcome in outcomes
            if outcome.problem is not None
        ],
        back_url=_back_url(),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (_TITLE, None)),
    )


def _ask(uow: UnitOfWork, errors: dict[str, list[Text]]) -> ResponseReturnValue:
    act = ACTS.get(request.form.get("handeling", ""))
    pairs = _chosen()
    if act is None:
        raise Invalid(_("Kies wat u met de zaken wilt doen."))
    rows = chosen_cases(uow, [id for id, _version in pairs]) if 0 < len(pairs) <= MOST_AT_ONCE else ()
    if not act.permission.somewhere(uow.actor):
        act.permission.require(uow.actor)
    text = _typed("text")
    versions = dict(pairs)
    problem = None if rows else _("Kies eerst een of meer zaken.") if not pairs else _("Kies hoogstens {n} zaken tegelijk.", n=MOST_AT_ONCE)
    shows = "bekijk" in request.form or (bool(text) and not errors and request.path.endswith("/doen"))
    return render_status(
        400 if errors or problem else 200,
        "oog_oor/work_bulk.html",
        title=act.label,
        problem=problem,
        errors=[(f"veld-{name}", found) for name, texts in errors.items() for found in texts],
        fields=[_field(uow, name, errors) for name in act.asks],
        cases=[_preview(uow, row, versions[row.id], text) for row in rows],
        shows=shows and "state" in act.asks and bool(text),
        seen=text if shows else "",
        act=request.form.get("handeling", ""),
        back=_typed("terug"),
        templates=_templates(uow, rows) if "state" in act.asks else [],
        action=page_url(DO),
        back_url=_back_url(),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (_TITLE, None)),
    )


def _preview(uow: UnitOfWork, row: AnyRow, version: int, text: str) -> Preview:
    said = fill(text, values_of(uow, row)) if text else ""
    return Preview(row.number, row.title, page_url(paths.work(row.number)), f"{row.id.hex}:{version}", said)


def _templates(uow: UnitOfWork, rows: Sequence[AnyRow]) -> list[tuple[str, str, Text]]:
    """The texts for every category, and those of a category in which all of the chosen cases are."""
    tree = category_tree(uow)
    above = [{row.category_id, tree.by_id[row.category_id].parent_id} for row in rows if row.category_id in tree.by_id]
    shared = set.intersection(*above) - {None} if above else set()
    return [(text.name, text.text, STATE_LABELS[text.state]) for text in ready_texts(uow, category_ids=sorted(shared))]


def _chosen() -> list[tuple[uuid.UUID, int]]:
    found = []
    for value in request.form.getlist("zaak")[: MOST_AT_ONCE + 1]:
        id, _colon, version = value.partition(":")
        try:
            found.append((uuid.UUID(id), int(version)))
        except ValueError:
            raise Invalid(_("Deze keuze klopt niet meer. Begin opnieuw bij de lijst.")) from None
    return found


def _typed(name: str) -> str:
    return without_bad(request.form.get(name, "")).strip()


def _was_seen(command: ManyCases) -> bool:
    return " ".join(_typed("gezien").split()) == " ".join(command.text.split())


def _back_url() -> str:
    query = _typed("terug")[:1_000]
    return page_url(paths.DESK) + (f"?{query}" if query else "")


def _command() -> tuple[ManyCases, dict[str, list[Text]]]:
    """What the form asks, and what is wrong with it."""
    act = request.form.get("handeling", "")
    if act not in ACTS:
        raise Invalid(_("Kies wat u met de zaken wilt doen."))
    errors: dict[str, list[Text]] = {}
    values: dict[str, Any] = {}
    for name in ACTS[act].asks:
        text = _typed(name)
        if name in ("assignee_id", "organization_id"):
            values[name] = _id(text, name, errors)
        else:
            values[name] = text or None
    values["text"] = values.get("text") or ""
    _check_choices(values, errors)
    if "state" in ACTS[act].asks:
        _check_message(values, errors)
    if len(values["text"]) > TEXT_LENGTH:
        errors.setdefault("text", []).append(_("Gebruik hoogstens {n} tekens.", n=TEXT_LENGTH))
    return ManyCases(act=act, cases=tuple(_chosen()), **values), errors


def _check_choices(values: Mapping[str, Any], errors: dict[str, list[Text]]) -> None:
    if "priority" in values and values["priority"] not in PRIORITY_LABELS:
        errors["priority"] = [_("Kies hoe dringend het is.")]
    if "state" in values and values["state"] not in STATES:
        errors["state"] = [_("Kies waar de zaken heen gaan.")]
    if values.get("resolution") and values["resolution"] not in BY_HAND:
        errors["resolution"] = [_("Kies hoe het is afgelopen.")]


def _check_message(values: Mapping[str, Any], errors: dict[str, list[Text]]) -> None:
    """What each case would refuse by itself: then nothing happens anywhere, and what was typed is gone."""
    if values["state"] in CLOSED:
        if not values["resolution"]:
            errors["resolution"] = [_("Kies hoe het is afgelopen.")]
        if not values["text"]:
            errors["text"] = [_("Schrijf wat er is gedaan, of waarom niet. Elke melder krijgt dit.")]
    if unfilled := what_stays_unfilled(values["text"]):
        errors["text"] = unfilled


def _id(text: str, name: str, errors: dict[str, list[Text]]) -> uuid.UUID | None:
    if name == "assignee_id" and text == NOBODY:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        errors[name] = [_("Kies iemand.") if name == "assignee_id" else _("Kies een organisatie.")]
        return None


def _field(uow: UnitOfWork, name: str, errors: dict[str, list[Text]]) -> BoundField:
    """A field of the form that the act needs."""
    choices: list[tuple[str, Text | str]] = []
    label: Text = _("Bericht aan de melders")
    help: Text | str = _(
        "Elke melder krijgt dit. U kunt {places} en andere invulplekken gebruiken; u ziet eerst wat er komt te staan.",
        places="{nummer}, {plek}",
    )
    match name:
        case "assignee_id":
            label, help = _("Wie behandelt dit?"), ""
            choices = [(NOBODY, _("Niemand")), *((id.hex, found) for id, found in possible_assignees(uow).items())]
        case "organization_id":
            label, help = _("Naar welke organisatie?"), ""
            choices = [(row.id.hex, row.name) for row in organizations_with_cases(uow)]
        case "priority":
            label, help, choices = _("Hoe dringend is dit?"), "", list(PRIORITY_LABELS.items())
        case "state":
            label, help = _("Waar gaan de zaken heen?"), _("Een zaak die daar niet heen kan, blijft waar hij is.")
            choices = [(code, STATE_LABELS[code]) for code in _states()]
        case "resolution":
            label, help, choices = (
                _("Hoe is het afgelopen?"),
                _("Alleen als u de zaken afsluit."),
                [("", _("Niet afsluiten")), *BY_HAND.items()],
            )
    if name == "text" and "state" not in ACTS[request.form.get("handeling", "")].asks:
        label, help = _("Waarom?"), _("Alleen medewerkers lezen dit.")
    value = _typed(name)
    options = tuple(Option(code, text, f"veld-{name}-{code}", code == value) for code, text in choices)
    found = tuple(errors.get(name, ()))
    widget = "select" if choices else "textarea"
    return BoundField(
        name, f"veld-{name}", label, help, widget, value, errors=found, required=name in ("state", "priority"), options=options
    )


def _states() -> list[str]:
    """A day for the work and a question to a reporter are for one case at a time."""
    return [state for state in STATES if state not in ("new", "planned", "awaiting_reporter", "reopening_requested", "withdrawn")]

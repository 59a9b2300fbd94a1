"""The reporter's own side: finding a signal back, its page, what one can do there, and all signals of an account."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from citycontent.web.api import atlas, list_page
from samen_core.api import LOGGED_IN, Invalid, NotFound, Text, UnitOfWork, _, format_date, parse, system
from samen_core.web.api import (
    BoundForm,
    Row,
    crumbs,
    current_uow,
    file_response,
    go,
    limit_visitor,
    page_url,
    receive_files,
    render,
    render_status,
    say,
)
from samen_oog_oor import paths
from samen_oog_oor.labels import RESOLUTION_LABELS, STATE_BADGES, STATE_LABELS, STATE_MEANING, TYPE_LABELS
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries import public
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.schemas.moving import AskReopeningSchema, WithdrawSchema
from samen_oog_oor.schemas.own_signals import AddToSignalSchema, FindSignalSchema, JudgeSchema, RewriteSignalSchema
from samen_oog_oor.services import deadlines, own_signals, reopening, withdrawing
from samen_oog_oor.services.inquiries import inquiry_key, open_inquiries_of, usual_alt
from samen_oog_oor.services.kinds import is_public
from samen_oog_oor.services.new_address import can_change
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.receipt_mails import CONFIRM
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.cases import Step
from samen_oog_oor.web.common import LABEL, pages, tabs, told_sizes
from samen_oog_oor.working_days import city_day, today

TITLE = _("Mijn melding")
OWN_TITLE = _("Mijn meldingen")
TRIES, QUARTER = 10, 900
"""Codes that one visitor may try in a quarter of an hour: a code of 60 bits is then never guessed."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a reporter can do at a page of its own: its form, words and service, and when it can be done."""

    title: Text
    lead: Text
    submit: Text
    schema: type[Schema]
    act: Callable[[UnitOfWork, Any, Any], Any]
    done: Text
    can: Callable[[UnitOfWork, Signal, Case], bool]


def _can_judge(_uow: UnitOfWork, signal: Signal, case: Case) -> bool:
    return case.state in CLOSED and signal.withdrawn_at is None and signal.confirmed_at is not None


def _can_add(_uow: UnitOfWork, signal: Signal, case: Case) -> bool:
    return case.state not in CLOSED and signal.withdrawn_at is None


def _can_withdraw(_uow: UnitOfWork, signal: Signal, case: Case) -> bool:
    return case.state not in CLOSED and signal.withdrawn_at is None and withdrawing.can_withdraw(case)


def _can_ask_again(uow: UnitOfWork, signal: Signal, case: Case) -> bool:
    return case.state in CLOSED and signal.confirmed_at is not None and deadlines.may_ask_reopening(uow, case)


PARTS: dict[str, Part] = {
    "oordeel": Part(
        _("Bent u tevreden?"),
        _("Met uw antwoord leren wij wat beter kan. Alleen medewerkers lezen wat u schrijft."),
        _("Verstuur mijn oordeel"),
        JudgeSchema,
        own_signals.judge,
        _("Dank u. Uw oordeel is bewaard."),
        _can_judge,
    ),
    "toevoegen": Part(
        _("Iets toevoegen"),
        _("Weet u meer, of hebt u een foto? Wie eraan werkt, ziet het meteen."),
        _("Voeg toe"),
        AddToSignalSchema,
        own_signals.add_to_signal,
        _("Dank u. Het is toegevoegd aan uw melding."),
        _can_add,
    ),
    "wijzigen": Part(
        _("Uw tekst wijzigen"),
        _("Staat er iets in dat u liever weglaat, of klopt het niet? Nu kan het nog: niemand is er al mee bezig."),
        _("Bewaar mijn tekst"),
        RewriteSignalSchema,
        own_signals.rewrite_signal,
        _("Uw tekst is gewijzigd."),
        lambda _uow, signal, case: own_signals.can_rewrite(signal, case),
    ),
    "intrekken": Part(
        _("Melding intrekken"),
        _("Is het opgelost, of was het een vergissing? Dan hoeft niemand er meer naar te kijken."),
        _("Trek mijn melding in"),
        WithdrawSchema,
        withdrawing.withdraw,
        _("Uw melding is ingetrokken."),
        _can_withdraw,
    ),
    "heropenen": Part(
        _("Vragen om er weer naar te kijken"),
        _("Is het niet opgelost? Schrijf waarom. Een medewerker besluit en schrijft u waarom wel of niet."),
        _("Verstuur mijn verzoek"),
        AskReopeningSchema,
        reopening.ask_reopening,
        _("Uw verzoek is binnen. U hoort of wij er weer naar kijken."),
        _can_ask_again,
    ),
}


@pages.route(paths.RECEIPT, public=True)
def find_page() -> ResponseReturnValue:
    """Where the code is typed."""
    return _code_page(BoundForm(FindSignalSchema))


@pages.route(paths.RECEIPT, public=True, methods=["POST"])
def find() -> ResponseReturnValue:
    """To the page of the signal with this code."""
    limit_visitor("oog_oor.code", TRIES, QUARTER)
    uow = current_uow()
    try:
        id = own_signals.find_signal(uow, parse(FindSignalSchema, request.form))
    except Invalid as error:
        return _code_page(BoundForm(FindSignalSchema, data=request.form, errors=error.errors), 400)
    return go(paths.receipt(receipt_key(uow.platform, id)))


@pages.route(f"{paths.RECEIPT}/<key>", public=True, cache=False)
def own_page(key: str) -> ResponseReturnValue:
    """One's own signal: how it stands, what was done, the answer, and what one can do."""
    uow = current_uow()
    signal, case = own_signals.own_signal(uow, key)
    book, tree, day = atlas(uow), category_tree(uow), today(uow)
    category, area = tree.by_id.get(case.category_id), book.tree.get(case.area_id)
    verdict = own_signals.verdict_of(uow, signal, case)
    told = public.told_to_reporter(uow, signal)
    route = public.last_route(uow, case.id)
    return render(
        "oog_oor/receipt.html",
        signal=signal,
        case=case,
        category=case_parts.called(category) if category else "",
        kind=TYPE_LABELS[signal.type],
        badge=(STATE_LABELS[case.state], STATE_BADGES[case.state]),
        meaning=STATE_MEANING[case.state],
        is_withdrawn=signal.withdrawn_at is not None,
        is_unconfirmed=signal.confirmed_at is None,
        confirm_url=page_url(paths.receipt(key, CONFIRM)),
        area=area.name if area else "",
        resolution=RESOLUTION_LABELS[case.resolution] if case.resolution and case.state in CLOSED else "",
        answer=_answer(case, told),
        facts=_facts(uow, signal, case, day),
        steps=[Step(format_date(city_day(row.at)), STATE_LABELS[row.state], row.text) for row in told],
        organization=public.organization(uow, case.organization_id),
        why=route.explanation if route else "",
        pictures=[(file, page_url(paths.receipt(key, f"foto/{file.id}"))) for file in own_signals.own_pictures(uow, signal)],
        questions=[(inquiry.text, page_url(paths.inquiry(inquiry_key(uow.platform, inquiry.id)))) for inquiry in _questions(uow, signal)],
        verdict=verdict,
        asked_again=verdict is not None and verdict.asks_reopening,
        can={name: part.can(uow, signal, case) for name, part in PARTS.items()},
        url=page_url(paths.receipt(key)),
        case_url=page_url(paths.case(case.number)) if is_public(case) else None,
        hears=own_signals.hears(uow, signal),
        new_address_url=page_url(paths.receipt(key, "mailadres")) if can_change(signal, case) else None,
        own_url=None if uow.actor.is_anonymous else page_url(paths.OWN),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )


@pages.route(f"{paths.RECEIPT}/<key>/foto/<uuid:id>", public=True, cache=False)
def own_picture(key: str, id: uuid.UUID) -> ResponseReturnValue:
    """A picture of one's own: who has no account shows with the key that it is theirs."""
    uow = current_uow()
    signal, _case = own_signals.own_signal(uow, key)
    if id not in {file.id for file in own_signals.own_pictures(uow, signal)}:
        raise NotFound
    with uow.acting(system("web")):
        return file_response(uow, id, request.args.get("breedte", type=int))


@pages.route(f"{paths.RECEIPT}/<key>/<any(oordeel,toevoegen,wijzigen,intrekken,heropenen):name>", public=True, cache=False)
def part_page(key: str, name: str) -> ResponseReturnValue:
    """The form of something that one can do."""
    uow = current_uow()
    signal, case = own_signals.own_signal(uow, key)
    part = PARTS[name]
    if not part.can(uow, signal, case):
        return _cannot(key)
    return _part_page(key, name, case, BoundForm(part.schema, data=_begun(uow, name, signal, case)))


@pages.route(f"{paths.RECEIPT}/<key>/<any(oordeel,toevoegen,wijzigen,intrekken,heropenen):name>", public=True, methods=["POST"])
def part_act(key: str, name: str) -> ResponseReturnValue:
    """Do it."""
    limit_visitor("oog_oor.own", 30, QUARTER)
    uow = current_uow()
    signal, case = own_signals.own_signal(uow, key)
    part = PARTS[name]
    id = signal.id
    received = receive_files(uow, part.schema, usual_alt=usual_alt("de melder", case.number))
    try:
        part.act(uow, id, received.parse(part.schema))
    except Invalid as error:
        form = BoundForm(part.schema, data=received.form, errors=error.errors, files=received.files)
        return _part_page(key, name, uow.session.get_one(Case, case.id), form, 400)
    say(part.done)
    return go(paths.receipt(key))


@pages.route(f"{paths.RECEIPT}/<key>/mail", public=True, methods=["POST"])
def mail_choice(key: str) -> ResponseReturnValue:
    """Get mail about it, or no longer."""
    uow = current_uow()
    signal, _case = own_signals.own_signal(uow, key)
    wants = request.form.get("mail") == "ja"
    own_signals.hear(uow, signal.id, wants=wants)
    say(
        _("U krijgt weer mail over deze melding.")
        if wants
        else _("U krijgt geen mail meer over deze melding. Hier kunt u alles blijven lezen.")
    )
    return go(paths.receipt(key))


@pages.route(paths.OWN, permission=LOGGED_IN)
def own_list() -> ResponseReturnValue:
    """All signals of one's account, and the cases that one joined."""
    uow = current_uow()
    where = list_page(paths.OWN)
    found = own_signals.own_signals(uow, where.request())
    joined = [
        Row(row.title, page_url(paths.case(row.number)), badges=((STATE_LABELS[row.state], STATE_BADGES[row.state]),))
        for row in own_signals.joined_cases(uow)
    ]
    return render(
        "oog_oor/own.html",
        tabs=tabs(uow.actor, paths.OWN),
        rows=own_rows(uow, found.items),
        joined=joined,
        report_url=page_url(paths.REPORT),
        code_url=page_url(paths.RECEIPT),
        breadcrumbs=crumbs((LABEL, paths.HOME), (OWN_TITLE, None)),
        **where.pager(found),
    )


def own_rows(uow: UnitOfWork, found: Iterable[Any]) -> list[Row]:
    """One's own signals in a list."""
    tree = category_tree(uow)
    rows = []
    for row in found:
        category = tree.by_id.get(row.category_id)
        badge = (_("Ingetrokken"), "neutral") if row.withdrawn_at else (STATE_LABELS[row.state], STATE_BADGES[row.state])
        meta = (("calendar-days", _("Gemeld op {day}", day=format_date(city_day(row.at)))), ("tag", row.number))
        url = page_url(paths.receipt(receipt_key(uow.platform, row.id)))
        name = case_parts.called(category) if category else ""
        rows.append(Row(row.title, url, "" if name in row.title else name, badges=(badge,), meta=meta))
    return rows


def _begun(uow: UnitOfWork, name: str, signal: Signal, case: Case) -> dict[str, str]:
    """What a form begins with: what one wrote before, or the answer in the link that was followed."""
    if name == "wijzigen":
        return {"text": signal.text}
    if name != "oordeel":
        return {}
    content = {"ja": "yes", "nee": "no"}.get(request.args.get("tevreden", ""), "")
    said = own_signals.verdict_of(uow, signal, case)
    same = said is not None and said.content == (content == "yes")
    return {"content": content, "reason": said.reason if said is not None and same else ""}


def _questions(uow: UnitOfWork, signal: Signal) -> Any:
    return open_inquiries_of(uow, signal.id)


def _answer(case: Case, told: Any) -> str:
    """The answer with which it was closed, also when that is not for everybody."""
    if case.state not in CLOSED:
        return ""
    return case.answer or next((row.text for row in reversed(told) if row.state in CLOSED and row.text), "")


def _facts(uow: UnitOfWork, signal: Signal, case: Case, day: Any) -> list[tuple[Text, Text | str]]:
    facts: list[tuple[Text, Text | str]] = [
        (_("Gemeld op"), format_date(city_day(signal.at))),
        (_("Nummer van de zaak"), case.number),
        (_("Uw code"), signal.code),
    ]
    if case.state not in CLOSED and case.promised_on is not None:
        shown = format_date(case.promised_on)
        late = case_parts.is_late(case, day)
        facts.append((_("Uiterlijk klaar op"), _("{day}. Dat is niet gelukt.", day=shown) if late else shown))
    if case.planned_on is not None and case.state not in CLOSED:
        facts.append((_("Het werk is gepland op"), format_date(case.planned_on)))
    if case.state in CLOSED and deadlines.may_ask_reopening(uow, case) and (last := deadlines.last_day_to_ask(uow, case)):
        facts.append((_("Vragen om er weer naar te kijken kan tot en met"), format_date(last)))
    return facts


def _cannot(key: str) -> ResponseReturnValue:
    say(_("Dit kan nu niet (meer). Hier ziet u hoe het ervoor staat."), "info")
    return go(paths.receipt(key))


def _part_page(key: str, name: str, case: Case, form: BoundForm, status: int = 200) -> ResponseReturnValue:
    part = PARTS[name]
    if name == "oordeel" and form["content"].value == "no":
        form.fields = tuple(replace(item, required=True) if item.name == "reason" else item for item in form.fields)
    return render_status(
        status,
        "oog_oor/receipt_part.html",
        part=part,
        case=case,
        form=told_sizes(current_uow(), form),
        action=page_url(paths.receipt(key, name)),
        cancel_url=page_url(paths.receipt(key)),
        danger=name == "intrekken",
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.receipt(key)), (part.title, None)),
    )


def _code_page(form: BoundForm, status: int = 200) -> ResponseReturnValue:
    uow = current_uow()
    return render_status(
        status,
        "oog_oor/receipt_find.html",
        form=form,
        action=page_url(paths.RECEIPT),
        lost_url=page_url(paths.LOST),
        own_url=None if uow.actor.is_anonymous else page_url(paths.OWN),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )

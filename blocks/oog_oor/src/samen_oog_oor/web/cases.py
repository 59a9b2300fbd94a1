"""The list of cases that everybody may read, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import area_field, area_path, atlas, chips, filters_part, in_words, list_page, one_of, search_field, small_map
from samen_core.api import NotFound, Text, UnitOfWork, _, format_date, n_, new_token, stored_files
from samen_core.web.api import BoundField, crumbs, current_uow, go, limit_visitor, page_url, render, say
from samen_oog_oor import paths
from samen_oog_oor.labels import RESOLUTION_LABELS, STATE_LABELS, STATE_MEANING, TYPE_LABELS
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import CLOSED, WAITING
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries import public
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.public import ORDERS
from samen_oog_oor.queries.publishing import cleared_texts
from samen_oog_oor.services import support
from samen_oog_oor.services.common import find_case, may_work
from samen_oog_oor.services.kinds import is_public
from samen_oog_oor.services.viewings import note_viewing
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.common import LABEL, SMALL_MAP, pages, tabs
from samen_oog_oor.working_days import city_day, today

TITLE = _("Zaken in de stad")
FILTERS = ("q", "categorie", "gebied", "staat", "organisatie", "van", "tot")
DEVICE = "samen_oog_oor"
"""A cookie with a random text, set when somebody without account says that they see the same, so that they count once."""
KEPT = timedelta(days=180)
EMPTY = (
    _("Er zijn nog geen zaken met een eigen pagina"),
    _("Wat mensen melden en wat ermee gebeurt, komt hier te staan. Niet alles krijgt een pagina: dat hangt af van het onderwerp."),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was told of a case: when, how it stood then, and the text."""

    day: str
    state: Text
    text: str


@pages.route(paths.CASES, public=True)
def case_list() -> ResponseReturnValue:
    """What was reported and everybody may read, with search and filters."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.CASES, *FILTERS, "volgorde")
    organizations = public.organizations_with_cases(uow)
    chosen = case_parts.narrowed(uow, book, where, organizations)
    order = one_of(where.values.get("volgorde", ""), [name for name in ORDERS if name])
    found = public.list_public(uow, chosen.filter, where.request(), order or "")
    picked = chips(where, chosen.picked)

    def fields() -> list[BoundField]:
        return [
            search_field(where, _("Zoek in zaken")),
            case_parts.category_field(chosen.tree, where),
            area_field(book, where),
            case_parts.state_field(where),
            case_parts.organization_field(where, organizations),
            case_parts.date_field(where, "van", _("Gemeld vanaf")),
            case_parts.date_field(where, "tot", _("Gemeld tot en met")),
        ]

    key = ("oog_oor.cases", chosen.tree.stamp, tuple(row.slug for row in organizations))
    return render(
        "citycontent/list.html",
        title=TITLE,
        lead=_("Wat er in de buurten gemeld is, wie het oppakt en wat ermee gedaan is."),
        tabs=tabs(uow.actor, paths.CASES),
        list_url=page_url(paths.CASES),
        new=(page_url(paths.REPORT), _("Doe een melding")),
        filters=filters_part(where, fields, len(picked), ("volgorde",), book=book, key=key),
        chips=picked,
        count=in_words(found.count, _("zaak"), _("zaken")),
        sorts=where.sorts("volgorde", (("", _("Nieuwste eerst")), ("gewijzigd", _("Laatst gewijzigd eerst")))),
        rows=case_parts.case_rows(book, chosen.tree, found.items, today(uow)),
        empty=EMPTY,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


@pages.route(f"{paths.CASES}/<number>", public=True)
def case_page(number: str) -> ResponseReturnValue:
    """One case: what and where, how it stands, what was done, and why it is at who it is at."""
    uow = current_uow()
    case = find_case(uow, number)
    if case.confidential:
        note_viewing(uow, case.id, "confidential")
    book, tree, day = atlas(uow), category_tree(uow), today(uow)
    category = tree.by_id.get(case.category_id)
    area = book.tree.get(case.area_id)
    route = public.last_route(uow, case.id)
    organization = public.organization(uow, case.organization_id)
    return render(
        "oog_oor/case.html",
        case=case,
        category=case_parts.called(category) if category else "",
        category_url=page_url(f"{paths.CASES}?categorie={category.code}") if category else "",
        kind=TYPE_LABELS[case.type],
        badges=case_parts.badges(case, day),
        meaning=_meaning(case),
        area=area,
        area_url=page_url(area_path(area)) if area else "",
        map=small_map(book, [(case.public_lat, case.public_lon)], _("Waar het is"), SMALL_MAP)
        if case.public_lat is not None and case.public_lon is not None
        else "",
        organization=organization,
        organization_url=page_url(f"/organisaties/{organization.slug}") if organization else "",
        why=route.explanation if route else "",
        facts=_facts(case, day),
        steps=_steps(uow, case),
        resolution=RESOLUTION_LABELS[case.resolution] if case.resolution and case.state in CLOSED else "",
        said=cleared_texts(uow, case.id, case.public_text),
        pictures=stored_files(uow, [case.id])[case.id],
        people=_people(case),
        agrees=case.type in case_parts.SHARED,
        may_support=case.state not in CLOSED,
        supports=support.sees_too(uow, case.id, _device()),
        support_url=page_url(paths.case(number, "zie-ik-ook")),
        take_back_url=page_url(paths.case(number, "zie-ik-niet")),
        is_hidden=not is_public(case),
        work_url=page_url(paths.work(number)) if HANDLE.somewhere(uow.actor) and may_work(uow, case) else None,
        report_url=page_url(paths.REPORT),
        own_url=page_url(paths.RECEIPT),
        feed_url=page_url(f"{paths.FEEDS}/zaken.atom") + (f"?gebied={area.slug}" if area else ""),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.CASES), (number, None)),
    )


@pages.route(f"{paths.CASES}/<number>/zie-ik-ook", methods=["POST"], public=True)
def support_case(number: str) -> ResponseReturnValue:
    """Say that one sees the same, without an account."""
    limit_visitor("oog_oor.support", 30, 3600)
    uow = current_uow()
    case = _public_case(uow, number)
    device = _device() or (new_token() if uow.actor.is_anonymous else "")
    if support.support(uow, case.id, device):
        say(_("Dank u. U telt mee. U krijgt hier geen mail over."))
    else:
        say(_("U telt al mee bij deze zaak."), "info")
    answer = go(paths.case(number))
    if device:
        secure = uow.platform.config.web.base_url.startswith("https:")
        answer.set_cookie(DEVICE, device, max_age=KEPT, path="/", secure=secure, httponly=True, samesite="Lax")
    return answer


@pages.route(f"{paths.CASES}/<number>/zie-ik-niet", methods=["POST"], public=True)
def take_back_support(number: str) -> ResponseReturnValue:
    """Take that back."""
    uow = current_uow()
    case = _public_case(uow, number)
    if support.take_back(uow, case.id, _device()):
        say(_("U telt niet meer mee bij deze zaak."))
    return go(paths.case(number))


def _device() -> str:
    """The text that this browser keeps; empty when it keeps none that we gave."""
    return request.cookies.get(DEVICE, "")[:64]


def _public_case(uow: UnitOfWork, number: str) -> Case:
    case = find_case(uow, number)
    if not is_public(case):
        raise NotFound
    return case


def _meaning(case: Case) -> Text:
    """How it stands, for who did not report it."""
    others = {
        "new": _("Deze melding is binnen. Iemand gaat ernaar kijken."),
        "triaged": _("Iemand heeft de melding gelezen en zoekt uit wie dit oppakt."),
        "assigned": _("De melding ligt bij wie hiervoor verantwoordelijk is."),
        "awaiting_reporter": _("Er is een vraag gesteld aan wie het meldde. Met het antwoord gaat het verder."),
    }
    return others.get(case.state) or STATE_MEANING[case.state]


def _people(case: Case) -> list[Text]:
    found = [n_("{n} mens meldde dit.", "{n} mensen meldden dit.", case.signals)] if case.signals else []
    if case.supports:
        if case.type in case_parts.SHARED:
            found.append(n_("{n} mens vindt dit ook.", "{n} mensen vinden dit ook.", case.supports))
        else:
            found.append(n_("{n} mens ziet dit ook.", "{n} mensen zien dit ook.", case.supports))
    return found


def _facts(case: Case, day: Any) -> list[tuple[Text, Text | str]]:
    facts: list[tuple[Text, Text | str]] = [(_("Gemeld op"), format_date(city_day(case.reported_at)))]
    if case.state not in CLOSED:
        if case.planned_on is not None:
            facts.append((_("Het werk is gepland op"), format_date(case.planned_on)))
        if case.promised_on is not None:
            late = case_parts.is_late(case, day)
            shown = format_date(case.promised_on)
            facts.append((_("Beloofd voor"), _("{day}. Dat is niet gelukt.", day=shown) if late else shown))
        if case.state in WAITING:
            facts.append((_("De klok"), _("staat stil zolang er gewacht wordt")))
    elif case.closed_at is not None:
        facts.append((_("Afgesloten op"), format_date(city_day(case.closed_at))))
        if (took := case_parts.in_working_days(case.close_days)) is not None:
            facts.append((_("Dat duurde"), took))
    return facts


def _steps(uow: UnitOfWork, case: Case) -> list[Step]:
    """What everybody was told, first to last, after the report itself."""
    first = Step(format_date(city_day(case.reported_at)), _("Gemeld"), "")
    told = [Step(format_date(city_day(row.at)), STATE_LABELS[row.state], row.text) for row in public.told(uow, case.id)]
    return [first, *told]

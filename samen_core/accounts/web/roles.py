"""The overview of roles and rights: who has which role where, what each role may, and which API tokens there are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from samen_core.accounts import rights
from samen_core.accounts.rights import UNUSED_AFTER, GrantFilter
from samen_core.accounts.schemas import ReasonSchema
from samen_core.accounts.services import tokens
from samen_core.accounts.web.searching import SEALED, asked_words, search_again, to_results
from samen_core.errors import Invalid
from samen_core.forms import BoundForm, parse
from samen_core.i18n import Text, _
from samen_core.pagination import MAX_LIMIT, PageRequest
from samen_core.permissions import MANAGE, ROLES, Permission
from samen_core.web.blocks import block_labels
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import Crumb, crumbs, go, page_url, render, render_status, say
from samen_core.web.tables import csv_file

pages = BlockBlueprint("roles", __name__)
HOME = "/beheer/rollen"
TRAIL: tuple[Crumb, ...] = ((_("Beheer"), "/beheer"), (_("Rollen en rechten"), HOME))
FILTERS = ("rol", "voor", "bouwsteen", "ongebruikt")
PLACES = {"city": _("de hele stad"), "part": _("één onderdeel")}
TABS = ((_("Wie heeft welke rol"), ""), (_("Wat mag elke rol"), "/rechten"), (_("API-tokens"), "/tokens"))


@pages.route(HOME, permission=MANAGE, methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Who has which role where, since when, from whom and why."""
    if request.method == "POST":
        return to_results(HOME, *FILTERS)
    uow, asked = current_uow(), _asked()
    if asked is None:
        return search_again(HOME)
    page = rights.grant_page(uow, PageRequest(MAX_LIMIT, request.args.get("cursor", "")), asked)
    reasons = rights.grant_reasons(uow, page.items)
    query = _query(asked)
    return render(
        "core/account/roles.html",
        page=page,
        items=[(row, reasons.get(rights.grant_key(row), ""), _is_unused(row, uow.now)) for row in page.items],
        asked=asked,
        roles=ROLES,
        places=PLACES,
        blocks=list(block_labels(uow.platform).items())[1:],
        action=page_url(HOME),
        csv_url=f"{page_url(HOME)}.csv?{urlencode(query)}",
        next_url=_page_url("", query, page.next),
        previous_url=_page_url("", query, page.previous),
        tabs=_tabs(""),
        breadcrumbs=crumbs(TRAIL[0], (TRAIL[1][0], None)),
    )


@pages.route(f"{HOME}.csv", permission=MANAGE)
def index_csv() -> ResponseReturnValue:
    """The same, all of it, as a table for a spreadsheet."""
    uow, asked = current_uow(), _asked()
    if asked is None:
        return search_again(HOME)
    head = [
        _("Naam"),
        _("E-mailadres"),
        _("Rol"),
        _("Voor"),
        _("Bouwsteen"),
        _("Sinds"),
        _("Gegeven door"),
        _("Reden"),
        _("Laatst ingelogd"),
        _("180 dagen niet gebruikt"),
    ]
    reasons = rights.grant_reasons(uow)
    rows = (_cells(row, reasons, uow.now) for row in rights.all_grants(uow, asked))
    return csv_file("rollen.csv", head, rows)


@pages.route(f"{HOME}/rechten", permission=MANAGE)
def permissions() -> ResponseReturnValue:
    """Which right each role gives, per block."""
    uow = current_uow()
    labels = block_labels(uow.platform)
    groups: dict[str, list[Permission]] = {}
    for permission in uow.platform.permissions.values():
        groups.setdefault(permission.name.partition(".")[0], []).append(permission)
    return render(
        "core/account/roles_rights.html",
        groups=[(name, label, groups[name]) for name, label in labels.items() if name in groups],
        roles=ROLES,
        holders=rights.holders(uow),
        tabs=_tabs("/rechten"),
        breadcrumbs=crumbs(*TRAIL, (TABS[1][0], None)),
    )


@pages.route(f"{HOME}/tokens", permission=MANAGE)
def token_list() -> ResponseReturnValue:
    """The API tokens of all accounts, with what they may."""
    uow, live = current_uow(), not request.args.get("alles")
    page = rights.token_page(uow, PageRequest(MAX_LIMIT, request.args.get("cursor", "")), live=live)
    query = {} if live else {"alles": "ja"}
    return render(
        "core/account/roles_tokens.html",
        page=page,
        items=[(row, _scopes(row), _state(row, uow.now)) for row in page.items],
        live=live,
        other_url=page_url(f"{HOME}/tokens") + ("?alles=ja" if live else ""),
        csv_url=f"{page_url(HOME)}/tokens.csv?{urlencode(query)}",
        next_url=_page_url("/tokens", query, page.next),
        previous_url=_page_url("/tokens", query, page.previous),
        here=page_url(f"{HOME}/tokens"),
        tabs=_tabs("/tokens"),
        breadcrumbs=crumbs(*TRAIL, (TABS[2][0], None)),
    )


@pages.route(f"{HOME}/tokens.csv", permission=MANAGE)
def tokens_csv() -> ResponseReturnValue:
    """The same as a table for a spreadsheet."""
    uow = current_uow()
    head = [
        _("Naam"),
        _("E-mailadres"),
        _("Token"),
        _("Begint met"),
        _("Mag"),
        _("Sinds"),
        _("Geldig tot"),
        _("Laatst gebruikt"),
        _("Status"),
    ]
    rows = (
        [
            row.display_name,
            row.email or "",
            row.name,
            row.prefix,
            ", ".join(map(str, _scopes(row))),
            row.created_at.date(),
            row.expires_at.date(),
            row.last_used_at.date() if row.last_used_at else "",
            _state(row, uow.now)[0],
        ]
        for row in rights.all_tokens(uow, live=not request.args.get("alles"))
    )
    return csv_file("api-tokens.csv", head, rows)


@pages.route(f"{HOME}/tokens/<uuid:token_id>/intrekken", permission=MANAGE, methods=["GET", "POST"])
def revoke(token_id: uuid.UUID) -> ResponseReturnValue:
    """End a token of somebody, with the reason."""
    uow = current_uow()
    token = tokens.token_of_anybody(uow, token_id)
    form, status = BoundForm(ReasonSchema), 200
    if request.method == "POST":
        try:
            tokens.revoke_as_manager(uow, token_id, parse(ReasonSchema, request.form)["reason"])
        except Invalid as error:
            uow.rollback()
            form, status = BoundForm(ReasonSchema, data=request.form, errors=error.errors), 400
        else:
            say(_("Het token is ingetrokken."))
            return go(f"{HOME}/tokens")
    title = _("Token intrekken")
    return render_status(
        status,
        "core/account/reason.html",
        form=form,
        title=title,
        text=_("Het programma dat token “{name}” gebruikt, werkt dan meteen niet meer.", name=token.name),
        button=_("Trek het token in"),
        action=page_url(f"{HOME}/tokens/{token_id}/intrekken"),
        cancel_url=page_url(f"{HOME}/tokens"),
        breadcrumbs=crumbs(*TRAIL, (TABS[2][0], f"{HOME}/tokens"), (title, None)),
    )


def _asked() -> GrantFilter | None:
    """What is asked for in the address; None when its search is over."""
    given, words = request.args, asked_words()
    if words is None:
        return None
    role, place, block = given.get("rol", ""), given.get("voor", ""), given.get("bouwsteen", "")
    return GrantFilter(
        role=role if role in ROLES else "",
        place=place if place in PLACES else "",
        block=block if block in current_platform().registry.names() else "",
        words=words,
        unused=bool(given.get("ongebruikt")),
    )


def _query(asked: GrantFilter) -> dict[str, str]:
    given = (asked.role, asked.place, asked.block, "ja" if asked.unused else "", request.args.get(SEALED, ""))
    return {name: value for name, value in zip((*FILTERS, SEALED), given, strict=True) if value}


def _page_url(path: str, query: Mapping[str, str], cursor: str | None) -> str | None:
    return f"{page_url(HOME)}{path}?{urlencode({**query, 'cursor': cursor})}" if cursor else None


def _tabs(current: str) -> list[tuple[Text, str, bool]]:
    return [(label, page_url(HOME + path), path == current) for label, path in TABS]


def _is_unused(row: Row[Any], now: datetime) -> bool:
    """Whether the holder could have used the right for 180 days, and did not log in."""
    return bool(max(row.last_login_at or row.granted_at, row.granted_at) < now - UNUSED_AFTER)


def _cells(row: Row[Any], reasons: Mapping[Any, str], now: datetime) -> list[object]:
    return [
        row.display_name,
        row.email or "",
        ROLES.get(row.role, row.role),
        (row.scope_title or _("(geen naam)")) if row.scope_id else _("hele stad"),
        row.scope_owner or "",
        row.granted_at.date(),
        row.giver or "",
        reasons.get(rights.grant_key(row), ""),
        row.last_login_at.date() if row.last_login_at else "",
        _("ja") if _is_unused(row, now) else _("nee"),
    ]


def _scopes(row: Row[Any]) -> list[Text | str]:
    known = current_platform().permissions
    return [known[name].label if name in known else name for name in row.scopes]


def _state(row: Row[Any], now: datetime) -> tuple[Text, str]:
    """What a token is now, in words and as the kind of a badge."""
    if row.revoked_at is not None:
        return _("ingetrokken"), "neutral"
    if row.expires_at <= now:
        return _("verlopen"), "neutral"
    if (row.last_used_at or row.created_at) < now - UNUSED_AFTER:
        return _("180 dagen niet gebruikt"), "warning"
    return _("geldig"), "success"

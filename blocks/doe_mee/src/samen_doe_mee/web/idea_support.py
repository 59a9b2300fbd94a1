"""Supporting an idea on its page: one press, with or without an account, and without JavaScript; taking it back; telling others."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from samen_core.api import Gone, Invalid, NotAllowed, Text, UnitOfWork, _, clean_code, n_, parse
from samen_core.web.api import BoundForm, current_platform, current_uow, go, limit_visitor, page_url, say
from samen_doe_mee import paths
from samen_doe_mee.models import Idea
from samen_doe_mee.schemas.support import GiveOwnVoiceSchema, GiveVoiceSchema
from samen_doe_mee.services.idea_common import is_open, today
from samen_doe_mee.services.mail_limits import limit_mail_to
from samen_doe_mee.services.support import Given, give_voice, open_support, own_ways, take_back, why_not
from samen_doe_mee.services.tracing import note_origin
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.device import device_code, device_or_new, keep_device
from samen_doe_mee.web.idea_inside import idea_here, refused, show_again

PART = "steunen"
TIMES, HOUR = 60, 60 * 60
"""So often may one address support in an hour: a school or a library has one address for many people."""
OPEN_TIMES, DAY = 30, 24 * 60 * 60
"""So often may one address support the same idea in a day without account and without mail."""


@dataclass(frozen=True, slots=True)
class SupportView:
    """Support as the page of an idea shows it. ``code`` is the receipt code with which this browser supports it."""

    mine: bool
    closed: Text | None
    open: bool
    form: BoundForm
    folded: bool
    action: str
    back_url: str
    code: str
    counts: tuple[Text, ...]
    log_in_url: str
    has_account: bool
    shares: tuple[tuple[str, Text, str], ...]


def support_part(uow: UnitOfWork, idea: Idea) -> SupportView:
    """What the part about support shows to this visitor. At most two statements."""
    device = device_code()
    ways = own_ways(uow, idea.id, device)
    typed = refused(PART)
    form = BoundForm(_schema(uow), data=typed.typed if typed else {}, errors=dict(typed.errors) if typed else {}, part=PART)
    address = page_url(paths.idea(idea.slug))
    return SupportView(
        mine=bool(ways),
        closed=None if is_open(idea, today(uow)) else why_not(uow, idea),
        open=open_support(uow),
        form=form,
        folded=typed is None,
        action=page_url(paths.idea(idea.slug, PART)),
        back_url=page_url(paths.idea(idea.slug, "steun-intrekken")),
        code=device if "code" in ways else "",
        counts=counts(idea),
        log_in_url=f"{page_url('/inloggen')}?volgende={quote(address)}",
        has_account=uow.actor.account_id is not None,
        shares=shares(uow, idea),
    )


def _schema(uow: UnitOfWork) -> type[Schema]:
    return GiveVoiceSchema if uow.actor.account_id is None else GiveOwnVoiceSchema


def counts(idea: Idea) -> tuple[Text, ...]:
    """The voices of accounts and of others, apart."""
    return (
        n_("{n} met een account", "{n} met een account", idea.supports),
        n_(
            "{n} zonder account, bevestigd met een mail of een code",
            "{n} zonder account, bevestigd met een mail of een code",
            idea.open_supports,
        ),
    )


def shares(uow: UnitOfWork, idea: Idea) -> tuple[tuple[str, Text, str], ...]:
    """Ways to tell others; nothing is asked of another site before somebody presses one."""
    address = uow.platform.config.web.base_url.rstrip("/") + page_url(paths.idea(idea.slug))
    words = quote(f"{idea.title} {address}")
    return (
        ("message-circle", _("WhatsApp"), f"https://wa.me/?text={words}"),
        ("mail", _("Mail"), f"mailto:?subject={quote(idea.title)}&body={words}"),
    )


@pages.route(paths.idea("<slug>", PART), public=True, cache=False, methods=["POST"])
def support_idea(slug: str) -> ResponseReturnValue:
    """Support an idea, or see what is wrong with the address that was typed."""
    limit_visitor("doe_mee.support", TIMES, HOUR)
    device = device_or_new()
    typed = request.form
    by_mail = bool(str(typed.get("email", "")).strip())
    if device and not by_mail:
        limit_visitor(f"doe_mee.support.{slug[:80]}", OPEN_TIMES, DAY)
    uow = current_uow()
    try:
        command = parse(_schema(uow), typed)
        limit_mail_to(current_platform(), command.email)
        idea, _code = idea_here(slug, uow)
        given = give_voice(uow, idea.id, command, device=device)
    except Invalid as error:
        uow.rollback()
        return show_again(slug, PART, typed, error)
    except NotAllowed as error:
        if not error.log_in:
            raise
        return go(f"/inloggen?volgende={quote(page_url(paths.idea(slug)))}")
    except Gone as error:
        uow.rollback()
        say(error.message, "warning")
        return go(paths.idea(slug))
    if given.voice_id is not None:
        note_origin(uow, "voice", given.voice_id, request.remote_addr or "")
    say(*_answer(given))
    answer = go(f"{paths.idea(slug)}#steun")
    if given.code:
        keep_device(answer, device)
    return answer


@pages.route(paths.idea("<slug>", "steun-intrekken"), public=True, cache=False, methods=["POST"])
def take_back_support(slug: str) -> ResponseReturnValue:
    """Support it no longer; with a code that is typed for who supported on another device."""
    limit_visitor("doe_mee.take_back", TIMES, HOUR)
    uow = current_uow()
    idea, _code = idea_here(slug, uow)
    typed = clean_code(request.form.get("code", "")[:40]) or ""
    if take_back(uow, idea.id, device=typed or device_code()):
        say(_("U steunt dit idee niet meer."))
    else:
        say(_("Wij vonden geen steun van u bij dit idee. Klopt de code?"), "warning")
    return go(f"{paths.idea(slug)}#steun")


def _answer(given: Given) -> tuple[Text, str]:
    """What is said after supporting, and how."""
    return {
        "counted": (_("Dank u. U steunt dit idee."), "ok"),
        "again": (_("U steunde dit idee al. U telt één keer mee."), "info"),
        "mailed": (_("Wij stuurden u een mail. Klik op de link daarin: pas daarna telt uw steun mee."), "info"),
    }[given.state]

"""The page of the link in mails about support: confirm it, choose whether to get mail, or take it back. No account needed.

Opening the page changes nothing, since programs open links too: buttons do.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Gone, NotFound, _, format_day
from samen_core.web.api import crumbs, current_uow, go, limit_visitor, page_url, render, say
from samen_doe_mee import paths
from samen_doe_mee.models import CoInitiator, Idea
from samen_doe_mee.services import support
from samen_doe_mee.services.idea_common import is_open, today
from samen_doe_mee.services.idea_mails import stop_mail, who_stops
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.idea_support import counts, shares

TRIES, QUARTER = 60, 15 * 60
ADDRESS = f"{paths.CONFIRM}/<key>"
NO_MAIL = f"{paths.NO_IDEA_MAIL}/<key>"
ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program posts when its reader presses its own button to get no more mail (RFC 8058)."""
_GONE = _("Deze link werkt niet (meer).")


@pages.route(ADDRESS, public=True, cache=False)
def voice_page(key: str) -> ResponseReturnValue:
    """One's voice: a button to confirm it, or what one may do with it."""
    limit_visitor("doe_mee.voice", TRIES, QUARTER)
    uow = current_uow()
    voice = support.voice_at(uow, key)
    idea = uow.session.get_one(Idea, voice.idea_id)
    return render(
        "doe_mee/voice.html",
        idea=idea,
        waits=voice.confirmed_at is None,
        closed=support.why_not(uow, idea) if not is_open(idea, today(uow)) else None,
        since=format_day(voice.confirmed_at) if voice.confirmed_at else "",
        wants_news=voice.wants_news,
        counts=counts(idea),
        shares=shares(uow, idea),
        idea_url=page_url(paths.idea(idea.slug)),
        action=page_url(f"{paths.CONFIRM}/{key}"),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Uw steun voor een idee"), None)),
    )


@pages.route(ADDRESS, public=True, cache=False, methods=["POST"])
def voice_act(key: str) -> ResponseReturnValue:
    """Confirm it, take it back, or choose whether to get mail."""
    limit_visitor("doe_mee.voice", TRIES, QUARTER)
    uow = current_uow()
    what = request.form.get("wat", "bevestig")
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        what = "geen-mail"
    voice = support.voice_at(uow, key)
    idea = uow.session.get_one(Idea, voice.idea_id)
    if what == "bevestig":
        given = support.confirm_voice(uow, key)
        say(_("Dank u. U steunt dit idee.") if given.state == "counted" else _("U steunde dit idee al. U telt één keer mee."))
        return go(f"{paths.CONFIRM}/{key}" if given.voice_id is not None else paths.idea(idea.slug))
    if what == "intrekken":
        support.take_back(uow, idea.id, key=key)
        say(_("U steunt dit idee niet meer."))
        return go(paths.idea(idea.slug))
    if what not in ("geen-mail", "mail"):
        raise NotFound
    support.hear_news(uow, voice.id, wants=what == "mail" and bool(voice.email or voice.account_id))
    say(_("U krijgt mail als er nieuws is.") if voice.wants_news else _("U krijgt geen mail meer over dit idee."))
    return go(f"{paths.CONFIRM}/{key}")


@pages.route(NO_MAIL, public=True, cache=False)
def no_mail_page(key: str) -> ResponseReturnValue:
    """A button for who proposed or carries an idea, to get no more mail about it."""
    uow = current_uow()
    who = who_stops(uow, key)
    if who is None:
        raise Gone(_GONE)
    idea = uow.session.get_one(Idea, who.idea_id) if isinstance(who, CoInitiator) else who
    title = _("Geen mail meer")
    asked = _("U krijgt dan geen mail meer over “{title}”. Hoe het ermee gaat, leest u op deze website.", title=idea.title)
    return render(
        "doe_mee/no_mail.html",
        title=title,
        text=asked if who.wants_mail else _("U krijgt geen mail meer over “{title}”.", title=idea.title),
        action=page_url(f"{paths.NO_IDEA_MAIL}/{key}") if who.wants_mail else None,
        back=(_("Ga naar het idee"), page_url(paths.idea(idea.slug))),
        breadcrumbs=crumbs((LABEL, paths.HOME), (title, None)),
    )


@pages.route(NO_MAIL, public=True, cache=False, methods=["POST"])
def no_mail(key: str) -> ResponseReturnValue:
    """From now on no mail about it."""
    if stop_mail(current_uow(), key) is None:
        raise Gone(_GONE)
    say(_("U krijgt geen mail meer over dit idee."))
    return go(f"{paths.NO_IDEA_MAIL}/{key}")

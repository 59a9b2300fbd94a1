"""Proposing an idea in two short steps, without account where the city allows it and without JavaScript; what was filled in stays."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from flask import request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from citycontent.web.api import area_choices, atlas, theme_choices
from samen_core.api import Invalid, NotFound, SamenError, Text, UnitOfWork, _, cards, without_bad
from samen_core.web.api import (
    BoundForm,
    Received,
    crumbs,
    current_actor,
    current_platform,
    current_uow,
    go,
    limit_visitor,
    page_url,
    receive_files,
    render,
    render_part,
    render_status,
    say,
)
from samen_doe_mee import paths
from samen_doe_mee.models import Idea
from samen_doe_mee.queries.ideas import similar_ideas
from samen_doe_mee.schemas.ideas import ProposeIdea, ProposeIdeaSchema, WhatSchema
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.idea_common import today
from samen_doe_mee.services.idea_limits import DAY, PER_DAY
from samen_doe_mee.services.idea_receipts import count_mail
from samen_doe_mee.services.ideas import Proposed, propose_idea, require_account
from samen_doe_mee.services.support import give_voice, supported_by
from samen_doe_mee.services.tracing import note_origin
from samen_doe_mee.settings import open_ideas
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.idea_codes import keep_code
from samen_doe_mee.web.idea_parts import similar_views
from samen_doe_mee.web.idea_point import map_parts, pointed, was_pointed
from samen_doe_mee.web.ideas import CODE
from samen_doe_mee.web.ideas import TITLE as LIST_TITLE

TITLE = _("Dien een idee in")
SENT = f"{paths.IDEAS}/verstuurd"
SIMILAR = f"{paths.IDEAS}/lijkt-op"
TRAP, NONCE = "website", "formulier"
WHAT = ("kind", "title", "text", "theme_id", "pictures", "challenge")
WHERE = ("where", "place", "area_id")
WHO = ("name", "email", "wants_mail", "anonymous")
_SESSION = "doe_mee_idea_sent"
LOOKS, MINUTE = 40, 60
_OURS = frozenset({"stap", "naar", "steun", "csrf_token", "kaart_van", "punt", TRAP})


@pages.route(paths.NEW_IDEA, public=True, cache=False)
def idea_new() -> ResponseReturnValue:
    """Step 1, empty; who must log in for it hears so before writing."""
    uow = current_uow()
    require_account(uow)
    theme = atlas(uow).theme_by_slug.get(request.args.get("thema", ""))
    area = atlas(uow).tree.by_slug.get(request.args.get("gebied", ""))
    first: dict[str, Any] = {"kind": "idea", "wants_mail": True, "title": without_bad(request.args.get("titel", ""), " ")[:160]}
    if request.args.get("soort") == "uitdaging":
        first["kind"] = "challenge"
    if theme:
        first["theme_id"] = theme.id
    if area:
        first |= {"where": "area", "area_id": area.id}
    return _what(_form(uow, first), [(NONCE, secrets.token_urlsafe(16)), *_carried(first)])


@pages.route(paths.NEW_IDEA, public=True, cache=False, methods=["POST"])
def idea_send() -> ResponseReturnValue:
    """From step to step and back, and sending. What was typed goes along in the page itself: nothing is kept before it is sent."""
    to = request.form.get("naar", "")
    if to == "versturen":
        _limit_sending()
    uow = current_uow()
    require_account(uow)
    if chosen := request.form.get("steun", ""):
        return _support_instead(uow, chosen)
    received = receive_files(uow, ProposeIdeaSchema)
    if request.form.get("stap") != "waar":
        return _after_what(uow, received)
    if to == "terug":
        return _what(_received_form(uow, received), _hidden(received, WHAT))
    if was_pointed() or to in ("kaart", "zonder-punt"):
        return _on_map(uow, received)
    return _send(uow, received)


@pages.route(SIMILAR, public=True, cache=False, counted=False, methods=["POST"])
def idea_similar() -> ResponseReturnValue:
    """Ideas that look like what somebody is typing, as a piece of the page."""
    limit_visitor("doe_mee.similar", LOOKS, MINUTE)
    title, text = (without_bad(request.form.get(name, ""), " ")[:1000] for name in ("title", "text"))
    # Looking changes nothing, so nobody else has to wait for it.
    with current_platform().read(current_actor()) as uow:
        found = similar_ideas(uow, title, text) if len(title.strip()) > 4 else []
        return render_part("doe_mee/idea_similar.html", similar=similar_views(atlas(uow), found, today(uow)), buttons=False, level=3)


@pages.route(SENT, public=True, cache=False)
def idea_sent() -> ResponseReturnValue:
    """After sending: the code, once, and what happens next."""
    sent = session.pop(_SESSION, None)
    if not sent:
        return go(paths.IDEAS)
    id, code, mailed = sent
    idea = current_uow().session.get(Idea, uuid.UUID(id))
    if idea is None:
        raise NotFound
    return render(
        "doe_mee/idea_sent.html",
        title=_("Nog één stap: bevestig uw idee") if idea.state == "unconfirmed" else _("Dank u. Uw idee staat op de website"),
        idea=idea,
        code=code,
        mailed=mailed,
        waits=idea.state == "unconfirmed",
        idea_url=page_url(paths.idea(idea.slug)),
        code_url=page_url(CODE),
        new_url=page_url(paths.NEW_IDEA),
        breadcrumbs=crumbs((LABEL, paths.HOME), (LIST_TITLE, paths.IDEAS), (TITLE, None)),
    )


def _limit_sending() -> None:
    """Count an idea that is sent without account, and the mail that it asks for. Raises TooMany. Before the unit of work is used."""
    if current_actor().is_anonymous:
        limit_visitor("doe_mee.idea", PER_DAY, DAY)
        count_mail(current_platform(), request.form.get("email", ""))


def _after_what(uow: UnitOfWork, received: Received) -> ResponseReturnValue:
    try:
        received.parse(WhatSchema)
        _check_trap()
    except Invalid as error:
        return _what(_received_form(uow, received, error.errors), _hidden(received, WHAT), 400)
    return _where(uow, received, _received_form(uow, received))


def _on_map(uow: UnitOfWork, received: Received) -> ResponseReturnValue:
    """Step 2 with the map open, and the point that was clicked on it."""
    errors = {}
    if request.form.get("naar") == "zonder-punt":
        _put_point(received, None)
    elif was_pointed():
        point = pointed(uow, request.form.get("kaart_van", ""))
        if point is None:
            errors = {"place": [_("Klik op de plek op de kaart. Gebruikt u geen muis? Vul dan een adres in of beschrijf de plek.")]}
        else:
            received.form.setlist("where", ["place"])
            _put_point(received, point)
    form = _received_form(uow, received, errors)
    return _where(uow, received, form, 400 if errors else 200, opened=request.form.get("naar") == "kaart" or bool(errors))


def _put_point(received: Received, point: tuple[float, float] | None) -> None:
    for name, value in zip(("place.lat", "place.lon"), point or ("", ""), strict=True):
        received.form.setlist(name, [f"{value:.6f}"] if isinstance(value, float) else [])


def _send(uow: UnitOfWork, received: Received) -> ResponseReturnValue:
    try:
        _check_trap()
        command: ProposeIdea = received.parse(ProposeIdeaSchema)
        proposed = _propose_once(uow, command)
    except Invalid as error:
        uow.rollback()
        form = _received_form(uow, received, error.errors)
        if any(name.partition(".")[0] in WHAT for name in error.errors):
            return _what(form, _hidden(received, WHAT), 400)
        return _where(uow, received, form, 400)
    idea = proposed.idea
    note_origin(uow, "idea", idea.id, request.remote_addr or "")
    if proposed.code or idea.state == "unconfirmed":
        if proposed.code:
            keep_code(proposed.code)
        session[_SESSION] = [str(idea.id), proposed.code, bool(idea.email)]
        return go(SENT)
    say(_("Dank u. Uw idee staat op de website. Deel het met anderen: zo krijgt het steun."))
    return go(paths.idea(idea.slug))


def _propose_once(uow: UnitOfWork, command: ProposeIdea) -> Proposed:
    """Propose, also when the same form is sent twice in the same moment."""
    nonce = request.form.get(NONCE, "")[:64]
    try:
        return propose_idea(uow, command, nonce=nonce)
    except IntegrityError:
        uow.rollback()
        return propose_idea(uow, command, nonce=nonce)


def _support_instead(uow: UnitOfWork, chosen: str) -> ResponseReturnValue:
    try:
        idea = uow.session.get(Idea, uuid.UUID(chosen))
    except ValueError:
        idea = None
    if idea is None or idea.state != "published":
        raise NotFound
    if uow.actor.account_id is None:
        say(_("Steun dit idee met de knop. Uw eigen idee is niet verstuurd."), "info")
        return go(f"{paths.idea(idea.slug)}#steun")
    try:
        given = give_voice(uow, idea.id, GiveVoice())
    except SamenError as error:
        uow.rollback()
        say(error.errors[""][0] if isinstance(error, Invalid) else error.message, "warning")
        return go(paths.idea(idea.slug))
    if given.state == "again":
        say(_("U steunde dit idee al. Uw eigen idee is niet verstuurd."), "info")
    else:
        say(_("Dank u. U steunt dit idee. Uw eigen idee is niet verstuurd."))
    return go(paths.idea(idea.slug))


def _check_trap() -> None:
    if request.form.get(TRAP):
        raise Invalid(_("Een verborgen veld is ingevuld. Vult een programma dit formulier in? Maak het veld dan leeg."))


def _form(uow: UnitOfWork, data: Any, errors: Any = None, files: Any = None) -> BoundForm:
    book = atlas(uow)
    options: dict[str, list[tuple[str, Text | str]]] = {"area_id": area_choices(book), "theme_id": theme_choices(book)}
    schema = ProposeIdeaSchema()
    # One of the two is chosen from the start, so that its label need not say "optional".
    schema.load_fields["kind"].required = True
    if uow.actor.is_anonymous and open_ideas(uow) == "mail":
        schema.load_fields["email"].required = True
    return BoundForm(schema, data=data, errors=errors, options=options, files=files or {})


def _received_form(uow: UnitOfWork, received: Received, errors: Any = None) -> BoundForm:
    return _form(uow, received.form, errors, received.files)


def _hidden(received: Received, shown: tuple[str, ...]) -> list[tuple[str, str]]:
    """What the other step filled in, for hidden inputs."""
    return [
        (name, value)
        for name, value in received.form.items(multi=True)
        if value and name.partition(".")[0] not in _OURS and name.partition(".")[0] not in shown
    ]


def _carried(first: dict[str, Any]) -> list[tuple[str, str]]:
    """What step 2 begins with, through step 1."""
    found = [(name, str(first[name])) for name in WHERE if name in first]
    return [*found, ("wants_mail", "true")]


def _what(form: BoundForm, hidden: list[tuple[str, str]], status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "doe_mee/idea_what.html",
        title=TITLE,
        form=form,
        fields=[form[name] for name in ("kind", "title")],
        rest=[form[name] for name in ("text", "theme_id", "pictures")],
        challenge=form["challenge"],
        challenged=form["kind"].value == "challenge",
        hidden=hidden,
        action=page_url(paths.NEW_IDEA),
        similar_url=page_url(SIMILAR),
        cancel_url=page_url(paths.IDEAS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (LIST_TITLE, paths.IDEAS), (TITLE, None)),
    )


def _where(uow: UnitOfWork, received: Received, form: BoundForm, status: int = 200, *, opened: bool = False) -> ResponseReturnValue:
    """Step 2: where it is and who proposes it, under the ideas that look like it."""
    actor, book = uow.actor, atlas(uow)
    area, theme = form["area_id"].value, form["theme_id"].value
    found = similar_ideas(uow, form["title"].value, form["text"].value, area_id=_id(area), theme_id=_id(theme))
    mine = supported_by(uow, [row.id for row in found])
    organization = cards(uow, [actor.on_behalf_of]).get(actor.on_behalf_of) if actor.on_behalf_of else None
    who = ("name", "email", "wants_mail") if actor.is_anonymous else ("wants_mail",) if organization else ("anonymous", "wants_mail")
    return render_status(
        status,
        "doe_mee/idea_where.html",
        title=TITLE,
        form=form,
        where=[form[name] for name in WHERE],
        who=[form[name] for name in who],
        similar=similar_views(book, found, today(uow), mine),
        organization=organization.title if organization else "",
        must_confirm=actor.is_anonymous and open_ideas(uow) == "mail",
        map=map_parts(book, _id(area), _point(form["place"].value), opened=opened),
        hidden=_hidden(received, (*WHERE, *who)),
        action=page_url(paths.NEW_IDEA),
        breadcrumbs=crumbs((LABEL, paths.HOME), (LIST_TITLE, paths.IDEAS), (TITLE, None)),
    )


def _point(place: Any) -> tuple[float, float] | None:
    """The point in the inputs of a place; None for no point."""
    try:
        lat, lon = (float(str(part).replace(",", ".")) for part in (place.lat, place.lon))
    except ValueError:
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _id(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None

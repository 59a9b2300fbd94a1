"""A meeting for who comes: what, when and where, registering without an account, and afterwards the report."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Conflict, Gone, Invalid, Text, UnitOfWork, _, format_date, format_moment, n_, parse
from samen_core.web.api import BoundForm, crumbs, current_platform, current_uow, go, limit_visitor, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import Registration
from samen_doe_mee.schemas.registrations import ChangeRegistrationSchema, RegisterSchema
from samen_doe_mee.services import registrations
from samen_doe_mee.services.meeting_common import Held, visible_meeting
from samen_doe_mee.services.meeting_mails import moment_of, place_of
from samen_doe_mee.services.plans import may_work
from samen_doe_mee.services.registration_keys import registration_key
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.meeting_parts import meeting_badges

SENDS, TRIES, HOUR = 20, 60, 3_600
HERE = f"{paths.MEETINGS}/<uuid:id>"
OWN = f"{paths.REGISTRATION}/<key>"
STATES: dict[str, Text] = {
    "unconfirmed": _("U hebt uw aanmelding nog niet bevestigd."),
    "registered": _("U staat op de lijst."),
    "waiting": _("U staat op de wachtlijst. Komt er plaats vrij, dan krijgt u vanzelf een mail."),
    "cancelled": _("U bent afgemeld. Uw naam en adres zijn gewist."),
    "attended": _("U was erbij."),
    "absent": _("U stond op de lijst."),
}


@pages.route(paths.MEETINGS, public=True)
def meeting_list() -> ResponseReturnValue:
    """All meetings that come: they are a list of the overview."""
    return go(f"{paths.NEAR_ME}?soort=bijeenkomst&staat=straks")


@pages.route(HERE, public=True, cache=False)
def meeting_page(id: uuid.UUID) -> ResponseReturnValue:
    """One meeting."""
    uow = current_uow()
    return _show(uow, visible_meeting(uow, id), None)


@pages.route(f"{HERE}/aanmelden", public=True, cache=False, methods=["POST"])
def register_for_meeting(id: uuid.UUID) -> ResponseReturnValue:
    """Register; without an account a mail asks to confirm it. What is said is the same for an address that was registered before."""
    limit_visitor("doe_mee.register", SENDS, HOUR)
    registrations.limit_mail(current_platform(), request.form.get("email", "")[:254])
    uow = current_uow()
    try:
        done = registrations.register(uow, id, parse(RegisterSchema, request.form))
    except Invalid as error:
        uow.rollback()
        held = visible_meeting(uow, id)
        return _show(uow, held, _form(uow, typed=request.form, errors=error.errors), 400)
    except Gone as error:
        uow.rollback()
        return _show(uow, visible_meeting(uow, id), None, 410, problem=error.message)
    if uow.actor.is_anonymous:
        say(_("Bijna klaar. U krijgt een mail. Klik op de link in die mail, dan staat u op de lijst."))
    else:
        say(STATES[done.registration.state])
    return go(f"{paths.meeting(id)}#aanmelden")


@pages.route(OWN, public=True, cache=False)
def own_registration(key: str) -> ResponseReturnValue:
    """One's registration, at the key of a mail."""
    limit_visitor("doe_mee.registration", TRIES, HOUR)
    uow = current_uow()
    return _show_own(uow, registrations.own_registration(uow, key))


@pages.route(f"{OWN}/bevestigen", public=True, cache=False, methods=["POST"])
def confirm_registration(key: str) -> ResponseReturnValue:
    """Yes, that was me."""
    return _act(key, lambda uow: registrations.confirm(uow, key))


@pages.route(f"{OWN}/afmelden", public=True, cache=False, methods=["POST"])
def cancel_registration(key: str) -> ResponseReturnValue:
    """Stay away after all."""
    return _act(key, lambda uow: registrations.cancel(uow, key))


@pages.route(f"{OWN}/wijzigen", public=True, cache=False, methods=["POST"])
def change_registration(key: str) -> ResponseReturnValue:
    """Come with another number of people, or say what is needed."""
    limit_visitor("doe_mee.registration", TRIES, HOUR)
    uow = current_uow()
    try:
        registrations.change(uow, key, parse(ChangeRegistrationSchema, request.form))
    except Invalid as error:
        uow.rollback()
        version = request.form.get("version", type=int)
        form = BoundForm(ChangeRegistrationSchema, data=request.form, errors=error.errors, version=version)
        return _show_own(uow, registrations.own_registration(uow, key), form, 400)
    except Conflict as error:
        uow.rollback()
        form = BoundForm(ChangeRegistrationSchema, data=request.form, version=error.version, conflict=error.current)
        return _show_own(uow, registrations.own_registration(uow, key), form, 409)
    except Gone as error:
        uow.rollback()
        return _show_own(uow, registrations.own_registration(uow, key), None, 410, error.message)
    say(_("Uw aanmelding is gewijzigd."))
    return go(_own_path(key))


def _act(key: str, act: Any) -> ResponseReturnValue:
    limit_visitor("doe_mee.registration", TRIES, HOUR)
    uow = current_uow()
    try:
        done = act(uow)
    except Gone as error:
        uow.rollback()
        return _show_own(uow, registrations.own_registration(uow, key), None, 410, error.message)
    say(STATES[done.registration.state])
    return go(_own_path(key))


def _own_path(key: str, part: str = "") -> str:
    return f"{paths.REGISTRATION}/{key}/{part}" if part else f"{paths.REGISTRATION}/{key}"


def _form(uow: UnitOfWork, typed: Any = None, errors: Any = None) -> BoundForm:
    form = BoundForm(RegisterSchema, data=typed or {"name": uow.actor.label}, errors=errors)
    if not uow.actor.is_anonymous:
        form.fields = tuple(item for item in form.fields if item.name not in ("name", "email"))
    return form


def _show(uow: UnitOfWork, held: Held, form: BoundForm | None, status: int = 200, problem: Text | None = None) -> ResponseReturnValue:
    meeting, now = held.meeting, uow.now
    closed = held.closed_because(now)
    mine = registrations.registration_of_account(uow, meeting.id)
    works = not uow.actor.is_anonymous and may_work(uow, held.plan)
    if form is None and closed is None and mine is None and held.public:
        form = _form(uow)
    return render_status(
        status,
        "doe_mee/meeting.html",
        **facts(uow, held),
        form=form,
        problem=problem,
        closed=closed if held.ends_at > now else None,
        mine=STATES[mine.state] if mine else None,
        own_url=page_url(_own_path(registration_key(uow.platform, mine.id))) if mine else None,
        room=_room(held) if closed is None else None,
        until=format_moment(meeting.register_until) if closed is None and meeting.register_until else None,
        action=page_url(paths.meeting(meeting.id, "aanmelden")),
        came=n_("Er kwam {n} mens.", "Er kwamen {n} mensen.", meeting.came) if meeting.came is not None else None,
        report_by=format_date(held.report_by) if held.misses_report(now) else None,
        is_late=held.is_late(now),
        is_draft=not held.public,
        desk_url=page_url(paths.desk_meeting(meeting.id)) if works else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (held.plan.title, paths.plan(held.plan.slug)), (held.event.name, None)),
    )


def facts(uow: UnitOfWork, held: Held) -> dict[str, Any]:
    """What both pages tell of a meeting."""
    event = held.event
    return {
        "held": held,
        "meeting": held.meeting,
        "event": event,
        "plan": held.plan,
        "when": moment_of(event),
        "where": place_of(uow, event),
        "badges": meeting_badges(held, uow.now),
        "before": format_moment(event.previous_start_date) if event.status == "rescheduled" and event.previous_start_date else None,
        "plan_url": page_url(paths.plan(held.plan.slug)),
        "meeting_url": page_url(paths.meeting(held.meeting.id)),
        "event_url": page_url(f"/agenda/{event.slug}"),
        "calendar_url": page_url(f"/agenda/{event.slug}.ics"),
    }


def _room(held: Held) -> Text | None:
    if held.free is None:
        return None
    if not held.free:
        return _("Alle plaatsen zijn bezet. Meldt u zich aan, dan komt u op de wachtlijst.")
    return n_("Er is nog {n} plaats.", "Er zijn nog {n} plaatsen.", held.free)


def _show_own(
    uow: UnitOfWork, found: registrations.Registered, form: BoundForm | None = None, status: int = 200, problem: Text | None = None
) -> ResponseReturnValue:
    mine, held, key = found.registration, found.held, found.key
    to_come = held.event.start_date > uow.now and not held.is_off
    if form is None and to_come and mine.state in registrations.COMING:
        form = BoundForm(ChangeRegistrationSchema, data=registrations.registration_values(mine), version=mine.version)
    return render_status(
        status,
        "doe_mee/registration.html",
        **facts(uow, held),
        state=mine.state,
        said=STATES[mine.state],
        people=_people(mine),
        form=form,
        problem=problem,
        to_come=to_come,
        confirm_url=page_url(_own_path(key, "bevestigen")),
        cancel_url=page_url(_own_path(key, "afmelden")),
        change_url=page_url(_own_path(key, "wijzigen")),
    )


def _people(mine: Registration) -> Text:
    return n_("{n} mens", "{n} mensen", mine.people)

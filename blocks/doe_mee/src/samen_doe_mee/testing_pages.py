"""Addresses of pages that no link leads to, or only in some states, for whoever looks at every page."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from samen_core.api import Actor, Grant, Platform, UnitOfWork, account_by_email, new_token, system, token_hash, uuid7
from samen_doe_mee import paths
from samen_doe_mee.models import CoInitiator, Idea, Meeting, Plan, Registration, Round
from samen_doe_mee.schemas.idea_team import WriteIdeaNews
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.answer_sheets import read_answers
from samen_doe_mee.services.idea_mails import carriers
from samen_doe_mee.services.idea_news import hide_news, tell_news
from samen_doe_mee.services.idea_receipts import confirm_path, token_of
from samen_doe_mee.services.registration_keys import key_hash, registration_key
from samen_doe_mee.services.short_links import ensure_links
from samen_doe_mee.services.support import give_voice
from samen_doe_mee.services.voice_keys import voice_key
from samen_doe_mee.testing_support import add_idea

if TYPE_CHECKING:
    from samen_doe_mee.models import Activity


def pages(platform: Platform) -> list[tuple[str, str]]:
    """Pages that no link leads to, or only in some states: the kind of visitor ("" for nobody) and the address."""
    from samen_doe_mee.testing import make_plan

    with platform.unit_of_work(system("test")) as uow:
        resident, manager = (_account(uow, role) for role in ("resident", "manager"))
        plan = make_plan(uow, "Een plein om te bekijken")
        return [*_of_ideas(uow, plan, resident), *_of_a_plan(uow, plan, manager), *_of_a_meeting(uow, plan)]


def of_ideas(uow: UnitOfWork, resident: Actor) -> dict[str, Any]:
    """An idea with one of everything on it, one with nothing, one of the resident, one that the resident is asked to carry: by name."""
    from samen_doe_mee.testing import make_ideas, react

    idea = add_idea(uow, author_name="Sam", email="sam@voorbeeld.example", wants_mail=True)
    react(uow, idea, 3)
    given = give_voice(uow, idea.id, GiveVoice(email="kim@voorbeeld.example"))
    confirm = confirm_path(idea.id, token_of(uow, idea))
    own = add_idea(uow, "Een fietsbrug", account_id=resident.account_id, author_name="Bewoner", wants_mail=True)
    with uow.acting(resident):
        news = tell_news(uow, own.id, WriteIdeaNews(text="Wij zoeken nog mensen."))
        hidden = tell_news(uow, own.id, WriteIdeaNews(text="Koop nu een fiets."))
    hide_news(uow, hidden.id, "advertising", "Dit is reclame.")
    token = new_token()
    asked = CoInitiator(id=uuid7(), idea_id=idea.id, email="kim@voorbeeld.example", code_hash=token_hash(token), invited_at=uow.now)
    uow.session.add(asked)
    uow.session.flush()
    return {
        "idea": idea.slug,
        "bare": uow.session.get_one(Idea, make_ideas(uow, 1)[0]).slug,
        "own": own.slug,
        "idea_news": news.id,
        "hidden_news": hidden.id,
        "voice": voice_key(uow.platform, given.voice_id or uuid.UUID(int=0)),
        "confirm": confirm,
        "no_mail": next(reader.stop for reader in carriers(uow, own)),
        "carry": token,
    }


def wrong_file(uow: UnitOfWork, manager: Actor) -> uuid.UUID:
    """A file of answers with a line that is wrong, sent by a manager."""
    staff = Actor(kind="account", account_id=manager.account_id, label=manager.label, grants=(Grant("manager"),), origin="test")
    with uow.acting(staff):
        return read_answers(uow, "antwoorden.csv", b"code;stand;uitkomst;antwoord\nxyz;abc;overgenomen;Dank u wel\n").id


def _account(uow: UnitOfWork, role: str) -> Actor:
    return Actor(kind="account", account_id=account_by_email(uow, f"{role}@samen.example"), label="Test", origin="test")


def _of_ideas(uow: UnitOfWork, plan: Plan, resident: Actor) -> list[tuple[str, str]]:
    from samen_doe_mee.testing import make_ideas

    made = of_ideas(uow, resident)
    idea, hidden, double = (uow.session.get_one(Idea, id) for id in make_ideas(uow, 3))
    hidden.state = "hidden"
    double.state, double.merged_into_id = "merged", idea.id
    own = paths.idea(made["own"])
    short = ensure_links(uow, plan.id, ("poster",))["poster"]
    of_everybody = (
        *(f"{paths.FEEDS}/{name}" for name in ("ideeen.atom", "ideeen.json", "agenda.ics")),
        *(f"{paths.IDEAS}/{name}" for name in ("verstuurd", "kaart/stad.svg")),
        *(paths.idea(idea.slug, part) for part in ("deel", "deel.png")),
        *(f"{address}/verlopen" for address in (paths.CONFIRM, paths.NO_MAIL, paths.NO_IDEA_MAIL)),
        f"{paths.SHORT}/{short}",
        made["confirm"],
    )
    of_resident = (f"{own}/bewerken", f"{own}/intrekken", paths.CARRY, f"{paths.CARRY}/{made['carry']}", f"{paths.CARRY}/verlopen")
    of_staff = (
        paths.DESK,
        paths.desk_idea(hidden.slug, "tonen"),
        paths.desk_idea(double.slug, "losmaken"),
        paths.desk_idea(idea.slug, "project"),
        f"{own}/nieuws/{made['idea_news']}/verbergen",
        f"{own}/nieuws/{made['hidden_news']}/tonen",
    )
    return [*_for("", of_everybody), *_for("resident", of_resident), *_for("manager", of_staff)]


def _of_a_plan(uow: UnitOfWork, plan: Plan, manager: Actor) -> list[tuple[str, str]]:
    from samen_doe_mee.testing import make_plan, make_round

    draft = make_plan(uow, "Een plan om te bekijken", state="draft", published_at=None)
    round_ = make_round(uow, plan)
    closed = make_round(uow, plan, title="Ronde 0", closed_at=uow.now, heard="Meer groen.", done="Dat komt er.")
    activity, with_map, said = _activities(uow, plan, round_)
    of_everybody = (
        *(paths.plan(plan.slug, part) for part in ("deel", "procesvoorstel")),
        *(paths.activity(activity.slug, part) for part in ("deel", "bedankt")),
        *(paths.activity(activity.slug, f"open-data.{kind}") for kind in ("csv", "json")),
        paths.activity(with_map.slug, "kaart.svg"),
    )
    of_staff = (
        paths.desk_plan(draft.slug, "voorbeeld"),
        paths.desk_plan(plan.slug, "posters"),
        paths.desk_plan(plan.slug, f"rondes/{closed.slug}/bewerken"),
        paths.desk_activity(activity.slug, "weghalen"),
        f"{paths.DESK_ANSWERS}/antwoord?bijdrage={said}",
        f"{paths.DESK_ANSWERS}/inlezen/{wrong_file(uow, manager)}",
    )
    return [*_for("", of_everybody), *_for("manager", of_staff)]


def _activities(uow: UnitOfWork, plan: Plan, round_: Round) -> tuple[Activity, Activity, uuid.UUID]:
    """Two activities, the second with a map, and a reaction in the first."""
    from samen_doe_mee.schemas.activities import CreateActivity
    from samen_doe_mee.services.activities import create_activity
    from samen_inbreng.api import Contribute, contribute

    made = [
        create_activity(uow, round_.id, CreateActivity(type=type, title=title))
        for type, title in (("reactions", "Wat vindt u van het plein?"), ("map_points", "Waar mist u een bank?"))
    ]
    talk_id = made[0].talk_id
    if talk_id is None:
        raise RuntimeError(f"nobody can react on {plan.slug}")
    return made[0], made[1], contribute(uow, talk_id, Contribute(text="Meer bomen.")).contribution.id


def _of_a_meeting(uow: UnitOfWork, plan: Plan) -> list[tuple[str, str]]:
    from samen_doe_mee.testing import make_meeting

    meeting = make_meeting(uow, plan)
    key = _registration(uow, meeting)
    of_staff = (paths.desk_meeting(meeting.id, "aanwezigen"), paths.desk_meeting(meeting.id, "verslag"))
    return [*_for("", (paths.MEETINGS, f"{paths.REGISTRATION}/{key}")), *_for("manager", of_staff)]


def _registration(uow: UnitOfWork, meeting: Meeting) -> str:
    """The key of a registration."""
    coming = Registration(id=uuid7(), meeting_id=meeting.id, who="te bekijken", state="registered", at=uow.now, confirmed_at=uow.now)
    key = registration_key(uow.platform, coming.id)
    coming.code_hash = key_hash(uow.platform, key)
    uow.session.add(coming)
    return key


def _for(role: str, addresses: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(role, address) for address in addresses]

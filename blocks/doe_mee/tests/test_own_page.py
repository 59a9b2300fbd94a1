"""The page of what is one's own: everything of who looks, nothing of others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from samen_core.accounts.models import User
from samen_core.api import Platform, clean_code, keyed_hash, new_code, system, uuid7
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import send_form
from samen_doe_mee import paths
from samen_doe_mee.models import Idea, Plan, Registration, TookPart, Voice
from samen_doe_mee.services.idea_common import RECEIPT
from samen_doe_mee.services.voice_keys import account_who, device_who
from samen_doe_mee.testing import make_activities, make_ideas, make_meeting, make_plan, make_round
from samen_doe_mee.web.device import COOKIE


def support(uow: Any, idea_id: Any, who: str, account_id: Any = None, way: str = "account") -> None:
    uow.session.add(Voice(id=uuid7(), idea_id=idea_id, way=way, who=who, account_id=account_id, at=uow.now, confirmed_at=uow.now))
    uow.session.flush()


@pytest.fixture
def somebody(platform: Platform, as_role: Any) -> dict[str, Any]:
    """An account with something of every kind, and somebody else with the same."""
    browsers, accounts = [], []
    for _nth in range(2):
        browsers.append(as_role("resident"))
        with platform.read(system("test")) as uow:
            accounts.append(next(id for id in uow.session.execute(select(User.id)).scalars() if id not in accounts))
    with platform.unit_of_work(system("test")) as uow:
        plan = make_plan(uow)
        round_, meeting = make_round(uow, plan), make_meeting(uow, plan)
        for name, account in zip(("mij", "een ander"), accounts, strict=True):
            make_ideas(uow, 1, title=f"Idee van {name}", account_id=account)
            make_ideas(uow, 1, title=f"Onbevestigd van {name}", account_id=account, state="unconfirmed", published_at=None)
            liked = make_ideas(uow, 1, title=f"Gesteund door {name}")[0]
            support(uow, liked, account_who(uow, account), account)
            activity = make_activities(uow, plan, round_, title=f"Gedaan door {name}")[0]
            uow.session.add(
                TookPart(id=uuid7(), plan_id=plan.id, activity_id=activity.id, who=name, account_id=account, wants_result=False, at=uow.now)
            )
            uow.session.add(
                Registration(
                    id=uuid7(), meeting_id=meeting.id, who=name, state="registered", account_id=account, people=len(name), at=uow.now
                )
            )
        return {"browser": browsers[0], "account": accounts[0]}


def test_everything_of_who_looks_and_nothing_of_others(somebody: dict[str, Any]) -> None:
    page = somebody["browser"].get(paths.OWN).get_data(as_text=True)
    for words in ("Idee van mij", "Onbevestigd van mij", "Gesteund door mij", "Gedaan door mij", "Inloopavond over het plein", "3 mensen"):
        assert words in page, words
    assert "1 ding wacht op uw bevestiging" in page
    assert "een ander" not in page


def test_without_an_account_only_what_the_browser_knows(platform: Platform, client: Any, somebody: dict[str, Any]) -> None:
    empty = client.get(paths.OWN).get_data(as_text=True)
    assert "U hebt hier nog geen idee" in empty
    assert "van mij" not in empty
    device, code = new_code(), new_code()
    with platform.unit_of_work(system("test")) as uow:
        support(uow, make_ideas(uow, 1, title="Gesteund met een code")[0], device_who(uow, device), way="code")
        make_ideas(uow, 1, title="Idee met een code", key_hash=keyed_hash(platform, RECEIPT, clean_code(code) or ""))
    client.set_cookie(COOKIE, device)
    assert send_form(client, f"{paths.IDEAS}/mijn-code", code=code).status_code == 303
    page = client.get(paths.OWN).get_data(as_text=True)
    assert "Gesteund met een code" in page
    assert "Idee met een code" in page
    assert "Gesteund door" not in page


def test_the_page_is_kept_by_nobody(client: Any) -> None:
    answer = client.get(paths.OWN)
    assert "public" not in answer.headers.get("Cache-Control", "")
    assert 'content="noindex"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_page_costs_the_same_with_more(platform: Platform, somebody: dict[str, Any]) -> None:
    def statements() -> int:
        somebody["browser"].get(paths.OWN)
        with sent_statements(platform) as sent:
            somebody["browser"].get(paths.OWN)
        return len(sent)

    few = statements()
    with platform.unit_of_work(system("test")) as uow:
        for id in make_ideas(uow, 60, account_id=somebody["account"]):
            support(uow, id, account_who(uow, somebody["account"]), somebody["account"])
        assert uow.session.get(Idea, id) is not None
        assert uow.session.execute(select(Plan)).scalars().first() is not None
    assert statements() == few
    assert few <= 12

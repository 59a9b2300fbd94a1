"""Who leaves is let go of, also where they gave an address without account; what they did still counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from samen_core.accounts.models import User
from samen_core.accounts.services.privacy import erase_account
from samen_core.api import Actor, Platform, anonymous, seal, system, uuid7
from samen_doe_mee.models import Activity, Meeting, Registration, TookPart, Voice
from samen_doe_mee.schemas.registrations import Register
from samen_doe_mee.services.registration_keys import registration_key
from samen_doe_mee.services.registrations import confirm, register
from samen_doe_mee.services.taking_part import took_part
from samen_doe_mee.services.voice_keys import mail_who
from samen_doe_mee.testing import make_activities, make_ideas, make_meeting, make_plan, make_round

OTHER = "ander@example.org"


def given(platform: Platform, address: str) -> None:
    """A voice, taking part and a registration of two addresses, all without account; the first writes its own in capitals."""
    with platform.unit_of_work(anonymous("test")) as uow, uow.acting(system("test")):
        plan = make_plan(uow)
        activity = make_activities(uow, plan, make_round(uow, plan))[0]
        activity = uow.session.get_one(Activity, activity.id)
        meeting = make_meeting(uow, plan)
        idea = make_ideas(uow, 1)[0]
        for nth, email in enumerate((address.upper(), OTHER)):
            sealed = seal(platform.config.secret_key, "doe_mee.contact", email, uow.now)
            voice = {"who": mail_who(uow, email), "email": sealed, "wants_news": True, "at": uow.now, "confirmed_at": uow.now}
            uow.session.add(Voice(id=uuid7(), idea_id=idea, way="mail", **voice))
            took_part(uow, activity, who=f"device {nth}", email=email, wants_result=True)
            with uow.acting(anonymous("test")):
                register(uow, meeting.id, Register(name="Noor", email=email, needs="Een ringleiding"))
            newest = select(Registration).where(Registration.state == "unconfirmed")
            confirm(uow, registration_key(platform, uow.session.execute(newest).scalar_one().id))


def test_all_that_was_given_with_the_address_of_who_leaves_is_let_go_of_and_counts(
    platform: Platform, actor_as: Callable[..., Actor]
) -> None:
    resident = actor_as("resident")
    assert resident.account_id is not None
    with platform.read(system("test")) as uow:
        address = uow.session.get_one(User, resident.account_id).email
    given(platform, address)
    with platform.unit_of_work(system("test")) as uow:
        erase_account(uow, resident.account_id)
    with platform.read(system("test")) as uow:

        def kept(model: Any, *columns: str) -> list[tuple[bool, ...]]:
            rows = uow.session.execute(select(model).order_by(model.id)).scalars()
            return [tuple(bool(getattr(row, name)) for name in columns) for row in rows]

        assert kept(Voice, "email", "wants_news") == [(False, False), (True, True)]
        assert kept(TookPart, "email", "email_hash", "wants_result") == [(False,) * 3, (True,) * 3]
        assert kept(Registration, "name", "email", "needs", "code_hash") == [(False,) * 4, (True,) * 4]
        assert uow.session.execute(select(Meeting.taken)).scalar_one() == 2
        assert uow.session.execute(select(Activity.taken_part)).scalar_one() == 2

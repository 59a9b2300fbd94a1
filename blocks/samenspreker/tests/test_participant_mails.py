"""Mail to everybody who takes part: one recipient a mail, each address once, in one's own language, in portions."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from samen_core.accounts.models import User
from samen_core.api import Gone, system, uuid7
from samen_core.mail.models import QueuedMail
from samen_inbreng.models import Contribution
from samen_inbreng.testing import a_contribution, an_activity
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.schemas.steps import MoveQuestion
from samen_samenspreker.services import mails
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.mails import mail_participants, stop_seat_mail
from samen_samenspreker.services.steps import move
from samen_samenspreker.testing import a_published_decision, a_seat, a_table

REASON = "De raad wil eerst weten wat het kost."


@pytest.fixture
def question(platform):
    made = a_table(platform, step="decide")
    a_published_decision(platform, made)
    return made


@pytest.fixture
def sent(platform, monkeypatch):
    """The mails that leave, as (to, subject, body, language, unsubscribe_url)."""
    found = []

    class Mailer:
        def send(self, mail):
            found.append(mail)

    monkeypatch.setattr(platform, "mailer", Mailer())
    return found


def an_account(platform, actor, language="nl"):
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(User).where(User.id == actor.account_id).values(language=language, confirmed_at=uow.now))
        return uow.session.get_one(User, actor.account_id).email


def moved(platform, question, to_step, reason=""):
    with platform.unit_of_work(system("test")) as uow:
        version = get_question(uow, question.id).version
        return move(uow, question.id, MoveQuestion(to_step=to_step, version=version, reason=reason))


def a_mailed_contribution(platform, activity, address, language="nl"):
    given = a_contribution(platform, activity)
    with platform.unit_of_work(system("test")) as uow:
        values = {"email": address, "email_confirmed_at": uow.now, "wants_mail": True, "language": language}
        uow.session.execute(update(Contribution).where(Contribution.id == given.contribution.id).values(**values))


def test_a_step_is_told_to_who_agreed_and_to_nobody_else(platform, question, outbox, actor_as, sent):
    english, silent, alone = actor_as("resident"), actor_as("resident"), actor_as("resident")
    a_seat(platform, question, account_id=english.account_id)
    a_seat(platform, question, account_id=silent.account_id, wants_mail=False)
    a_seat(platform, question, account_id=alone.account_id, state="ended")
    address = an_account(platform, english, "en")
    for actor in (silent, alone):
        an_account(platform, actor)
    activity = an_activity(platform, question.id)
    a_mailed_contribution(platform, activity, "buur@voorbeeld.nl")
    a_mailed_contribution(platform, activity, "Buur@voorbeeld.nl")
    a_mailed_contribution(platform, activity, address.upper())
    with platform.unit_of_work(system("test")) as uow:
        values = {"email": "vraag@voorbeeld.nl", "email_confirmed_at": uow.now, "wants_mail": True}
        uow.session.execute(update(Question).where(Question.id == question.id).values(**values))
    moved(platform, question, "solve", REASON)
    outbox.drain()
    news = [mail for mail in sent if "terug" in mail.subject or "back" in mail.subject]
    assert sorted(mail.to.lower() for mail in news) == sorted([address.lower(), "buur@voorbeeld.nl", "vraag@voorbeeld.nl"])
    by_address = {mail.to.lower(): mail for mail in news}
    assert REASON in by_address["buur@voorbeeld.nl"].body
    assert "ging terug van stap “Besluit” naar “Oplossing zoeken”" in by_address["buur@voorbeeld.nl"].body
    assert by_address[address.lower()].language == "en"
    assert f"/en/samenspreker/{question.slug}" in by_address[address.lower()].body
    assert all(mail.unsubscribe_url and mail.unsubscribe_url in mail.body for mail in news)
    others = [other for other in by_address if other != "buur@voorbeeld.nl"]
    assert not any(other in by_address["buur@voorbeeld.nl"].body.lower() for other in others), "no address of somebody else"
    outbox.drain()
    assert len([mail for mail in sent if mail in news]) == 3


def test_many_are_mailed_in_portions_each_once(platform, question, outbox, sent, monkeypatch):
    monkeypatch.setattr(mails, "PORTION", 3)
    activity = an_activity(platform, question.id)
    for number in range(7):
        a_mailed_contribution(platform, activity, f"buur{number}@voorbeeld.nl")
    moved(platform, question, "solve", REASON)
    while outbox.drain():
        pass
    news = [mail.to for mail in sent if mail.subject == "Een vraag waaraan u meedoet, gaat terug"]
    assert sorted(news) == [f"buur{number}@voorbeeld.nl" for number in range(7)]
    waves = outbox.events("samenspreker.mails.due")
    assert [bool(wave["after"]) for wave in waves] == [True, True]
    assert not any("@" in str(wave) for wave in waves), "an event carries no address"


@pytest.mark.parametrize("kind", ["survey", "decision"])
def test_other_news(platform, question, outbox, sent, kind):
    activity = an_activity(platform, question.id)
    a_mailed_contribution(platform, activity, "buur@voorbeeld.nl")
    decision = a_published_decision(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        thing_id = activity.id if kind == "survey" else decision.id
        mail_participants(uow, get_question(uow, question.id), kind, thing_id)
    outbox.drain()
    [mail] = [mail for mail in sent if mail.to == "buur@voorbeeld.nl"]
    expected = {"survey": ("Hoe was het om mee te doen?", f"/inbreng/{activity.slug}"), "decision": ("Er is een besluit", "/besluit")}
    subject, path = expected[kind]
    assert mail.subject.startswith(subject)
    assert path in mail.body


def test_what_is_gone_is_not_told(platform, question, outbox, sent):
    a_mailed_contribution(platform, an_activity(platform, question.id), "buur@voorbeeld.nl")
    with platform.unit_of_work(system("test")) as uow:
        found = get_question(uow, question.id)
        for kind in mails.KINDS:
            mail_participants(uow, found, kind, uuid7())
        with pytest.raises(ValueError, match="no such kind"):
            mail_participants(uow, found, "gossip", uuid7())
    outbox.drain()
    assert not [mail for mail in sent if mail.to == "buur@voorbeeld.nl"]


def test_a_seat_stops_its_mail_with_the_link_and_only_with_it(platform, question, outbox, sent, actor_as, client):
    actor = actor_as("resident")
    seat = a_seat(platform, question, account_id=actor.account_id)
    an_account(platform, actor)
    moved(platform, question, "solve", REASON)
    outbox.drain()
    url = next(mail.unsubscribe_url for mail in sent if "/mail/stoel/" in mail.unsubscribe_url)
    path = re.sub(r"^https?://[^/]+", "", url)
    assert "Stop de mail over deze vraag" in client.get(path).text
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Seat, seat.id).wants_mail, "opening a link changes nothing"
    assert client.post(path).status_code == 200
    with platform.read(system("test")) as uow:
        assert not uow.session.get_one(Seat, seat.id).wants_mail
        assert uow.session.execute(select(QueuedMail.recipient)).scalars().all().count(actor.label) == 0
    assert client.get(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 410
    with pytest.raises(Gone), platform.unit_of_work(system("test")) as uow:
        stop_seat_mail(uow, uuid7(), "x")

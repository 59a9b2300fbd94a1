"""Asking, changing, taking back; who sees what; the receipt and its mail."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from samen_core.api import Change, Conflict, Gone, Invalid, NotAllowed, NotFound, Subject, anonymous, system, uuid7
from samen_core.mail.models import QueuedMail
from samen_inbreng.api import CreateActivity, create_activity
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.questions import AskQuestion, JudgeQuestion, UpdateQuestion, WithdrawQuestion
from samen_samenspreker.services.common import find_question, get_question
from samen_samenspreker.services.judging import accept, refuse
from samen_samenspreker.services.questions import ask, may_edit, update, withdraw
from samen_samenspreker.services.receipts import by_code, claim, confirm_address, confirm_token, stop_mail
from samen_samenspreker.testing import TITLE, a_question, an_accepted_question, in_step

ASK = AskQuestion(kind="problem", title=TITLE, description="Auto's rijden er te hard.")
REASON = JudgeQuestion(reason="Hier is geld voor.", version=1)


def mails(platform) -> list[QueuedMail]:
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(QueuedMail).order_by(QueuedMail.at)).scalars())


def lines(platform, question) -> list[str]:
    with platform.read(system("test")) as uow:
        rows = select(Change.sentence).where(Change.subject_id == question.id, Change.public).order_by(Change.seq)
        return list(uow.session.execute(rows).scalars())


def test_an_accepted_question_is_in_the_first_step(platform, outbox):
    question = an_accepted_question(platform)
    assert (question.state, question.step, question.cycle) == ("accepted", "agenda", 1)
    assert question.slug == "hoe-maken-we-de-dorpsstraat-veilig-voor-fietsers"
    assert lines(platform, question) == ["De vraag is gesteld.", "De vraag is aangenomen en staat op de agenda van de stad."]
    assert [event["question_id"] for event in outbox.events("samenspreker.question.accepted")] == [str(question.id)]
    with platform.read(anonymous()) as uow:
        card = uow.session.get(Subject, question.id)
        assert (card.public, card.state, card.title) == (True, "active", TITLE)


def test_a_question_waits_unseen_until_it_is_judged(platform, actor_as):
    asker, other, staff = actor_as("resident"), actor_as("resident"), actor_as("facilitator")
    question = a_question(platform, asker)
    for actor in (anonymous(), other, actor_as("decision_maker")):
        with platform.read(actor) as uow:
            with pytest.raises(NotFound):
                get_question(uow, question.id)
            with pytest.raises(NotFound):
                find_question(uow, question.slug)
    for actor in (asker, staff, actor_as("moderator")):
        with platform.read(actor) as uow:
            assert get_question(uow, question.id).title == TITLE
    with platform.read(anonymous()) as uow:
        assert not uow.session.get(Subject, question.id).public


def test_who_asks_is_named_unless_they_want_otherwise(platform, actor_as):
    resident = actor_as("resident")
    mine = a_question(platform, resident)
    hidden = a_question(platform, resident, anonymous=True)
    named = a_question(platform, anonymous(), name="Ans de Wit")
    assert (mine.author_name, mine.account_id, mine.receipt_hash) == ("Test resident", resident.account_id, None)
    assert (hidden.author_name, hidden.account_id) == ("", resident.account_id)
    assert (named.author_name, named.account_id, named.sector) == ("Ans de Wit", None, "citizens")
    assert named.receipt_hash


def test_an_organisation_asks_in_its_own_sector(platform, actor_as, member_of):
    actor, organization = member_of("Fietsersbond", "civil_society")
    question = a_question(platform, actor)
    assert (question.on_behalf_of_id, question.sector) == (organization.id, "civil_society")
    stranger = actor_as("resident").acting_for(organization.id)
    with pytest.raises(NotAllowed), platform.unit_of_work(stranger) as uow:
        ask(uow, ASK)


def test_staff_enters_a_question_and_places_one(platform, actor_as):
    staff = actor_as("facilitator")
    entered = a_question(platform, staff, sector="business", name="Bakker Jansen")
    assert (entered.sector, entered.account_id, entered.author_name, entered.state) == ("business", None, "Bakker Jansen", "submitted")
    placed = a_question(platform, staff, reason="Het college vraagt hierom.")
    assert (placed.state, placed.step, placed.reason) == ("accepted", "agenda", "Het college vraagt hierom.")
    for values in ({"sector": "business"}, {"reason": "Omdat het kan."}):
        with pytest.raises(NotAllowed):
            a_question(platform, actor_as("resident"), **values)


def test_everything_wrong_is_told_at_once(platform):
    with pytest.raises(Invalid) as caught:
        a_question(platform, anonymous(), area_id=uuid7(), theme_id=uuid7())
    assert set(caught.value.errors) == {"area_id", "theme_id"}
    with pytest.raises(Invalid) as caught:
        a_question(platform, anonymous(), wants_mail=True)
    assert set(caught.value.errors) == {"email"}
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Question.id)).all() == []


def test_the_same_title_gets_another_address_and_never_that_of_a_page(platform):
    slugs = [a_question(platform, title=title).slug for title in ("Meer groen", "Meer groen", "Nieuw", "Te beoordelen")]
    assert slugs == ["meer-groen", "meer-groen-2", "nieuw-2", "te-beoordelen-2"]


def change(question, **values) -> UpdateQuestion:
    facts = {"kind": question.kind, "title": question.title, "description": question.description, "version": question.version}
    return UpdateQuestion(**{**facts, **values})


def test_the_asker_changes_it_until_it_is_judged(platform, actor_as):
    asker = actor_as("resident")
    question = a_question(platform, asker)
    with platform.unit_of_work(asker) as uow:
        changed = update(uow, question.id, change(question, title="Een veilige Dorpsstraat"))
    with pytest.raises(Conflict) as caught, platform.unit_of_work(asker) as uow:
        update(uow, question.id, change(question, title="Weer anders"))
    assert caught.value.current["title"] == "Een veilige Dorpsstraat"
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        accepted = accept(uow, question.id, JudgeQuestion(reason="Goed plan.", version=changed.version))
    with pytest.raises(Conflict), platform.unit_of_work(asker) as uow:
        update(uow, question.id, change(accepted, title="Te laat"))
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        assert update(uow, question.id, change(accepted, why_now="Er komt een school bij.")).why_now
    assert lines(platform, question)[-1] == "De tekst van de vraag is gewijzigd."


def test_a_finished_question_keeps_its_text(platform, actor_as):
    asker = actor_as("resident")
    question = in_step(platform, an_accepted_question(platform, asker), "closed")
    for actor in (actor_as("facilitator"), asker):
        with pytest.raises(Gone), platform.unit_of_work(actor) as uow:
            update(uow, question.id, change(question, title="Achteraf anders"))
        with platform.read(actor) as uow:
            assert not may_edit(uow, get_question(uow, question.id))


def test_others_change_nothing(platform, actor_as):
    question = an_accepted_question(platform, actor_as("resident"))
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("resident")) as uow:
        update(uow, question.id, change(question, title="Van mij"))
    waiting = a_question(platform, actor_as("resident"))
    with pytest.raises(NotFound), platform.unit_of_work(actor_as("resident")) as uow:
        withdraw(uow, waiting.id, WithdrawQuestion(version=1))
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("facilitator")) as uow:
        withdraw(uow, waiting.id, WithdrawQuestion(version=1))


def test_taking_back_forgets_who_asked(platform, actor_as):
    asker = actor_as("resident")
    question = a_question(platform, asker, wants_mail=True)
    with platform.unit_of_work(asker) as uow:
        gone = withdraw(uow, question.id, WithdrawQuestion(version=1))
    assert (gone.state, gone.author_name, gone.wants_mail) == ("withdrawn", "", False)
    with pytest.raises(NotFound), platform.read(anonymous()) as uow:
        get_question(uow, question.id)
    with pytest.raises(Conflict), platform.unit_of_work(actor_as("facilitator")) as uow:
        accept(uow, question.id, JudgeQuestion(reason="Toch.", version=gone.version))


@pytest.mark.parametrize("act", [accept, refuse])
def test_only_staff_judges_and_only_once(platform, actor_as, act):
    question = a_question(platform)
    with pytest.raises(NotFound), platform.unit_of_work(actor_as("resident")) as uow:
        act(uow, question.id, REASON)
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("moderator")) as uow:
        act(uow, question.id, REASON)
    with pytest.raises(Conflict), platform.unit_of_work(actor_as("facilitator")) as uow:
        act(uow, question.id, JudgeQuestion(reason="Oud.", version=7))
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        judged = act(uow, question.id, REASON)
        assert (judged.reason, judged.decided_by_id) == (REASON.reason, uow.actor.account_id)
    for again in (accept, refuse):
        with pytest.raises(Conflict), platform.unit_of_work(actor_as("facilitator")) as uow:
            again(uow, question.id, JudgeQuestion(reason="Nog eens.", version=judged.version))
    with platform.read(anonymous()) as uow:
        assert get_question(uow, question.id).reason == REASON.reason


def test_a_code_follows_changes_and_takes_back(platform):
    with platform.unit_of_work(anonymous()) as uow:
        asked = ask(uow, ASK)
    code, question = asked.receipt_code, asked.question
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    with platform.unit_of_work(anonymous()) as uow:
        assert by_code(uow, f" {code.lower().replace('-', ' ')} ").id == question.id
        with pytest.raises(Invalid):
            by_code(uow, "0000-0000-0000")
        with pytest.raises(Invalid):
            by_code(uow, "")
        with pytest.raises(NotFound):
            update(uow, question.id, change(question, title="Gestolen"), code="0000-0000-0000")
    with platform.unit_of_work(anonymous()) as uow:
        changed = update(uow, question.id, change(question, title="Een veilige straat"), code=code)
        assert withdraw(uow, question.id, WithdrawQuestion(version=changed.version), code=code).state == "withdrawn"


def test_a_code_opens_no_other_question(platform):
    with platform.unit_of_work(anonymous()) as uow:
        code = ask(uow, ASK).receipt_code
    other = a_question(platform, anonymous(), title="Een andere vraag")
    with pytest.raises(NotFound), platform.unit_of_work(anonymous()) as uow:
        update(uow, other.id, change(other, title="Gestolen"), code=code)


def test_a_question_with_a_code_moves_to_an_account(platform, actor_as):
    with platform.unit_of_work(anonymous()) as uow:
        asked = ask(uow, ASK)
    actor = actor_as("resident")
    with pytest.raises(NotAllowed), platform.unit_of_work(anonymous()) as uow:
        claim(uow, asked.receipt_code)
    with platform.unit_of_work(actor) as uow:
        assert claim(uow, asked.receipt_code).account_id == actor.account_id
    with platform.unit_of_work(actor) as uow:
        assert get_question(uow, asked.question.id).receipt_hash is None
        with pytest.raises(Invalid):
            claim(uow, asked.receipt_code)


def test_mail_goes_only_to_a_confirmed_address(platform):
    question = a_question(platform, anonymous(), email="ans@samen.example", wants_mail=True)
    other = a_question(platform, anonymous(), title="Niet bevestigd", email="bob@samen.example", wants_mail=True)
    assert [mail.recipient for mail in mails(platform)] == ["ans@samen.example", "bob@samen.example"]
    with platform.unit_of_work(anonymous()) as uow:
        token = confirm_token(uow, uow.session.get(Question, question.id))
        assert f"/samenspreker/mail/ja/{question.id.hex}/{token}" in mails(platform)[0].body
        with pytest.raises(Gone):
            confirm_address(uow, other.id, token)
        confirm_address(uow, question.id, token)
    with platform.unit_of_work(system("test")) as uow:
        refuse(uow, question.id, JudgeQuestion(reason="Hier gaat de provincie over.", version=2))
        accept(uow, other.id, JudgeQuestion(reason="Goed.", version=1))
    sent = mails(platform)[2:]
    assert [mail.recipient for mail in sent] == ["ans@samen.example"]
    assert "Hier gaat de provincie over." in sent[0].body
    assert sent[0].unsubscribe_url.endswith(f"/samenspreker/mail/stop/{question.id.hex}/{token}")
    with platform.unit_of_work(anonymous()) as uow:
        assert stop_mail(uow, question.id, token).email == ""
    with pytest.raises(Gone), platform.unit_of_work(anonymous()) as uow:
        stop_mail(uow, question.id, token)


def test_an_account_gets_mail_when_it_asked_for_it(platform, actor_as):
    an_accepted_question(platform, actor_as("resident"), wants_mail=True)
    an_accepted_question(platform, actor_as("resident"), title="Zonder mail")
    assert [str(mail.subject) for mail in mails(platform)] == ["Uw vraag aan de stad is aangenomen"]
    with pytest.raises(Invalid):
        a_question(platform, actor_as("resident"), email="ander@samen.example", wants_mail=True)


def test_the_log_holds_no_name_or_address(platform):
    question = a_question(platform, anonymous(), name="Ans de Wit", email="ans@samen.example", wants_mail=True)
    with platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Change.before, Change.after, Change.sentence).where(Change.subject_id == question.id)).all()
    assert "Ans" not in str(rows)
    assert "samen.example" not in str(rows)


def test_nothing_is_asked_about_a_question_that_only_staff_may_read(platform, actor_as):
    question = a_question(platform)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        ask_it = CreateActivity(subject_id=question.id, title="Wat vindt u?", opens_at=uow.now)
        with pytest.raises(Invalid) as problem:
            create_activity(uow, ask_it)
    assert "openbaar" in str(problem.value.errors[""][0])

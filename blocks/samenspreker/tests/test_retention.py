"""Who asked is forgotten when an account goes, and when the term is over."""

from __future__ import annotations

from sqlalchemy import select

from samen_core.accounts.services.privacy import erase_account
from samen_core.api import ACCOUNT_ERASED, SubjectData, SubjectRef, anonymous, cards, register, system, uuid7
from samen_core.testing.privacy import keep_to_terms
from samen_samenspreker.models import FinalReport, OptionSupport, Question, QuestionSupport
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.schemas.questions import JudgeQuestion
from samen_samenspreker.services.judging import refuse
from samen_samenspreker.services.question_cards import keep_card
from samen_samenspreker.services.question_support import support
from samen_samenspreker.services.retention import RULES
from samen_samenspreker.testing import a_question, a_seat, a_table, an_accepted_question, an_option, in_step


def read(platform, question: Question) -> Question:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Question, question.id)


def test_an_erased_account_leaves_the_question_without_a_name(platform, actor_as):
    gone, stays = actor_as("resident"), actor_as("resident")
    question = an_accepted_question(platform, gone, wants_mail=True)
    for actor in (gone, stays):
        with platform.unit_of_work(actor) as uow:
            support(uow, question.id)
    with platform.unit_of_work(system("test")) as uow:
        uow.send(ACCOUNT_ERASED, account_id=gone.account_id)
    found = read(platform, question)
    assert (found.account_id, found.author_name, found.wants_mail, found.supports) == (None, "", False, 1)
    assert found.title == question.title


def test_a_name_in_a_title_does_not_come_back_with_the_next_change(platform, actor_as):
    gone = actor_as("resident")
    question = an_accepted_question(platform, gone, title="Bel Noor Visser over de bomen", name="Noor Visser")
    with platform.unit_of_work(system("test")) as uow:
        erase_account(uow, gone.account_id)
    with platform.unit_of_work(system("test")) as uow:
        keep_card(uow, uow.session.get_one(Question, question.id))
        assert cards(uow, [question.id])[question.id].title == "Bel [gewist] over de bomen"
    assert read(platform, question).title == "Bel [gewist] over de bomen"


def test_names_go_two_years_after_the_end_and_not_before(platform, actor_as, clock):
    person = actor_as("resident")
    running = an_accepted_question(platform, anonymous(), title="Loopt", name="Ans")
    closed = an_accepted_question(platform, anonymous(), title="Klaar", name="Bob", email="bob@samen.example", wants_mail=True)
    no = a_question(platform, anonymous(), title="Nee", name="Cor")
    with platform.unit_of_work(person) as uow:
        support(uow, closed.id)
    in_step(platform, closed, "closed")
    with platform.unit_of_work(system("test")) as uow:
        refuse(uow, no.id, JudgeQuestion(reason="Gaat niet.", version=no.version))
        report = FinalReport(id=uuid7(), question_id=closed.id, number=1, cycle=1, deviations={}, parts={}, published_at=uow.now)
        register(uow, SubjectRef("final_report", report.id), SubjectData("Eindverslag", ""))
        uow.session.add(report)
    for days, names in ((729, ("Ans", "Bob", "Cor")), (2, ("Ans", "", ""))):
        clock.forward(days=days)
        keep_to_terms(platform)
        assert tuple(read(platform, each).author_name for each in (running, closed, no)) == names
    found = read(platform, closed)
    assert (found.email, found.receipt_hash, found.supports) == ("", None, 1)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(QuestionSupport.account_id)).all() == []


def test_what_never_counted_does_not_count_when_much_is_let_go_of_in_portions(platform, actor_as, clock):
    """What people at the table said for themselves goes whole, before anything else is made nameless."""
    question = a_table(platform)
    option = an_option(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Question, question.id).state = "refused"
        uow.session.get_one(Question, question.id).decided_at = uow.now
    for _number in range(3):
        account_id = actor_as("resident").account_id
        a_seat(platform, question, account_id=account_id)
        with platform.unit_of_work(system("test")) as uow:
            said = {"voter_id": account_id, "sector": "citizens", "position": "against", "reason": "Te duur.", "at": uow.now}
            uow.session.add(OptionSupport(id=uuid7(), option_id=option.id, option_version=1, **said))
    clock.forward(days=731)
    (rule,) = [rule for rule in RULES if rule.name == "samenspreker.option_supports"]
    with platform.read(system("test")) as uow:
        before = support_of(uow, [option.id])
    gone = []
    with platform.unit_of_work(system("test")) as uow:
        for _portion in range(4):
            gone.append(rule.apply(uow, 1))
            assert support_of(uow, [option.id]) == before
    assert gone == [1, 1, 1, 0]

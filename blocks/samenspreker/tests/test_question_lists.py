"""The overview's lists, what looks alike, and that their cost does not grow with the city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert

from samen_core.api import PageRequest, Subject, anonymous, fold, system, uuid7
from samen_core.platform import Platform
from samen_core.testing.statements import sent_statements
from samen_inbreng.api import Activity
from samen_samenspreker.models import Question
from samen_samenspreker.queries.questions import QuestionFilter, list_questions, open_until, queue, to_join
from samen_samenspreker.queries.similar import similar_questions
from samen_samenspreker.schemas.questions import JudgeQuestion
from samen_samenspreker.services.judging import refuse
from samen_samenspreker.testing import a_question, an_accepted_question, in_step

FIRST = PageRequest(limit=20)


def titles(platform: Platform, filter: QuestionFilter, order: str = "newest") -> list[str]:
    with platform.read(anonymous()) as uow:
        return [row.title for row in list_questions(uow, filter, FIRST, order=order).items]


def an_activity(platform: Platform, question: Question, days: int) -> None:
    with platform.unit_of_work(system("test")) as uow:
        id = uuid7()
        uow.session.execute(
            insert(Subject),
            {"id": id, "type": "activity", "owner": "inbreng", "title": "Inbreng", "updated_at": uow.now, "summary": "", "url": ""}
            | {"state": "active", "public": True},
        )
        moments = {"opens_at": uow.now - timedelta(hours=1), "closes_at": uow.now + timedelta(days=days), "created_at": uow.now}
        uow.session.add(
            Activity(id=id, subject_id=question.id, slug=f"inbreng-{id}", kind="reactions", title="Inbreng", form={}, **moments)
        )


def test_the_list_shows_what_was_accepted_and_filters(platform):
    a_question(platform, title="Wacht nog")
    running = an_accepted_question(platform, title="Loopt", sectors=("business",))
    closed = in_step(platform, an_accepted_question(platform, title="Klaar"), "closed")
    no = a_question(platform, title="Nee")
    with platform.unit_of_work(system("test")) as uow:
        refuse(uow, no.id, JudgeQuestion(reason="Gaat niet.", version=no.version))
    assert titles(platform, QuestionFilter()) == ["Klaar", "Loopt"]
    assert titles(platform, QuestionFilter(), "oldest") == ["Loopt", "Klaar"]
    assert titles(platform, QuestionFilter(list="running")) == ["Loopt"]
    assert titles(platform, QuestionFilter(list="closed")) == [closed.title]
    assert titles(platform, QuestionFilter(list="refused")) == ["Nee"]
    assert titles(platform, QuestionFilter(step="agenda")) == ["Loopt"]
    assert titles(platform, QuestionFilter(sector="business")) == ["Loopt"]
    assert titles(platform, QuestionFilter(sector="citizens")) == []
    assert titles(platform, QuestionFilter(act="support")) == [running.title]
    assert titles(platform, QuestionFilter(text="loop")) == ["Loopt"]
    assert titles(platform, QuestionFilter(text="100%_")) == []


def test_the_words_of_the_text_are_found_once_indexed(platform, outbox):
    an_accepted_question(platform, title="Meer groen", description="Bomen in de Zegwaartseweg.")
    a_question(platform, title="Wacht", description="Bomen ook hier.")
    outbox.drain()
    assert titles(platform, QuestionFilter(text="boom")) == ["Meer groen"]


def test_what_closes_first_comes_first(platform):
    late, soon, plain = (an_accepted_question(platform, title=title) for title in ("Laat", "Gauw", "Steun mij"))
    an_activity(platform, late, 20)
    an_activity(platform, soon, 3)
    with platform.read(anonymous()) as uow:
        assert [(row.title, closes is not None) for row, closes in to_join(uow)] == [("Gauw", True), ("Laat", True), ("Steun mij", False)]
        assert set(open_until(uow, [late.id, soon.id, plain.id])) == {late.id, soon.id}
    assert titles(platform, QuestionFilter(act="contribute")) == ["Gauw", "Laat"]
    assert titles(platform, QuestionFilter(act="meet")) == []


def test_the_queue_holds_what_one_may_judge_oldest_first(platform, clock, actor_as):
    made = []
    for title in ("Eerste", "Tweede"):
        made.append(a_question(platform, title=title))
        clock.forward(days=1)
    an_accepted_question(platform, title="Al besloten")
    actors = (system("test"), actor_as("facilitator"), actor_as("facilitator", made[1].id), actor_as("moderator"), anonymous())
    found = []
    for actor in actors:
        with platform.read(actor) as uow:
            found.append([row.title for row in queue(uow, FIRST).items])
    assert found == [["Eerste", "Tweede"], ["Eerste", "Tweede"], ["Tweede"], [], []]


def test_what_looks_alike_is_found_and_one_word_is_not_enough(platform, outbox):
    street = an_accepted_question(platform, title="Hoe wordt de Dorpsstraat veilig voor fietsers?", description="Auto's rijden er te hard.")
    green = an_accepted_question(platform, title="Meer bomen in Palenstein", description="In de straten staat bijna niets.")
    a_question(platform, title="De Dorpsstraat is onveilig voor fietsers", description="Wacht nog op een besluit.")
    outbox.drain()

    def alike(title: str, description: str = "", **near: Any) -> list[Any]:
        with platform.read(anonymous()) as uow:
            return [row.id for row in similar_questions(uow, title, description, **near)]

    assert alike("Fietsers zijn niet veilig in de Dorpsstraat") == [street.id]
    assert alike("Ik wil bomen", "Palenstein is kaal en heet. Zet er bomen neer.") == [green.id]
    assert alike("Een zwembad in Oosterheem", "Kinderen kunnen nergens zwemmen in de straat.") == []
    assert alike("?!") == []
    assert alike("Fietsers zijn niet veilig in de Dorpsstraat", leave_out=[street.id]) == []


@pytest.fixture
def statements(platform: Platform) -> Callable[[], Any]:
    return partial(sent_statements, platform)


def many(platform: Platform, number: int) -> None:
    """This many accepted questions, straight into the tables."""
    with platform.unit_of_work(system("test")) as uow:
        rows = [(uuid7(), index) for index in range(number)]
        common = {"type": "question", "owner": "samenspreker", "summary": "", "url": "", "state": "active", "public": True}
        uow.session.execute(insert(Subject), [{"id": id, "title": f"Vraag {index}", "updated_at": uow.now, **common} for id, index in rows])
        facts = {"kind": "problem", "description": "Veel.", "state": "accepted", "step": "agenda", "version": 1, "cycle": 1}
        moments = {"step_since": uow.now, "decided_at": uow.now}
        uow.session.execute(
            insert(Question),
            [
                {"id": id, "slug": fold(f"vraag {id}").replace(" ", "-"), "title": f"Vraag {index}", "sectors": ["business"]}
                | {"at": uow.now - timedelta(minutes=index), **facts, **moments}
                for id, index in rows
            ],
        )


@pytest.mark.parametrize("path", ["/samenspreker", "/samenspreker?q=vraag&sector=business", "/api/v1/samenspreker/questions"])
def test_the_overview_costs_the_same_whatever_the_city_asked(platform, client, statements, path):
    costs = []
    for number in (200, 1_800):
        many(platform, number)
        client.get(path)
        with statements() as sent:
            answer = client.get(path)
        assert answer.status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 9


def test_every_page_of_the_list_is_there_once(platform, client):
    many(platform, 45)
    found, url = [], "/samenspreker?volgorde=steun"
    while url:
        html = client.get(url).text
        found += [part.partition("<")[0] for part in html.split('samen-rows__title"><a class="nl-link" href="')[1:]]
        after = html.partition('rel="next" href="')[2].partition('"')[0]
        url = after.replace("&amp;", "&")
    assert len(found) == len(set(found)) == 45

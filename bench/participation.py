"""Operations of contributions and questions to measure: lists of 1,000 and 100,000, giving one, a thread of 200, a final report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from bench import city
from bench.measure import Request, Server, send
from samen_core.actor import system
from samen_core.db import migrate
from samen_core.db.base import uuid7
from samen_core.platform import Parts, Platform, utc_now
from samen_core.seed import seed_demo

BLOCKS = ("inbreng", "samenspreker")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
QUESTIONS, THREAD, REPORT = 1_000, 200, 5_633
THEMES = 8
WORDS = "Op het plein wordt het 's avonds onveilig, vooral voor wie met de fiets komt; meer licht en een goede oversteek zouden helpen. "
"""Twice this is about as long as a comment on a real proposal is on average."""

OLD = timedelta(days=3)
"""Before which everything was said and answered, so that the ten minutes of an answer are over."""


@dataclass(frozen=True)
class Places:
    """Addresses in the city that was made."""

    table: str
    activity_id: uuid.UUID
    activity: str
    thread: str
    small_thread: str
    report: str


def environment() -> dict[str, str]:
    """What a server of such a city needs in its environment."""
    return {"BENCH_BLOCKS": ",".join(BLOCKS)}


def open_platform(folder: Path, clock: Any = utc_now) -> Platform:
    """The platform of a city in this process; to be closed by the caller."""
    return Platform(city.config(folder, ("citycontent", *BLOCKS)), Parts(clock=clock))


def make(folder: Path, contributions: int, *, reported: int = REPORT) -> Places:
    """A city with the demonstration, many questions, an activity with so many contributions and a report of ``reported``."""
    folder.mkdir(parents=True, exist_ok=True)
    platform = open_platform(folder)
    migrate.upgrade(platform)
    seed_demo(platform)
    platform.close()
    past = open_platform(folder, lambda: utc_now() - OLD)
    table, question_id, question_slug = _questions(past)
    activity_id, activity, numbers = _activity(past, question_id, contributions)
    report_slug = _discussed(past, reported)
    past.close()
    now = open_platform(folder)
    _report(now, report_slug)
    now.close()
    threads = [f"/inbreng/{activity}/bijdragen/{number}" for number in numbers]
    return Places(
        f"/samenspreker/{table or question_slug}",
        activity_id,
        f"/inbreng/{activity}",
        *threads,
        f"/samenspreker/{report_slug}/eindverslag/1",
    )


def clones(platform: Platform, table: Any, id: uuid.UUID, changes: list[Mapping[str, Any]]) -> None:
    """Insert copies of a row, each with its changes."""
    columns = table.__table__
    with platform.write_engine.begin() as connection:
        row = dict(connection.execute(select(*columns.c).where(columns.c.id == id)).mappings().one())
        for start in range(0, len(changes), 5_000):
            connection.execute(insert(columns), [{**row, **change} for change in changes[start : start + 5_000]])


def _questions(platform: Platform) -> tuple[str, uuid.UUID, str]:
    """Many questions; the table of the demonstration in step 2, and one of the others."""
    from samen_core.subjects import Subject
    from samen_samenspreker.models import Question
    from samen_samenspreker.testing import a_table

    made = a_table(platform, title="Voorbeeldvraag")
    ids = [uuid7() for _number in range(QUESTIONS)]
    clones(
        platform,
        Subject,
        made.id,
        [{"id": id, "title": f"Voorbeeldvraag {number}", "url": f"/samenspreker/vraag-{number}"} for number, id in enumerate(ids)],
    )
    clones(
        platform,
        Question,
        made.id,
        [{"id": id, "receipt_hash": None, "slug": f"vraag-{number}", "title": f"Voorbeeldvraag {number}"} for number, id in enumerate(ids)],
    )
    demo = select(Question.slug).where(Question.step == "solve", Question.id != made.id, Question.slug.not_like("vraag-%"))
    with platform.read(system("test")) as uow:
        table = uow.session.execute(demo.limit(1)).scalar_one_or_none()
    return table or "", made.id, made.slug


def _activity(platform: Platform, subject_id: uuid.UUID, number: int) -> tuple[uuid.UUID, str, list[int]]:
    """An open activity with so many contributions; its address, and the numbers of two with 200 and 20 replies."""
    from samen_core.subjects import Subject
    from samen_inbreng.models import Contribution, Tally
    from samen_inbreng.testing import a_contribution, an_activity

    now = platform.clock()
    found = an_activity(platform, subject_id, title="Wat vindt u?", closes_at=now + timedelta(days=300))
    first = a_contribution(platform, found, WORDS * 2, name="Sam").contribution
    ids = [uuid7() for _number in range(number - 1)]
    texts = {index: f"{index} {WORDS * 2}" for index in range(2, number + 1)}
    plain = {"receipt_hash": None, "external_ref": None}
    _copy_subjects(platform, Subject, first.id, ids)
    clones(
        platform,
        Contribution,
        first.id,
        [
            {**plain, "id": id, "number": index, "text": texts[index], "at": now - timedelta(seconds=number - index)}
            for index, id in enumerate(ids, 2)
        ],
    )
    roots = ids[-2:]
    replies = 0
    for root, size in zip(roots, (THREAD, THREAD // 10), strict=True):
        below = [uuid7() for _reply in range(size)]
        _copy_subjects(platform, Subject, first.id, below)
        under = {**plain, "parent_id": root, "root_id": root, "depth": 1}
        clones(
            platform, Contribution, first.id, [{**under, "id": id, "number": number + replies + place} for place, id in enumerate(below, 1)]
        )
        replies += size
        with platform.write_engine.begin() as connection:
            connection.execute(update(Contribution).where(Contribution.id == root).values(replies=size))
    with platform.write_engine.begin() as connection:
        mine = update(Tally).where(Tally.activity_id == found.id)
        connection.execute(mine.values(number=number))
        connection.execute(mine.where(Tally.dimension == "number").values(number=number + replies))
        connection.execute(insert(Tally), [{"activity_id": found.id, "dimension": "replies", "value": "", "number": replies}])
    return found.id, found.slug, [number - 1, number]


def _copy_subjects(platform: Platform, table: Any, id: uuid.UUID, ids: list[uuid.UUID]) -> None:
    clones(platform, table, id, [{"id": copy} for copy in ids])


def _discussed(platform: Platform, number: int) -> str:
    """A table on which so many contributions were given, sorted and answered, and a decision taken; its slug."""
    from samen_inbreng.api import AddTheme, ChooseContributions, WriteAnswer, add_theme, import_contributions, put_in_theme, write_answer
    from samen_inbreng.schemas.contribution import EnterContribution
    from samen_inbreng.testing import an_activity
    from samen_samenspreker.testing import a_published_decision, a_table

    question = a_table(platform, title="Wat moet er op het plein?", step="evaluate", level="consult")
    now = platform.clock()
    activity = an_activity(platform, question.id, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    ids: list[uuid.UUID] = []
    day = now.date()
    for start in range(0, number, 500):
        commands = [
            EnterContribution(text=f"{index} {WORDS * 2}", channel=("letter", "phone", "meeting")[index % 3], received_on=day)
            for index in range(start, min(number, start + 500))
        ]
        with platform.unit_of_work(system("test")) as uow:
            ids += [item.contribution.id for item in import_contributions(uow, activity.id, commands) if item.contribution]
    for theme in range(min(THEMES, number)):
        with platform.unit_of_work(system("test")) as uow:
            made = add_theme(uow, question.id, AddTheme(title=f"Thema {theme}"))
            put_in_theme(uow, made.id, ChooseContributions(contribution_ids=tuple(ids[theme::THEMES])))
            write_answer(uow, question.id, WriteAnswer(outcome="partly", reason=WORDS, theme_id=made.id))
    a_published_decision(platform, question)
    return question.slug


def _report(platform: Platform, slug: str) -> None:
    from samen_samenspreker.models import Question
    from samen_samenspreker.testing import a_final_report

    with platform.read(system("test")) as uow:
        question = uow.session.execute(select(Question).where(Question.slug == slug)).scalar_one()
    a_final_report(platform, question)


def operations(places: Places, size: str) -> list[tuple[str, Request]]:
    """What is measured in the city with so many contributions, by name; giving one by form is for :func:`form_request`."""
    listing = f"/api/v1/inbreng/activities/{places.activity_id}/contributions"
    given = json.dumps({"text": f"{{n}} {WORDS}", "name": "Sam"})
    found = [
        (f"contribution list, 20 of {size}", Request(places.activity)),
        (f"contribution list as JSON, 20 of {size}", Request(f"{listing}?limit=20")),
    ]
    if size == "100,000":
        return found
    return [
        ("overview of questions, 20 of 1,000", Request("/samenspreker")),
        ("table page", Request(places.table)),
        *found,
        ("contribution with 20 replies", Request(places.small_thread)),
        ("contribution with 200 replies", Request(places.thread)),
        ("contribution posted over REST", Request(listing.partition("?")[0], "POST", {"Content-Type": "application/json"}, given, 201)),
    ]


@contextmanager
def form_request(folder: Path, places: Places) -> Iterator[Request]:
    """Giving a contribution by the form of the page, each time another form, by somebody who took the time that a person takes."""
    from samen_inbreng.services.guard import new_mark

    platform = open_platform(folder, lambda: utc_now() - timedelta(minutes=1))
    with platform.read(system("test")) as uow:
        body = "formulier={mark}&text={n}+Er+moet+meer+licht+komen.&name=Sam"
        yield Request(places.activity, "POST", FORM, body, 303, lambda: new_mark(uow, places.activity_id))
    platform.close()


def report_page(server: Server, places: Places) -> float:
    """CPU seconds of the page with the whole report."""
    send(server.port, Request(f"{places.report}?alles=1"), 1)
    before = server.cpu_seconds()
    send(server.port, Request(f"{places.report}?alles=1"), 3)
    return (server.cpu_seconds() - before) / 3


WORKER = """
import sys, pathlib
from bench import participation
from samen_core.events.worker import Worker
Worker(participation.open_platform(pathlib.Path(sys.argv[1]))).drain()
"""


def worker(folder: Path) -> tuple[float, float]:
    """Let a worker do what waits, the PDF of the report most of all: CPU seconds, and the most memory it had, in MB."""
    process = subprocess.Popen([sys.executable, "-c", WORKER, str(folder)], cwd=Path(__file__).parents[1])
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError("the worker failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def drain_before(folder: Path) -> None:
    """Deliver what was told while the city was made, all but the report, so that the worker is measured on that."""
    from samen_core.events.outbox import OutboxDelivery, OutboxEvent

    platform = open_platform(folder)
    others = select(OutboxEvent.id).where(OutboxEvent.type != "samenspreker.report.published")
    with platform.write_engine.begin() as connection:
        connection.execute(update(OutboxDelivery).where(OutboxDelivery.event_id.in_(others)).values(state="done"))
    platform.close()


def made_pdf(folder: Path) -> bool:
    """Whether the report has its PDF."""
    from samen_samenspreker.models import FinalReport

    platform = open_platform(folder)
    with platform.read(system("test")) as uow:
        newest = select(FinalReport.file_id).order_by(FinalReport.published_at.desc()).limit(1)
        found = uow.session.execute(newest).scalar_one()
    platform.close()
    return found is not None

"""Filling in a questionnaire that closes meanwhile: nothing that was typed is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from citycontent.models import Project
from samen_core.api import Form, Question
from samen_core.platform import Platform
from samen_core.testing.visitors import Forms
from samen_inbreng.models import Response
from samen_inbreng.testing import FORM, an_activity

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
QUESTIONS = Form(
    (
        *FORM.questions,
        Question("jaren", "number", "Hoeveel jaar woont u hier?", minimum=0, maximum=120),
        Question("idee", "long_text", "Wat wilt u ons meegeven?"),
        Question("licht", "yes_no", "Wilt u meer licht?"),
        Question("waar", "place", "Waar gaat het over?"),
        Question("foto", "file", "Hebt u een foto?"),
    )
)
TYPED = [
    ("gebruik", "soms"),
    ("wensen", "bank"),
    ("wensen", "boom"),
    ("cijfer", "4"),
    ("idee", "Een bank <bij> de vijver."),
    ("licht", "true"),
    ("waar", "Bij de brug"),
]


def text_of(html: str) -> str:
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize(("years", "language"), [("12", ""), ("veel", ""), ("12", "/en")], ids=["right", "wrong too", "English"])
def test_who_sends_just_after_the_end_gets_the_answers_back(
    platform: Platform, project: Project, client: FlaskClient, clock: Any, years: str, language: str
) -> None:
    activity = an_activity(platform, project.id, title="Het park", kind="questionnaire", form=QUESTIONS)
    page = f"{language}/inbreng/{activity.slug}/invullen"
    empty = [pair for pair in Forms(client.get(page).text).pairs(page) if pair[0].startswith(("formulier", "csrf", "website"))]
    clock.forward(days=6)
    answer = client.post(page, data=MultiDict([*empty, *TYPED, ("jaren", years)]), headers=SAME_SITE)
    assert answer.status_code == 410
    read = text_of(answer.text)
    for words in ("Soms", "Een bank, Een boom", "4", years, "Een bank <bij> de vijver.", "Bij de brug", "Ja" if not language else "Yes"):
        assert words in read
    assert "Hebt u een foto?" not in read
    assert "Meer licht" not in read
    assert ("is gesloten" if not language else "is closed") in read
    assert f'href="{language}/inbreng/{activity.slug}/uitslag"' in answer.text
    assert 'href="mailto:samen@zoetermeer.example"' in answer.text
    with platform.engine.connect() as connection:
        assert connection.execute(select(Response.id)).all() == []


def test_nothing_typed_and_closed_says_only_that(platform: Platform, project: Project, client: FlaskClient, clock: Any) -> None:
    activity = an_activity(platform, project.id, title="Het park", kind="questionnaire", form=QUESTIONS)
    clock.forward(days=6)
    answer = client.post(f"/inbreng/{activity.slug}/invullen", headers=SAME_SITE)
    assert answer.status_code == 410
    assert "Dit schreef u" not in answer.text
    assert client.get(f"/inbreng/{activity.slug}/invullen").status_code == 200

"""A text to react to: splitting it, reactions per paragraph, and what stays when the text changes."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from samen_core.api import Platform, anonymous
from samen_core.testing.visitors import SAME_SITE, Forms
from samen_doe_mee import paths
from samen_doe_mee.models import Paragraph
from samen_doe_mee.schemas.activities import UpdateActivity
from samen_doe_mee.services.activities import update_activity
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.paragraphs import paragraphs_of, split_text
from samen_doe_mee.testing_activities import STAFF, an_activity

TEXT = """# Visie op het park

Het park komt aan het water. Er is plek voor jong en oud.

## Verkeer

De Kade wordt autovrij.
Bewoners houden een parkeerplaats.

- bomen
- banken

Beheer

De gemeente onderhoudt het park, samen met bewoners."""


def test_a_text_is_split_by_white_lines_and_headings() -> None:
    pieces = split_text(TEXT)
    assert [piece.heading for piece in pieces] == ["Visie op het park", "Verkeer", "", "Beheer"]
    assert pieces[2].text == "- bomen\n- banken"
    assert pieces[1].text.endswith("parkeerplaats.")
    assert [piece.text for piece in split_text("Artikel 1 Begrippen\r\n\r\nHieronder staat wat woorden betekenen.")][-1].startswith(
        "Hieronder"
    )


@given(some.text(max_size=400))
def test_no_word_of_a_text_gets_lost(text: str) -> None:
    pieces = split_text(text)
    assert all(piece.text for piece in pieces)
    assert len(pieces) <= text.count("\n") + 1 + text.count("\r")


def react(client: FlaskClient, clock: Any, path: str, chosen: Any, words: str) -> Any:
    address = f"{path}?alinea={chosen}" if chosen else path
    pairs = [pair for pair in Forms(client.get(address).text).pairs(path) if pair[0] != "text"]
    clock.forward(seconds=10)
    return client.post(address, data=MultiDict([*pairs, ("text", words)]), headers=SAME_SITE)


def test_people_react_to_a_paragraph_and_the_reactions_stay_with_it(platform: Platform, client: FlaskClient, clock: Any) -> None:
    activity = an_activity(platform, type="text", title="Visie", options={"text": TEXT})
    path = paths.activity(activity.slug)
    with platform.read(anonymous("test")) as uow:
        water, kade, _list, beheer = [one.id for one in paragraphs_of(uow, activity.id)]
    assert react(client, clock, path, kade, "Een autovrije kade is goed.").status_code == 303
    assert react(client, clock, path, beheer, "Wie betaalt dat?").status_code == 303
    assert react(client, clock, path, None, "Mooie visie.").status_code == 303
    page = client.get(path).text
    assert page.count("1 keer gereageerd") >= 2
    about = client.get(f"{path}?alinea={kade}").text
    assert "Een autovrije kade is goed." in about
    assert "Mooie visie." not in about
    changed = TEXT.replace("De Kade wordt autovrij.", "De Kade wordt helemaal autovrij.").partition("Beheer")[0]
    with platform.unit_of_work(STAFF) as uow:
        update_activity(uow, activity.id, UpdateActivity(title="Visie", options={"text": changed}, version=activity.version))
    with platform.read(anonymous("test")) as uow:
        there = {one.id: one for one in paragraphs_of(uow, activity.id, gone=True)}
        assert there[kade].reactions == 1
        assert "helemaal" in there[kade].text
        assert there[beheer].removed_at is not None
        assert there[water].removed_at is None
        rows = list(type_of("text").open_data(uow, activity))
        assert {row["text"]: row["paragraph"] for row in rows}["Een autovrije kade is goed."] == 2
    assert "die niet meer in de tekst staat" in client.get(path).text
    assert "Wie betaalt dat?" in client.get(f"{path}?alinea={beheer}").text


def test_a_paragraph_that_is_gone_or_made_up_is_refused(platform: Platform, client: FlaskClient, clock: Any) -> None:
    activity = an_activity(platform, type="text", title="Visie", options={"text": TEXT})
    path = paths.activity(activity.slug)
    answer = react(client, clock, path, "018f0000-0000-7000-8000-000000000000", "Waarover?")
    assert answer.status_code == 400
    assert "Waarover?" in answer.text
    with platform.read(anonymous("test")) as uow:
        assert not [one for one in uow.session.execute(select(Paragraph.reactions)).scalars() if one]

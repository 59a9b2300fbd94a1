"""The page of an activity: taking part without account and without JavaScript, the receipt, and what others said."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from samen_core.api import Platform, anonymous
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import Forms
from samen_doe_mee import paths
from samen_doe_mee.models import Activity
from samen_doe_mee.testing_activities import a_reaction, an_activity
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import activity_path

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def text_of(html: str) -> str:
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def filled(client: FlaskClient, path: str, action: str = "", **values: Any) -> MultiDict[str, str]:
    """The form of a page with these values in it, as a browser sends it."""
    pairs = [pair for pair in Forms(client.get(path).text).pairs(action or path.partition("?")[0]) if pair[0] not in values]
    return MultiDict([*pairs, *values.items()])


def counted(platform: Platform, activity: Activity) -> int:
    with platform.read(anonymous("test")) as uow:
        return uow.session.get_one(Activity, activity.id).taken_part


def test_somebody_without_account_reacts_gets_a_receipt_and_counts_once(
    platform: Platform, client: FlaskClient, clock: Any, outbox: Any
) -> None:
    activity = an_activity(platform, intro="Het park komt aan het water.")
    path = paths.activity(activity.slug)
    form = filled(client, path, text="Meer <b>bomen</b>")
    fast = client.post(path, data=form, headers=SAME_SITE)
    assert fast.status_code == 400
    assert "Meer &lt;b&gt;bomen&lt;/b&gt;</textarea>" in fast.text
    clock.forward(seconds=10)
    sent, again = (client.post(path, data=form, headers=SAME_SITE) for _time in range(2))
    assert (sent.status_code, again.status_code) == (303, 303)
    outbox.drain()
    assert counted(platform, activity) == 1
    thanks = client.get(sent.headers["Location"]).text
    assert re.search(r'inbreng-code"[^>]*>([^<]+)<', thanks)
    assert "Meer &lt;b&gt;bomen&lt;/b&gt;" in client.get(path).text
    assert "1 mens deed mee" in text_of(client.get(path).text)


def test_what_is_wrong_is_told_at_once_and_what_was_typed_stays(platform: Platform, client: FlaskClient, clock: Any) -> None:
    activity = an_activity(platform)
    path = paths.activity(activity.slug)
    form = filled(client, path, text="", wants_mail="true", name="Fatima")
    clock.forward(seconds=10)
    page = client.post(path, data=form, headers=SAME_SITE)
    assert page.status_code == 400
    assert 'id="f-text-error"' in page.text
    assert 'value="Fatima"' in page.text


def test_who_comes_late_or_early_reads_why(platform: Platform, client: FlaskClient, clock: Any) -> None:
    activity = an_activity(platform)
    path = paths.activity(activity.slug)
    form = filled(client, path, text="Net te laat")
    clock.forward(days=12)
    assert client.post(path, data=form, headers=SAME_SITE).status_code == 410
    assert "U kunt niet meer meedoen" in client.get(path).text


def test_where_an_account_is_asked_there_is_no_form_without(platform: Platform, client: FlaskClient) -> None:
    activity = an_activity(platform, anonymous=False)
    page = client.get(paths.activity(activity.slug))
    assert "Log in om mee te doen" in page.text
    assert "<textarea" not in page.text


def test_inbreng_leads_to_our_page_and_counts_what_comes_in_there(platform: Platform, client: FlaskClient, outbox: Any) -> None:
    activity = an_activity(platform)
    with platform.read(anonymous("test")) as uow:
        talk = uow.session.get_one(Talk, activity.talk_id)
    led = client.get(activity_path(talk.slug))
    assert led.status_code == 303
    assert led.headers["Location"].endswith(paths.activity(activity.slug))
    assert paths.activity(activity.slug) in client.get("/").text
    a_reaction(platform, activity)
    outbox.drain()
    assert counted(platform, activity) == 1


@SQLITE
def test_a_page_with_two_hundred_reactions_and_a_reaction_take_a_fixed_number_of_statements(
    platform: Platform, client: FlaskClient, clock: Any
) -> None:
    activity = an_activity(platform)
    path = paths.activity(activity.slug)
    for number in range(3):
        a_reaction(platform, activity, f"Reactie {number}")
    client.get(path)
    with sent_statements(platform) as few:
        client.get(path)
    for number in range(60):
        a_reaction(platform, activity, f"Nog een reactie {number}")
    with sent_statements(platform) as many:
        assert "Volgende" in client.get(path).text
    assert len(many) == len(few) <= 10, "\n".join(many)
    form = filled(client, path, text="Meer bomen")
    clock.forward(seconds=10)
    with sent_statements(platform) as posted:
        assert client.post(path, data=form, headers=SAME_SITE).status_code == 303
    assert len(posted) <= 11, "\n".join(posted)

"""The pages of a poll: within a minute, without account and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.api import Platform, system
from samen_core.testing.visitors import SAME_SITE, text_of
from samen_doe_mee import paths
from samen_doe_mee.schemas.external import AddExternalResult
from samen_doe_mee.services.external import add_external_result
from samen_doe_mee.services.poll_outcome import poll_options
from samen_doe_mee.testing_polls import a_poll
from samen_doe_mee.web.device import COOKIE

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_doe_mee.models import Activity

Visit = Callable[..., "FlaskClient"]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def ids_of(platform: Platform, poll: Activity) -> list[str]:
    with platform.read(system("test")) as uow:
        return [str(option.id) for option in poll_options(uow, poll.id)]


def post(client: FlaskClient, path: str, **values: Any) -> Any:
    return client.post(path, data=values, headers=SAME_SITE)


def page(client: FlaskClient, poll: Activity, prefix: str = "") -> str:
    answer = client.get(prefix + paths.activity(poll.slug))
    assert answer.status_code == 200
    return text_of(answer.text)


def test_what_one_may_choose_stands_above_the_answers(platform: Platform, client: FlaskClient) -> None:
    one, several = a_poll(platform), a_poll(platform, kind="several", maximum=2)
    html = client.get(paths.activity(one.slug)).text
    assert 'type="radio"' in html
    assert "Kies één antwoord." in html
    assert "niet verplicht" not in html.partition("Kies één antwoord.")[2].partition('type="radio"')[0]
    html = client.get(paths.activity(several.slug)).text
    assert 'type="checkbox"' in html
    assert "Kies hoogstens 2 antwoorden." in html


def test_a_visitor_votes_sees_the_outcome_and_votes_otherwise(platform: Platform, client: FlaskClient) -> None:
    poll = a_poll(platform)
    yes, no, _maybe = ids_of(platform, poll)
    path = paths.activity(poll.slug)
    assert "U ziet de uitslag zodra u zelf hebt gestemd." in page(client, poll)
    assert client.get_cookie(COOKIE) is None
    wrong = post(client, path)
    assert wrong.status_code == 400
    assert "Kies een antwoord." in text_of(wrong.text)
    bad = post(client, path, options=yes, email="geen adres")
    assert bad.status_code == 400
    assert f'value="{yes}" checked' in bad.text
    assert "geen adres" in bad.text
    assert post(client, path, options=yes, email="jip@voorbeeld.nl").status_code in (302, 303)
    shown = page(client, poll)
    assert "Bedankt, uw stem telt mee." in shown
    assert "1 mens stemde." in shown
    assert "100%" in shown
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.value in shown
    post(client, path, options=no)
    assert "Uw stem is veranderd." in page(client, poll)
    # On another device with the code.
    other = client.application.test_client()
    post(other, f"{path}/code", code="AAAA-BBBB-CCCC")
    assert "Wij vinden geen stem bij deze code." in page(other, poll)
    post(other, f"{path}/code", code=cookie.value.lower().replace("-", " "))
    assert "U stemde" in page(other, poll)
    post(other, f"{path}/stem-terug")
    assert "Nog niemand stemde." in page(client, poll)


def test_an_account_votes_without_a_code(platform: Platform, as_role: Visit) -> None:
    poll = a_poll(platform, kind="several", maximum=2)
    first, second, third = ids_of(platform, poll)
    client = as_role("resident")
    path = paths.activity(poll.slug)
    token = client.get(path).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    refused = post(client, path, options=[first, second, third], csrf_token=token)
    assert refused.status_code == 400
    assert "Kies hoogstens 2 antwoorden." in text_of(refused.text)
    post(client, path, options=[first, second], wants_result="true", csrf_token=token)
    shown = page(client, poll)
    assert "samen is het meer dan 100%" in shown
    assert "Uw code" not in shown
    assert client.get_cookie(COOKIE) is None


def test_a_poll_that_shows_after_closing_shows_staff_nothing_before_it(
    platform: Platform, client: FlaskClient, as_role: Visit, clock: Any
) -> None:
    poll = a_poll(platform, show_results="after_close")
    post(client, paths.activity(poll.slug), options=ids_of(platform, poll)[0])
    with platform.unit_of_work(system("test")) as uow:
        values: dict[str, Any] = {"channel": "social", "people": 40, "source": "Facebook", "counts": (("Ja", 39),)}
        add_external_result(uow, poll.id, AddExternalResult(held_on=date(2020, 1, 1), **values))
    for visitor in (client, as_role("facilitator"), as_role("manager")):
        shown = page(visitor, poll)
        assert "ook de gemeente niet" in shown
        assert "1 mens stemde." in shown
        assert "Facebook" not in shown
        assert "100%" not in shown
    clock.shift = timedelta(days=10)
    shown = page(client, poll)
    assert "Facebook" in shown
    assert "98%" in shown
    assert post(client, paths.activity(poll.slug), options=ids_of(platform, poll)[1]).status_code == 410
    assert "1 person voted" in page(client, poll, "/en") or "1 mens stemde" in page(client, poll, "/en")

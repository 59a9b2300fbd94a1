"""Addresses that nothing can be found at."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "path", ["/organisaties/wijk%00raad", "/zoeken?q=a%00b", "/organisaties?q=%00", "/en/agenda/%00", "/bouwstenen/%00"]
)
def test_a_null_character_in_an_address_is_refused(client: FlaskClient, path: str) -> None:
    """PostgreSQL knows no such text and would fail."""
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"


def test_a_null_character_in_an_address_of_the_api_is_refused(client: FlaskClient) -> None:
    answer = client.get("/api/v1/citycontent/organizations?q=%00")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_text_that_looks_like_one_is_not(client: FlaskClient) -> None:
    assert client.get("/zoeken?q=%2500").status_code == 200


def test_links_to_the_other_language_are_addresses(client: FlaskClient) -> None:
    """What was decoded to find the page is encoded again."""
    assert 'href="/en/organisaties/50%25%20%3Cb%3E"' in client.get("/organisaties/50%25%20%3Cb%3E").text


@pytest.mark.parametrize("path", ["/zoeken?q=a%1Bb%EF%BF%BF", "/organisaties?q=a%1Bb%C2%93%EF%BF%BF"])
def test_a_search_shows_no_control_characters_again(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert "\x1b" not in page
    assert "\x93" not in page
    assert "\uffff" not in page

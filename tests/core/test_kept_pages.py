"""Pages that were drawn once are given to the next visitor without a session, as long as nothing changed."""

from __future__ import annotations

import pytest
from flask import Response, session

from citycontent.api import CreateOrganization, create_organization
from samen_core.actor import system
from samen_core.blocks.guard import left_out_when_it_fails
from samen_core.web.kept import KeptPages


@pytest.fixture
def samen_config():
    return {"web": {"kept_pages": 1}}


@pytest.fixture
def drawn(client, app, monkeypatch):
    """How often a view worked for the list of organisations."""
    counted = []
    view = app.view_functions["citycontent.organization_list"]

    def counting(**values):
        counted.append(values)
        return view(**values)

    counting.__dict__.update(view.__dict__)
    monkeypatch.setitem(app.view_functions, "citycontent.organization_list", counting)
    return counted


def make(platform, name):
    with platform.unit_of_work(system("test")) as uow:
        create_organization(uow, CreateOrganization(name=name, sector="citizens"))


def test_the_second_visitor_gets_the_same_page_until_something_changes(client, app, platform, drawn):
    first = client.get("/organisaties")
    again = app.test_client().get("/organisaties")
    assert again.data == first.data
    assert {**again.headers} == {**first.headers}
    assert len(drawn) == 1
    make(platform, "De Nieuwe Club")
    assert "De Nieuwe Club" in client.get("/organisaties").text
    assert len(drawn) == 2


def test_each_address_language_and_host_has_its_own(client, drawn):
    pages = [client.get(path).data for path in ("/organisaties", "/en/organisaties", "/organisaties?q=x")]
    assert len(set(pages)) == 3
    client.get("/organisaties", headers={"Host": "elders.example"})
    assert len(drawn) == 4
    client.head("/organisaties")
    assert client.get("/organisaties").data == pages[0]


def test_who_has_a_session_gets_a_page_of_their_own(client, as_role, drawn):
    resident = as_role("resident")
    client.get("/organisaties")
    page = resident.get("/organisaties")
    assert "Uitloggen" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Uitloggen" not in client.get("/organisaties").text
    assert len(drawn) == 2


def test_a_browser_that_has_it_is_told_so(client, drawn):
    tag = client.get("/organisaties").headers["ETag"]
    assert client.get("/organisaties", headers={"If-None-Match": tag}).status_code == 304
    assert len(drawn) == 1


def test_a_page_in_which_a_block_failed_is_kept_by_nobody(client, app, drawn):
    drawing = app.view_functions["citycontent.organization_list"]
    broken = [True]

    def with_a_failing_block(**values):
        with left_out_when_it_fails("made"):
            if broken.pop():
                raise ValueError("not now")
        broken.append(False)
        return drawing(**values)

    with_a_failing_block.__dict__.update(drawing.__dict__)
    app.view_functions["citycontent.organization_list"] = with_a_failing_block
    assert client.get("/organisaties").headers["Cache-Control"] == "private, no-store"
    assert client.get("/organisaties").headers["Cache-Control"] == "public, no-cache"
    client.get("/organisaties")
    assert len(drawn) == 2


def test_a_page_that_began_a_session_is_kept_by_nobody(client, app, drawn):
    drawing = app.view_functions["citycontent.organization_list"]

    def with_a_session(**values):
        session["mine"] = "x"
        return drawing(**values)

    with_a_session.__dict__.update(drawing.__dict__)
    app.view_functions["citycontent.organization_list"] = with_a_session
    for _visitor in range(2):
        assert app.test_client().get("/organisaties").headers["Cache-Control"] == "private, no-store"
    assert len(drawn) == 2


def test_what_was_not_asked_for_longest_goes_first():
    kept = KeptPages(room=10)
    for address in "abc":
        kept.keep(address, "1", Response(b"1234"))
    assert [kept.knows(address) for address in "abc"] == [False, True, True]
    assert kept.find("b", "1").data == b"1234"
    kept.keep("d", "1", Response(b"1234"))
    assert [kept.knows(address) for address in "bcd"] == [True, False, True]
    assert kept.find("b", "2") is None, "something changed since"
    kept.keep("b", "2", Response(b"12"))
    kept.keep("e", "2", Response(b"1234"))
    assert [kept.knows(address) for address in "bde"] == [True, True, True], "one version of a page takes room"
    kept.keep("f", "1", Response(b"12345678901"))
    kept.keep("g", "1", Response(b"12", status=404))
    kept.keep("h", "1", Response(iter([b"12"])))
    kept.keep("i", "1", Response(b"12", headers={"Set-Cookie": "a=b"}))
    assert not any(kept.knows(address) for address in "fghi")


def test_a_city_can_do_without():
    kept = KeptPages(room=0)
    kept.keep("a", "1", Response(b"1"))
    assert not kept.knows("a")

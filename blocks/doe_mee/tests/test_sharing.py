"""Sharing: what other sites show, the picture, short addresses that count without persons, posters."""

from __future__ import annotations

import io
from typing import Any

import pytest

from samen_core.api import Platform, SubjectRef, can_make_pdf, system
from samen_core.testing.statements import sent_statements
from samen_doe_mee import paths
from samen_doe_mee.models import Idea, Plan, Reach
from samen_doe_mee.services.kinds import PLAN
from samen_doe_mee.services.posters import code_picture
from samen_doe_mee.services.share_pictures import HEIGHT, WIDTH, share_picture
from samen_doe_mee.services.short_links import CHANNELS, LETTERS, ensure_links, links_of
from samen_doe_mee.testing import make_activities, make_ideas, make_plan, make_round

PERSON = {"User-Agent": "Mozilla/5.0 (Android 15; Mobile) Firefox/140.0"}
BOTS = ("", "Googlebot/2.1", "WhatsApp/2.24", "facebookexternalhit/1.1", "curl/8.5")


@pytest.fixture
def city(platform: Platform) -> dict[str, Any]:
    """An idea, a plan and an activity, and an idea that was hidden."""
    with platform.unit_of_work(system("test")) as uow:
        idea, hidden = make_ideas(uow, 1)[0], make_ideas(uow, 1, state="hidden")[0]
        plan = make_plan(uow)
        activity = make_activities(uow, plan, make_round(uow, plan))[0]
        draft = make_plan(uow, "Geheim", state="draft", published_at=None)
        return {
            "idea": paths.idea(uow.session.get_one(Idea, idea).slug),
            "idea_id": idea,
            "hidden": paths.idea(uow.session.get_one(Idea, hidden).slug),
            "plan": paths.plan(plan.slug),
            "plan_slug": plan.slug,
            "plan_id": plan.id,
            "activity": paths.activity(activity.slug),
            "activity_id": activity.id,
            "draft": paths.plan(draft.slug),
        }


@pytest.mark.parametrize("name", ["idea", "plan", "activity"])
def test_the_picture_is_made_here_and_asked_for_once(client: Any, city: dict[str, Any], name: str) -> None:
    from PIL import Image

    answer = client.get(f"{city[name]}/deel.png")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == (WIDTH, HEIGHT)
    assert len(answer.data) < 100_000
    again = client.get(f"{city[name]}/deel.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("part", ["deel", "deel.png", "poster-a4.pdf"])
def test_what_is_not_for_everybody_cannot_be_shared(client: Any, city: dict[str, Any], part: str) -> None:
    assert client.get(f"{city['hidden']}/{part}").status_code == 404
    assert client.get(f"{city['draft']}/{part}").status_code == 404


def test_the_picture_is_another_when_the_title_is(platform: Platform, client: Any, city: dict[str, Any]) -> None:
    before = client.get(f"{city['idea']}/deel.png").headers["ETag"]
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Idea, city["idea_id"]).title = "Een ander idee"
    assert client.get(f"{city['idea']}/deel.png").headers["ETag"] != before


@pytest.mark.parametrize("title", ["", "Eén", "woord " * 40, "Hottentottententententoonstelling" * 6, "Łódź 🎉 日本", "a\u202eb"])
def test_every_title_makes_a_picture(platform: Platform, title: str) -> None:
    assert share_picture(platform, "Idee", title, "Loopt nu").startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["idea", "plan", "activity"])
def test_pages_tell_other_sites_what_they_are(client: Any, city: dict[str, Any], name: str) -> None:
    page = client.get(city[name]).get_data(as_text=True)
    assert f'<meta property="og:image" content="http://127.0.0.1:8000{city[name]}/deel.png">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def test_sharing_is_plain_links_and_shows_the_short_address(platform: Platform, client: Any, city: dict[str, Any]) -> None:
    page = client.get(f"{city['plan']}/deel").get_data(as_text=True)
    assert "https://wa.me/?text=" in page
    assert "mailto:?subject=" in page
    assert ".pdf" not in page
    with platform.unit_of_work(system("test")) as uow:
        codes = ensure_links(uow, city["plan_id"])
    assert f"http://127.0.0.1:8000/dm/{codes['social']}" in client.get(f"{city['plan']}/deel").get_data(as_text=True)


def test_short_addresses_are_made_when_something_becomes_public(platform: Platform, outbox: Any, city: dict[str, Any]) -> None:
    from samen_doe_mee.events.plans import PlanPublished

    with platform.unit_of_work(system("test")) as uow:
        uow.publish(PlanPublished(plan_id=city["plan_id"], about=(SubjectRef(PLAN, city["plan_id"]),)))
    outbox.drain()
    with platform.read(system("test")) as uow:
        codes = links_of(uow, city["plan_id"])
    assert set(codes) == set(CHANNELS)
    assert all(len(code) == 7 and set(code) <= set(LETTERS) for code in codes.values())


def test_a_short_address_leads_there_and_counts_people(platform: Platform, client: Any, city: dict[str, Any]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        plan = ensure_links(uow, city["plan_id"])
        activity = ensure_links(uow, city["activity_id"])
        idea = ensure_links(uow, city["idea_id"])
        assert ensure_links(uow, city["plan_id"]) == plan
    for code, path in ((plan["poster"], city["plan"]), (activity["poster"], city["activity"]), (plan["social"], city["plan"])):
        found = client.get(f"{paths.SHORT}/{code.upper()}", headers=PERSON)
        assert (found.status_code, found.headers["Location"]) == (302, path)
        assert found.headers["Cache-Control"] == "no-store"
    assert client.get(f"{paths.SHORT}/{idea['poster']}", headers=PERSON).headers["Location"] == city["idea"]
    client.head(f"{paths.SHORT}/{plan['poster']}", headers=PERSON)
    for agent in BOTS:
        assert client.get(f"{paths.SHORT}/{plan['poster']}", headers={"User-Agent": agent}).status_code == 302
    with platform.read(system("test")) as uow:
        counted = {row.channel: row.number for row in uow.session.query(Reach).filter_by(plan_id=city["plan_id"])}
    assert counted == {"poster": 2, "social": 1}
    for wrong in ("zzzzzzz", "x", "%E2%82%AC", "a" * 300):
        assert client.get(f"{paths.SHORT}/{wrong}").status_code == 404


def test_only_who_works_at_it_makes_posters(client: Any, as_role: Any, city: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr("samen_doe_mee.services.posters.make_pdf", lambda _platform, html: printed.append(html) or b"%PDF-1.7")
    assert client.get(f"{city['plan']}/poster-a4.pdf").status_code in (302, 303, 403)
    assert as_role("resident").get(f"{city['plan']}/poster-a4.pdf").status_code == 403
    staff = as_role("facilitator")
    for name in ("idea", "plan", "activity"):
        for paper in ("poster-a4", "poster-a3", "flyer-a5"):
            assert staff.get(f"{city[name]}/{paper}.pdf").status_code == 200
    assert len(printed) == 9
    assert all("data:image/svg+xml" in html and "127.0.0.1:8000/dm/" in html for html in printed)
    assert staff.get(f"{city['plan']}/poster-a9.pdf").status_code == 404
    assert "poster-a4.pdf" in staff.get(f"{city['plan']}/deel").get_data(as_text=True)


def test_the_author_of_an_idea_prints_a_poster(
    platform: Platform, app: Any, as_role: Any, city: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import select

    from samen_core.accounts.models import User

    monkeypatch.setattr("samen_doe_mee.services.posters.make_pdf", lambda _platform, _html: b"%PDF-1.7")
    author = as_role("resident")
    assert author.get(f"{city['idea']}/poster-a4.pdf").status_code == 403
    with platform.unit_of_work(system("test")) as uow:
        account = uow.session.execute(select(User.id).order_by(User.created_at.desc()).limit(1)).scalar_one()
        uow.session.get_one(Idea, city["idea_id"]).account_id = account
    assert author.get(f"{city['idea']}/poster-a4.pdf").status_code == 200


def test_the_page_of_posters_is_for_who_works_at_the_plan(platform: Platform, client: Any, as_role: Any, city: dict[str, Any]) -> None:
    path = paths.desk_plan(city["plan_slug"], "posters")
    assert client.get(path).status_code in (302, 303, 403)
    staff = as_role("facilitator")
    first = staff.get(path).get_data(as_text=True)
    with platform.read(system("test")) as uow:
        codes = links_of(uow, city["plan_id"])
    assert all(f"/dm/{code}" in first for code in codes.values())
    assert "Wat vindt u van het plein?" in first
    with platform.unit_of_work(system("test")) as uow:
        plan = uow.session.get_one(Plan, city["plan_id"])
        make_activities(uow, plan, make_round(uow, plan), 20)
    staff.get(path)
    with sent_statements(platform) as sent:
        staff.get(path)
    assert len(sent) <= 12


def test_a_code_can_be_read_by_a_telephone() -> None:
    svg = code_picture("https://samen.example/dm/abcdefg")
    assert svg.startswith("<svg")
    assert "viewBox" in svg


@pytest.mark.skipif(not can_make_pdf(), reason="no Pango here")
@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_poster_is_one_tagged_page(platform: Platform, city: dict[str, Any]) -> None:
    from pypdf import PdfReader

    from samen_doe_mee.services.posters import PAPERS, make_poster
    from samen_doe_mee.services.sharing import of_plan

    with platform.read(system("test")) as uow:
        shared = of_plan(uow, uow.session.get_one(Plan, city["plan_id"]))
        for name, (wide, high) in (("poster-a4", (595, 842)), ("poster-a3", (842, 1191)), ("flyer-a5", (420, 595))):
            assert name in PAPERS
            reader = PdfReader(io.BytesIO(make_poster(platform, shared, name, "https://samen.example/dm/abcdefg")))
            assert len(reader.pages) == 1
            assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (wide, high)
            assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
            assert reader.trailer["/Root"]["/Lang"] == "nl"
            assert "samen.example/dm/abcdefg" in reader.pages[0].extract_text()

"""What the city wrote is Dutch, and pages in English say so (WCAG 3.1.2)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from citycontent.schemas import CreateEvent, CreateProject, CreateTheme
from citycontent.services.events import create_event
from citycontent.services.projects import create_project
from citycontent.services.themes import create_theme

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
WRITTEN = ("Fietsen repareren", "Neem uw fiets mee", "Nieuw plein", "Een plein met bomen", "Buurtclub", "Groen", "Over bomen")
PAGES = {
    "/": ("Fietsen repareren", "Neem uw fiets mee", "Nieuw plein", "Een plein met bomen"),
    "/agenda": ("Fietsen repareren", "Neem uw fiets mee"),
    "/projecten": ("Nieuw plein", "Een plein met bomen"),
    "/projecten/nieuw-plein": ("Nieuw plein", "Een plein met bomen"),
    "/organisaties": ("Buurtclub",),
    "/organisaties/buurtclub": ("Buurtclub",),
    "/themas": ("Groen", "Over bomen"),
    "/themas/groen": ("Groen", "Over bomen", "Nieuw plein"),
}
FRAMES = re.compile(r"<nav.*?</nav>|<title>.*?</title>|<dl.*?</dl>", re.DOTALL)


@pytest.fixture
def city(uow, make_organization):
    """One thing of each kind."""
    theme = create_theme(uow, CreateTheme(name="Groen", description="Over bomen"))
    make_organization("Buurtclub", theme_ids=(theme.id,))
    create_project(uow, CreateProject(name="Nieuw plein", summary="Een plein met bomen", status="preparation", theme_ids=(theme.id,)))
    start = uow.now + timedelta(days=2)
    create_event(uow, CreateEvent(name="Fietsen repareren", summary="Neem uw fiets mee", start_date=start))
    uow.commit()
    return start


def elements_with(page: str, words: str) -> list[str]:
    """The start tags around each place where these words stand, up to the paragraph, heading or list that they are in."""
    main = FRAMES.sub("", page.partition("<main")[2])
    return [main[max(main.rfind(f"<{tag}", 0, found.start()) for tag in ("h1", "h2", "h3", "p", "li")) : found.start()]
            for found in re.finditer(f">{re.escape(words)}", main)]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_what_the_city_wrote_is_marked_as_dutch_on_english_pages(client, city, path):
    english, dutch = client.get(f"/en{path}"), client.get(path)
    assert (english.status_code, dutch.status_code) == (200, 200)
    for words in PAGES[path]:
        around = elements_with(english.text, words)
        assert around, words
        assert all('lang="nl"' in tags for tags in around), (words, around)
    assert 'lang="nl"' not in re.sub(r"<html[^>]*>|<a class=\"samen-languages__item\"[^>]*>", "", dutch.text).partition("<main")[2]


def test_the_month_marks_its_events_too(client, city):
    page = client.get(f"/en/agenda?weergave=maand&maand={city:%Y-%m}").text
    found = elements_with(page, "Fietsen repareren")
    assert found
    assert all('lang="nl"' in tags for tags in found)


def test_words_of_the_interface_are_not_marked(client, city):
    page = client.get("/en/projecten").text
    assert "Preparation" in page
    assert not re.search(r'lang="nl"[^<]*>\s*Preparation', page)

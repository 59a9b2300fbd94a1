"""Every page of the demonstration city, as every kind of visitor, in both languages."""

from __future__ import annotations

import pytest

from samen_core.app import create_app
from samen_core.blocks.discovery import default_blocks
from samen_core.platform import Platform
from samen_core.seed import LOGINS_FILE
from samen_core.testing.crawl import MOST_PAGES, crawl
from samen_core.testing.platforms import make_config
from samen_core.web.headers import PAGE_HEADERS
from tests.support.demo import copy_demo
from tests.support.html import html_problems


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration with the blocks that a new city starts with: one for all visitors, who only look."""
    folder = tmp_path_factory.mktemp("crawl") / "demo"
    platform = Platform(make_config(folder, copy_demo(tmp_path_factory, folder), blocks=default_blocks()))
    yield platform
    platform.close()


def log_in(client, platform, role):
    lines = (platform.config.folder / LOGINS_FILE).read_text().splitlines()
    email, password = next(line.split()[-2:] for line in lines if line.split()[-2].startswith(f"{role}@"))
    answer = client.post("/inloggen", data={"email": email, "password": password}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303, answer.text


EACH = 2
"""How many pages of one shape are visited outside the long tests."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ["anonymous", "resident", "facilitator", "manager"])
@pytest.mark.parametrize("each", [EACH, pytest.param(None, marks=pytest.mark.soak)])
def test_every_page_is_whole(demo, role, each):
    client = create_app(demo).test_client()
    if role != "anonymous":
        log_in(client, demo, role)
    pages = list(crawl(client, headers=PAGE_HEADERS, each=each))
    problems = [f"{page.path}: {problem}" for page in pages for problem in page.problems]
    assert not problems, "\n".join(problems)
    assert 100 < len(pages) < MOST_PAGES, "the walk has an end of its own"
    assert len({page.path.partition("?")[0] for page in pages if page.path.startswith("/en/")}) > 40
    invalid = html_problems(sample_of_templates(pages, each))
    assert not invalid, "\n".join(invalid)


def sample_of_templates(pages, each):
    """What passes the validators: a page of each kind; in the long tests four of each kind in each language."""
    by_kind: dict[tuple[object, ...], list] = {}
    for page in pages:
        if page.html and page.status == 200:
            path, mark, _query = page.path.partition("?")
            by_kind.setdefault((each is None and path.startswith("/en/"), mark, *page.shape), []).append(page)
    return {page.path: page.html for found in by_kind.values() for page in found[: 1 if each else 4]}

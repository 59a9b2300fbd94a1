"""Who has a code need not know what kind it is: each page on which one is typed knows where the other kind is followed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from samen_core.api import anonymous
from samen_core.platform import Platform
from samen_inbreng.testing import a_contribution, an_activity
from samen_samenspreker.schemas.questions import AskQuestion
from samen_samenspreker.services.questions import ask
from samen_samenspreker.testing import a_table

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
PAGES = ("/inbreng/volgen", "/samenspreker/volgen", "/en/inbreng/volgen", "/en/samenspreker/volgen")


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0])).split())


@pytest.mark.parametrize("page", PAGES)
def test_a_code_is_known_on_every_page(platform: Platform, client: FlaskClient, page: str) -> None:
    said = a_contribution(platform, an_activity(platform, a_table(platform).id), "Meer bomen bij de school.").receipt_code
    with platform.unit_of_work(anonymous("test")) as uow:
        asked = ask(uow, AskQuestion(kind="problem", title="Hoe maken we de brug veilig?", description="Hij is glad.")).receipt_code

    def typed(code: str) -> tuple[Any, list[str]]:
        """The answer and the addresses; like a browser the form goes along with a 307."""
        data, seen = {"code": code.lower().replace("-", " ")}, [page]
        answer = client.post(page, data=data, headers=SAME_SITE)
        while answer.status_code == 307:
            seen.append(answer.location)
            answer = client.post(answer.location, data=data, headers=SAME_SITE)
        return answer, seen

    for code, words, kind in ((said, "Meer bomen bij de school.", "inbreng"), (asked, "Hoe maken we de brug veilig?", "samenspreker")):
        answer, seen = typed(code)
        assert answer.status_code == 200
        assert words in text_of(answer.text)
        assert seen == ([page] if kind in page else [page, f"{page.partition('/inbreng')[0].partition('/samen')[0]}/{kind}/volgen"])
    answer, seen = typed("0000-0000-0000")
    assert (answer.status_code, seen) == (400, [page])
    assert client.post(page, data={"code": "x"}, headers=SAME_SITE).status_code == 400


def test_there_is_one_way_in(client: FlaskClient) -> None:
    for page in ("/inbreng", "/samenspreker"):
        assert 'href="/inbreng/volgen"' in client.get(page).text
    titles = {re.search(r"<h1[^>]*>([^<]+)</h1>", client.get(page).text)[1].strip() for page in PAGES[:2]}  # type: ignore[index]
    assert titles == {"Volgen met uw code"}

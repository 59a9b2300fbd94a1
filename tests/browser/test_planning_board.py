"""Planning by dragging, by keyboard and without a script: each leads to the form that asks why, with the month filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from samen_beleidsagenda import paths
from samen_beleidsagenda.periods import whole
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.testing import a_body, a_moment
from tests.browser.conftest import City

BOARD = f"{paths.DESK}/planbord"


def test_a_moment_is_moved_by_dragging_and_by_keyboard(city: City, open_page: Callable[..., Page]) -> None:
    with city.write() as uow:
        body = a_body(uow, "committee", "Commissie van het bord")
        this = whole(today(uow), "month")
        following = whole(this.end + timedelta(days=1), "month")
        moment = a_moment(uow, title="Dit moet later", body_id=body.organization_id, start=this.start)
        form = f"{paths.planning_item(moment.id)}/verplaatsen?periode={following.code}"
    page = open_page(role="facilitator")
    board = f"{city.url}{BOARD}?orgaan=commissie-van-het-bord"
    page.goto(board)
    page.locator("[data-move]").drag_to(page.locator(f"[data-period='{following.code}']"), target_position={"x": 30, "y": 20})
    expect(page).to_have_url(f"{city.url}{form}")
    expect(page.get_by_label("Wanneer wordt het?")).to_have_value(f"{following.start.month}-{following.start.year}")
    page.goto(board)
    page.locator("[data-move] summary").focus()
    for key in ("Enter", "Tab", "ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(f"{city.url}{form}")
    page.get_by_label("Waarom verandert het?").fill("De stukken zijn later klaar.")
    page.get_by_role("button", name="Verplaats dit moment").click()
    expect(page.get_by_text("De stukken zijn later klaar.").first).to_be_visible()

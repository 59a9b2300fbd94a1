"""Lists: every row once, filters, counts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citycontent.queries import organizations as lists
from citycontent.queries.organizations import OrganizationFilter
from citycontent.schemas import CreateOrganization, CreateTheme
from citycontent.services.organizations import create_organization
from citycontent.services.themes import create_theme
from samen_core.actor import anonymous, system
from samen_core.api import Page, PageRequest
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid
from samen_core.platform import Platform

NAMES = st.lists(st.sampled_from(["Aap", "aap", "Áap", "Bij", "Coöperatie Één", "Z", "日本"]), max_size=14)


def walk(uow: UnitOfWork, limit: int, order: str, *, back: bool = False) -> list[uuid.UUID]:
    """The ids of the whole list, page by page; backwards from its end with ``back``."""
    found: list[uuid.UUID] = []
    page: Page[Any] = lists.list_organizations(uow, OrganizationFilter(), PageRequest(limit), order=order)
    while back and page.next:
        page = lists.list_organizations(uow, OrganizationFilter(), PageRequest(limit, page.next), order=order)
    while True:
        ids = [row.id for row in page.items]
        found = ids + found if back else found + ids
        cursor = page.previous if back else page.next
        if cursor is None:
            return found
        page = lists.list_organizations(uow, OrganizationFilter(), PageRequest(limit, cursor), order=order)


def test_walking_all_pages_gives_each_row_once_also_with_equal_names(platform: Platform) -> None:
    @settings(max_examples=12, deadline=None)
    @given(NAMES, st.integers(1, 5), st.sampled_from(["name", "newest"]))
    def walked(names: list[str], limit: int, order: str) -> None:
        with platform.unit_of_work(system("test")) as uow:
            made = [create_organization(uow, CreateOrganization(name=name, sector="business")) for name in names]
            forward = walk(uow, limit, order)
            assert sorted(forward) == sorted(item.id for item in made)
            if order == "name":
                expected = [item.id for item in sorted(made, key=lambda item: (item.sort_name, item.id))]
            else:
                expected = sorted((item.id for item in made), reverse=True)
            assert forward == expected
            assert walk(uow, limit, order, back=True) == expected
            uow.rollback()

    walked()


def test_filters_narrow_and_counts_agree(platform: Platform, uow: UnitOfWork, zoetermeer: Any, outbox: Any) -> None:
    theme = create_theme(uow, CreateTheme(name="Groen"))
    wijk, buurt, elsewhere = zoetermeer.find("WK063700"), zoetermeer.find("BU06370003"), zoetermeer.find("BU06370100")
    create_organization(uow, CreateOrganization(name="In de buurt", sector="citizens", area_id=buurt.id, description="Wij planten bomen."))
    create_organization(uow, CreateOrganization(name="In de wijk", sector="business", area_id=wijk.id, theme_ids=(theme.id,)))
    create_organization(uow, CreateOrganization(name="Ergens anders", sector="business", area_id=elsewhere.id))
    uow.commit()
    outbox.drain()
    with platform.read(anonymous()) as reader:

        def names(**filter: Any) -> list[str]:
            page = lists.list_organizations(reader, OrganizationFilter(**filter), PageRequest())
            assert page.count is not None
            assert page.count.number == len(page.items)
            return [row.name for row in page.items]

        assert names() == ["Ergens anders", "In de buurt", "In de wijk"]
        assert names(sector="business") == ["Ergens anders", "In de wijk"]
        assert names(area_ids=zoetermeer.within(wijk.id)) == ["In de buurt", "In de wijk"]
        assert names(area_ids=zoetermeer.within(buurt.id)) == ["In de buurt"]
        assert names(area_ids=()) == []
        assert names(theme_id=theme.id) == ["In de wijk"]
        assert names(text="ERGENS and") == ["Ergens anders"]
        assert names(text="boom") == ["In de buurt"], "the index knows the words of the description and their stems"
        assert names(text="100%") == []
        assert names(text="_") == []


def test_a_cursor_of_another_list_is_refused(platform: Platform, uow: UnitOfWork) -> None:
    for name in "abc":
        create_organization(uow, CreateOrganization(name=name, sector="business"))
    page = lists.list_organizations(uow, OrganizationFilter(), PageRequest(1), order="name")
    assert page.next
    for order, cursor in (("newest", page.next), ("name", "onzin"), ("name", page.next[:-3])):
        with pytest.raises(Invalid):
            lists.list_organizations(uow, OrganizationFilter(), PageRequest(1, cursor), order=order)


def test_a_list_costs_two_statements_however_long(platform: Platform, uow: UnitOfWork, statements: Any) -> None:
    for number in range(30):
        create_organization(uow, CreateOrganization(name=f"Organisatie {number}", sector="business"))
    uow.commit()
    with platform.read(anonymous()) as reader, statements() as sent:
        page = lists.list_organizations(reader, OrganizationFilter(sector="business"), PageRequest(20))
    assert page.count is not None
    assert (len(page.items), page.count.number, len(sent)) == (20, 30, 2)

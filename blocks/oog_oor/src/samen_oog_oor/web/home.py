"""The front of Oog & Oor: report something, see what is reported near you, what was solved lately and how fast answers come."""

from __future__ import annotations

from datetime import timedelta

from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, area_field, area_filter, atlas, list_page
from samen_core.api import PageRequest, format_moment
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.queries import public
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.figures import figures_by, whole
from samen_oog_oor.queries.numbers import numbers_by_area
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.common import LABEL, pages, tabs
from samen_oog_oor.web.figures import big_numbers
from samen_oog_oor.working_days import today

SHOWN = 5
LATELY = timedelta(days=60)


@pages.route(paths.HOME, public=True)
def home() -> ResponseReturnValue:
    """The front page."""
    uow = current_uow()
    book, tree, day = atlas(uow), category_tree(uow), today(uow)
    where = list_page(paths.HOME, "gebied")
    area = area_filter(book, where)
    ids = book.tree.within(area.id) if area else None
    near = public.list_public(uow, public.PublicFilter(area_ids=ids), PageRequest(limit=SHOWN), with_count=False)
    solved = public.lately_solved(uow, ids, day - LATELY, SHOWN)
    numbers = numbers_by_area(uow, public.PublicFilter(area_ids=ids, since=day - LATELY))
    figures, counted = figures_by(uow, "organization_id")["organization_id"]
    here = ListPage(paths.CASES, dict(where.values))
    return render(
        "oog_oor/home.html",
        tabs=tabs(uow.actor, paths.HOME),
        report_url=page_url(paths.REPORT),
        receipt_url=page_url(paths.RECEIPT),
        area=area,
        picker=area_field(book, where),
        home_path=page_url(paths.HOME),
        near=case_parts.case_rows(book, tree, near.items, day),
        near_url=here.url() if near.next else None,
        solved=case_parts.case_rows(book, tree, solved, day),
        solved_url=here.url(staat="resolved"),
        number=sum(number for number, _running in numbers.values()),
        running=sum(running for _number, running in numbers.values()),
        numbers=big_numbers(whole(figures.values()), day),
        counted=format_moment(counted) if counted else None,
        figures_url=page_url(paths.FIGURES),
        map_url=ListPage(paths.MAP, dict(where.values)).url(),
        feeds_url=ListPage(paths.FEEDS, dict(where.values)).url(),
        patterns_url=page_url(paths.PATTERNS),
        breadcrumbs=crumbs((LABEL, None)),
    )

"""Everything one can, could and will be able to say something about."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, area_field, area_filter, atlas, chips, filters_part, in_words, list_page, one_of, search_field
from samen_core.api import Text, _, cards
from samen_core.web.api import crumbs, current_actor, current_uow, page_url, render
from samen_inbreng import paths
from samen_inbreng.permissions import MANAGE_ACTIVITY
from samen_inbreng.queries.activities import ActivityFilter, list_activities, totals
from samen_inbreng.web.activity_page import LABEL
from samen_inbreng.web.common import pages
from samen_inbreng.web.slots import activity_row

CODES = {"": "open", "komt": "planned", "gesloten": "closed", "alles": ""}
EMPTY: dict[str, tuple[Text, Text]] = {
    "open": (
        _("Er wordt nu geen inbreng gevraagd"),
        _("Nieuwe vragen komen hier te staan. Kijk ook eens bij wat gesloten is: daar leest u de antwoorden."),
    ),
    "planned": (_("Er staat niets gepland"), _("Vragen die later opengaan, komen hier te staan.")),
    "closed": (_("Er is nog niets gesloten"), _("Vragen waarvan de termijn voorbij is, komen hier te staan, met wat ermee is gedaan.")),
    "": (_("Er is nog geen inbreng gevraagd"), _("Vragen van de gemeente komen hier te staan.")),
}


@pages.route(paths.HOME, public=True)
def overview_page() -> ResponseReturnValue:
    """Activities: open, coming and closed ones."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.HOME, "staat", "q", "gebied", "onderwerp")
    one_of(where.values.get("staat", ""), CODES)
    subject_id = _subject(where)
    state = CODES[where.values.get("staat", "alles" if subject_id else "")]
    area = area_filter(book, where)
    chosen = ActivityFilter(state or None, subject_id, book.tree.within(area.id) if area else None, where.values.get("q", ""))
    found = list_activities(uow, chosen, where.request(), order="soonest" if state == "open" else "newest")
    numbers = totals(uow, [row.id for row in found.items])
    subjects = cards(uow, [*(row.subject_id for row in found.items), *([subject_id] if subject_id else [])])
    about = subjects[subject_id].title if subject_id in subjects else None
    picked = chips(where, [("q", where.values.get("q")), ("gebied", area.name if area else None), ("onderwerp", about)])
    return render(
        "inbreng/overview.html",
        own=_own(current_actor().is_anonymous),
        title=LABEL,
        lead=_("Geef uw mening, lees wat anderen zeggen en zie wat de gemeente ermee doet."),
        tabs=_tabs(where),
        list_url=page_url(paths.HOME),
        new=(page_url(paths.NEW), _("Vraag om inbreng")) if MANAGE_ACTIVITY.somewhere(uow.actor) else None,
        filters=filters_part(
            where,
            lambda: [search_field(where, _("Zoek in wat gevraagd wordt")), area_field(book, where)],
            len(picked),
            ("staat", "onderwerp"),
            book=book,
        ),
        chips=picked,
        count=in_words(found.count, _("vraag"), _("vragen")),
        sorts=(),
        rows=[
            activity_row(
                uow, row, number=numbers.get(row.id, 0), about=subjects[row.subject_id].title if row.subject_id in subjects else ""
            )
            for row in found.items
        ],
        empty=EMPTY[state],
        breadcrumbs=crumbs((LABEL, None)),
        **where.pager(found),
    )


def _own(anonymous: bool) -> tuple[str, Text]:
    """Where one follows what one said: with the code of a receipt, or with an account."""
    if anonymous:
        return page_url(paths.FOLLOW), _("Hebt u een code? Lees wat er is gedaan met wat u verstuurde.")
    return page_url(paths.MINE), _("Mijn bijdragen")


def _tabs(where: ListPage) -> list[tuple[Text, str, bool]]:
    now = where.values.get("staat", "")
    kept = {name: value for name, value in where.values.items() if name in ("gebied", "onderwerp")}
    there = ListPage(where.path, kept)
    labels = ((_("Nu open"), ""), (_("Komt nog"), "komt"), (_("Gesloten"), "gesloten"), (_("Alles"), "alles"))
    return [(label, there.url(staat=code or None), code == now) for label, code in labels]


def _subject(where: ListPage) -> uuid.UUID | None:
    text = where.values.get("onderwerp", "")
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        one_of(text, ())
        return None

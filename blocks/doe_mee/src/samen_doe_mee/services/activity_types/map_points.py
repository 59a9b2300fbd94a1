"""Points on the map: people say something about a place."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from citycontent.api import area_tree
from samen_core.api import UnitOfWork, _
from samen_doe_mee.models import Activity
from samen_doe_mee.services.activity_types.shape import ActivityType, Outcome, Part, Row
from samen_doe_mee.services.map_places import coordinates
from samen_doe_mee.services.talk_types import (
    CONTRIBUTION_COLUMNS,
    TalkOptions,
    closing_talk,
    data_rows,
    no_lack,
    outcome_of_talk,
    prepare_talk,
    values_of_options,
)
from samen_inbreng.api import Tally

MOST_AREAS = 12


def outcome(uow: UnitOfWork, activity: Activity) -> Outcome:
    """How many took part, and in which neighbourhoods most was said."""
    whole = outcome_of_talk(uow, activity)
    if activity.talk_id is None:
        return whole
    counted = select(Tally.value, Tally.number).where(Tally.activity_id == activity.talk_id, Tally.dimension == "area", Tally.number > 0)
    tree = area_tree(uow)
    by_code = {str(id): area for id, area in tree.by_id.items()}
    found = [(by_code[row.value].name, row.number) for row in uow.session.execute(counted) if row.value in by_code]
    parts = tuple(Part(name, number) for name, number in sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MOST_AREAS])
    return Outcome(whole.people, parts, whole.unit)


def open_data(uow: UnitOfWork, activity: Activity) -> Iterator[Row]:
    """A line per published contribution with its point."""
    for row, shared in data_rows(uow, activity):
        lat, lon = coordinates(row.place)
        yield {**shared, "lat": lat, "lon": lon}


TYPE = ActivityType(
    code="map_points",
    label=_("Punten op de kaart"),
    help=_("Mensen wijzen een plek aan en zeggen wat daar moet gebeuren."),
    icon="map-pin",
    verb=_("Zet een punt"),
    minutes=2,
    options=TalkOptions,
    prepare=prepare_talk,
    closing=closing_talk,
    outcome=outcome,
    lacking=no_lack,
    open_data=open_data,
    columns=(*CONTRIBUTION_COLUMNS, "lat", "lon"),
    values=values_of_options,
    collects_contributions=True,
)

"""A small city for tests: three areas made up for it, and short ways to make things in it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from citycontent import testing
from citycontent.exchange.areas import import_areas
from citycontent.models import Organization, Person
from citycontent.queries.areas import AreaTree, area_tree
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Platform
from samen_core.testing.statements import sent_statements

DATA = Path(__file__).resolve().parents[2] / "citycontent" / "data"


@pytest.fixture(autouse=True)
def samen_config() -> dict[str, Any]:
    """Only the city database, so that these tests say nothing about other blocks."""
    return {"blocks": ["citycontent"]}


def square(code: str, name: str, west: float, south: float, size: float = 0.01, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature: a square with this corner, in degrees."""
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {
        "type": "Feature",
        "properties": {"statcode": code, "statnaam": name, "jaar": 2024, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def geojson(path: Path, *features: dict[str, Any]) -> Path:
    """A file with these features."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


@pytest.fixture
def zoetermeer(uow: UnitOfWork) -> AreaTree:
    """The 36 areas of Zoetermeer, committed."""
    for name in ("gemeente", "wijken", "buurten"):
        import_areas(uow, DATA / f"zoetermeer_{name}_2022.geojson")
    uow.commit()
    return area_tree(uow)


@pytest.fixture
def make_organization(uow: UnitOfWork) -> Callable[..., Organization]:
    """``make_organization(name, sector, …)``: a stored organisation, in the transaction of ``uow``."""
    return partial(testing.make_organization, uow)


@pytest.fixture
def make_person(uow: UnitOfWork) -> Callable[..., Person]:
    """``make_person(given_name, family_name, …)``: a stored person, in the transaction of ``uow``."""
    return partial(testing.make_person, uow)


@pytest.fixture
def statements(platform: Platform) -> Callable[[], Any]:
    """``with statements() as sent:`` collects the SQL that is sent, without BEGIN and savepoints."""

    return partial(sent_statements, platform)


def nobody() -> uuid.UUID:
    """An id that belongs to nothing."""
    return uuid.UUID(int=7)

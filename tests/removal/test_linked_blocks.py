"""A dossier and the table that it is tied to: when the block of one leaves, the other stays whole, also when it returns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from samen_beleidsagenda import paths
from samen_beleidsagenda.models import Decision
from samen_beleidsagenda.schemas.decisions import RecordDecision
from samen_beleidsagenda.schemas.participation import LinkParticipation
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.decisions import record_decision
from samen_beleidsagenda.services.participation import link
from samen_beleidsagenda.testing import a_body, a_dossier, a_moment
from samen_core.actor import system
from samen_core.api import _
from samen_core.app import create_app
from samen_core.blocks.purge import purge_block
from samen_core.blocks.restore import restore_block
from samen_core.blocks.schemas import ActivateBlock, PauseBlock
from samen_core.blocks.services import activate_block, pause_block
from samen_core.events.worker import Worker
from samen_core.platform import Platform
from samen_core.web.headers import PAGE_HEADERS
from samen_samenspreker.events import ReportPublished
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.services.common import log
from samen_samenspreker.testing import a_table
from tests.removal.conftest import everything, one, quiet, with_blocks

pytestmark = [pytest.mark.soak, pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)]
TABLE, DECISION = "Hoe maken we de Dorpsstraat veilig?", "De Dorpsstraat wordt een fietsstraat"


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent", "inbreng", "samenspreker", "beleidsagenda"]}


@pytest.fixture
def linked(platform: Platform) -> tuple[Platform, str, str]:
    """The platform, and the pages of a dossier and of the table that is tied to it; the council decided, and the table was told."""
    question = a_table(platform, step="execute", title=TABLE)
    dossier, council = a_dossier(platform), a_body(platform)
    a_moment(platform, dossier)
    with platform.unit_of_work(system("test")) as uow:
        link(uow, dossier.id, LinkParticipation(thing=table(question.slug), asked="Wat is veilig?", done="De oversteek wordt breder."))
        words = {"title": DECISION, "result": "adopted", "decided_on": today(uow), "body_id": council.organization_id}
        record_decision(uow, RecordDecision(dossier_id=dossier.id, **words))
    Worker(platform).drain()
    return platform, paths.dossier(dossier.slug), table(question.slug)


def page(platform: Platform, path: str) -> str:
    """The page at a path, whole."""
    answer = create_app(platform).test_client().get(path)
    assert answer.status_code == 200, answer.text
    for name, value in PAGE_HEADERS.items():
        assert answer.headers[name] == value
    return answer.text


def test_a_dossier_goes_on_without_the_block_of_its_table(linked: tuple[Platform, str, str], tmp_path: Path) -> None:
    full, dossier, _table = linked
    shown = page(full, dossier)
    for part in (TABLE, "De oversteek wordt breder.", "Het procesvoorstel is gepubliceerd"):
        assert part in shown
    before = everything(full)
    without = with_blocks(full, without=("samenspreker",))
    shown = page(without, dossier)
    for part in (TABLE, 'href="/onderwerp/', "De oversteek wordt breder.", "Het procesvoorstel is gepubliceerd", DECISION):
        assert part in shown, part
    assert page(without, paths.HOME)
    decides_again(without)
    purge_block(without, "samenspreker", tmp_path / "dump", quiet)
    shown = page(without, dossier)
    for part in (TABLE, "Deze pagina is er niet meer.", "De oversteek wordt breder.", DECISION):
        assert part in shown, part
    assert f'href="{_table}"' not in shown
    without.close()
    restore_block(full, tmp_path / "dump", quiet)
    Worker(full).drain()
    assert f'href="{_table}"' in page(full, dossier)
    names = [name for name in before if name.startswith("samenspreker__")]
    assert {name: before[name] for name in names} == {name: everything(full)[name] for name in names}


def decides_again(platform: Platform) -> None:
    """Another decision, while nobody is there to hear of it."""
    with platform.unit_of_work(system("test")) as uow:
        row = uow.session.execute(select(Decision.dossier_id, Decision.body_id)).one()
        words = {"title": "Een tweede besluit", "result": "noted", "decided_on": today(uow)}
        record_decision(uow, RecordDecision(dossier_id=row.dossier_id, body_id=row.body_id, **words))
    Worker(platform).drain()


def test_a_table_goes_on_without_the_block_of_its_dossier(linked: tuple[Platform, str, str], tmp_path: Path) -> None:
    full, dossier, at_table = linked
    told = f"Besluit van Gemeenteraad: “{DECISION}”."
    assert "Op de beleidsagenda" in page(full, at_table)
    assert told in page(full, at_table)
    before = everything(full)
    without = with_blocks(full, without=("beleidsagenda",))
    for _time in range(2):
        shown = page(without, at_table)
        assert TABLE in shown
        assert told in shown, "what was told stays told"
        assert "Op de beleidsagenda" not in shown
        Worker(without).drain()
        if not (tmp_path / "dump").exists():
            purge_block(without, "beleidsagenda", tmp_path / "dump", quiet)
    assert one(without, "SELECT count(*) AS number FROM core__subject WHERE owner = 'beleidsagenda' AND state <> 'gone'").number == 0
    without.close()
    restore_block(full, tmp_path / "dump", quiet)
    assert "Op de beleidsagenda" in page(full, at_table)
    assert TABLE in page(full, dossier)
    names = [name for name in before if name.startswith("beleidsagenda__")]
    assert {name: before[name] for name in names} == {name: everything(full)[name] for name in names}


def test_what_happens_at_a_table_while_the_agenda_is_paused_is_told_when_it_is_back(linked: tuple[Platform, str, str]) -> None:
    full, dossier, at_table = linked
    with full.unit_of_work(system("test")) as uow:
        pause_block(uow, PauseBlock("beleidsagenda", "Onderhoud"))
    with full.unit_of_work(system("test")) as uow:
        question = uow.session.execute(select(Question)).scalar_one()
        log(uow, ReportPublished, question, _("Versie {number} van het eindverslag is gepubliceerd.", number=1), after={"number": 1})
    Worker(full).drain()
    assert "Op de beleidsagenda" not in page(full, at_table)
    with full.unit_of_work(system("test")) as uow:
        activate_block(uow, ActivateBlock("beleidsagenda"))
    Worker(full).drain()
    assert "Het eindverslag is klaar" in page(full, dossier)

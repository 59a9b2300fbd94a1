"""Lines of the logbook in English."""

from __future__ import annotations

import pytest

from samen_beleidsagenda.log_sentences import rendered
from samen_core.api import Platform


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_stored_lines_are_read_in_english(platform: Platform) -> None:
    lines = {
        "De agenda van de vergadering is openbaar.": "The agenda of the meeting is public.",
        "Versie 2 van dit stuk is toegevoegd.": "Version 2 of this document was added.",
        "Dit is al lang geen zin meer.": "Dit is al lang geen zin meer.",
    }
    assert rendered("beleidsagenda.meeting.x", next(iter(lines))) is None
    with platform.translations.use("en"):
        assert {line: rendered("beleidsagenda.thing.done", line) for line in lines} == lines
        moved = rendered("beleidsagenda.planning_item.postponed", "Dit moment is verplaatst van maart 2027 naar mei 2027.")
        assert moved is not None
        assert "March 2027" in moved
        assert "May 2027" in moved
        placed = rendered("beleidsagenda.planning_item.scheduled", "Dit staat op de agenda van maandag 21 december 2026.")
        assert placed is not None
        assert "Monday 21 December 2026" in placed
        assert rendered("citycontent.event.created", "Dit staat nu in de agenda.") is None
        assert rendered("beleidsagenda.meeting.x", "") is None

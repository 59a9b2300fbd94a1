"""The factories of the tests themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from samen_core.api import system
from samen_oog_oor.models import Case, Note, Pattern, Reporter, Rule, Signal
from samen_oog_oor.testing import EMAIL, a_case, a_pattern, a_signal, make_many

if TYPE_CHECKING:
    from samen_core.api import Platform


def test_a_signal_has_a_sealed_reporter(platform: Platform) -> None:
    signal = a_signal(platform, a_case(platform, state="resolved"))
    with platform.read(system("test")) as uow:
        reporter = uow.session.get_one(Reporter, signal.id)
        assert EMAIL not in (reporter.email, reporter.name)
        assert uow.session.get_one(Case, signal.case_id).signals == 1


def test_many_of_everything(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        make_many(uow, 3)
        a_pattern(uow)
    with platform.read(system("test")) as uow:
        counted = {
            table.__name__: uow.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Case, Signal, Note, Rule, Pattern)
        }
        assert counted == {"Case": 5, "Signal": 6, "Note": 3, "Rule": 3, "Pattern": 4}

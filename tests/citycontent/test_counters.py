"""The numbers beside filters, counted anew while others write."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import event

from citycontent.schemas import CreateOrganization
from citycontent.services.counters import recount
from citycontent.services.organizations import create_organization
from samen_core.actor import system
from samen_core.platform import Platform


def add(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        create_organization(uow, CreateOrganization(name="Wijkraad", sector="citizens"))


def test_counting_anew_loses_nothing_that_is_added_meanwhile(platform: Platform) -> None:
    add(platform)
    other = threading.Thread(target=add, args=(platform,))

    def meanwhile(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "FROM citycontent__counter" in statement and other.ident is None:
            other.start()
            other.join(0.5)  # long enough for who is not kept waiting

    event.listen(platform.engine, "before_cursor_execute", meanwhile)
    with platform.unit_of_work(system("test")) as uow:
        recount(uow)
    event.remove(platform.engine, "before_cursor_execute", meanwhile)
    other.join(30)
    with platform.unit_of_work(system("test")) as uow:
        assert recount(uow) == {}

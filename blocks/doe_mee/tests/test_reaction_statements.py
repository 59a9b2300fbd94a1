"""What it costs the database to post a reaction without account, with the trace of where it came from."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from samen_core.api import Platform, anonymous
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import Forms
from samen_doe_mee import paths
from samen_doe_mee.models import Trace
from samen_doe_mee.testing_activities import an_activity

MOST = 10
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_reaction_takes_ten_statements_with_its_trace(platform: Platform, client: FlaskClient, clock: Any) -> None:
    path = paths.activity(an_activity(platform).slug)
    for _time in range(2):
        pairs = Forms(client.get(path).text).pairs(path)
        form = MultiDict([*(pair for pair in pairs if pair[0] != "text"), ("text", "Meer bomen")])
        clock.forward(seconds=10)
        with sent_statements(platform) as sent:
            assert client.post(path, data=form, headers=SAME_SITE).status_code == 303
    assert len(sent) <= MOST, "\n".join(sent)
    with platform.read(anonymous("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Trace)).scalar_one() == 2

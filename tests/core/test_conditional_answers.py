"""Answers that say "you have it already" (304) or "it is another version" (412) carry no content."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from samen_core import files
from samen_core.actor import system
from samen_core.db.base import uuid7
from samen_core.platform import Platform
from samen_core.subjects import SubjectData, SubjectRef, register

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def addresses(platform: Platform, client: FlaskClient) -> dict[str, str]:
    """An uploaded file, a static file with and without its hash, and a page."""
    with platform.unit_of_work(system("test")) as uow:
        ref = SubjectRef("organization", uuid7())
        register(uow, ref, SubjectData("Speelplaats", "/x"))
    with platform.unit_of_work(system("test")) as uow:
        stored = files.store_upload(uow, io.BytesIO(PDF), "verslag.pdf", owner=ref.id)
    hashed = re.findall(r'href="(/static/[^"]+\.css)"', client.get("/privacy").text)[0]
    return {"upload": f"/files/{stored.id}", "hashed": hashed, "static": "/static/core/layout.css", "page": "/privacy"}


@pytest.mark.parametrize(
    ("kind", "header", "status"),
    [
        *((kind, "If-None-Match", 304) for kind in ("upload", "hashed", "static", "page")),
        *((kind, "If-Match", 412) for kind in ("upload", "hashed", "static")),
    ],
)
def test_an_answer_without_the_thing_has_no_content(
    addresses: dict[str, str], client: FlaskClient, kind: str, header: str, status: int
) -> None:
    whole = client.get(addresses[kind])
    assert whole.status_code == 200
    assert whole.data
    etag = whole.headers["ETag"] if status == 304 else '"another"'
    answer = client.get(addresses[kind], headers={header: etag})
    assert (answer.status_code, answer.data) == (status, b"")
    assert not {"Content-Type", "Content-Disposition"} & set(answer.headers.keys())
    assert answer.headers.get("Content-Length", "0") == "0"

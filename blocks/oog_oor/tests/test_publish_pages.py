"""The pages on which staff clear what everybody sees."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from samen_core.api import Platform, StoredFile, store_upload, system
from samen_core.testing.visitors import send_form
from samen_oog_oor import paths
from samen_oog_oor.models import Case, ShownPicture, Signal, Viewing
from samen_oog_oor.testing import a_case, a_category, a_signal

# What differs by database is tried in test_publishing.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(platform: Platform) -> Case:
    with platform.unit_of_work(system("test")) as uow:
        made = a_case(uow, a_category(uow, publication="full"), title="Vuil bij de Markt")
        a_signal(uow, made, text="Jan Jansen, bel 06-12345678, gooit vuil weg")
        return made


def stored(platform: Platform, case: Case) -> tuple[Case, Signal]:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Case, case.id), uow.session.execute(select(Signal).where(Signal.case_id == case.id)).scalar_one()


def test_texts_are_previewed_refused_and_published(platform: Platform, client: Any, as_role: Any, case: Case) -> None:
    officer = as_role("facilitator")
    path = paths.work(case.number, "openbaar")
    signal = stored(platform, case)[1]
    name = f"signal-{signal.id}"
    assert "Zo ziet iedereen het nu" in officer.get(path).text
    assert "[telefoonnummer]" in officer.get(f"{path}?voorstel=1").text
    answer = send_form(officer, path, public_text="Er ligt vuil.", preview="1", **{name: "Iemand gooit vuil weg"})
    assert answer.status_code == 200
    for shown in ("Zo gaat iedereen het zien", "nog niet bewaard", "Er ligt vuil.", "Iemand gooit vuil weg"):
        assert shown in answer.text, shown
    assert stored(platform, case)[0].public_text == ""
    answer = send_form(officer, path, public_text="Bel 06-12345678")
    assert answer.status_code == 400
    assert "telefoonnummer" in answer.text
    assert ">\nBel 06-12345678</textarea>" in answer.text
    assert send_form(officer, path, public_text="Er ligt vuil.", **{name: "Iemand gooit vuil weg"}).status_code == 303
    page = client.get(paths.case(case.number)).text
    for shown in ("Er ligt vuil.", "Iemand gooit vuil weg"):
        assert shown in page
    for secret in ("Jansen", "12345678"):
        assert secret not in page
    assert send_form(officer, path, publication="count").status_code == 400
    assert send_form(officer, path, publication="count", reason="Te gevoelig").status_code == 303
    assert client.get(paths.case(case.number)).status_code == 404


def test_a_picture_gets_boxes_by_numbers(platform: Platform, client: Any, as_role: Any, case: Case) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(stream, "PNG")
    stream.seek(0)
    with platform.unit_of_work(system("test")) as uow:
        signal = uow.session.execute(select(Signal).where(Signal.case_id == case.id)).scalar_one()
        original: StoredFile = store_upload(uow, stream, "straat.png", alt="Een straat", owner=signal.id, public=False)
    officer = as_role("facilitator")
    path = paths.work(case.number, f"openbaar/foto/{original.id}")
    first = officer.get(path).text
    assert f"/files/{original.id}" not in first  # nothing is shown before it is written down
    page = send_form(officer, path)
    assert f"/files/{original.id}" in page.text
    field = page.text.partition('data-boxes="')[2].partition('"')[0]
    assert (
        f'<textarea class="utrecht-textarea utrecht-textarea--html-textarea" id="{field}" name="boxes"' in page.text
    )  # where drawing goes
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Viewing.what)).scalars().all() == ["picture"]
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]

    def sent(**values: Any) -> Any:
        version = stored(platform, case)[0].version
        data = {"csrf_token": token, "version": str(version), "alt": "Een straat", **values}
        return officer.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})

    wrong = sent(boxes="10 20 30")
    assert wrong.status_code == 400
    assert "Vak 1" in wrong.text
    assert sent(boxes="-5 0 20 20").status_code == 400, "not another box than was typed"
    assert sent(boxes="10 20 30 50", alt="").status_code == 400
    shown = sent(boxes="10 20 30 50\n50 50 10 10", preview="1")
    assert shown.text.count("<rect x=") == 2, "to be seen without a script too"
    assert "Dit is nog niet bewaard" in shown.text
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(ShownPicture)).scalar_one_or_none() is None
    assert sent(boxes="10 20 30 50").status_code == 303
    with platform.read(system("test")) as uow:
        row = uow.session.execute(select(ShownPicture)).scalar_one()
    assert row.boxes == [[10, 20, 30, 50]]
    assert f"/files/{row.file_id}" in client.get(paths.case(case.number)).text
    assert client.get(f"/files/{row.file_id}").status_code == 200
    assert client.get(f"/files/{original.id}").status_code == 404
    assert '<rect x="10' in send_form(officer, path, look="1").text
    assert sent(away="1").status_code == 303
    assert client.get(f"/files/{row.file_id}").status_code in (404, 410)


def test_a_moderator_hides_a_whole_case_and_shows_it_again(platform: Platform, client: Any, as_role: Any, case: Case) -> None:
    moderator = as_role("moderator")
    path = paths.work(case.number, "openbaar")
    assert "Verberg de zaak" in moderator.get(path).text
    assert moderator.get(f"{path}/verbergen").status_code == 200
    assert send_form(moderator, f"{path}/verbergen", code="insult").status_code == 400
    assert send_form(moderator, f"{path}/verbergen", code="insult", reason="Iemand wordt uitgescholden").status_code == 303
    assert client.get(paths.case(case.number)).status_code == 404
    assert "Een moderator heeft deze zaak verborgen" in moderator.get(path).text
    assert send_form(moderator, f"{path}/weer-laten-zien", reason="Aangepast").status_code == 303
    assert client.get(paths.case(case.number)).status_code == 200


def test_who_may_not_sees_none_of_it(platform: Platform, as_role: Any, case: Case) -> None:
    with platform.unit_of_work(system("test")) as uow:
        closed = a_case(uow, confidential=True, publication="count")
    for part in ("openbaar", "openbaar/verbergen"):
        assert as_role("resident").get(paths.work(case.number, part)).status_code == 403
        assert as_role("facilitator").get(paths.work(closed.number, part)).status_code in (403, 404)

"""The reporter's own side: finding a signal back, its page, and what one can do there; and who sees the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, Change, Gone, Invalid, NotAllowed, PageRequest, anonymous, having_words, stored_files
from samen_core.events.worker import Worker
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Reporter, Signal, Support, Verdict
from samen_oog_oor.schemas.own_signals import AddToSignal, FindSignal, Judge
from samen_oog_oor.services import own_signals, support
from samen_oog_oor.services.contact import email_hash, mail_addresses
from samen_oog_oor.services.receipt_keys import key_hash, receipt_key
from samen_oog_oor.testing import EMAIL, a_case, a_category, a_signal, an_update

TEXT = "Er ligt glas bij de glijbaan."


def at(platform: Any, signal: Signal, part: str = "") -> str:
    """The address of the page of a signal."""
    return paths.receipt(receipt_key(platform, signal.id), part)


def sent(platform: Any, case: Case | None = None, **values: Any) -> Signal:
    """A signal whose page is found by the key that its mails carry."""
    with platform.unit_of_work(anonymous()) as uow:
        signal = a_signal(uow, case, **values)
        signal.key_hash = key_hash(platform, receipt_key(platform, signal.id))
        return signal


def test_the_page_shows_what_only_the_reporter_may_read(platform: Any, client: Any) -> None:
    case = a_case(platform, a_category(platform, publication="count"))
    signal = sent(platform, case, text=TEXT)
    an_update(platform, case, "Wij komen morgen.", public=False)
    body = client.get(at(platform, signal)).get_data(as_text=True)
    assert TEXT in body
    assert "Wij komen morgen." in body
    assert case.number in body
    assert client.get(paths.receipt("x" * 40)).status_code == 404


def test_a_signal_is_found_by_its_code_and_address(platform: Any, client: Any) -> None:
    signal = sent(platform)
    for data in ({"code": signal.code}, {"code": signal.code, "email": "ander@example.org"}, {"code": "AAAA-BBBB-CCCC"}, {"code": ""}):
        assert client.post(paths.RECEIPT, data=data).status_code == 400, data
    answer = client.post(paths.RECEIPT, data={"code": signal.code.lower().replace("-", " "), "email": EMAIL.upper()})
    assert (answer.status_code, answer.location) == (303, at(platform, signal))


def test_without_an_address_the_code_is_enough_and_of_an_account_it_is_not(platform: Any, actor_as: Any) -> None:
    bare = sent(platform, email="")
    resident = actor_as("resident")
    owned = sent(platform, email="", account_id=resident.account_id)
    with platform.read(anonymous()) as uow:
        assert own_signals.find_signal(uow, FindSignal(code=bare.code)) == bare.id
        with pytest.raises(Invalid):
            own_signals.find_signal(uow, FindSignal(code=owned.code))
    with platform.read(resident) as uow:
        assert own_signals.find_signal(uow, FindSignal(code=owned.code)) == owned.id


def test_codes_cannot_be_tried_without_end(platform: Any, client: Any) -> None:
    platform.config = replace(platform.config, limits=replace(platform.config.limits, enabled=True))
    statuses = [client.post(paths.RECEIPT, data={"code": "AAAA-BBBB-CCCC"}).status_code for _try in range(11)]
    assert statuses == [400] * 10 + [429]


def test_who_lost_the_code_gets_the_links_by_mail(platform: Any, client: Any, outbox: Any, actor_as: Any) -> None:
    """Of every signal with that address or that account; nobody learns whether there are any, and no mailbox is filled."""
    case = a_case(platform)
    mine, secret = sent(platform, case), sent(platform, a_case(platform, confidential=True))
    other, waits = sent(platform, case, email="ander@example.org"), sent(platform, confirmed_at=None)
    resident = actor_as("resident")
    owned = sent(platform, email="", account_id=resident.account_id)
    with platform.unit_of_work(anonymous()) as uow:
        address = uow.session.execute(select(ACCOUNT_ADDRESSES.c.email).where(ACCOUNT_ADDRESSES.c.id == resident.account_id)).scalar_one()
        old = a_signal(uow, case, at=uow.now - timedelta(days=400))
    answers = [client.post(paths.LOST, data={"email": email}) for email in (EMAIL.upper(), "niemand@example.org", address)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, paths.RECEIPT)}
    first, second = outbox.mails()
    assert (first.to.lower(), second.to) == (EMAIL, address)
    assert all(at(platform, signal) in first.text and signal.code in first.text for signal in (mine, secret))
    assert first.text.count("Straatverlichting, gemeld op") == 1
    assert not any(signal.code in first.text for signal in (other, waits, owned, old))
    assert owned.code in second.text
    assert client.post(paths.LOST, data={"email": "geen adres"}).status_code == 400
    assert client.post("/api/v1/oog-oor/receipts/links", json={"email": EMAIL}).status_code == 204
    assert len(outbox.mails()) == 3
    platform.config = replace(platform.config, limits=replace(platform.config.limits, enabled=True))
    assert [client.post(paths.LOST, data={"email": EMAIL}).status_code for _try in range(4)] == [303, 303, 303, 429]


def test_a_reporter_says_whether_they_are_content(platform: Any, client: Any) -> None:
    signal = sent(platform, a_case(platform, state="resolved"))
    assert 'value="no" checked' in re.sub(r"\s+", " ", client.get(at(platform, signal, "oordeel") + "?tevreden=nee").get_data(as_text=True))
    refused = client.post(at(platform, signal, "oordeel"), data={"content": "no"})
    assert refused.status_code == 400
    for page in (refused, client.get(at(platform, signal, "oordeel") + "?tevreden=nee")):
        assert "niet verplicht" not in page.text, "why not has to be told"
    assert page.text.count("Waarom?") == client.get(at(platform, signal, "oordeel") + "?tevreden=ja").text.count("niet verplicht") == 1
    assert client.post(at(platform, signal, "oordeel"), data={"content": "no", "reason": "Nog steeds glas."}).status_code == 303
    assert "Nog steeds glas.</textarea>" in client.get(at(platform, signal, "oordeel") + "?tevreden=nee").text, (
        "what is changed need not be typed again"
    )
    assert "Nog steeds glas." not in client.get(at(platform, signal, "oordeel") + "?tevreden=ja").text
    assert client.post(at(platform, signal, "oordeel"), data={"content": "yes"}).status_code == 303
    with platform.read(anonymous()) as uow:
        (verdict,) = uow.session.query(Verdict).all()
        assert (verdict.content, verdict.reason, verdict.asks_reopening) == (True, "", False)
    assert "U liet weten dat u tevreden bent." in client.get(at(platform, signal)).get_data(as_text=True)


def test_what_is_open_cannot_be_judged_and_what_is_closed_not_added_to(platform: Any) -> None:
    running, closed = sent(platform), sent(platform, a_case(platform, state="resolved"))
    with platform.unit_of_work(anonymous()) as uow:
        with pytest.raises(Invalid):
            own_signals.judge(uow, running.id, Judge(content="yes"))
        with pytest.raises(Invalid):
            own_signals.add_to_signal(uow, closed.id, AddToSignal(text="Nog iets"))


def test_a_reporter_adds_words_for_staff_alone(platform: Any, client: Any) -> None:
    case = a_case(platform)
    signal = sent(platform, case, text=TEXT)
    empty = client.post(at(platform, signal, "toevoegen"), data={})
    assert empty.status_code == 400
    assert "Elk bestand mag hoogstens 10 MB zijn." in empty.text
    assert client.post(at(platform, signal, "toevoegen"), data={"text": "Het is groen glas."}).status_code == 303
    with platform.read(anonymous()) as uow:
        text = uow.session.get_one(Signal, signal.id).text
    assert text.startswith(TEXT)
    assert text.endswith("Het is groen glas.")
    assert "groen glas" not in client.get(paths.case(case.number)).get_data(as_text=True)


def test_another_address_counts_once_its_owner_followed_the_link(platform: Any, client: Any, outbox: Any, clock: Any) -> None:
    """What was left before hears it; a link of another signal, of too long ago or after the end changes nothing."""
    case = a_case(platform)
    bare, signal, other = sent(platform, case, email=""), sent(platform, case), sent(platform, case)
    assert "Bericht krijgen per e-mail" in client.get(at(platform, bare)).get_data(as_text=True)
    for one in (bare, signal):
        assert client.post(at(platform, one, "mailadres"), data={"email": "nieuw@example.org"}).status_code == 303
    assert client.post(at(platform, signal, "mailadres"), data={"email": "x"}).status_code == 400
    assert [mail.to for mail in outbox.mails()] == ["nieuw@example.org"] * 2
    first, second = (re.search(r"/mailadres/(\S+)", mail.text)[1] for mail in outbox.mails())  # type: ignore[index]
    assert client.get(at(platform, bare, f"mailadres/{first}")).status_code == 200
    assert client.post(at(platform, other, f"mailadres/{second}")).status_code == 410
    for one, sealed in ((bare, first), (signal, second), (signal, second)):
        assert client.post(at(platform, one, f"mailadres/{sealed}")).status_code == 303
    assert [(mail.to, "ander e-mailadres" in mail.text) for mail in outbox.mails()[2:]] == [(EMAIL, True)]
    with platform.read(anonymous()) as uow:
        kept = {row.signal_id: row.email_hash for row in uow.session.query(Reporter)}
        assert kept[bare.id] == kept[signal.id] == email_hash(uow, "nieuw@example.org") != kept[other.id]
        assert "example.org" not in str(uow.session.execute(select(Change.before, Change.after, Change.sentence)).all())
    clock.forward(days=3)
    assert client.post(at(platform, signal, f"mailadres/{second}")).status_code == 410
    with platform.unit_of_work(anonymous()) as uow:
        uow.session.get_one(Case, case.id).state = "resolved"
    assert client.get(at(platform, signal, "mailadres")).status_code == 303


def test_a_reporter_writes_it_anew_until_somebody_began(platform: Any, client: Any) -> None:
    """What should not have been typed is kept nowhere, not in the history either."""
    case = a_case(platform, state="new", public_text="")
    signal = sent(platform, case, text="Bel Piet op 06-12345678.")
    Worker(platform).drain()
    assert "06-12345678" in client.get(at(platform, signal, "wijzigen")).get_data(as_text=True)
    assert client.post(at(platform, signal, "wijzigen"), data={"text": " "}).status_code == 400
    assert client.post(at(platform, signal, "wijzigen"), data={"text": TEXT}).status_code == 303
    Worker(platform).drain()
    with platform.unit_of_work(anonymous()) as uow:
        found = {word: set(uow.session.scalars(having_words(uow, word))) for word in ("piet", "glijbaan")}
        assert found == {"piet": set(), "glijbaan": {signal.id}}, "the search of the desk"
        assert uow.session.get_one(Signal, signal.id).text == TEXT
        assert "12345678" not in str(uow.session.execute(select(Change.before, Change.after, Change.reason, Change.sentence)).all())
        uow.session.get_one(Case, case.id).state = "triaged"
    assert "/wijzigen" not in client.get(at(platform, signal)).get_data(as_text=True)
    assert client.post(at(platform, signal, "wijzigen"), data={"text": "Iets anders."}).status_code == 400


def test_a_reporter_adds_a_picture_that_is_not_public(platform: Any, client: Any) -> None:
    signal = sent(platform)
    picture = BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG")
    data = {"files": (BytesIO(picture.getvalue()), "glas.jpg"), "files.alt": "Glas bij de glijbaan"}
    assert client.post(at(platform, signal, "toevoegen"), data=data).status_code == 303
    with platform.read(anonymous()) as uow:
        (file,) = stored_files(uow, [signal.id])[signal.id]
        assert file.alt == "Glas bij de glijbaan"
    assert client.get(f"/files/{file.id}").status_code == 404


def test_a_reporter_takes_it_back_or_asks_to_look_again(platform: Any, client: Any) -> None:
    signal = sent(platform, a_case(platform, state="assigned"))
    assert client.post(at(platform, signal, "intrekken"), data={"resolution": "not_found"}).status_code == 303
    assert "U hebt deze melding ingetrokken." in client.get(at(platform, signal)).get_data(as_text=True)
    closed = sent(platform, a_case(platform, state="resolved"))
    assert client.post(at(platform, closed, "heropenen"), data={"text": ""}).status_code == 400
    assert client.post(at(platform, closed, "heropenen"), data={"text": "Er ligt nog glas."}).status_code == 303
    with platform.read(anonymous()) as uow:
        assert uow.session.get_one(Case, closed.case_id).state == "reopening_requested"


def test_what_cannot_be_done_now_leads_back(platform: Any, client: Any) -> None:
    signal = sent(platform)
    for part in ("oordeel", "heropenen"):
        assert client.get(at(platform, signal, part)).status_code == 303


def test_mail_stops_and_comes_again(platform: Any, client: Any) -> None:
    signal = sent(platform)
    for choice, wanted in (("nee", False), ("ja", True)):
        client.post(at(platform, signal, "mail"), data={"mail": choice})
        with platform.read(anonymous()) as uow:
            assert uow.session.get_one(Reporter, signal.id).wants_mail is wanted
            assert [one.email for one in mail_addresses(uow, [signal.id])] == [EMAIL] * wanted


def test_an_account_has_its_signals_together(platform: Any, as_role: Any, client: Any) -> None:
    assert client.get(paths.OWN).status_code in (302, 303, 403)
    visitor = as_role("resident")
    assert "U hebt met dit account nog niets gemeld" in visitor.get(paths.OWN).get_data(as_text=True)


def test_who_sees_the_same_counts_once(platform: Any, client: Any) -> None:
    case = a_case(platform)
    with platform.read(anonymous()) as uow:
        before = uow.session.get_one(Case, case.id).version
    for _time in range(3):
        assert client.post(paths.case(case.number, "zie-ik-ook")).status_code == 303
    with platform.read(anonymous()) as uow:
        found = uow.session.get_one(Case, case.id)
        assert (found.supports, found.version) == (1, before)
    assert "U telt mee." in client.get(paths.case(case.number)).get_data(as_text=True)
    client.post(paths.case(case.number, "zie-ik-niet"))
    with platform.read(anonymous()) as uow:
        assert uow.session.get_one(Case, case.id).supports == 0
        assert uow.session.query(Support).count() == 0


def test_an_account_and_its_device_are_one_voice(platform: Any, actor_as: Any) -> None:
    case, resident = a_case(platform), actor_as("resident")
    with platform.unit_of_work(anonymous()) as uow:
        assert support.support(uow, case.id, "device one")
        assert support.support(uow, case.id, "device two")
        assert not support.support(uow, case.id)
    with platform.unit_of_work(resident) as uow:
        assert not support.support(uow, case.id, "device one")
        assert support.support(uow, case.id, "device three")
        assert not support.support(uow, case.id, "device four")
        assert [row.number for row in own_signals.joined_cases(uow)] == [case.number]
        uow.session.get_one(Case, case.id).confidential = True
        assert own_signals.joined_cases(uow) == []
    with platform.read(anonymous()) as uow:
        assert uow.session.get_one(Case, case.id).supports == 3
        assert "device" not in "".join(row.who for row in uow.session.query(Support))


def test_who_reported_it_counts_already_and_a_closed_case_counts_nobody(platform: Any, actor_as: Any) -> None:
    case, resident = a_case(platform), actor_as("resident")
    a_signal(platform, case, account_id=resident.account_id)
    closed = a_case(platform, state="resolved")
    with platform.unit_of_work(resident) as uow:
        assert not support.support(uow, case.id)
        with pytest.raises(Gone):
            support.support(uow, closed.id)


def test_the_list_of_own_signals_needs_an_account(platform: Any) -> None:
    with platform.read(anonymous()) as uow, pytest.raises(NotAllowed):
        own_signals.own_signals(uow, PageRequest())

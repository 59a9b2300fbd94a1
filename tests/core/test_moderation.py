"""Hiding what may not stand on the platform: who may, what is kept, what is told."""

from __future__ import annotations

import threading
import uuid

import pytest
from sqlalchemy import select

from samen_core.actor import Actor, Grant, anonymous, system
from samen_core.db.base import uuid7
from samen_core.errors import Conflict, Invalid, NotAllowed, NotFound
from samen_core.logbook import latest_lines
from samen_core.mail import Message, queue, read_mailbox
from samen_core.moderation import HIDING_LABELS, Hiding, explanation, hidden_reasons, hide, show_again
from samen_core.subjects import SubjectRef
from tests.core.samples import add_tool, log_rows

WHY = "U noemt het telefoonnummer van uw buurvrouw."


@pytest.fixture
def tool(platform) -> SubjectRef:
    with platform.unit_of_work(system("test")) as uow:
        return SubjectRef("tool", add_tool(uow).id)


def reasons(platform, *ids: uuid.UUID):
    with platform.read(anonymous()) as uow:
        return hidden_reasons(uow, ids)


def test_a_moderator_hides_and_shows_again(platform, tool, actor_as, outbox, clock) -> None:
    moderator = actor_as("moderator")
    with platform.unit_of_work(moderator) as uow:
        hide(uow, tool, f"  {WHY} ", "personal_data")
    found = reasons(platform, tool.id, uuid7())
    assert set(found) == {tool.id}
    assert (found[tool.id].code, found[tool.id].reason) == ("personal_data", WHY)
    assert str(found[tool.id].label) == "Er staan gegevens van iemand in"
    clock.forward(days=1)
    with platform.unit_of_work(moderator) as uow:
        show_again(uow, tool, "Het nummer is van het buurthuis.")
    assert reasons(platform, tool.id) == {}
    with platform.unit_of_work(moderator) as uow:
        hide(uow, tool, WHY, "other")
    with platform.read(system("test")) as uow:
        first, second = uow.session.scalars(select(Hiding).order_by(Hiding.at)).all()
    assert (first.hidden_by_id, first.shown_by_id, first.shown_because) == (
        moderator.account_id,
        moderator.account_id,
        "Het nummer is van het buurthuis.",
    )
    assert (first.shown_at - first.at).days == 1
    assert (second.code, second.shown_at) == ("other", None)
    hidden = outbox.events("core.subject.hidden")
    assert [(event["subject_id"], event["subject_type"], event["code"]) for event in hidden] == [
        (str(tool.id), "tool", "personal_data"),
        (str(tool.id), "tool", "other"),
    ]
    assert len(outbox.events("core.subject.shown")) == 1


def test_the_explanation_stays_out_of_log_and_events(platform, tool, actor_as, outbox) -> None:
    with platform.unit_of_work(actor_as("manager")) as uow:
        hide(uow, tool, WHY, "insult")
        show_again(uow, tool, f"Niet juist: {WHY}")
    rows = [row for row in log_rows(platform) if row.action.startswith("core.subject.")]
    assert [(row.action, row.public, row.reason) for row in rows] == [
        ("core.subject.hidden", True, ""),
        ("core.subject.shown", True, ""),
    ]
    assert rows[0].sentence == "Een moderator heeft dit verborgen. Reden: Belediging of bedreiging."
    assert rows[0].after == {"code": "insult"}
    assert "buurvrouw" not in repr(rows) + repr(outbox.events())


@pytest.mark.parametrize("role", ["resident", "facilitator", "decision_maker"])
def test_others_may_not(platform, tool, actor_as, role: str) -> None:
    for actor in (actor_as(role), anonymous()):
        with platform.unit_of_work(actor) as uow, pytest.raises(NotAllowed):
            hide(uow, tool, WHY, "other")
        with platform.unit_of_work(actor) as uow, pytest.raises(NotAllowed):
            show_again(uow, tool, WHY)
    assert reasons(platform, tool.id) == {}


def test_a_moderator_of_what_it_belongs_to_may(platform, tool) -> None:
    place = uuid7()
    moderator = Actor("account", None, grants=(Grant("moderator", place),))
    with platform.unit_of_work(moderator) as uow:
        with pytest.raises(NotAllowed):
            hide(uow, tool, WHY, "other")
        hide(uow, tool, WHY, "other", scopes=(place,))
    with platform.unit_of_work(moderator) as uow:
        show_again(uow, tool, WHY, scopes=(place,))


def test_a_reason_and_an_explanation_are_needed(platform, tool, uow) -> None:
    with pytest.raises(Invalid) as wrong:
        hide(uow, tool, " \n", "ugly")
    assert set(wrong.value.errors) == {"reason", "code"}
    with pytest.raises(Invalid) as wrong:
        hide(uow, tool, 2_001 * "x", "other")
    assert set(wrong.value.errors) == {"reason"}
    with pytest.raises(Invalid):
        show_again(uow, tool, "")


def test_the_logbook_tells_it_in_the_language_of_the_reader(platform, tool, actor_as) -> None:
    with platform.unit_of_work(actor_as("manager")) as uow:
        hide(uow, tool, WHY, "insult")
        show_again(uow, tool, "Niet juist")
    with platform.read(anonymous()) as uow, platform.translations.use("en"):
        lines, _more = latest_lines(uow, tool.id)
    assert [line.sentence for line in lines][:2] == [
        "A moderator made this visible again.",
        "A moderator hid this. Reason: Insult or threat.",
    ]


def test_what_does_not_exist_or_is_hidden_already(platform, tool, uow) -> None:
    for ref in (SubjectRef("tool", uuid7()), SubjectRef("organization", tool.id)):
        with pytest.raises(NotFound):
            hide(uow, ref, WHY, "other")
    with pytest.raises(Conflict):
        show_again(uow, tool, WHY)
    hide(uow, tool, WHY, "doubled")
    with pytest.raises(Conflict) as clash:
        hide(uow, tool, WHY, "other")
    assert clash.value.current == {"code": "doubled", "reason": WHY}


def test_of_two_moderators_at_once_one_is_first(platform, tool) -> None:
    start, outcomes = threading.Barrier(2), []

    def act(code: str) -> None:
        start.wait()
        try:
            with platform.unit_of_work(system("test")) as uow:
                hide(uow, tool, WHY, code)
            outcomes.append("hidden")
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=act, args=(code,)) for code in ("insult", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "hidden"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", ["gegevens van iemand", "volgens de wet", "zes maanden", "niet automatisch"]), ("en", ["six months", "not automatic", "law"])],
)
def test_whoever_wrote_it_is_told_why_and_how_to_object(platform, tool, outbox, language: str, words: list[str]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        hidden = hide(uow, tool, WHY, "personal_data")
        body = explanation(uow, hidden)
        queue(uow, Message("noor@voorbeeld.example", HIDING_LABELS["other"], body, language=language))
    outbox.drain()
    (mail,) = read_mailbox(platform.config.path(platform.config.mail.folder))
    text = " ".join(mail.text.split())
    for word in (*words, WHY, platform.config.city.contact_email, platform.config.city.name):
        assert word in text, word
    assert "None" not in text


def test_every_reason_is_translated_and_explained(platform, uow, tool) -> None:
    for code in HIDING_LABELS:
        hidden = hide(uow, tool, WHY, code)
        assert str(hidden.label) in str(explanation(uow, hidden)[1])
        show_again(uow, tool, WHY)

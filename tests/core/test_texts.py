"""Texts of pages and mails: declared, said in the words of the city, previewed, mailed as a test, put back."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from samen_core.accounts.mail_texts import LOG_IN, MAIL_TEXTS, PASSWORD_CHANGED
from samen_core.actor import Actor, anonymous, system
from samen_core.db.changes import Change
from samen_core.errors import Conflict, Invalid, NotAllowed, NotFound
from samen_core.i18n import Text, _
from samen_core.mail import QueuedMail
from samen_core.mail.queue import MAX_SUBJECT, queue
from samen_core.pagination import PageRequest
from samen_core.platform import Platform
from samen_core.testing.visitors import send_form, text_of
from samen_core.texts import ManagedText, Placeholder, managed_mail, services
from samen_core.texts.core import CONTACT, HOME_TITLE, PRIVACY
from samen_core.texts.declared import Wording
from samen_core.texts.filling import example_values, fill_mail
from samen_core.texts.memory import ManagedTexts
from samen_core.texts.models import TextVersion
from samen_core.texts.services import ChangeText

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.app import SamenFlask

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
LIST = "/beheer/teksten"
OWN = Wording("Inloggen bij {city}", "Dag!\n\nHier is uw link:\n\n{link}")


def change(platform: Platform, key: str, wording: Wording, version: int = 0, *, language: str = "nl", actor: Actor | None = None) -> int:
    """Say a text in other words, in a transaction of its own; the version it has then."""
    with platform.unit_of_work(actor or system("test")) as uow:
        return services.change_text(uow, ChangeText(key, language, wording.subject, wording.body, version)).version


def log_in_mail(platform: Platform, language: str = "nl") -> tuple[str, tuple[Any, ...]]:
    """Subject and paragraphs of the mail with the link to log in."""
    with platform.read(system("test")) as uow:
        mail = managed_mail(uow, LOG_IN, "noor@samen.example", language, {"greeting": _("Hallo,"), "link": "https://x.example/1"})
    return str(mail.subject), mail.body


# --- what is declared ------------------------------------------------------------------------------------------------------------


@SQLITE
def test_every_declared_text_can_be_filled_in_both_languages(platform: Platform) -> None:
    """Defaults and their translations hold what they must, no mail tells a person's name in its subject, and examples fill everything."""
    assert {text.key for text in MAIL_TEXTS} <= set(platform.texts.declared)
    for text in platform.texts.declared.values():
        for language in ("nl", "en"):
            default = text.default(platform.translations, language)
            if text.body:
                services.check_wording(text, default)
            if text.kind == "mail":
                subject, body = fill_mail(platform, text, default, language, example_values(text))
                assert subject
                assert "{" not in "".join(body), text.key


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"key": "nodot"}, "key"),
        ({"body": (_("Hallo {naam}"),)}, "naam"),
        ({"placeholders": (Placeholder("link", Text("de link"), "x", required=True),)}, "link"),
    ],
)
def test_a_text_that_is_not_right_in_itself_is_refused(values: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        ManagedText(
            **{"key": "made.mail", "label": Text("x"), "explanation": Text("y"), "body": ("Hallo",), "subject": Text("z"), **values}
        )


@SQLITE
def test_a_text_of_a_block_is_declared_by_the_hook_samen_texts(platform: Platform) -> None:
    assert {"gereedschap", "citycontent", "core"} == {text.block for text in platform.texts.declared.values()}


# --- the words of the city -------------------------------------------------------------------------------------------------------


def test_the_words_of_the_city_win_and_the_default_comes_back(platform: Platform) -> None:
    default = log_in_mail(platform)
    assert default[1][0] == "Hallo,"
    version = change(platform, LOG_IN, OWN)
    assert log_in_mail(platform) == ("Inloggen bij Gemeente Zoetermeer", ("Dag!", "Hier is uw link:", "https://x.example/1"))
    assert log_in_mail(platform, "en")[0] == "Your link to log in"
    other = ManagedTexts(platform.texts.declared.values())
    assert other.wording(platform, LOG_IN, "nl") == (OWN, "nl")
    with platform.unit_of_work(system("test")) as uow:
        services.put_back(uow, LOG_IN, "nl", 0, version)
    assert log_in_mail(platform) == default
    with platform.unit_of_work(system("test")) as uow:
        services.put_back(uow, LOG_IN, "nl", 1, 2)
        page = services.history(uow, LOG_IN, "nl", PageRequest())
    assert [(row.version, row.body) for row in page.items] == [(3, OWN.body), (2, None), (1, OWN.body)]
    with platform.read(system("test")) as uow:
        told = uow.session.scalars(select(Change.after).where(Change.action == "core.text.changed").order_by(Change.seq)).all()
        assert [row.key for row in services.stored_texts(uow)] == [LOG_IN]
    assert [row["version"] for row in told if row] == [1, 2, 3]


@SQLITE
def test_words_that_are_the_default_are_no_change(platform: Platform) -> None:
    default = platform.texts.declared[LOG_IN].default(platform.translations, "nl")
    assert change(platform, LOG_IN, Wording(f" {default.subject}", default.body.replace("\n", " \r\n") + "\n")) == 0
    assert change(platform, LOG_IN, OWN) == 1
    assert change(platform, LOG_IN, default, 1) == 2
    with platform.read(system("test")) as uow:
        assert services.text_now(uow, LOG_IN, "nl").is_default


@SQLITE
def test_all_mistakes_in_a_text_at_once(platform: Platform) -> None:
    with pytest.raises(Invalid) as raised:
        change(platform, LOG_IN, Wording("Dag {greeting}", "Klik hier: {lnik} {0} {x.y}"))
    assert set(raised.value.errors) == {"subject", "body"}
    told = " ".join(map(str, raised.value.errors["body"]))
    assert all(name in told for name in ("{lnik}", "{0}", "{x.y}", "{link}"))
    for wording in (Wording("", "x {link}"), Wording("Mail a@b.example", "x {link}"), Wording("Goed", "")):
        with pytest.raises(Invalid):
            change(platform, LOG_IN, wording)
    for key, most in ((LOG_IN, services.MAX_BODY), ("core.footer", services.MAX_LINE)):
        subject = "Goed" if key == LOG_IN else ""
        with pytest.raises(Invalid) as raised:
            change(platform, key, Wording(subject, "{link}" + "x" * most))
        assert f"hoogstens {most} tekens" in " ".join(map(str, raised.value.errors["body"]))
    for key, language in (("core.absent", "nl"), (LOG_IN, "xx")):
        with pytest.raises(NotFound):
            change(platform, key, OWN, language=language)


@SQLITE
def test_only_the_manager_changes_texts(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    for actor in (anonymous(), actor_as("resident"), actor_as("moderator")):
        with pytest.raises(NotAllowed):
            change(platform, LOG_IN, OWN, actor=actor)
        with pytest.raises(NotAllowed), platform.read(actor) as uow:
            services.stored_texts(uow)
        with platform.read(system("test")) as uow:
            now = services.text_now(uow, LOG_IN, "nl")
        with pytest.raises(NotAllowed), platform.read(actor) as uow:
            services.version_before(uow, now, 1)
    assert change(platform, LOG_IN, OWN, actor=actor_as("manager")) == 1


def test_of_two_managers_at_once_one_is_told(platform: Platform) -> None:
    """Both saw version 0: one is stored, the other gets the words now, and nothing is lost."""
    results: list[object] = []
    ready = threading.Barrier(2)

    def act(number: int) -> None:
        ready.wait()
        try:
            results.append(change(platform, LOG_IN, Wording(f"Van {number}", "{link}")))
        except Conflict as error:
            results.append(error)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (conflict,) = [item for item in results if isinstance(item, Conflict)]
    assert results.count(1) == 1
    assert conflict.version == 1
    assert conflict.current["body"] == "{link}"


@SQLITE
def test_what_is_filled_in_is_not_looked_at_again(platform: Platform) -> None:
    text = platform.texts.declared[PASSWORD_CHANGED]
    wording = Wording("x", "{greeting}\n\n{tokens}\n \nNiet {over} { leeg } {}\n\n{link}")
    values = {"greeting": "Beste {link},", "tokens": "", "link": "https://x.example"}
    with pytest.raises(Invalid):
        services.check_wording(text, wording)
    assert fill_mail(platform, text, Wording("x", "{greeting}\n\n{tokens} weg\n\n{link}"), "nl", values)[1] == (
        "Beste {link},",
        "https://x.example",
    )
    with pytest.raises(ValueError, match="fills in"):
        fill_mail(platform, text, wording, "nl", {"greeting": "x"})


@SQLITE
def test_what_must_stay_is_mailed_whatever_stands_beside_it(platform: Platform) -> None:
    """A mail in one paragraph still has its link when something else in it is empty, as the tokens mostly are."""
    text = platform.texts.declared[PASSWORD_CHANGED]
    values = {"greeting": "Beste Noor,", "tokens": "", "link": "https://x.example"}
    together = Wording("x", "{greeting} Uw wachtwoord is gewijzigd. {tokens}\nWas u dit niet? {link}")
    paragraphs = fill_mail(platform, text, together, "nl", values)[1]
    assert paragraphs == ("Beste Noor, Uw wachtwoord is gewijzigd. \nWas u dit niet? https://x.example",)


@SQLITE
def test_a_long_subject_is_cut_and_keeps_no_mail_from_leaving(platform: Platform) -> None:
    """The name of the city is longer than its placeholder, so that what fits in the editor may not fit in the mail."""
    change(platform, LOG_IN, Wording("i" * (MAX_SUBJECT - 7) + " {city}", "{link}"))
    with platform.unit_of_work(system("test")) as uow:
        queue(uow, managed_mail(uow, LOG_IN, "noor@samen.example", "nl", {"greeting": "", "link": "https://x.example/1"}))
        assert [len(row) for row in uow.session.scalars(select(QueuedMail.subject))] == [MAX_SUBJECT]


@SQLITE
def test_a_stored_text_that_no_longer_fits_gives_the_default(platform: Platform) -> None:
    """A newer version of a block fills in something else, or is not there."""
    rows = [(LOG_IN, "{old} {link}"), (HOME_TITLE, "Dag {name}"), ("absent.mail", "Hallo")]
    with platform.unit_of_work(system("test")) as uow:
        for key, body in rows:
            values = {"key": key, "language": "nl", "version": 1, "subject": "x", "body": body, "at": uow.now}
            uow.session.execute(insert(TextVersion).values(values))
    assert log_in_mail(platform)[1][0] == "Hallo,"
    assert str(platform.texts.wording(platform, HOME_TITLE, "nl")[0].body) == "Wat speelt er bij u in de buurt?"


def test_another_process_says_it_under_the_next_validator(platform: Platform, app: SamenFlask) -> None:
    client = app.test_client()
    first = client.get("/")
    other = Platform(platform.config)
    change(other, HOME_TITLE, Wording("", "Praat mee in {city} <b>"))
    other.close()
    second = client.get("/")
    assert first.headers["ETag"] != second.headers["ETag"]
    assert "Praat mee in Gemeente Zoetermeer &lt;b&gt;" in second.text
    assert "What is happening" in client.get("/en/").text


@SQLITE
def test_pages_say_what_the_city_says_and_no_html_comes_in(platform: Platform, app: SamenFlask) -> None:
    client = app.test_client()
    assert "Gemeente Zoetermeer" in text_of(client.get("/contact").text)
    change(
        platform,
        CONTACT,
        Wording("", "# Bel ons\n\n**14 079** <script>alert(1)</script> [klik](javascript:x) [web](https://x.example) {city}"),
    )
    page = client.get("/contact").text
    assert "<h2>Bel ons</h2>" in page
    assert "<strong>14 079</strong>" in page
    assert "<script>alert" not in page
    assert 'javascript:x"' not in page
    change(platform, PRIVACY, Wording("", "Onze functionaris: Wim."))
    assert "Onze functionaris: Wim." in client.get("/privacy").text
    # Nothing is said by default, so an English reader gets the Dutch, marked as such.
    assert '<div class="samen-prose samen-city-text" lang="nl"><p>Onze functionaris' in client.get("/en/privacy").text


@SQLITE
def test_a_page_without_database_still_has_its_texts(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    change(platform, HOME_TITLE, Wording("", "Praat mee"))
    assert platform.texts.wording(platform, HOME_TITLE, "nl")[0].body == "Praat mee"
    platform.texts.forget()

    def broken() -> None:
        raise OSError("no database")

    monkeypatch.setattr(platform.engine, "raw_connection", broken)
    assert platform.texts.wording(platform, HOME_TITLE, "nl")[0].body == "Praat mee"


# --- the pages of the manager ----------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(as_role: Callable[..., FlaskClient]) -> FlaskClient:
    """A manager who is logged in."""
    return as_role("manager")


@SQLITE
def test_the_list_filters_and_marks(platform: Platform, manager: FlaskClient, as_role: Callable[..., FlaskClient]) -> None:
    change(platform, LOG_IN, OWN)
    with platform.unit_of_work(system("test")) as uow:
        values = {"key": "stemronde.mail_x", "language": "nl", "version": 1, "subject": "", "body": "Bewaard", "at": uow.now}
        uow.session.execute(insert(TextVersion).values(values))
    whole = text_of(manager.get(LIST).text)
    assert "stemronde.mail_x" in whole
    assert "Mail: link om in te loggen" in whole
    own = text_of(manager.get(f"{LIST}?aangepast=ja").text)
    assert "1 tekst" in own
    assert "1 tekst" in text_of(manager.get(f"{LIST}?q=vergat&soort=mail&bouwsteen=core").text)
    assert "Geen tekst gevonden" in manager.get(f"{LIST}?q=xyzzy").text
    assert as_role("moderator").get(LIST).status_code == 403


@SQLITE
def test_the_editor_keeps_what_was_typed_previews_stores_and_puts_back(platform: Platform, manager: FlaskClient) -> None:
    here = f"{LIST}/{LOG_IN}/nl"
    wrong = send_form(manager, here, subject="", body="<b>{lnik}", wat="bewaar")
    assert wrong.status_code == 400
    assert "&lt;b&gt;{lnik}" in wrong.text
    assert text_of(wrong.text).count("Dit moet in de tekst blijven staan: {link}.") == 2  # in the summary and at the field
    seen = send_form(manager, here, subject=OWN.subject, body="Dag <i>!\n\n{link}", wat="voorbeeld")
    assert "Dag &lt;i&gt;!" in seen.text
    assert "nog niet bewaard" in seen.text
    with platform.read(system("test")) as uow:
        assert services.stored_texts(uow) == []
    assert send_form(manager, here, subject=OWN.subject, body=OWN.body, wat="bewaar").status_code == 303
    form = {"subject": "Ander", "body": "Ander {link}", "wat": "bewaar", "version": "0"}
    page = send_form(manager, here, **form)
    assert page.status_code == 409
    assert "Nu opgeslagen door iemand anders" in page.text
    assert "Ander {link}" in page.text
    history = manager.get(f"{here}/geschiedenis")
    assert "<ins>" in history.text
    assert "<del>" in history.text
    assert "Test manager" in history.text
    assert send_form(manager, f"{here}/terugzetten", page=here).status_code == 303
    assert "De standaardtekst geldt weer." in manager.get(here).text
    with platform.read(system("test")) as uow:
        assert services.text_now(uow, LOG_IN, "nl").is_default
    assert send_form(manager, here, subject="x", body="{link}", version="").status_code == 400
    assert manager.get(f"{LIST}/core.absent/nl").status_code == 404


@SQLITE
def test_a_test_mail_goes_to_the_own_address_and_not_too_often(
    platform: Platform, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from samen_core.web.pages import texts as pages

    monkeypatch.setattr(pages, "TESTS_PER_HOUR", 2)
    platform.config = replace(platform.config, limits=replace(platform.config.limits, enabled=True))
    here = f"{LIST}/{LOG_IN}/en"
    for _number in range(2):
        answer = send_form(manager, here, subject="Log in", body="Hi {greeting}\n\n{link}", wat="test")
        assert answer.status_code == 200
        assert "Er gaat een testmail naar manager-" in text_of(answer.text)
    late = send_form(manager, here, subject="Log in", body="Hi again {link}", wat="test")
    assert late.status_code == 429
    assert "Hi again {link}" in late.text
    assert re.search(r'<textarea[^>]* lang="en"', late.text)
    with platform.read(system("test")) as uow:
        mails = uow.session.scalars(select(QueuedMail)).all()
        assert services.stored_texts(uow) == []
    assert [mail.subject for mail in mails] == ["Test: Log in"] * 2
    assert all(mail.recipient.startswith("manager-") for mail in mails)
    assert "Hi Dear Fatima Aydın," in mails[0].body


@SQLITE
def test_who_changed_a_text_may_be_gone(platform: Platform, manager: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        services.change_text(uow, ChangeText(LOG_IN, "nl", OWN.subject, OWN.body, 0))
    assert "het systeem, of een account dat er niet meer is" in manager.get(f"{LIST}/{LOG_IN}/nl/geschiedenis").text

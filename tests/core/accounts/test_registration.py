"""Making an account, forgetting and changing a password, changing the e-mail address."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from samen_core.accounts.models import User
from samen_core.accounts.schemas import CreateToken
from samen_core.accounts.services import tokens
from samen_core.accounts.services.registration import change_email
from samen_core.accounts.tokens import authenticate_token
from samen_core.actor import Actor, anonymous, system
from samen_core.errors import Invalid
from tests.core.accounts.journeys import EMAIL, PASSWORD, link_in, log_in, make_account, post

FORM = {"email": "Nieuw@Samen.example", "display_name": "Nieuwe Buur"}
NEW = "nieuw@samen.example"
STRONG = "zeven groene stoelen dansen"


def account(platform, email: str = NEW) -> User:
    with platform.read(system("test")) as uow:
        found = uow.session.scalar(select(User).where(User.email == email))
        uow.session.expunge_all()
        return found


def test_registering_confirms_by_a_button_and_logs_in(platform, app, client, other, mailbox):
    sent = client.post("/registreren", data=FORM)
    assert (sent.status_code, sent.location) == (303, "/registreren/verstuurd")
    assert account(platform).confirmed_at is None
    (mail,) = mailbox()
    assert mail.recipients == (NEW,)
    assert "Nieuwe Buur" not in mail.text, "a stranger could have typed it"
    path = link_in(mail.text)
    assert other.get(path).status_code == 200
    assert account(platform).confirmed_at is None, "opening the link changes nothing"
    assert client.post(path, data={"password": STRONG}).location == "/account"
    assert account(platform).confirmed_at is not None
    assert "Welkom, Nieuwe Buur" in client.get("/account").text
    assert log_in(other, NEW, STRONG).status_code == 303
    assert app.test_client().post(path).status_code == 410


def test_a_weak_password_at_confirming_keeps_the_link(platform, client, mailbox):
    client.post("/registreren", data=FORM)
    path = link_in(mailbox()[0].text)
    for weak in ("kort", "wachtwoord123", "nieuwebuur123", "x" * 129):
        answer = client.post(path, data={"password": weak})
        assert answer.status_code == 400, weak
        assert weak not in answer.text
    assert client.post(path).status_code == 303
    assert account(platform).password is None


def test_registering_a_known_address_gives_the_same_answer_and_another_mail(platform, client, mailbox):
    make_account(platform)
    fresh = client.post("/registreren", data=FORM)
    mailbox()
    known = client.post("/registreren", data={**FORM, "email": EMAIL})
    assert (fresh.status_code, fresh.location, fresh.data) == (known.status_code, known.location, known.data)
    (mail,) = mailbox()
    assert mail.recipients == (EMAIL,)
    assert link_in(mail.text).startswith("/inloggen/link/")
    assert account(platform, EMAIL).display_name == "Noor Verhulst"


def test_registering_twice_before_confirming_sends_a_link_each_time(platform, client, mailbox):
    client.post("/registreren", data=FORM)
    client.post("/registreren", data={**FORM, "display_name": "Betere Naam"})
    first, second = (link_in(mail.text) for mail in mailbox())
    assert client.get(first).status_code == 200
    assert client.post(second).status_code == 303
    assert account(platform).display_name == "Betere Naam"
    assert client.get(first).status_code == 410


def test_all_mistakes_are_shown_at_once_and_nothing_typed_is_lost(client):
    answer = client.post("/registreren", data={"email": "geen adres", "display_name": "x"})
    assert answer.status_code == 400
    assert answer.text.count("utrecht-form-field-error-message utrecht") == 2
    assert 'value="geen adres"' in answer.text


@pytest.mark.parametrize("name", ["Win op www.spam.example", "https://spam.example", "mail spam@spam.example", "<b>x</b>"])
def test_a_name_is_no_advertisement(client, mailbox, name):
    assert client.post("/registreren", data={**FORM, "display_name": name}).status_code == 400
    assert mailbox() == []


def test_one_address_gets_five_mails_an_hour(platform, client, limited, mailbox):
    answers = [client.post("/inloggen/link", data={"email": EMAIL}).status_code for _try in range(6)]
    assert answers == [303] * 5 + [429]


def test_mail_is_in_the_language_of_the_page_where_one_registered(client, mailbox):
    client.post("/en/registreren", data=FORM)
    assert link_in(mailbox()[0].text).startswith("/en/registreren/bevestigen/")


def test_a_forgotten_password_is_replaced_once_and_ends_other_sessions(platform, app, client, other, mailbox):
    make_account(platform)
    log_in(other)
    assert client.post("/wachtwoord-vergeten", data={"email": EMAIL}).location == "/wachtwoord-vergeten/verstuurd"
    path = link_in(mailbox()[0].text)
    assert client.get(path).status_code == 200
    assert client.post(path, data={"password": "kort"}).status_code == 400
    assert client.post(path, data={"password": STRONG}).location == "/account"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert log_in(other, password=PASSWORD).status_code == 400
    assert log_in(other, password=STRONG).status_code == 303
    assert app.test_client().post(path, data={"password": PASSWORD}).status_code == 410
    assert [mail.subject for mail in mailbox()] == ["Uw wachtwoord is gewijzigd"]


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(platform, client, other):
    make_account(platform)
    log_in(client)
    log_in(other)
    both = post(client, "/account/wachtwoord", {"current": "wrong", "password": "kort"})
    assert both.status_code == 400
    assert "Dit is niet uw huidige wachtwoord." in both.text
    assert "Gebruik minstens 12 tekens" in both.text
    assert post(client, "/account/wachtwoord", {"current": PASSWORD, "password": STRONG}).location == "/account"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_links_from_before_a_new_password_stop(platform, client, mailbox):
    make_account(platform)
    client.post("/inloggen/link", data={"email": EMAIL})
    path = link_in(mailbox()[0].text)
    log_in(client)
    post(client, "/account/wachtwoord", {"current": PASSWORD, "password": STRONG})
    assert client.get(path).status_code == 410


def test_who_has_no_password_may_choose_one_after_logging_in_just_now(platform, client, mailbox):
    make_account(platform, password=None)
    client.post("/inloggen/link", data={"email": EMAIL})
    client.post(link_in(mailbox()[0].text))
    assert "Huidig wachtwoord" not in client.get("/account/wachtwoord").text
    assert post(client, "/account/wachtwoord", {"password": STRONG}).location == "/account"
    assert account(platform, EMAIL).password.startswith("$argon2id$")


def test_another_email_address_counts_after_its_own_link(platform, app, client, other, mailbox):
    make_account(platform)
    log_in(client)
    assert post(client, "/account/email", {"email": "ander@samen.example"}).location == "/account"
    mails = {mail.recipients[0]: mail for mail in mailbox()}
    assert set(mails) == {EMAIL, "ander@samen.example"}
    path = link_in(mails["ander@samen.example"].text)
    assert "ander" not in path
    assert other.get(path).status_code == 200
    assert account(platform, EMAIL) is not None
    assert other.post(path).location == "/account/email/gewijzigd"
    assert account(platform, EMAIL) is None
    assert log_in(other, "ander@samen.example").status_code == 303
    assert app.test_client().post(path).status_code == 410


def test_a_taken_email_address_gets_no_mail_and_no_other_answer(platform, client, mailbox):
    make_account(platform)
    make_account(platform, "taken@samen.example")
    log_in(client)
    assert post(client, "/account/email", {"email": "taken@samen.example"}).location == "/account"
    assert [mail.recipients[0] for mail in mailbox()] == [EMAIL]


def test_an_address_that_was_taken_in_the_meantime_is_refused(platform, client, mailbox):
    make_account(platform)
    log_in(client)
    post(client, "/account/email", {"email": "ander@samen.example"})
    token = next(link_in(mail.text) for mail in mailbox() if mail.recipients[0] != EMAIL).rpartition("/")[2]
    make_account(platform, "ander@samen.example")
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        change_email(uow, token)


def test_one_account_has_five_strangers_mailed_an_hour(platform, client, limited, mailbox):
    make_account(platform)
    log_in(client)
    answers = [post(client, "/account/email", {"email": f"vreemd{number}@samen.example"}).status_code for number in range(6)]
    assert answers == [303] * 5 + [429]


def test_one_stranger_gets_five_mails_an_hour_from_whichever_account(platform, app, limited):
    answers = []
    for number in range(3):
        visitor = app.test_client()
        make_account(platform, f"een{number}@samen.example")
        log_in(visitor, f"een{number}@samen.example")
        answers += [post(visitor, "/account/email", {"email": "Vreemd@samen.example"}).status_code for _time in range(2)]
    assert answers == [303] * 5 + [429]


def test_a_name_is_not_mailed_to_an_address_that_is_not_proved(platform, client, mailbox):
    make_account(platform, name="Koop nu goedkope horloges")
    log_in(client)
    post(client, "/account/email", {"email": "vreemd@samen.example"})
    texts = {mail.recipients[0]: mail.text for mail in mailbox()}
    assert "horloges" not in texts["vreemd@samen.example"]
    assert "horloges" in texts[EMAIL]


def give_token(platform, account_id) -> str:
    actor = Actor(kind="account", account_id=account_id, origin="test")
    with platform.unit_of_work(actor) as uow:
        return tokens.create_token(uow, CreateToken("agenda", (), 30)).secret


def works(platform, secret: str) -> bool:
    with platform.read(anonymous("rest")) as uow:
        return authenticate_token(uow, secret) is not None


def test_a_forgotten_password_ends_every_token(platform, client, mailbox):
    secret = give_token(platform, make_account(platform))
    elsewhere = give_token(platform, make_account(platform, "els@samen.example"))
    client.post("/wachtwoord-vergeten", data={"email": EMAIL})
    path = link_in(mailbox()[0].text)
    assert works(platform, secret)
    client.post(path, data={"password": STRONG})
    assert not works(platform, secret)
    assert works(platform, elsewhere)
    assert "API-tokens zijn ingetrokken" in " ".join(mailbox()[0].text.split())


@pytest.mark.parametrize("revoke", [True, False])
def test_a_new_password_asks_what_becomes_of_the_tokens(platform, client, mailbox, revoke):
    secret = give_token(platform, make_account(platform))
    log_in(client)
    page = client.get("/account/wachtwoord").text
    assert re.search(r'<input[^>]*name="revoke_tokens"[^>]*checked', page)
    form = {"current": PASSWORD, "password": STRONG, **({"revoke_tokens": "true"} if revoke else {})}
    post(client, "/account/wachtwoord", form)
    assert works(platform, secret) is not revoke
    told = " ".join(mailbox()[0].text.split())
    assert ("Uw API-tokens zijn ingetrokken" in told, "Uw API-tokens werken nog" in told) == (revoke, not revoke)


@pytest.mark.parametrize("password", [PASSWORD, None])
def test_who_has_no_tokens_is_not_asked_about_them(platform, client, mailbox, password):
    make_account(platform, password=password)
    client.post("/inloggen/link", data={"email": EMAIL})
    client.post(link_in(mailbox()[0].text))
    assert "revoke_tokens" not in client.get("/account/wachtwoord").text
    post(client, "/account/wachtwoord", {"current": PASSWORD, "password": STRONG})
    assert "token" not in mailbox()[0].text.split("Was u dit niet?")[0]

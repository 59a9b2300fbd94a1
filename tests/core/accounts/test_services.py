"""The rules of accounts without the web: tokens, grants, passwords, retention."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from samen_core.accounts import passwords, rights
from samen_core.accounts.devices import device_name
from samen_core.accounts.models import ApiToken, LoginFailure, RoleGrant, User, UserSession
from samen_core.accounts.rights import GrantFilter
from samen_core.accounts.schemas import CreateToken, GrantRole, Register
from samen_core.accounts.services import grants, privacy, registration, tokens
from samen_core.accounts.services.accounts import CreateAccount, create_account, normalised_email, set_active
from samen_core.accounts.tokens import authenticate_token
from samen_core.actor import anonymous, system
from samen_core.db.base import uuid7
from samen_core.errors import Invalid, NotAllowed, NotFound
from samen_core.permissions import LOGGED_IN, MANAGE, PUBLIC
from samen_core.subjects import Subject
from samen_core.testing.privacy import keep_to_terms
from tests.core.accounts.journeys import PASSWORD


def make_token(platform, actor, *scopes: str, days: int = 30) -> tokens.NewToken:
    with platform.unit_of_work(actor) as uow:
        return tokens.create_token(uow, CreateToken("test", scopes, days))


def authenticated(platform, secret: str):
    with platform.read(anonymous("rest")) as uow:
        return authenticate_token(uow, secret)


def test_a_token_may_do_what_its_scopes_and_its_owner_may(platform, actor_as):
    manager = actor_as("manager")
    wide = authenticated(platform, make_token(platform, manager, "core.manage").secret)
    assert wide.kind == "token"
    assert wide.account_id == manager.account_id
    assert wide.origin == "rest"
    assert MANAGE.allows(wide)
    assert not LOGGED_IN.allows(wide)
    narrow = authenticated(platform, make_token(platform, manager).secret)
    assert not MANAGE.allows(narrow)
    assert PUBLIC.allows(narrow)


def test_a_token_loses_what_its_owner_loses(platform, actor_as):
    actor_as("manager")
    manager = actor_as("manager")
    secret = make_token(platform, manager, "core.manage").secret
    with platform.unit_of_work(system("test")) as uow:
        (grant,) = grants.grants_of_account(uow, manager.account_id)
        grants.revoke_grant(uow, grant.id, "test")
    assert not MANAGE.allows(authenticated(platform, secret))


def test_a_token_ends_by_time_revocation_or_blocking(platform, actor_as, clock):
    resident = actor_as("resident")
    first, second, third = (make_token(platform, resident, days=days) for days in (30, 90, 90))
    clock.forward(days=31)
    assert authenticated(platform, first.secret) is None
    assert authenticated(platform, second.secret) is not None
    with platform.unit_of_work(resident) as uow:
        tokens.revoke_token(uow, second.id)
    assert authenticated(platform, second.secret) is None
    with platform.unit_of_work(system("test")) as uow:
        set_active(uow, resident.account_id, False, "test")
    assert authenticated(platform, third.secret) is None


@pytest.mark.parametrize("secret", ["", "samen_", "x" * 500, "samen_é", "' OR 1=1 --"])
def test_a_made_up_token_is_nobody(platform, secret):
    assert authenticated(platform, secret) is None


def test_the_last_use_is_written_at_most_once_a_minute(platform, actor_as, clock):
    made = make_token(platform, actor_as("resident"))

    def last_used():
        with platform.engine.connect() as connection:
            return connection.execute(select(ApiToken.last_used_at).where(ApiToken.id == made.id)).scalar_one()

    assert last_used() is None
    authenticated(platform, made.secret)
    first = last_used()
    assert first is not None
    clock.forward(seconds=30)
    authenticated(platform, made.secret)
    assert last_used() == first
    clock.forward(seconds=31)
    authenticated(platform, made.secret)
    assert last_used() > first


def test_tokens_have_bounds(platform, actor_as):
    resident = actor_as("resident")
    with platform.unit_of_work(resident) as uow:
        with pytest.raises(Invalid) as error:
            tokens.create_token(uow, CreateToken("x", ("core.manage", "nothing.such"), 5000))
        assert set(error.value.errors) == {"scopes", "days"}
    with pytest.raises(NotAllowed), platform.unit_of_work(anonymous()) as uow:
        tokens.create_token(uow, CreateToken("x", (), 30))
    token_actor = authenticated(platform, make_token(platform, resident, "core.use_account").secret)
    with pytest.raises(NotAllowed), platform.unit_of_work(token_actor) as uow:
        tokens.create_token(uow, CreateToken("x", (), 30))
    other = actor_as("resident")
    mine = make_token(platform, resident)
    with pytest.raises(NotFound), platform.unit_of_work(other) as uow:
        tokens.revoke_token(uow, mine.id)
    with platform.unit_of_work(resident) as uow, pytest.raises(Invalid):
        for _more in range(tokens.MAX_TOKENS):
            tokens.create_token(uow, CreateToken("x", (), 30))


def test_only_a_manager_makes_accounts_and_gives_roles(platform, actor_as):
    resident = actor_as("resident")
    command = GrantRole(resident.account_id, "manager", reason="ik wil dat")
    for actor in (resident, actor_as("facilitator"), anonymous()):
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            grants.grant_role(uow, command)
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            create_account(uow, CreateAccount("x@samen.example"))
        with pytest.raises(NotAllowed), platform.read(actor) as uow:
            rights.all_grants(uow, GrantFilter())
    with platform.unit_of_work(actor_as("manager")) as uow:
        grants.grant_role(uow, command)


def test_the_database_refuses_the_same_grant_twice(platform, actor_as):
    from sqlalchemy.exc import IntegrityError

    resident = actor_as("resident")
    with platform.unit_of_work(system("test")) as uow:
        scope = uuid7()
        uow.session.add(Subject(id=scope, type="project", owner="citycontent", title="x", updated_at=uow.now))
    for place in (None, scope):
        with pytest.raises(IntegrityError), platform.unit_of_work(system("test")) as uow:
            for _twice in range(2):
                uow.session.add(RoleGrant(id=uuid7(), user_id=resident.account_id, role="moderator", scope_id=place, granted_at=uow.now))
            uow.session.flush()


def test_grants_of_what_does_not_exist(uow, actor_as):
    resident = actor_as("resident")
    for command in (GrantRole(resident.account_id, "king"), GrantRole(resident.account_id, "moderator", uuid.uuid4())):
        with pytest.raises(Invalid):
            grants.grant_role(uow, command)
    with pytest.raises(NotFound):
        grants.grant_role(uow, GrantRole(uuid.uuid4(), "moderator"))
    with pytest.raises(NotFound):
        grants.revoke_grant(uow, uuid.uuid4(), "test")
    uow.rollback()


@pytest.mark.parametrize("email", ["", "geen", "a@b@c.nl", "a b@c.nl", "naam@", "ü@samen.example", "a@" + "b" * 300 + ".nl"])
def test_what_is_no_address(email):
    with pytest.raises(Invalid):
        normalised_email(email)


def test_an_address_is_unique_in_every_spelling(uow):
    create_account(uow, CreateAccount("Noor@Samen.Example"))
    with pytest.raises(Invalid):
        create_account(uow, CreateAccount("noor@SAMEN.example"))
    uow.rollback()


def test_passwords(platform):
    assert passwords.problems("kort")
    assert passwords.problems("123456789012")
    assert passwords.problems("a" * 64)
    assert passwords.problems("noorverhulst", ("noor.verhulst@samen.example", "Noor Verhulst"))
    assert not passwords.problems(PASSWORD)
    stored = passwords.hash_password("Café met tien stoelen")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "Cafe\u0301 met tien stoelen")
    assert not passwords.verify(stored, "cafe met tien stoelen")
    assert not passwords.verify(None, "nobody has this password")
    assert not passwords.verify("broken", "x")


def test_flask_security_reads_our_hashes(app):
    """So that its second factor can be switched on over the same accounts."""
    from flask_security.utils import verify_password

    with app.test_request_context("/"):
        stored = passwords.hash_password("vier paarse olifanten")
        assert verify_password("vier paarse olifanten", stored)
        assert not verify_password("drie paarse olifanten", stored)


def test_flask_securitys_datastore_works_on_the_unit_of_work(platform, app, actor_as):
    resident = actor_as("resident")
    with app.test_request_context("/", method="POST"):
        from samen_core.web.context import abandon, current_uow

        datastore = app.extensions["security"].datastore
        with platform.read(system("test")) as reading:
            email = reading.session.get(User, resident.account_id).email
        user = datastore.find_user(email=email)
        assert user.is_active
        user.tf_primary_method = "authenticator"
        datastore.put(user)
        datastore.commit()
        assert current_uow().session.get(User, resident.account_id).tf_primary_method == "authenticator"
        abandon()
    with platform.read(system("test")) as reading:
        assert reading.session.get(User, resident.account_id).tf_primary_method is None


def test_devices():
    agents = {
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1": "Safari, iPhone",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 Chrome/142.0 Safari/537.36 Edg/142.0": "Edge, Windows",
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/142.0 Mobile Safari/537.36": "Chrome, Android",
        "curl/8": "",
    }
    assert {agent: device_name(agent) for agent in agents} == agents


def test_what_is_not_kept(platform, clock, actor_as):
    resident = actor_as("resident")
    make_token(platform, resident)
    with platform.unit_of_work(system("test")) as uow:
        registration.register(uow, Register("nooit@samen.example", "Nooit Bevestigd"))
        uow.session.add(LoginFailure(key="k", failures=9, last_at=uow.now))
        until = uow.now.replace(year=uow.now.year + 1)
        for hash, expires in (("a" * 64, until), ("b" * 64, uow.now)):
            session = UserSession(id=hash, public_id=uuid7(), user_id=resident.account_id, data={}, device="", keep=True, renew=False)
            session.created_at = session.last_seen_at = uow.now
            session.idle_until = session.expires_at = expires
            uow.session.add(session)
    clock.forward(days=29)
    run = {"kept": set()}
    for days in (0, 2):
        clock.forward(days=days)
        keep_to_terms(platform)
        with platform.read(system("test")) as uow:
            run["kept"] = set(uow.session.scalars(select(User.email)))
            assert uow.session.scalars(select(LoginFailure.key)).all() == []
            assert uow.session.scalars(select(UserSession.id)).all() == ["a" * 64]
        assert ("nooit@samen.example" in run["kept"]) == (days == 0)
    assert len(run["kept"]) == 1
    clock.forward(days=400)
    keep_to_terms(platform)
    with platform.read(system("test")) as uow:
        assert uow.session.scalars(select(ApiToken.id)).all() == []


def test_only_the_owner_or_a_manager_exports_and_erases(platform, actor_as):
    one, other, manager = actor_as("resident"), actor_as("resident"), actor_as("manager")
    with pytest.raises(NotAllowed), platform.read(other) as uow:
        privacy.export_account(uow, one.account_id)
    with pytest.raises(NotAllowed), platform.unit_of_work(other) as uow:
        privacy.erase_account(uow, one.account_id)
    with platform.read(manager) as uow:
        assert privacy.export_account(uow, one.account_id)
    with platform.unit_of_work(manager) as uow:
        privacy.erase_account(uow, one.account_id)
    with platform.read(manager) as uow:
        assert privacy.export_account(uow, other.account_id)
    with pytest.raises(NotFound), platform.unit_of_work(manager) as uow:
        privacy.erase_account(uow, one.account_id)


def test_erasing_tells_the_blocks(platform, actor_as):
    from samen_core.events.signals import ACCOUNT_ERASED, SignalReceiver

    told = []
    platform.signals.connect(SignalReceiver(ACCOUNT_ERASED, lambda uow, account_id: told.append(account_id)))
    one = actor_as("resident")
    with platform.unit_of_work(one) as uow:
        privacy.erase_account(uow, one.account_id)
    assert told == [one.account_id]

"""The configuration: one file and the environment, checked against one schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samen_core.config import Config, build_config, describe, env_name, known_keys, load_config
from samen_core.errors import StartupError

SECRET = "0123456789" * 4
ENVIRON = {"SAMEN_SECRET_KEY": SECRET}


def write(folder: Path, text: str) -> Path:
    """A samen.toml with this text."""
    path = folder / "samen.toml"
    path.write_text(text, encoding="utf-8")
    return path


def build(values: dict[str, Any] | None = None, environ: dict[str, str] | None = None, folder: Path = Path("/city")) -> Config:
    """A configuration from values and the environment, with a secret."""
    return build_config(values or {}, folder=folder, environ={**ENVIRON, **(environ or {})})


def refused(values: dict[str, Any] | None = None, environ: dict[str, str] | None = None) -> str:
    """The one line that says why a configuration is refused."""
    with pytest.raises(StartupError) as raised:
        build(values, environ)
    message = str(raised.value)
    assert "\n" not in message
    return message


def test_every_key_has_a_default() -> None:
    config = build()
    assert config.environment == "production"
    assert config.blocks == ("citycontent",)
    assert config.database_url == "sqlite:////city/samen.db"
    assert config.secret_key == SECRET


def test_values_come_from_the_file_and_the_environment_wins(tmp_path: Path) -> None:
    path = write(tmp_path, 'blocks = ["citycontent", "x"]\n[web]\nport = 9000\nthreads = 2\n[city]\nname = "Gemeente Delft"\n')
    environ = {
        **ENVIRON,
        "SAMEN_WEB_PORT": "9001",
        "SAMEN_BLOCKS": "citycontent, y ,",
        "SAMEN_CITY_LANGUAGES": "nl",
        "SAMEN_WEB_METRICS": "true",
    }
    config = load_config(path, environ)
    assert (config.web.port, config.web.threads, config.web.metrics) == (9001, 2, True)
    assert config.blocks == ("citycontent", "y")
    assert config.city.languages == ("nl",)
    assert config.city.name == "Gemeente Delft"
    assert config.folder == tmp_path


def test_the_file_is_found_through_the_environment(tmp_path: Path) -> None:
    path = write(tmp_path, '[city]\nname = "Gemeente Delft"\n')
    assert load_config(environ={**ENVIRON, "SAMEN_CONFIG": str(path)}).city.name == "Gemeente Delft"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("blocks = [", "cannot be read"),
        ("a = 1\na = 2", "cannot be read"),
        ("databse_url = 'x'", "unknown key 'databse_url': did you mean 'database_url'?"),
        ("[web]\nprot = 1", "unknown key 'web.prot': did you mean 'web.port'?"),
        ("[webb]\nport = 1", "unknown key 'webb': did you mean"),
        ("zzzzzz = 1", "unknown key 'zzzzzz'"),
        ("web = 3", "[web] must be a section"),
        ("secret_key = 'abc'", "'secret_key' is a secret: set SAMEN_SECRET_KEY or SAMEN_SECRET_KEY_FILE instead"),
        ("[mail]\npassword = 'abc'", "'mail.password' is a secret: set SAMEN_MAIL_PASSWORD or SAMEN_MAIL_PASSWORD_FILE instead"),
        ("database_url = 'postgresql+psycopg://samen:geheim@db/samen'", "'database_url' holds a password"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_with_its_name(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(StartupError) as raised:
        load_config(path, ENVIRON)
    assert str(raised.value).startswith(str(path))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "geheim" not in str(raised.value)


def test_a_file_that_is_not_there_names_the_mend(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="does not exist: run 'samen init' to make it, or set SAMEN_CONFIG"):
        load_config(tmp_path / "samen.toml", ENVIRON)


def test_a_folder_or_binary_file_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="cannot be read"):
        load_config(tmp_path, ENVIRON)
    path = tmp_path / "samen.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StartupError, match="cannot be read"):
        load_config(path, ENVIRON)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"web": {"port": 70000}}, "web.port"),
        ({"web": {"port": "acht"}}, "web.port: Not a valid integer."),
        ({"web": {"port": 80.5}}, "web.port: Not a valid integer."),
        ({"web": {"port": True}}, "web.port: Not a valid integer."),
        ({"web": {"base_url": "samen.nl"}}, "web.base_url: Not a valid URL."),
        ({"web": {"worker_thread": "maybe"}}, "web.worker_thread: Not a valid boolean."),
        ({"web": {"api_origins": ["https://a.example/path"]}}, "web.api_origins.0: must be like https://site.example"),
        ({"blocks": "citycontent"}, "blocks: Not a valid list."),
        ({"blocks": [1]}, "blocks.0: Not a valid string."),
        ({"environment": "staging"}, "environment: Must be one of: production, demo, test."),
        ({"city": {"code": "0637"}}, "city.code: must be GM and four digits, as CBS writes it"),
        ({"city": {"languages": ["nl", "fr"]}}, "city.languages.1: Must be one of: nl, en."),
        ({"city": {"languages": ["en"]}}, "city.languages: must have 'nl'"),
        ({"mail": {"transport": "pigeon"}}, "mail.transport: Must be one of: smtp, file."),
        ({"database_url": "samen.db"}, "this is not the URL of a database: use sqlite:///samen.db or postgresql+psycopg://"),
        ({"database_url": "postgresql://host/samen"}, "'postgresql' is not supported: use sqlite:///samen.db or postgresql+psycopg://"),
        ({"database_url": "mysql://host/samen"}, "'mysql' is not supported"),
        ({"database_url": "sqlite://"}, "a database in memory is not supported"),
        ({"database_url": "sqlite:///:memory:"}, "a database in memory is not supported"),
    ],
)
def test_a_wrong_value_names_its_key(values: dict[str, Any], message: str) -> None:
    assert message in refused(values)


def test_an_unknown_variable_names_the_nearest() -> None:
    assert refused(environ={"SAMEN_WEB_PROT": "1"}) == "unknown variable SAMEN_WEB_PROT: did you mean 'SAMEN_WEB_PORT'?"


def test_variables_of_others_do_not_matter() -> None:
    build(environ={"SAMENWERKEN": "1", "PATH": "/bin"})


@given(st.sampled_from([key for key in known_keys() if "." in key]), st.integers(0, 3))
def test_a_misspelt_key_is_never_taken_silently(key: str, index: int) -> None:
    section, _dot, name = key.partition(".")
    wrong = name[:index] + "q" + name[index:]
    assert f"unknown key '{section}.{wrong}': did you mean '" in refused({section: {wrong: 1}})


def test_production_needs_a_secret() -> None:
    with pytest.raises(StartupError, match="there is no secret key: set SAMEN_SECRET_KEY or SAMEN_SECRET_KEY_FILE"):
        build_config({}, folder=Path(), environ={})
    assert "too short" in refused(environ={"SAMEN_SECRET_KEY": "short"})
    assert build_config({"environment": "test"}, folder=Path(), environ={}).secret_key == ""


def test_secrets_come_from_files_too(tmp_path: Path) -> None:
    for name in ("key", "mail"):
        (tmp_path / name).write_text(f"{name}{SECRET}\n", encoding="utf-8")
    environ = {"SAMEN_SECRET_KEY_FILE": str(tmp_path / "key"), "SAMEN_MAIL_PASSWORD_FILE": str(tmp_path / "mail")}
    config = build_config({}, folder=tmp_path, environ=environ)
    assert (config.secret_key, config.mail.password) == (f"key{SECRET}", f"mail{SECRET}")
    with pytest.raises(StartupError, match="SAMEN_SECRET_KEY_FILE cannot be read"):
        build_config({}, folder=tmp_path, environ={"SAMEN_SECRET_KEY_FILE": str(tmp_path / "absent")})


def test_secrets_do_not_show() -> None:
    url = "postgresql+psycopg://samen:geheimpje@db/samen"
    config = build(environ={"SAMEN_MAIL_PASSWORD": "postgeheim", "SAMEN_DATABASE_URL": url})
    assert config.database_url == url
    shown = repr(config) + repr(describe(config, {}))
    assert SECRET not in shown
    assert "postgeheim" not in shown
    assert "geheimpje" not in repr(describe(config, {}))


def test_what_is_shown_says_where_it_comes_from() -> None:
    environ = {**ENVIRON, "SAMEN_WEB_PORT": "9000"}
    config = build({"city": {"name": "Gemeente Delft"}}, environ)
    rows = {key: (value, origin) for key, value, origin in describe(config, environ)}
    assert rows["web.port"] == ("9000", "environment")
    assert rows["city.name"] == ("Gemeente Delft", "samen.toml")
    assert rows["web.threads"] == ("4", "default")
    assert rows["database_url"] == ("sqlite:////city/samen.db", "default")
    assert rows["secret_key"] == ("set", "environment")
    assert rows["mail.password"] == ("not set", "default")
    assert rows["city.languages"] == ("nl, en", "default")
    assert set(rows) == {*known_keys(), "secret_key", "mail.password"}


def test_every_key_has_a_variable_of_its_own() -> None:
    names = [env_name(key) for key in known_keys()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("url", "stored"), [("sqlite:///a.db", "/city/a.db"), ("sqlite:////var/a.db", "/var/a.db"), ("sqlite:///a%20b.db", "/city/a b.db")]
)
def test_a_relative_database_lies_in_the_instance_folder(url: str, stored: str) -> None:
    from sqlalchemy.engine import make_url

    assert make_url(build({"database_url": url}).database_url).database == stored

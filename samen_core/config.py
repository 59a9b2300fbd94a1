"""The configuration of one installation: ``samen.toml`` and ``SAMEN_<SECTION>_<KEY>`` variables, checked against one schema.

An unknown key is refused with the nearest known one. Secrets come from the environment or from a file, never from ``samen.toml``.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, cast

from marshmallow import EXCLUDE, Schema, ValidationError, validate
from marshmallow import fields as f
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from samen_core.errors import StartupError
from samen_core.forms.fields import WholeNumber

CONFIG_NAME = "samen.toml"
ENV_PREFIX = "SAMEN_"
MIN_SECRET = 32


@dataclass(frozen=True, slots=True)
class City:
    """Who the city is: name, short name, CBS code of the municipality, logo and theme (files in the instance folder), contact."""

    name: str = "Gemeente"
    short_name: str = "Samen"
    code: str = ""
    logo: str = ""
    theme: str = ""
    contact_email: str = ""
    contact_url: str = ""
    languages: tuple[str, ...] = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web server listens, its public address, processes and threads; ``api_origins``: sites whose pages may call the API.

    ``webhook_networks``: networks (CIDR) that webhooks may go to though they are not on the internet. ``kept_pages``: megabytes of memory
    that each process may use to keep pages that it drew.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    workers: int = 1
    threads: int = 4
    worker_thread: bool = True
    metrics: bool = False
    kept_pages: int = 8
    trusted_proxies: int = 0
    api_origins: tuple[str, ...] = ()
    webhook_networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail leaves: ``smtp``, or ``file`` (one file per message in ``folder``, for a demonstration)."""

    transport: Literal["smtp", "file"] = "file"
    host: str = "localhost"
    port: int = 25
    username: str = ""
    password: str = field(default="", repr=False)
    security: Literal["none", "starttls", "tls"] = "none"
    sender: str = "samen@localhost"
    folder: str = "mail"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a visitor may send. Sizes in bytes; rates are counts per window of seconds."""

    upload_bytes: int = 10_000_000
    picture_pixels: int = 40_000_000
    posts_per_minute: int = 30
    log_ins_per_quarter: int = 30
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of an installation. ``folder`` is the instance folder that relative paths start from."""

    folder: Path
    environment: Literal["production", "demo", "test"] = "production"
    database_url: str = "sqlite:///samen.db"
    blocks: tuple[str, ...] = ("citycontent",)
    files: str = "files"
    log_format: Literal["json", "console"] = "json"
    trace_hooks: bool = False
    secret_key: str = field(default="", repr=False)
    city: City = field(default_factory=City)
    web: Web = field(default_factory=Web)
    mail: Mail = field(default_factory=Mail)
    limits: Limits = field(default_factory=Limits)

    def path(self, name: str) -> Path:
        """A path of this installation; a relative one starts at the instance folder."""
        return self.folder / name

    @property
    def is_demo(self) -> bool:
        """Whether this is a demonstration, with file mail and printed log-ins."""
        return self.environment == "demo"

    @property
    def is_mail_kept(self) -> bool:
        """Whether this is a real city whose mail reaches nobody, since it goes to files."""
        return self.environment == "production" and self.mail.transport == "file"


def _with_dutch(languages: list[str]) -> None:
    if "nl" not in languages:
        raise ValidationError("must have 'nl': Dutch is the language of the pages without prefix")


def _is_network(network: str) -> None:
    try:
        ip_network(network)
    except ValueError:
        raise ValidationError(f"'{network}' is no network: write it like 10.1.2.0/24") from None


class _CitySchema(Schema):
    name = f.String(validate=validate.Length(1, 100))
    short_name = f.String(validate=validate.Length(1, 40))
    code = f.String(validate=validate.Regexp(r"^(GM\d{4})?$", error="must be GM and four digits, as CBS writes it"))
    logo = f.String()
    theme = f.String()
    contact_email = f.Email()
    contact_url = f.Url()
    languages = f.List(f.String(validate=validate.OneOf(["nl", "en"])), validate=_with_dutch)


class _WebSchema(Schema):
    host = f.String()
    port = WholeNumber(validate=validate.Range(1, 65535))
    base_url = f.Url(require_tld=False)
    workers = WholeNumber(validate=validate.Range(1, 64))
    threads = WholeNumber(validate=validate.Range(1, 64))
    worker_thread = f.Boolean()
    metrics = f.Boolean()
    kept_pages = WholeNumber(validate=validate.Range(0, 1000))
    trusted_proxies = WholeNumber(validate=validate.Range(0, 5))
    api_origins = f.List(
        f.String(validate=validate.Regexp(r"^https?://[^/\s]+$", error="must be like https://site.example, without a path"))
    )

    webhook_networks = f.List(f.String(validate=_is_network))


class _MailSchema(Schema):
    transport = f.String(validate=validate.OneOf(["smtp", "file"]))
    host = f.String()
    port = WholeNumber(validate=validate.Range(1, 65535))
    username = f.String()
    security = f.String(validate=validate.OneOf(["none", "starttls", "tls"]))
    sender = f.String()
    folder = f.String()


class _LimitsSchema(Schema):
    upload_bytes = WholeNumber(validate=validate.Range(1000))
    picture_pixels = WholeNumber(validate=validate.Range(10_000))
    posts_per_minute = WholeNumber(validate=validate.Range(1))
    log_ins_per_quarter = WholeNumber(validate=validate.Range(1))
    enabled = f.Boolean()


class _ConfigSchema(Schema):
    environment = f.String(validate=validate.OneOf(["production", "demo", "test"]))
    database_url = f.String()
    blocks = f.List(f.String())
    files = f.String()
    log_format = f.String(validate=validate.OneOf(["json", "console"]))
    trace_hooks = f.Boolean()
    city = f.Nested(_CitySchema)
    web = f.Nested(_WebSchema)
    mail = f.Nested(_MailSchema)
    limits = f.Nested(_LimitsSchema)


_SECTIONS: dict[str, tuple[type[Any], type[Schema]]] = {
    "city": (City, _CitySchema),
    "web": (Web, _WebSchema),
    "mail": (Mail, _MailSchema),
    "limits": (Limits, _LimitsSchema),
}
SECRETS = ("secret_key", "mail.password")
"""Keys that are read from ``SAMEN_SECRET_KEY`` / ``SAMEN_MAIL_PASSWORD`` or from the file named by the same with ``_FILE``."""

_SPECIAL_VARIABLES = {"SAMEN_CONFIG"}
_LISTS = ("blocks", "languages", "api_origins", "webhook_networks")


def known_keys() -> list[str]:
    """Every key of the schema, sections with a dot: ``web.port``."""
    top = [name for name in _ConfigSchema().fields if name not in _SECTIONS]
    return top + [f"{section}.{name}" for section, (_, schema) in _SECTIONS.items() for name in schema().fields]


def load_config(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration from ``path`` (default: ``$SAMEN_CONFIG`` or ``./samen.toml``) and the environment.

    Raises StartupError, one line, for a file that is absent or unreadable, an unknown key, a wrong value or a missing secret.
    """
    path = path or Path(environ.get("SAMEN_CONFIG", CONFIG_NAME))
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StartupError(f"{path} does not exist: run 'samen init' to make it, or set SAMEN_CONFIG") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"{path} cannot be read: {error}") from None
    return build_config(values, folder=path.resolve().parent, environ=environ, origin=str(path))


def build_config(values: Mapping[str, Any], *, folder: Path, environ: Mapping[str, str] = os.environ, origin: str = CONFIG_NAME) -> Config:
    """A checked configuration from plain values (the content of a ``samen.toml``) and environment variables. Raises StartupError."""
    merged: dict[str, Any] = {key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items()}
    _refuse_unknown(merged, origin)
    if _password_of(merged.get("database_url")):
        raise StartupError(f"{origin}: 'database_url' holds a password, which is a secret: set SAMEN_DATABASE_URL instead")
    _apply_environment(merged, environ)
    try:
        loaded = cast("dict[str, Any]", _ConfigSchema(unknown=EXCLUDE).load(merged))
    except ValidationError as error:
        raise StartupError(f"{origin}: {_first_problem(error.messages_dict)}") from None
    parts: dict[str, Any] = {key: value for key, value in loaded.items() if key not in _SECTIONS}
    for section, (kind, _) in _SECTIONS.items():
        content = {key: tuple(value) if isinstance(value, list) else value for key, value in loaded.get(section, {}).items()}
        if section == "mail":
            content["password"] = _secret("SAMEN_MAIL_PASSWORD", environ)
        parts[section] = kind(**content)
    if "blocks" in parts:
        parts["blocks"] = tuple(parts["blocks"])
    config = Config(folder=folder, secret_key=_secret("SAMEN_SECRET_KEY", environ), **parts)
    return _with_secret(replace(config, database_url=_checked_url(config.database_url, folder)))


def _checked_url(url: str, folder: Path) -> str:
    """The URL of the database, if it is of a kind that is supported; a SQLite file with a relative path lies in the instance folder."""
    advice = "use sqlite:///samen.db or postgresql+psycopg://user@host/database"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StartupError(f"database_url: this is not the URL of a database: {advice}") from None
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StartupError(f"database_url: '{parsed.drivername}' is not supported: {advice}")
    if parsed.drivername == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise StartupError(f"database_url: a database in memory is not supported: {advice}")
        parsed = parsed.set(database=str(folder / parsed.database))
    return parsed.render_as_string(hide_password=False)


def _password_of(url: object) -> str:
    """The password in a database URL; empty when there is none."""
    try:
        return str(make_url(str(url)).password or "")
    except (ArgumentError, ValueError):
        return ""


def _with_secret(config: Config) -> Config:
    if config.secret_key and len(config.secret_key) < MIN_SECRET:
        raise StartupError(f"SAMEN_SECRET_KEY is too short: use at least {MIN_SECRET} characters, for example from 'openssl rand -hex 32'")
    if not config.secret_key and config.environment == "production":
        raise StartupError("there is no secret key: set SAMEN_SECRET_KEY or SAMEN_SECRET_KEY_FILE (make one with 'openssl rand -hex 32')")
    return config


def _secret(variable: str, environ: Mapping[str, str]) -> str:
    if value := environ.get(variable):
        return value
    if file := environ.get(f"{variable}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise StartupError(f"{variable}_FILE cannot be read: {error}") from None
    return ""


def _refuse_unknown(values: Mapping[str, Any], origin: str) -> None:
    known = known_keys()
    for key, value in values.items():
        if key in _SECTIONS:
            if not isinstance(value, dict):
                raise StartupError(f"{origin}: [{key}] must be a section")
            given = [f"{key}.{name}" for name in value]
        else:
            given = [key]
        for name in given:
            if name in SECRETS:
                raise StartupError(f"{origin}: '{name}' is a secret: set {env_name(name)} or {env_name(name)}_FILE instead")
            if name not in known:
                raise StartupError(f"{origin}: unknown key '{name}'{_nearest(name, known)}")


def _nearest(name: str, known: list[str]) -> str:
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f": did you mean '{found[0]}'?" if found else ""


def env_name(key: str) -> str:
    """The variable of a key: ``web.port`` is ``SAMEN_WEB_PORT``."""
    return ENV_PREFIX + key.replace(".", "_").upper()


def _apply_environment(values: dict[str, Any], environ: Mapping[str, str]) -> None:
    by_variable = {env_name(key): key for key in known_keys()}
    allowed = {env_name(secret) + suffix for secret in SECRETS for suffix in ("", "_FILE")} | _SPECIAL_VARIABLES
    for variable, raw in environ.items():
        if not variable.startswith(ENV_PREFIX) or variable in allowed:
            continue
        key = by_variable.get(variable)
        if key is None:
            raise StartupError(f"unknown variable {variable}{_nearest(variable, list(by_variable))}")
        section, _, name = key.rpartition(".")
        value: Any = [part.strip() for part in raw.split(",") if part.strip()] if name in _LISTS else raw
        if section:
            values.setdefault(section, {})[name] = value
        else:
            values[name] = value


def _first_problem(messages: Mapping[Any, Any], prefix: str = "") -> str:
    key, value = next(iter(messages.items()))
    if isinstance(value, dict):
        return _first_problem(value, f"{prefix}{key}.")
    return f"{prefix}{key}: {' '.join(str(item) for item in value)}"


def describe(config: Config, environ: Mapping[str, str] = os.environ) -> list[tuple[str, str, str]]:
    """Every key with its value and where the value comes from (environment or file or default); secrets are not shown."""
    rows = []
    for key in [*known_keys(), *SECRETS]:
        section, _, name = key.rpartition(".")
        value: Any = getattr(getattr(config, section) if section else config, name)
        default = _default_of(section, name)
        if name == "database_url":
            value, default = make_url(value).render_as_string(), _checked_url(default, config.folder)
        origin = "environment" if env_name(key) in environ else "default" if value == default else CONFIG_NAME
        if key in SECRETS:
            value, origin = ("set" if value else "not set"), "environment" if value else "default"
        rows.append((key, ", ".join(value) if isinstance(value, tuple) else str(value), origin))
    return rows


def _default_of(section: str, name: str) -> Any:
    kind = _SECTIONS[section][0] if section else Config
    found = next(item for item in fields(kind) if item.name == name)
    return found.default

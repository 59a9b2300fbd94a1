"""Logging: one line per event, JSON or readable, with the id of the request and without personal data.

Everything goes through structlog, the standard library's loggers (gunicorn, SQLAlchemy, Alembic) included. The last processor before
rendering takes out what looks like an e-mail address, an address, an IP address or a token, wherever it stands: also in the text of an
exception.
"""

from __future__ import annotations

import logging
import re
import sys
import uuid
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from flask import Request

    from samen_core.config import Config

HIDDEN = "•"
MAX_DEPTH = 6

SECRET_KEYS = frozenset(
    {
        *("authorization", "cookie", "set-cookie", "csrf_token", "password", "secret", "token", "session"),
        *("email", "e-mail", "recipient", "name", "display_name", "phone", "telephone", "remote_addr", "ip"),
    }
)
"""Keys whose value is never logged."""

OWN_KEYS = frozenset({"at", "level", "logger", "request", "method", "rule", "status", "milliseconds"})
"""Keys that this module fills with codes and numbers of its own."""

_PERSONAL = re.compile(
    r"""
      [^\s@<>"'(,;:=]+@[^\s@<>"'),;:]+                           # an e-mail address
    | \b[1-9][0-9]{3}(?:\s?[A-Z]{2}|[a-z]{2})\b(?:[\s,+-]*[0-9]{1,5}\b)?   # a postcode, with a house number
    | \b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b                          # an IPv4 address
    | \b(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}\b             # an IPv6 address
    | \beyJ[\w-]+(?:\.[\w-]+)*                                   # a JSON web token
    | (?<=token=)[^&\s"']+ | (?<=/login/)[\w.-]{16,}
    | (?<![\w-])(?=[\w.-]*[0-9])(?=[\w.-]*[a-zA-Z])[\w.-]{40,}   # a long random value
    """,
    re.VERBOSE,
)
_DATABASE_DETAIL = re.compile(
    r"^(?P<name>DETAIL|CONTEXT):.*?(?=\n(?:HINT|CONTEXT|DETAIL):|\n\[SQL|\n\nThe above exception|\n\nDuring handling|\nTraceback|\Z)",
    re.MULTILINE | re.DOTALL,
)
"""PostgreSQL names the values of the row in these parts of an error, which may be whatever somebody typed."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_requests = logging.getLogger("samen.request")


class _Stderr(logging.StreamHandler[Any]):
    """Writes to what is standard error at that moment: a test or a command runner may have put another in its place."""

    def __init__(self, formatter: logging.Formatter) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(formatter)

    @property
    def stream(self) -> Any:
        return sys.stderr


def configure(config: Config) -> None:
    """Set logging up for this process, in the format that the configuration names; calling it again replaces what was."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        hide_personal_data,
    ]
    is_json = config.log_format == "json"
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if is_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    # A record of the standard library has its arguments filled in by the formatter, before the shared processors see it.
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _Stderr)]:
        root.removeHandler(old)
    root.addHandler(_Stderr(formatter))
    root.setLevel(logging.INFO)
    for name in ("alembic", "sqlalchemy", "PIL", "fontTools", "weasyprint"):
        logging.getLogger(name).setLevel(logging.WARNING)


def hide_personal_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: blanks the values of :data:`SECRET_KEYS` and everything that looks like personal data in the rest."""
    for key, value in event.items():
        if key not in OWN_KEYS:
            event[key] = HIDDEN if key.lower() in SECRET_KEYS and value else _hidden(value)
    return event


def _hidden(value: Any, depth: int = 0) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        return {str(key): HIDDEN if str(key).lower() in SECRET_KEYS else _hidden(item, depth + 1) for key, item in value.items()}
    if depth < MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [_hidden(item, depth + 1) for item in value]
    return hide_in_text(value if isinstance(value, str) else str(value))


def hide_in_text(text: str) -> str:
    """The text without what looks like personal data, and without the values that a database tells with an error.

    The ids of this platform (UUIDs) and version-like numbers stay.
    """
    text = _DATABASE_DETAIL.sub(lambda match: f"{match['name']}: {HIDDEN}", text)
    return _PERSONAL.sub(lambda match: match[0] if _UUID.fullmatch(match[0]) else HIDDEN, text)


def bind_request(request: Request) -> str:
    """Give everything that is logged during this request an id: the proxy's ``X-Request-ID`` where that is a plain one, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    # The rule, not the path: what stands in a path may be about a person.
    rule = request.url_rule.rule if request.url_rule else ""
    method = request.method if request.method in _METHODS else "other"
    structlog.contextvars.bind_contextvars(request=request_id, method=method, rule=rule)
    return request_id


def request_done(status: int, seconds: float) -> None:
    """Log that the request at hand was answered.

    Nothing but codes and numbers of our own: it is made as the processors would leave it, which cost more than all the rest of the line.
    """
    if not _requests.isEnabledFor(logging.INFO):
        return
    line = {
        **hide_personal_data(None, "info", structlog.contextvars.get_contextvars()),
        "event": "request",
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        "logger": _requests.name,
        "level": "info",
        "at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
    # What structlog hands to its formatter with a line of its own: the logger and the name of the method.
    _requests.handle(
        logging.makeLogRecord({"name": _requests.name, "levelno": logging.INFO, "msg": line, "_logger": _requests, "_name": "info"})
    )

"""GeoReport v2 at its own addresses: every answer, and every error, in the format that the address names (open311.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from samen_core.api import (
    FileValue,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    SamenError,
    Text,
    TooMany,
    Unavailable,
    _,
    anonymous,
    current_language,
    hit,
    store_upload,
    who_hash,
)
from samen_core.web.api import BlockBlueprint, current_platform, current_uow, limit_visitor, page_url
from samen_oog_oor import paths
from samen_oog_oor.georeport import (
    MEDIA_TYPES,
    SPECIFICATION,
    WINDOW,
    Asked,
    Body,
    error_body,
    read_asked,
    write,
    write_moment,
)
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.open311 import UpdatesAsked
from samen_oog_oor.services import open311_lists as lists
from samen_oog_oor.services.keys import KeyUse, find_key
from samen_oog_oor.services.limits import limit_mail

open311 = BlockBlueprint("oog_oor_open311", __name__)
FORMATS = "<any(json, xml):format>"
BASE = paths.OPEN311
MINUTE = 60
MOST_A_MINUTE = 120
"""Requests with one key."""
MOST_WRONG = 30
"""Wrong keys a minute from one address."""
MOST_FILES = 3
_RESOURCE = re.compile(r"(?:discovery|services|requests|servicerequestupdates)(?:\.\w*)?|(?:services|requests|tokens)/[^/]+")
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@open311.route(f"/discovery.{FORMATS}", public=True, endpoint="discovery_root")
@open311.route(f"{BASE}/discovery.{FORMATS}", public=True)
def discovery(format: str) -> ResponseReturnValue:
    """Where the API is, and how to get a key."""
    uow = current_uow()
    city, base = uow.platform.config.city, uow.platform.config.web.base_url.rstrip("/")
    changed = write_moment(lists.last_change(category_tree(uow))) or "2026-01-01T00:00:00Z"
    kind = "production" if uow.platform.config.environment == "production" else "test"
    body = {
        "changeset": changed,
        "contact": str(_("{city}: {url}", city=city.name, url=base)),
        "key_service": str(_("Maak zelf een sleutel op {url}.", url=base + page_url(paths.KEYS))),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": base + paths.OPEN311,
                "changeset": changed,
                "type": kind,
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return _reply(format, "discovery", body)


@open311.route(f"{BASE}/services.{FORMATS}", public=True)
def services(format: str) -> ResponseReturnValue:
    """Every category that takes requests."""
    _check_jurisdiction()
    return _reply(format, "services", lists.services(category_tree(current_uow()), current_language()))


@open311.route(f"{BASE}/services/<code>.{FORMATS}", public=True)
def service_definition(code: str, format: str) -> ResponseReturnValue:
    """The extra questions of a category."""
    _check_jurisdiction()
    category = lists.service(category_tree(current_uow()), code)
    if category is None:
        raise NotFound(_("service_code {code} is onbekend.", code=code[:80]))
    return _reply(format, "service_definition", lists.definition(category))


@open311.route(f"{BASE}/requests.{FORMATS}", public=True)
def requests(format: str) -> ResponseReturnValue:
    """Cases, newest first."""
    _check_jurisdiction()
    uow = current_uow()
    return _reply(format, "service_requests", lists.requests(uow, read_asked(request.args, uow.now), current_language()))


@open311.route(f"{BASE}/requests/<number>.{FORMATS}", public=True)
def one_request(number: str, format: str) -> ResponseReturnValue:
    """One case."""
    _check_jurisdiction()
    asked = Asked(numbers=(number,), extensions=request.args.get("extensions", "").lower() in ("true", "1", "yes"))
    found = lists.requests(current_uow(), asked, current_language())
    if not found:
        raise NotFound(_("service_request_id {number} is onbekend.", number=number[:40]))
    return _reply(format, "service_requests", found)


@open311.route(f"{BASE}/requests.{FORMATS}", public=True, cache=False, counted=False, methods=["POST"])
def post_request(format: str) -> ResponseReturnValue:
    """A new request, from a program with a key."""
    from samen_oog_oor.services.open311_requests import Sent, receive_request

    key = _key()
    limit_mail(current_platform(), request.form.get("email", ""))
    _check_jurisdiction()
    fields = {name: request.form.getlist(name) for name in request.form}
    sent = Sent(fields, _pictures(), request.headers.get("Idempotency-Key", "").strip())
    return _reply(format, "service_requests", [receive_request(current_uow(), key, sent)])


@open311.route(f"{BASE}/tokens/<token>.{FORMATS}", public=True, cache=False)
def token(token: str, format: str) -> ResponseReturnValue:
    """What became of a request that waited for its reporter."""
    from samen_oog_oor.services.open311_requests import request_of_token

    _check_jurisdiction()
    return _reply(format, "service_requests", [request_of_token(current_uow(), token)])


@open311.route(f"{BASE}/servicerequestupdates.{FORMATS}", public=True)
def updates(format: str) -> ResponseReturnValue:
    """What was told of cases, oldest first."""
    _check_jurisdiction()
    uow = current_uow()
    asked = read_asked({name: value for name, value in request.args.items() if name in ("start_date", "end_date")}, uow.now)
    numbers = tuple(part.strip() for part in request.args.get("service_request_id", "").split(",") if part.strip())[:1_000]
    period = UpdatesAsked(asked.since or uow.now - WINDOW, asked.until or uow.now, numbers)
    return _reply(format, "service_request_updates", lists.updates(uow, period))


@open311.route(f"{BASE}/servicerequestupdates.{FORMATS}", public=True, cache=False, counted=False, methods=["POST"])
def post_update(format: str) -> ResponseReturnValue:
    """A message about a case, from a program whose key may send those."""
    from samen_oog_oor.services.keys import note_use
    from samen_oog_oor.services.open311_updates import read_update, take_update

    key = _key()
    if not key.may_update:
        raise NotAllowed(_("Met deze sleutel kunt u geen berichten sturen. Vraag het de gemeente."))
    _check_jurisdiction()
    uow, command = current_uow(), read_update(request.form, key.source)
    note_use(uow, key.id)
    with uow.acting(key.owner):
        taken = take_update(uow, command)
    if taken is None:
        raise Invalid({"update_id": [_("Dit bericht is al binnen.")]})
    return _reply(format, "service_request_updates", [{"update_id": command.source_id}])


# A path may not hold the end of a line, a name may.
@open311.route(f"{BASE}/<string:first>/<string:last>", public=True, cache=False, methods=_METHODS, endpoint="unknown_of")
@open311.route(f"{BASE}/<string:last>", public=True, cache=False, methods=_METHODS, endpoint="unknown_one")
@open311.route(f"{BASE}/<path:last>", public=True, cache=False, methods=_METHODS)
def unknown(last: str, first: str = "") -> ResponseReturnValue:
    """Anything else: a format that is not there, a method that does not fit, or nothing at all."""
    rest = f"{first}/{last}" if first else last
    name, _dot, suffix = rest.rpartition(".")
    if _RESOURCE.fullmatch(rest) and (suffix not in MEDIA_TYPES or not name):
        raise Invalid({"": [_("Zet .xml of .json achter het adres.")]})
    if _RESOURCE.fullmatch(rest) and request.method != "GET":
        raise Invalid({"": [_("Deze methode kan hier niet.")]})
    raise NotFound(_("Op dit adres is niets te vinden."))


def _reply(format: str, root: str, body: Body, status: int = 200) -> Response:
    response = Response(write(format, root, body), status, content_type=MEDIA_TYPES[format])
    if request.method in ("GET", "HEAD"):
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _check_jurisdiction() -> None:
    """There is one municipality here, so nobody needs to name it; whoever names another gets 404."""
    given = (request.form.get("jurisdiction_id") or request.args.get("jurisdiction_id") or "").strip().lower()
    host = (urlsplit(current_platform().config.web.base_url).hostname or "").removeprefix("www.")
    if given and given.removeprefix("www.") != host:
        raise NotFound(_("jurisdiction_id {given} is onbekend; hier is het {host}.", given=given[:80], host=host))


def _key() -> KeyUse:
    """The key of this request, counted before anything is written. Raises NotAllowed for none or a wrong one, and TooMany."""
    platform = current_platform()
    platform_limit = current_platform().config.limits
    request.max_content_length = platform_limit.upload_bytes * MOST_FILES + 1_000_000
    secret = (request.form.get("api_key") or request.args.get("api_key") or "").strip()
    with platform.read(anonymous("rest")) as uow:
        key = find_key(uow, secret)
    if key is None:
        limit_visitor("oog_oor.open311.wrong_key", MOST_WRONG, MINUTE)
        raise NotAllowed(_("api_key ontbreekt of is onjuist"))
    if platform_limit.enabled:
        hit(platform, "oog_oor.open311.key", who_hash(platform, str(key.id)), MOST_A_MINUTE, MINUTE)
    return key


def _pictures() -> tuple[FileValue, ...]:
    """Pictures that came with the request, stored. Raises Invalid for what is no picture."""
    chosen = [upload for upload in request.files.getlist("media") if upload.filename]
    if len(chosen) > MOST_FILES:
        raise Invalid({"media": [_("Kies hoogstens {max} foto’s.", max=MOST_FILES)]})
    found = []
    for upload in chosen:
        try:
            stored = store_upload(current_uow(), upload.stream, upload.filename or "", decorative=True, pictures=True, public=False)
        except Invalid as error:
            raise Invalid({"media": [text for texts in error.errors.values() for text in texts]}) from None
        found.append(FileValue(stored.id))
    return tuple(found)


def _format() -> str:
    return "json" if request.path.endswith(".json") else "xml"


def _errors(status: int, said: Iterable[Text | str]) -> Response:
    return _reply(_format(), "errors", error_body((status, text) for text in said), status)


def _expected(error: SamenError) -> Response:
    if isinstance(error, Invalid):
        said = [
            f"{name}: {text}" if name and not str(text).startswith(name) else str(text)
            for name, texts in error.errors.items()
            for text in texts
        ]
        return _errors(400, said or [str(error.title)])
    status = 404 if isinstance(error, NotFound | Gone) else 403 if isinstance(error, NotAllowed) else 400
    if isinstance(error, TooMany | Unavailable):
        response = _errors(error.status, [error.message or error.title])
        response.headers["Retry-After"] = str(error.retry_after or MINUTE)
        return response
    if type(error) is SamenError:
        status = 500
    return _errors(status, [error.message or error.title])


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    status = error.code if error.code in (403, 404) or error.code >= 500 else 400
    return _errors(status, [_("Op dit adres is niets te vinden.") if status == 404 else _("Dit verzoek is niet te begrijpen.")])


def _unexpected(error: Exception) -> ResponseReturnValue:
    current_platform().log.error("request_failed", endpoint=request.endpoint, exc_info=error)
    return _expected(Unavailable() if isinstance(error, DBAPIError) else SamenError())


open311.register_error_handler(SamenError, _expected)
open311.register_error_handler(HTTPException, _http)
open311.register_error_handler(Exception, _unexpected)

"""Ten thousand hostile inputs into everything that takes input, on both databases: never a failure, always text that stays text."""

from __future__ import annotations

import base64
import contextlib
import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from icalendar import Calendar

from samen_beleidsagenda.schemas.imports import CreateList
from samen_beleidsagenda.services.imports.lists import create_list
from samen_core import logs
from samen_core.accounts.queries import account_by_email
from samen_core.actor import Actor, Grant, system
from samen_core.app import create_app
from samen_core.errors import Invalid
from samen_core.events.worker import Worker
from samen_core.files.services import store_upload
from samen_core.platform import Platform
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.crawl import crawl
from samen_core.testing.visitors import Forms, Pairs
from samen_core.web.headers import PAGE_HEADERS
from tests.soak.conftest import DemoCity
from tests.soak.hostile import MARKS, Findings, Inputs, as_typed
from tests.support.html import html_problems
from tests.support.visitor import changed

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.app import SamenFlask

ENOUGH = 10_000
"""Hostile inputs on each database."""

ROUNDS = 28
"""Times that each form is sent."""

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
LEFT_ALONE = ("uitloggen", "/account/verwijderen", "/blokkeren", "/intrekken", "/deblokkeren", "/account/email", "/account/wachtwoord")
"""Forms that would end the account or the session that the test goes on with; their addresses get hostile input all the same."""

KEPT_FIELDS = ("csrf_token",)
SLOW = ("/inloggen", "/registreren", "/wachtwoord-vergeten")
"""Forms with a password, whose check is slow by design."""


class Attack:
    """The application of a demonstration city, its visitors, and what they found."""

    def __init__(self, city: DemoCity, shared_data: Path) -> None:
        city.variables["SAMEN_LIMITS_ENABLED"] = "false"
        self.city = city
        self.platform: Platform = city.platform()
        logs.configure(self.platform.config)
        self.app: SamenFlask = create_app(self.platform)
        self.inputs = Inputs(shared_data, seed=len(city.url))
        self.rng = random.Random(5)
        self.found = Findings()
        self.anonymous: FlaskClient = self.app.test_client()
        self.manager: FlaskClient = self.app.test_client()
        email, password = city.log_ins()["manager"]
        answer = self.manager.post("/inloggen", data={"email": email, "password": password}, headers=SAME_SITE)
        assert answer.status_code == 303

    def rules(self) -> Iterator[Any]:
        """The routes of the pages and the API, without the parts that the test client makes."""
        return iter(sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule))

    def token(self) -> str:
        """A token with every scope of the manager."""
        with self.platform.read(system("test")) as uow:
            account = account_by_email(uow.session, self.city.log_ins()["manager"][0])
        assert account is not None
        actor = Actor(kind="account", account_id=account.id, label="Wim", grants=(Grant("manager", None),), origin="test")
        scopes = [item.name for item in self.platform.permissions.values() if item.audience != "everyone" and item.somewhere(actor)]
        return make_token(self.platform, actor, *scopes)


@pytest.fixture
def attack(city: DemoCity, shared_data: Path) -> Iterator[Attack]:
    """Everything to attack."""
    made = Attack(city, shared_data)
    yield made
    made.platform.close()


def test_hostile_input(attack: Attack) -> None:
    """One walk, since what one part stores another part shows."""
    parts: tuple[Callable[[Attack], None], ...] = (forms, lists, cursors, paths, headers, bodies, uploads, stored_files)
    numbers = {}
    written = io.StringIO()
    with contextlib.redirect_stderr(written):
        for part in (*parts, pages_afterwards, feeds_afterwards):
            before = attack.inputs.given
            part(attack)
            numbers[part.__name__] = attack.inputs.given - before
    print(f"{attack.found.requests} requests, {attack.inputs.given} inputs {numbers}, answers {attack.found.statuses}")
    problems = list(dict.fromkeys(attack.found.problems))
    assert not problems, "\n".join([f"{len(problems)} problems", *problems[:60]])
    look_at_log(written.getvalue())
    assert attack.inputs.given >= ENOUGH
    # What was typed stays, also where its input is of a kind that should not hold it.
    invalid = [problem for problem in html_problems(attack.found.pages) if "attribute “value” on element “input”" not in problem]
    assert not invalid, "\n".join([f"{len(invalid)} places", *one_of_each(invalid)])


def one_of_each(problems: list[str]) -> list[str]:
    """The first problem of each kind: what a validator says without the texts and numbers in it."""
    kinds = {re.sub(r"[“\"].*?[”\"]|\d+", "", problem.partition(": ")[2])[:80]: problem for problem in reversed(problems)}
    return [problem[:500] for problem in kinds.values()][:40]


def look_at_log(text: str) -> None:
    """Nothing that visitors typed and nothing personal is in what was logged, and nothing failed."""
    assert text.count('"event": "request"') > 1000, "nothing was logged"
    # The id of a request is the one that the proxy in front gave it, if that is a plain one.
    assert MARKS.findall(re.sub(r'"request": "[\w.-]{8,64}"', "", text)) == []
    assert "@samen.example" not in text
    assert [line[:2000] for line in text.splitlines() if '"level": "error"' in line] == []


def forms(attack: Attack) -> None:
    """Every form that a visitor or the manager meets: one field hostile and the rest right, and all fields at once."""
    met = {**meet_forms(attack, attack.manager), **meet_forms(attack, attack.anonymous)}
    assert len(met) > 25, sorted(met)
    for (rule, _fields), (client, page, action, pairs) in sorted(met.items()):
        what = f"POST {rule}"
        rounds = 4 if rule.removeprefix("/en").startswith(SLOW) else ROUNDS
        open_names = [name for name, _value in pairs if name not in KEPT_FIELDS] or ["q"]
        for number in range(rounds):
            chosen = open_names if number % 4 == 3 else [open_names[number % len(open_names)]]
            sent = {name: next(attack.inputs) for name in dict.fromkeys(chosen)}
            right = fill_in(changed([pair for pair in pairs if pair[0] not in sent], **fresh_token(client, page)))
            answer = client.post(action, data=urlencode([*right, *sent.items()]), headers=FORM)
            dom = attack.found.look(answer, what, sent.items())
            if dom is not None and answer.status_code == 400 and set(dom.values) >= {name for name in sent if name in dom.values}:
                attack.found.kept(dom, sent.items(), what)


FORM = {**SAME_SITE, "Content-Type": "application/x-www-form-urlencoded"}


def fresh_token(client: FlaskClient, page: str) -> dict[str, str]:
    """The token of a form; none for who is not logged in."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    return {"csrf_token": found[1]} if found else {}


def fill_in(pairs: Pairs) -> Pairs:
    """The pairs of a form with something right where nothing was filled in, so that only what is hostile can be refused."""
    right = {"name": "Voorbeeld", "sector": "citizens", "family_name": "Berg", "label": "Voorzitter", "status": "idea", "days": "30"}
    right |= {"starts_at": "2027-03-01T19:30", "start_date": "2027-03-01", "email": "iemand@voorbeeld.nl", "display_name": "Iemand"}
    right |= {"postcode": "2712 AB", "house_number": "1", "reason": "Een reden", "password": "vier paarse olifanten zingen"}
    return [(name, value or right.get(name, "")) for name, value in pairs]


def meet_forms(attack: Attack, client: FlaskClient) -> dict[tuple[str, tuple[str, ...]], tuple[FlaskClient, str, str, Pairs]]:
    """The forms on the pages that links lead to, one of each kind: who met it, on which page, where it goes, what is in it."""
    met: dict[tuple[str, tuple[str, ...]], tuple[FlaskClient, str, str, Pairs]] = {}
    adapter = attack.app.url_map.bind("localhost")
    for page in crawl(client, ("/",), headers={}, limit=600):
        if not page.html or page.path.startswith("/en/"):
            continue
        parsed = Forms(page.html)
        for address, controls in parsed.forms:
            action = (address or page.path).partition("?")[0]
            if any(part in action for part in LEFT_ALONE) or not controls:
                continue
            try:
                rule, _arguments = adapter.match(action, method="POST", return_rule=True)
            except Exception:  # noqa: BLE001 - a form of GET, which the lists are about
                continue
            names = tuple(sorted({control.name for control in controls}))
            met.setdefault((rule.rule, names), (client, page.path, action, all_pairs(page.html, address)))
    return met


def all_pairs(html: str, action: str) -> Pairs:
    """The inputs of a form, also the selects and checkboxes that nobody chose from."""
    parsed = Forms(html)
    pairs = next([(control.name, control.value) for control in controls] for found, controls in parsed.forms if found == action)
    named = {name for name, _value in pairs}
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    every = re.findall(r'<(?:select|input type="(?:radio|checkbox)")[^>]*\bname="([^"]+)"', form[0]) if form else []
    return pairs + [(name, "") for name in dict.fromkeys(every) if name not in named]


def lists(attack: Attack) -> None:
    """Every page with hostile values for the names that its own links and filters use, and for names that it never heard of."""
    names_of: dict[str, set[str]] = {}
    for page in crawl(attack.manager, ("/",), headers={}, limit=400):
        for address in re.findall(r'(?:href|action)="([^"]+)"', page.html):
            path, _mark, query = address.replace("&amp;", "&").partition("?")
            if path.startswith("/") and not path.startswith("/static/"):
                names_of.setdefault(path, set()).update(re.findall(r"(?:^|&)([a-z_]+)=", query))
        names_of.setdefault(page.path.partition("?")[0], set()).update(
            name
            for form in re.findall(r'<form[^>]*method="get".*?</form>', page.html, re.DOTALL)
            for name in re.findall(r'name="([^"]+)"', form)
        )
    by_rule: dict[str, tuple[str, set[str]]] = {}
    adapter = attack.app.url_map.bind("localhost")
    for path, names in names_of.items():
        with contextlib.suppress(Exception):
            rule, _arguments = adapter.match(path.removeprefix("/en") or "/", method="GET", return_rule=True)
            by_rule.setdefault(rule.rule, (path, set()))[1].update(names)
    for rule, (path, names) in sorted(by_rule.items()):
        rounds = 20 + 12 * len(names)
        for number in range(rounds if names else 4):
            asked = attack.rng.sample(sorted(names), min(len(names), 1 + number % 3)) + (["onbekend"] if number % 4 == 0 else [])
            sent = [(name, next(attack.inputs)) for name in asked]
            client = attack.manager if number % 2 else attack.anonymous
            prefix = "/en" if number % 5 == 0 and not path.startswith(("/en", "/api", "/id", "/files")) else ""
            attack.found.look(client.get(f"{prefix}{path}?{urlencode(sent, errors='surrogatepass')}"), f"GET {rule}", sent)
    attack.found.look(attack.anonymous.get("/organisaties?q=%ff%fe&sector=%80"), "GET bytes")
    attack.found.look(attack.anonymous.get("/organisaties?" + "&".join(f"q{n}=1" for n in range(3000))), "GET many")
    for number in range(900):
        path = ("/zoeken", "/organisaties", "/personen", "/agenda", "/projecten", "/themas", "/beheer/gebruikers")[number % 7]
        sent = [("zoek" if path.startswith("/beheer") else "q", next(attack.inputs))]
        attack.found.look(attack.manager.get(f"{path}?{urlencode(sent)}"), f"GET {path} search", sent)


def cursors(attack: Attack) -> None:
    """Places in a list that nobody was given: of another list, cut off, changed, of other types."""
    real: set[str] = set()
    addresses = ["/organisaties", "/personen", "/beheer/gebruikers", "/agenda", "/projecten", "/themas"]
    api = [
        f"/api/v1/citycontent/{name}"
        for name in ("organizations", "persons", "events", "projects", "areas", "memberships", "posts", "themes")
    ]
    for path in (*addresses, *api):
        answer = attack.manager.get(path + ("?limit=3" if path in api else ""))
        real.update(re.findall(r"cursor=([\w%-]+)", answer.text + answer.headers.get("Link", "")))
    assert len(real) > 5
    for path in (*addresses, *api):
        for number in range(16):
            cursor = spoilt(attack, attack.rng.choice(sorted(real)), number)
            attack.found.look(attack.manager.get(f"{path}?{urlencode({'cursor': cursor})}"), f"GET {path} cursor", [("cursor", cursor)])


def spoilt(attack: Attack, cursor: str, number: int) -> str:
    """A cursor with something wrong in it."""
    attack.inputs.given += 1
    content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    values: list[Any] = [
        None,
        True,
        2**70,
        -1,
        1.5,
        [],
        {},
        "\x00",
        "\ud800",
        "a" * 3000,
        "9999-12-31T23:59:59+00:00",
        "0001-01-01",
        "",
        "x",
    ]
    match number % 4:
        case 0:
            return cursor[: attack.rng.randrange(len(cursor))]
        case 1:
            place = attack.rng.randrange(len(cursor))
            return cursor[:place] + attack.rng.choice("AZaz09-_=") + cursor[place + 1 :]
        case 2:
            content[2] = [attack.rng.choice(values) for _value in content[2]]
        case _:
            content = attack.rng.choice([values, {"a": 1}, content + content, [content[0], "x", content[2]], [content[0], "n", []], 5])
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def paths(attack: Attack) -> None:
    """Every route with hostile parts in its path."""
    for rule in attack.rules():
        if not rule.arguments:
            continue
        methods = sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"})
        for number in range(20):
            sent = {name: next(attack.inputs) for name in sorted(rule.arguments)}
            path = rule.rule
            for name, value in sent.items():
                path = re.sub(rf"<(?:[^:>]+:)?{name}>", quote(value, safe="" if number % 2 else "/").replace("\\", "\\\\"), path)
            method = methods[number % len(methods)]
            client = attack.manager if number % 2 else attack.anonymous
            data = urlencode(fresh_token(client, "/")) if method != "GET" else None
            answer = client.open(path, method=method, data=data, headers=FORM if data is not None else {})
            attack.found.look(answer, f"{method} {rule.rule}", sent.items())
            assert not (rule.rule.startswith("/static/") and answer.status_code == 200), path


def headers(attack: Attack) -> None:
    """Headers and cookies of every kind."""
    names = [
        "Accept",
        "Accept-Language",
        "Cookie",
        "If-None-Match",
        "If-Modified-Since",
        "Authorization",
        "Origin",
        "Referer",
        "X-Request-ID",
    ]
    names += [
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "User-Agent",
        "Content-Type",
        "Range",
        "Sec-Fetch-Site",
        "If-Match",
    ]
    names += ["Accept-Encoding", "Host", "X-HTTP-Method-Override", "Access-Control-Request-Method", "Forwarded"]
    targets = (
        "/",
        "/organisaties",
        "/inloggen",
        "/zoeken?q=wijk",
        "/api/v1/citycontent/organizations",
        "/api/v1/core/_zoek",
        "/mijn-buurt",
    )
    for number in range(1400):
        name = names[number % len(names)]
        text = attack.inputs.header()
        value = f"samen={text}" if name == "Cookie" and number % 2 else f"Bearer {text}" if name == "Authorization" and number % 2 else text
        path = targets[number % len(targets)]
        method = "POST" if number % 3 == 0 else "GET"
        client = attack.app.test_client(use_cookies=False)
        answer = client.open(
            path,
            method=method,
            headers={**(SAME_SITE if name != "Sec-Fetch-Site" else {}), name: value},
            data=b"{}" if number % 6 == 0 else None,
        )
        attack.found.look(answer, f"{method} {path} with {name}", [(name, value)])
    # The name of a browser is shown in the list of devices.
    email, password = attack.city.log_ins()["resident"]
    for _number in range(6):
        client = attack.app.test_client()
        value = attack.inputs.header()
        client.post("/inloggen", data={"email": email, "password": password}, headers={**SAME_SITE, "User-Agent": value})
        attack.found.look(client.get("/account/sessies"), "GET /account/sessies", [("User-Agent", value)])


def bodies(attack: Attack) -> None:
    """Every operation of the API: each property spoilt in turn, bodies that are no bodies, and query parameters."""
    call = Caller(attack.app, attack.token())
    document = call("GET", "/openapi.json").json
    for path, operations in sorted(document["paths"].items()):
        for method, operation in operations.items():
            if method not in ("get", "post", "put"):
                continue
            address = "/api/v1" + re.sub(r"\{[^}]+\}", "0190a000-0000-7000-8000-000000000000", path.removeprefix("/api/v1"))
            what = f"{method.upper()} {path}"
            query = [item["name"] for item in operation.get("parameters", []) if item.get("in") == "query"]
            for number in range(8 * len(query)):
                sent = [(query[number % len(query)], next(attack.inputs))]
                attack.found.look(call(method.upper(), address, query_string=urlencode(sent)), what, sent)
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                spoil_body(attack, call, (method.upper(), address, what), properties(document, schema))
            elif "multipart/form-data" in content:
                spoil_parts(attack, call, method.upper(), path, properties(document, content["multipart/form-data"]["schema"]))


def spoil_parts(attack: Attack, call: Caller, method: str, path: str, known: dict[str, Any]) -> None:
    """Files and fields for an operation on a thing that exists: each in turn is not what it should be."""
    if "import-lists" in path:
        with attack.platform.unit_of_work(system("test")) as uow:
            create_list(uow, CreateList(name="Vijandige lijst", format="table"))
    listed = call("GET", "/api/v1" + path.removeprefix("/api/v1").partition("/{")[0], query_string="limit=1").json
    address = "/api/v1" + re.sub(r"\{[^}]+\}", listed[0]["id"], path.removeprefix("/api/v1"))
    for name in known:
        for number in range(8):
            sent = next(attack.inputs)
            usual: dict[str, Any] = {"alt": "Een plein", "version": "1", "file": (io.BytesIO(attack.rng.randbytes(300)), "plein.png")}
            parts = {key: value for key, value in usual.items() if key in known}
            parts[name] = (io.BytesIO(sent.encode("utf-8", "replace")), sent) if name == "file" and number % 2 else sent
            answer = call(method, address, data=parts, content_type="multipart/form-data")
            attack.found.look(answer, f"{method} {path}", [(name, sent)])


def properties(document: Any, schema: Any) -> dict[str, Any]:
    """The properties of an input schema."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    found: dict[str, Any] = schema.get("properties", {})
    return found


BASE: dict[str, Any] = {
    "name": "Voorbeeld",
    "sector": "citizens",
    "family_name": "Berg",
    "status": "idea",
    "label": "Voorzitter",
    "query": "wijk",
    "starts_at": "2027-03-01T19:30:00+01:00",
    "postcode": "2712AB",
    "house_number": 1,
    "version": 1,
}


def spoil_body(attack: Attack, call: Caller, operation: tuple[str, str, str], known: dict[str, Any]) -> None:
    """Bodies for one operation."""
    method, address, what = operation
    base = {name: value for name, value in BASE.items() if name in known}
    other = [
        None,
        True,
        -1,
        10**400,
        1e308,
        [],
        {},
        [[]],
        {"a": {"b": []}},
        "\ud800",
        "\x00",
        "",
        ["\x00"],
        {"\x00": 1},
        2**63,
        "a" * 100_000,
    ]
    for name in known:
        for value in (
            next(attack.inputs),
            next(attack.inputs),
            [next(attack.inputs)],
            {next(attack.inputs): next(attack.inputs)},
            *attack.rng.sample(other, 3),
        ):
            content = json.dumps({**base, name: value})
            attack.found.look(call(method, address, data=content, content_type="application/json"), what, [(name, content[:400])])
    raw = [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"\xff\xfe",
        b'{"a":1}{',
        b"[" * 100_000,
        b'{"a":' * 5000,
        b'{"version":NaN}',
        b'{"name":"a","name":"b"}',
    ]
    raw += [b'{"name":"\xed\xa0\x80"}', json.dumps({"naam": next(attack.inputs)}).encode()]
    for content in raw:
        attack.found.look(call(method, address, data=content, content_type="application/json"), what, [("", repr(content[:200]))])
    for kind in (
        "text/plain",
        "application/json; charset=utf-16",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        attack.inputs.header(),
    ):
        attack.found.look(call(method, address, data=b'{"name": "x"}', content_type=kind), what, [("Content-Type", kind)])


def uploads(attack: Attack) -> None:
    """Files where texts are asked, with names and boundaries of the sender's making; forms that never end."""
    for number in range(120):
        path = ("/inloggen", "/mijn-buurt", "/registreren", "/organisaties/nieuw", "/personen/nieuw", "/beheer/instellingen")[number % 6]
        client = attack.manager if number % 6 > 2 else attack.anonymous
        name, filename = next(attack.inputs), next(attack.inputs)
        parts: dict[str, Any] = {"name": (io.BytesIO(attack.rng.randbytes(200)), filename), "email": name, "sector": "citizens"}
        answer = client.post(path, data={**parts, **fresh_token(client, path)}, headers=SAME_SITE, content_type="multipart/form-data")
        attack.found.look(answer, f"multipart {path}", [("filename", filename)])
    cases = [
        b"",
        b"--x",
        b"--x\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\x00\r\n--x--',
    ]
    for content in cases:
        for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 300):
            attack.found.look(
                attack.anonymous.post("/inloggen", data=content, headers=SAME_SITE, content_type=kind), "multipart", [("", repr(content))]
            )
    many = "&".join(f"a{number}=1" for number in range(5000))
    large = "name=" + "a" * 2_000_000
    for content in (many, large):
        attack.found.look(attack.anonymous.post("/registreren", data=content, headers=FORM), "POST much", [("", content[:40])])


def stored_files(attack: Attack) -> None:
    """Files of every kind, spoilt, straight into the service that keeps them; what it takes is sent as what it is."""
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "PNG")
    starts = [
        picture.getvalue(),
        b"%PDF-1.7\n",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"",
    ]
    stored = []
    for number in range(150):
        start = starts[number % len(starts)]
        content = (
            start[: attack.rng.randrange(len(start) + 1)] + attack.rng.randbytes(number % 50)
            if number % 3
            else start + attack.rng.randbytes(number % 7)
        )
        name = next(attack.inputs)
        with contextlib.suppress(Invalid), attack.platform.unit_of_work(system("test")) as uow:
            stored.append(store_upload(uow, io.BytesIO(content), name, alt=next(attack.inputs)[:250], public=True))
    for file in stored:
        answer = attack.manager.get(f"/files/{file.id}")
        attack.found.look(answer, "GET /files", [("name", file.name)])
        assert answer.mimetype not in ("text/html", "image/svg+xml", "text/javascript", "application/xhtml+xml")
        if answer.status_code == 200:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def pages_afterwards(attack: Attack) -> None:
    """What was stored is shown on every page as text, also in what was searched."""
    Worker(attack.platform).drain()
    for client in (attack.anonymous, attack.manager):
        pages = list(crawl(client, headers=PAGE_HEADERS, limit=700))
        problems = [f"{page.path}: {problem}" for page in pages for problem in page.problems if "unfilled" not in problem]
        attack.found.problems += problems
        for page in pages:
            if page.html:
                look_at_page(attack, page.path, page.html)


def look_at_page(attack: Attack, path: str, html: str) -> None:
    """No injected markup in a page of the crawl; a few of each kind go to the validators."""
    from tests.soak.hostile import Dom

    attack.found.problems += [f"{path}: {found}" for found in Dom(html).problems]
    kind = "/".join(path.partition("?")[0].split("/")[:3])
    if sum(name.startswith(f"GET {kind} afterwards") for name in attack.found.pages) < 2:
        attack.found.pages[f"GET {kind} afterwards {len(attack.found.pages)}"] = html


def feeds_afterwards(attack: Attack) -> None:
    """What was stored leaves in other forms too: a calendar, linked data, JSON, a table for a spreadsheet."""
    calendar = attack.anonymous.get("/agenda.ics")
    assert calendar.status_code == 200
    events = list(Calendar.from_ical(calendar.get_data()).walk("VEVENT"))
    assert len(events) > 5
    assert all(len(line.encode()) <= 75 for line in calendar.get_data(as_text=True).split("\r\n"))
    for kind in ("organizations", "persons", "projects", "events", "themes"):
        answer = attack.anonymous.get(f"/api/v1/citycontent/{kind}?limit=100")
        rows = answer.json
        assert rows
        for row in rows:
            linked = attack.anonymous.get(row["uri"].partition("//")[2].partition("/")[2].join(("/", ".jsonld")))
            attack.found.look(linked, f"GET /id/{kind}.jsonld")
            if linked.status_code == 200:
                assert as_typed(json.loads(linked.text)["name"]) == as_typed(row["name"])
    table = attack.manager.get("/beheer/rollen.csv")
    assert table.status_code == 200
    cells = [cell for row in csv.reader(io.StringIO(table.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";") for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []

"""Hostile input, and what must hold for every answer to it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from samen_core.web.headers import PAGE_HEADERS

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

CANARY = "samen-kanarie"
BREAKOUTS = (
    f"<{CANARY} a=1>",
    f'"><{CANARY}>',
    f"'><{CANARY}>",
    f'" {CANARY}=1 x="',
    f"' {CANARY}=1 x='",
    f"</textarea><{CANARY}>",
    f"</title><{CANARY}>",
    f"--><{CANARY}>",
    f"</select></form><{CANARY}>",
    f"{{{{ {CANARY} }}}}",
)
"""Ways out of every place in a page where a text can stand."""

MARK = "qz{number}zq"
MARKS = re.compile(r"qz\d+zq")
SPECIAL = (
    "\x00",
    "a\x00b",
    "\x0b",
    "\x1b[31m",
    "\ufffe",
    "\uffff",
    "\U0001fffe",
    "\u202e",
    "\u2028",
    "\u200b",
    "\x85",
    "\r\nSet-Cookie: samen=1",
    "%00",
    "%0d%0aX: 1",
    "%",
    "%%",
    "{0}",
    "{x!r:>{y}}",
    "%(a)s",
    "${7*7}",
    "{{7*7}}",
    "{%raw%}",
    "../../../../etc/passwd",
    "..\\..",
    "//evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "https://evil.example",
    "-1",
    "0",
    "00",
    "1e400",
    "9" * 400,
    "-0",
    "1_000",
    "٣",
    "²",
    "0x10",
    "NaN",
    "inf",
    "None",
    "true",
    "[]",
    "{}",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59+14:00",
    "0000-00-00",
    "31-02-2026",
    "2026-02-30T25:61",
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    "a" * 5_000,
    "é" * 300,
    "e\u0301" * 300,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 50,
    "ﷺ" * 200,
    "ı İ ß ſ",
    "'; DROP TABLE core__subject; --",
    '" OR 1=1 --',
    "%' OR '1'='1",
    "_%_%",
    "\\",
    "' AND NEAR(",
    'a" AND b*',
    "^a NOT",
    "a:b",
    "=1+1",
    "+1",
    "@SUM(A1)",
    "-cmd|'/c calc'!A0",
    "x@y",
    "x" * 250 + "@voorbeeld.nl",
    '"a b"@voorbeeld.nl',
    "<a@b.nl>\r\nBcc: c@d.nl",
    "a@b.nl,c@d.nl",
)


def generated(number: int) -> list[str]:
    """Texts that hypothesis makes, the same at every run."""
    found: list[str] = []
    anything = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)
    markup = st.text(st.sampled_from("<>\"'/=&;! -abcscriptonloadimg{}%#\\\x00\n"), max_size=60)

    @settings(max_examples=number, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.one_of(anything, markup))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found


class Inputs:
    """An endless, fixed row of hostile texts, each with a mark of its own and every other one with a way out of the markup."""

    def __init__(self, shared_data: Path, seed: int) -> None:
        folder = shared_data / "naughty-input"
        strings = json.loads((folder / "blns.json").read_text(encoding="utf-8"))
        payloads = (folder / "xss-payloads-part1.txt").read_text(encoding="utf-8").splitlines()
        self.texts = [*strings, *payloads, *SPECIAL, *generated(800)]
        self.rng = random.Random(seed)
        self.rng.shuffle(self.texts)
        self.given = 0

    def __next__(self) -> str:
        text = self.texts[self.given % len(self.texts)]
        self.given += 1
        mark = MARK.format(number=self.given)
        return self.rng.choice((text, text + mark, f"{mark} {text}{self.rng.choice(BREAKOUTS)}", mark + self.rng.choice(BREAKOUTS) + text))

    def header(self) -> str:
        """The next one as it can stand in a header: bytes as the server reads them, in one line."""
        return re.sub(r"[\r\n\x00]", " ", next(self)).encode("utf-8", "replace").decode("latin-1")


class Dom(HTMLParser):
    """What a browser would make of a page, as far as it is dangerous: foreign elements, code, addresses, and the values of inputs."""

    EMPTY = frozenset({"iframe", "object", "embed", "base", "applet", "style", "frame", "frameset", "marquee", "video", "audio", "math"})
    ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href", "cite", "background")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.links: list[str] = []
        self.values: dict[str, list[str]] = {}
        self._textarea: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element."""
        values = {name: value or "" for name, value in attrs}
        if tag in self.EMPTY or CANARY in tag:
            self.problems.append(f"<{tag}>")
        if tag == "script" and not values.get("src", "").startswith("/static/"):
            self.problems.append("a script")
        if tag == "meta" and "http-equiv" in values:
            self.problems.append("a meta element that acts")
        for name, value in values.items():
            if name.startswith("on") or name in ("style", "srcdoc") or CANARY in name:
                self.problems.append(f"<{tag} {name}>")
            if name in self.ADDRESSES and not _is_harmless(value):
                self.problems.append(f"<{tag} {name}={value[:80]!r}>")
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "input" and values.get("type", "text") not in ("checkbox", "radio", "submit", "password", "hidden", "file"):
            self.values.setdefault(values.get("name", ""), []).append(values.get("value", ""))
        if tag == "textarea":
            self._textarea = values.get("name", "")
            self.values.setdefault(self._textarea, []).append("")

    def handle_endtag(self, tag: str) -> None:
        """End a textarea."""
        if tag == "textarea" and self._textarea is not None:
            kept = self.values[self._textarea]
            kept[-1] = kept[-1].removeprefix("\n")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        """The text in a textarea."""
        if self._textarea is not None:
            self.values[self._textarea][-1] += data


def _is_harmless(address: str) -> bool:
    """Whether an address leads to a page or a mail program, as a browser reads it (without line breaks and spaces at its ends)."""
    read = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33))))
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", read)
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto", "tel", "webcal")


_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd]")


def as_typed(text: str) -> str:
    """A text with one kind of line break, and without the characters that HTML cannot hold and spaces at its ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in _NOT_IN_HTML.sub("", plain) if ord(char) & 0xFFFE != 0xFFFE).strip()


@dataclass
class Findings:
    """What was wrong with the answers, each with the request that caused it; and pages to validate later."""

    problems: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    requests: int = 0

    def look(self, answer: TestResponse, what: str, sent: Iterable[tuple[str, str]] = ()) -> Dom | None:
        """Judge an answer: no failure, no injected markup, no header or redirect of the sender's making. Its page, if it is one."""
        self.requests += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        for problem in self._problems(answer):
            self.problems.append(f"{what} {list(sent)!r:.600}: {problem}")
        if answer.mimetype != "text/html":
            return None
        dom = Dom(answer.text)
        # A file to keep carries its style with it, and has no page to do harm to.
        kept = answer.headers.get("Content-Disposition", "").startswith("attachment")
        for found in dom.problems:
            if kept and found == "<style>":
                continue
            self.problems.append(f"{what} {list(sent)!r:.600}: {found} in the page")
        key = f"{what} {answer.status_code}"
        if not 300 <= answer.status_code < 400 and sum(name.startswith(key) for name in self.pages) < 2:
            self.pages[f"{key} #{self.requests}"] = answer.text
        return dom

    def _problems(self, answer: TestResponse) -> Iterator[str]:
        if answer.status_code >= 500:
            yield f"status {answer.status_code}"
        location = answer.headers.get("Location", "")
        if location and urlsplit(urljoin("http://localhost/", location)).netloc != "localhost":
            yield f"redirects to {location}"
        for name, value in answer.headers.items():
            if "\n" in value or "\r" in value or CANARY in name.lower() or name.lower() == "x":
                yield f"header {name}: {value}"
        if answer.mimetype == "text/html" and answer.status_code not in (301, 304, 308):
            for name, wanted in PAGE_HEADERS.items():
                if answer.headers.get(name) != wanted:
                    yield f"header {name} is {answer.headers.get(name)!r}"
        if answer.is_json and answer.status_code >= 400:
            yield from _problems_of_problem(answer)

    def kept(self, dom: Dom, sent: Iterable[tuple[str, str]], what: str) -> None:
        """What was typed must still stand in the form."""
        for name, value in sent:
            if name in dom.values and as_typed(value) not in [as_typed(shown) for shown in dom.values[name]]:
                self.problems.append(f"{what}: typed {value!r:.300} in {name}, the form holds {dom.values[name]!r:.300}")


def _problems_of_problem(answer: TestResponse) -> Iterator[str]:
    if answer.mimetype != "application/problem+json" or answer.json["status"] != answer.status_code:
        yield f"no problem document: {answer.text[:300]}"
    if re.search(r"Traceback|sqlalchemy|psycopg|sqlite3|marshmallow", answer.text):
        yield "the problem tells how the program works inside"

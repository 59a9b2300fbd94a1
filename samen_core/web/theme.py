"""Themes: read the colours of a stylesheet, check their contrast, and write the theme of a city.

A theme is a CSS file that sets ``--samen-*`` tokens on ``:root`` (``static/core/theme-samen.css`` holds them all). The pairs below are
the ones that the templates and stylesheets put on each other; WCAG 2.2 asks 4.5:1 of text (1.4.3) and 3:1 of parts of controls,
graphics and focus (1.4.11, 2.4.13).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static" / "core"
TEXT, GRAPHIC = 4.5, 3.0

_GROUNDS = ("paper", "surface", "sunken")
_SECTORS = ("government", "business", "civil-society", "citizens")
_STATES = ("info", "positive", "warning", "negative")


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour that stands on another, both by token name, and the contrast that it needs."""

    front: str
    ground: str
    needed: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A pair that falls short; ``found`` is the contrast that was computed."""

    pair: Pair
    found: float

    def __str__(self) -> str:
        return f"{self.pair.front} on {self.pair.ground}: {self.found:.2f}, needs {self.pair.needed:g}"


def pairs() -> Iterator[Pair]:
    """Every pair of colours that a page can show."""
    for ground in _GROUNDS:
        for front in ("ink", "ink-soft", "action", "action-strong", "warm", *_SECTORS, *_STATES):
            yield _pair(front, ground, TEXT)
        for front in ("line-strong", "focus"):
            yield _pair(front, ground, GRAPHIC)
    for tint in ("action-tint", "warm-tint", "neutral-tint", "highlight", *(f"{name}-tint" for name in (*_SECTORS, *_STATES))):
        yield _pair("ink", tint, TEXT)
        yield _pair("action", tint, TEXT)
        yield _pair("focus", tint, GRAPHIC)
    for name in (*_SECTORS, *_STATES, "warm", "neutral"):
        yield _pair(name, f"{name}-tint", TEXT)
    for ground in ("action", "action-strong"):
        yield _pair("on-action", ground, TEXT)
    for ground in ("warm", "warm-strong"):
        yield _pair("on-warm", ground, TEXT)
    for ground in ("negative", "negative-strong"):
        yield _pair("surface", ground, TEXT)
    for front in ("on-deep", "on-deep-soft"):
        yield _pair(front, "deep", TEXT)
    yield _pair("focus-edge", "deep", GRAPHIC)
    yield _pair("focus-edge", "focus", GRAPHIC)
    yield from _COMPONENT_PAIRS


def _pair(front: str, ground: str, needed: float) -> Pair:
    return Pair(f"--samen-{front}", f"--samen-{ground}", needed)


# What the palette became in the components, so that a slip in the wiring is found too.
_COMPONENT_PAIRS = (
    Pair("--nl-button-primary-color", "--nl-button-primary-background-color", TEXT),
    Pair("--nl-button-primary-hover-color", "--nl-button-primary-hover-background-color", TEXT),
    Pair("--nl-button-secondary-color", "--samen-surface", TEXT),
    Pair("--nl-button-secondary-hover-color", "--nl-button-secondary-hover-background-color", TEXT),
    Pair("--nl-button-secondary-border-color", "--samen-paper", GRAPHIC),
    Pair("--nl-link-color", "--samen-paper", TEXT),
    Pair("--nl-data-badge-color", "--nl-data-badge-background-color", TEXT),
    Pair("--nl-mark-color", "--nl-mark-background-color", TEXT),
    Pair("--nl-skip-link-color", "--nl-skip-link-background-color", TEXT),
    Pair("--utrecht-alert-info-color", "--utrecht-alert-info-background-color", TEXT),
    Pair("--utrecht-alert-ok-color", "--utrecht-alert-ok-background-color", TEXT),
    Pair("--utrecht-alert-warning-color", "--utrecht-alert-warning-background-color", TEXT),
    Pair("--utrecht-alert-error-color", "--utrecht-alert-error-background-color", TEXT),
    Pair("--utrecht-form-field-description-color", "--samen-paper", TEXT),
    Pair("--utrecht-form-field-error-message-color", "--samen-paper", TEXT),
    Pair("--utrecht-form-label-color", "--samen-paper", TEXT),
    Pair("--utrecht-page-footer-color", "--utrecht-page-footer-background-color", TEXT),
    Pair("--utrecht-status-badge-danger-color", "--utrecht-status-badge-danger-background-color", TEXT),
    Pair("--utrecht-status-badge-neutral-color", "--utrecht-status-badge-neutral-background-color", TEXT),
    Pair("--utrecht-status-badge-success-color", "--utrecht-status-badge-success-background-color", TEXT),
    Pair("--utrecht-status-badge-warning-color", "--utrecht-status-badge-warning-background-color", TEXT),
    Pair("--utrecht-textbox-border-color", "--samen-paper", GRAPHIC),
    Pair("--utrecht-textbox-color", "--utrecht-textbox-background-color", TEXT),
)


def tokens(*stylesheets: str) -> dict[str, str]:
    """The custom properties that stylesheets set on the whole page, in the order of the cascade; a later one wins."""
    found: dict[str, str] = {}
    for css in stylesheets:
        bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", bare):
            if re.fullmatch(r"\s*(:root|html|\.[\w-]+-theme)\s*", selector):
                found.update((name, value.strip()) for name, value in re.findall(r"(--[\w-]+)\s*:\s*([^;]+)", body))
    return found


def colour(known: dict[str, str], name: str) -> tuple[int, int, int]:
    """The red, green and blue (0-255) of a token, following ``var()``. Raises ValueError for what is not an opaque hex colour."""
    value = known.get(name, "")
    for _step in range(20):
        reference = re.fullmatch(r"var\(\s*(--[\w-]+)\s*\)", value)
        if reference is None:
            break
        value = known.get(reference[1], "")
    digits = value.removeprefix("#")
    if not value.startswith("#") or not re.fullmatch(r"[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", digits):
        raise ValueError(f"{name}: {value or 'not set'!r} is not a colour written as #rrggbb")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, definitions of contrast ratio and relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(rgb: tuple[int, int, int]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def problems(city_css: str = "") -> list[Problem]:
    """The pairs that fall short when a city's theme is laid over the default; an empty list is a good theme.

    Raises ValueError when a colour is missing or cannot be read.
    """
    base = [(STATIC / name).read_text() for name in ("vendor/nlds.css", "theme-samen.css")]
    known = tokens(*base, city_css)
    found = [Problem(pair, contrast(colour(known, pair.front), colour(known, pair.ground))) for pair in pairs()]
    return [problem for problem in found if problem.found < problem.pair.needed]


def city_theme(action: str, warm: str | None = None) -> str:
    """The CSS of a city theme from its main colour and, if it has one, its highlight colour (both ``#rrggbb``).

    The darker shades and the tints are mixed from them. Raises ValueError for a colour that cannot be read.
    """
    lines = _shades("action", action, deep=True)
    if warm:
        lines += _shades("warm", warm, deep=False)
    return ":root {\n" + "".join(f"  --samen-{name}: {value};\n" for name, value in lines) + "}\n"


def _shades(name: str, value: str, *, deep: bool) -> list[tuple[str, str]]:
    own = colour({"--it": value}, "--it")
    lines = [
        (name, _mix(own, (0, 0, 0), 0)),
        (f"{name}-strong", _mix(own, (0, 0, 0), 0.22)),
        (f"{name}-tint", _mix(own, (255, 255, 255), 0.89)),
    ]
    if deep:
        lines += [("deep", _mix(own, (20, 26, 28), 0.5)), ("on-deep-soft", _mix(own, (255, 255, 255), 0.82))]
    return lines


def _mix(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(one, other, strict=True))

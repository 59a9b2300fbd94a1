"""The picture beside a link that was shared: 1200 by 630, in the colours of the city, with its mark. Drawn here, by nobody else.

It shows what the page says to everybody: a title, how it stands, the name of the city. Nothing of persons.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

    from samen_core.api import Platform

WIDTH, HEIGHT = 1200, 630
_EDGE = 72
_LINES = 4
_SIZES = (76, 66, 56, 48)
"""Of the title: the largest in which it fits in four lines."""
_COLOURS = {
    "paper": "#fbf8f3",
    "ink": "#1e2a2e",
    "ink-soft": "#4a575c",
    "action": "#0b5c63",
    "on-action": "#ffffff",
    "warm": "#a83a0b",
    "government": "#1f5fa8",
    "business": "#7a3e9d",
    "civil-society": "#2e7d32",
    "citizens": "#8a6100",
}
"""What the theme of a city may set otherwise."""
_TOKEN = re.compile(r"--samen-([a-z-]+)\s*:\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\s*[;}]")
_FILES = ("noto-sans-latin.woff2", "noto-sans-latin-ext.woff2")
_SIDES = (("government", 245, 295), ("business", -25, 25), ("civil-society", 65, 115), ("citizens", 155, 205))
"""The four arcs of the mark, each with its angles."""


def share_picture(platform: Platform, about: str, title: str, status: str) -> bytes:
    """A PNG of a thing that is shared: what it is, its name, and how it stands."""
    city = platform.config.city
    theme = platform.static_folders["city"] / Path(city.theme).name if city.theme else None
    fonts = platform.static_folders["core"] / "vendor"
    colours = tuple(sorted(_colours(theme).items()))
    return _drawn(fonts, colours, (about, title, status, city.name))


def _colours(theme: Path | None) -> dict[str, str]:
    own: Mapping[str, str] = {}
    if theme is not None and theme.is_file():
        own = dict(_TOKEN.findall(theme.read_text(encoding="utf-8", errors="replace")))
    return {name: own.get(name, usual) for name, usual in _COLOURS.items()}


@lru_cache(maxsize=64)
def _drawn(fonts: Path, colours: tuple[tuple[str, str], ...], words: tuple[str, str, str, str]) -> bytes:
    from PIL import Image, ImageDraw

    about, title, status, city = words
    colour = dict(colours)
    picture = Image.new("RGB", (WIDTH, HEIGHT), colour["paper"])
    draw = ImageDraw.Draw(picture)
    foot = HEIGHT - 118
    draw.rectangle((0, 0, WIDTH, 16), fill=colour["warm"])
    draw.rectangle((0, foot, WIDTH, HEIGHT), fill=colour["action"])
    pen = _Pen(draw, fonts)
    pen.line((_EDGE, 62), _shortened(pen, about, 34, 600, WIDTH - 2 * _EDGE), 34, 600, colour["warm"])
    lines, size = _fitted(pen, title)
    top = 128
    for line in lines:
        pen.line((_EDGE, top), line, size, 700, colour["ink"])
        top += round(size * 1.2)
    pen.line((_EDGE, foot - 66), _shortened(pen, status, 34, 400, WIDTH - 2 * _EDGE), 34, 400, colour["ink-soft"])
    _mark(picture, colour, (_EDGE - 4, foot + 19), 80)
    pen.line((_EDGE + 100, foot + 34), _shortened(pen, city, 38, 600, WIDTH - 2 * _EDGE - 100), 38, 600, colour["on-action"])
    out = io.BytesIO()
    picture.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitted(pen: _Pen, title: str) -> tuple[list[str], int]:
    """The title in at most four lines, as large as goes; what does not fit ends with an ellipsis."""
    wide = WIDTH - 2 * _EDGE
    lines: list[str] = []
    for size in _SIZES:
        lines = list(_wrapped(pen, title, size, wide))
        if len(lines) <= min(_LINES, 310 // round(size * 1.2)):
            return lines, size
    kept = lines[:_LINES]
    kept[-1] = _shortened(pen, f"{kept[-1]} {lines[_LINES]}", _SIZES[-1], 700, wide)
    return kept, _SIZES[-1]


def _wrapped(pen: _Pen, text: str, size: int, wide: float) -> Iterator[str]:
    line = ""
    for word in (part for long in text.split() for part in _broken(pen, long, size, wide)):
        longer = f"{line} {word}".strip()
        if pen.length(longer, size, 700) <= wide:
            line = longer
        else:
            yield line
            line = word
    if line:
        yield line


def _broken(pen: _Pen, word: str, size: int, wide: float) -> Iterator[str]:
    """A word in parts that each fit in a line; nearly always one."""
    rest = word
    while pen.length(rest, size, 700) > wide:
        kept = len(rest) - 1
        while kept > 1 and pen.length(f"{rest[:kept]}-", size, 700) > wide:
            kept -= 1
        yield f"{rest[:kept]}-"
        rest = rest[kept:]
    yield rest


def _shortened(pen: _Pen, text: str, size: int, weight: int, wide: float) -> str:
    line = " ".join(text.split())
    if pen.length(line, size, weight) <= wide:
        return line
    while line and pen.length(f"{line}…", size, weight) > wide:
        line = line[:-1].rstrip()
    return f"{line}…"


def _mark(picture: Any, colour: Mapping[str, str], at: tuple[int, int], size: int) -> None:
    """The round table with its four sides, on a light ground; drawn large and made small, so that its edges are smooth."""
    from PIL import Image, ImageDraw

    large = 4 * size
    drawn = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    draw = ImageDraw.Draw(drawn)
    draw.ellipse((0, 0, large - 1, large - 1), fill=colour["paper"])
    edge, thick = large * 0.16, round(large * 0.13)
    for name, start, end in _SIDES:
        draw.arc((edge, edge, large - edge, large - edge), start, end, fill=colour[name], width=thick)
    small = drawn.resize((size, size), Image.Resampling.LANCZOS)
    picture.paste(small, at, small)


class _Pen:
    """Writes in Noto Sans, which comes in two files with different letters; what is in neither (emoji) is left out."""

    def __init__(self, draw: ImageDraw, folder: Path) -> None:
        self._draw = draw
        self._folder = folder
        self._fonts: dict[tuple[int, int, int], Any] = {}

    def line(self, at: tuple[float, float], text: str, size: int, weight: int, colour: str) -> None:
        """Write one line, its top left at this place."""
        x, y = at
        for which, part in _runs(text):
            font = self._font(which, size, weight)
            self._draw.text((x, y), part, font=font, fill=colour)
            x += font.getlength(part)

    def length(self, text: str, size: int, weight: int) -> float:
        """How wide a line is."""
        return float(sum(self._font(which, size, weight).getlength(part) for which, part in _runs(text)))

    def _font(self, which: int, size: int, weight: int) -> Any:
        key = (which, size, weight)
        if key not in self._fonts:
            self._fonts[key] = _opened(self._folder / _FILES[which], size, weight)
        return self._fonts[key]


def _opened(path: Path, size: int, weight: int) -> Any:
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(str(path), size)
        font.set_variation_by_axes([weight])
    except OSError:  # a library without WOFF2: its own letters are better than no picture
        return ImageFont.load_default(size)
    return font


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts with the number of the file that has its letters."""
    part, last = "", 0
    for letter in text:
        which = _file_of(ord(letter))
        if which is None:
            continue
        if which != last and part:
            yield last, part
            part = ""
        part, last = part + letter, which
    if part:
        yield last, part


def _file_of(code: int) -> int | None:
    if 0x20 <= code <= 0xFF or code in (0x131, 0x152, 0x153, 0x20AC, 0x2122) or 0x2000 <= code <= 0x206F:
        return 0
    return 1 if 0x100 <= code <= 0x24F or 0x1E00 <= code <= 0x1EFF else None

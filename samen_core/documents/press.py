"""The process that makes a PDF: ``python -m samen_core.documents.press FILE``, started by :mod:`samen_core.documents.pdf`.

A process of its own, because a long report takes a minute of one processor and a library in C: the web server next to it goes on, its
memory is given back, and what breaks here breaks nothing else.

It reads a line of JSON (the folders of static files, by owner) and then the parts, each a number of 8 bytes with that many bytes of HTML.
Every part is laid out and written before the next is read, so memory depends on the largest part.
"""

from __future__ import annotations

import gc
import io
import json
import mimetypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote, uses_netloc, uses_relative

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

UNAVAILABLE = 3
"""The status when this machine lacks what a PDF is made with."""

LENGTH = 8
STATIC = "static://"
VARIANT = "pdf/ua-1"
FONTS = "".join(
    f'@font-face {{ font-family: "{family}"; font-weight: 100 900; src: url("{STATIC}core/vendor/{file}") format("woff2") }}'
    for family, file in (("Samen document", "noto-sans-latin.woff2"), ("Samen document ext", "noto-sans-latin-ext.woff2"))
)
_NICE = 10


def press(source: BinaryIO, target: BinaryIO) -> None:
    """Write the parts that come from ``source`` as one PDF."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from samen_core.documents.joining import Binder

    fetcher = _fetcher({owner: Path(folder).resolve() for owner, folder in json.loads(source.readline()).items()})
    whole = Binder()
    gc.disable()  # looking for rubbish between the hundred thousands of boxes of a part costs a tenth of the time; it is done after each

    def bind(_document: Any, part: Any) -> None:
        whole.add(part)
        del part.objects[3:]  # so that WeasyPrint, which writes the part after this, has hardly anything to write

    fonts = FontConfiguration()
    shared = CSS(string=FONTS, font_config=fonts, url_fetcher=fetcher, base_url=STATIC)
    for html in _parts(source):
        numbers = CSS(string=f"@page :first {{ counter-reset: page {whole.pages + 1} }}")
        document = HTML(string=html, url_fetcher=fetcher, base_url=STATIC).render(
            stylesheets=[shared, numbers], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True
        )
        document.write_pdf(io.BytesIO(), finisher=bind, pdf_variant=VARIANT, pdf_tags=True)
        del document
        gc.collect()
    whole.write(target)


def _parts(source: BinaryIO) -> Iterator[str]:
    while length := source.read(LENGTH):
        yield source.read(int.from_bytes(length, "big")).decode()


def _fetcher(folders: dict[str, Path]) -> Any:
    """Gives what HTML may refer to: ``static://<owner>/<path>`` and pictures in the text itself (``data:``). No network, no other file."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    for known in (uses_relative, uses_netloc):
        known.append("static")  # so that a stylesheet can name a font beside it

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if not url.startswith(STATIC):
                return super().fetch(url, headers)
            owner, _slash, rest = unquote(url.removeprefix(STATIC)).partition("/")
            path = (folders[owner] / rest).resolve() if owner in folders else None
            if path is None or not path.is_relative_to(folders[owner]) or not path.is_file():
                raise ValueError(f"no static file: {url}")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return Fetcher()


def main() -> int:
    """Make the PDF named on the command line."""
    os.nice(_NICE)
    real, sys.stdout = sys.stdout, io.StringIO()  # WeasyPrint prints there what it misses
    try:
        import weasyprint  # noqa: F401 - whether it can be imported
    except (ImportError, OSError) as problem:
        sys.stderr.write(str(problem).splitlines()[0])
        return UNAVAILABLE
    finally:
        sys.stdout = real
    with open(sys.argv[1], "wb") as target:
        press(sys.stdin.buffer, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())

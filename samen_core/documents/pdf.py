"""PDFs that can be read aloud (PDF/UA-1), made of HTML by a process of their own."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from samen_core.documents.press import LENGTH, UNAVAILABLE
from samen_core.errors import Unavailable
from samen_core.i18n import _

if TYPE_CHECKING:
    from samen_core.platform import Platform

MOST_SECONDS = 600
_LIBRARIES = ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libharfbuzz.so.0", "libfontconfig.so.1", "libpangoft2-1.0.so.0")


class PdfUnavailable(Unavailable):
    """This machine lacks what a PDF is made with (Pango, or WeasyPrint itself)."""


class PdfError(RuntimeError):
    """Making a PDF went wrong; the text says how."""


@cache
def can_make_pdf() -> bool:
    """Whether this machine has the libraries that WeasyPrint needs, so that a page can say that a PDF will not come."""
    if importlib.util.find_spec("weasyprint") is None:
        return False
    try:
        for name in _LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        # Elsewhere than on Linux they have other names: only trying tells.
        return sys.platform != "linux"
    return True


def make_pdf(platform: Platform, html: str) -> bytes:
    """A PDF of one HTML document. See :func:`make_pdf_of_parts`."""
    return make_pdf_of_parts(platform, [html])


def make_pdf_of_parts(platform: Platform, parts: Iterable[str]) -> bytes:
    """One PDF of several HTML documents, taken from ``parts`` one by one.

    Time rises with the text: about a second for 100 rows of 600 characters. Memory rises with the largest part, so give some 200 rows a
    part, and put rows in tables of about 20, because one long table takes twice as long. Pages are numbered through; title and language
    are those of the first part. Links with ``#`` work within a part. Raises PdfUnavailable, PdfError, and what ``parts`` raises.
    """
    with tempfile.TemporaryDirectory(prefix="samen-pdf-") as folder:
        target, problems = Path(folder) / "made.pdf", Path(folder) / "problems"
        with problems.open("w+", encoding="utf-8") as heard:
            status = _run(platform, parts, target, heard)
        said = problems.read_text(encoding="utf-8").strip()
        if status == UNAVAILABLE:
            platform.log.error("pdf_unavailable", reason=said, remedy="apt-get install libpango-1.0-0 libpangoft2-1.0-0")
            raise PdfUnavailable(_("De pdf kan hier niet gemaakt worden."))
        if status != 0:
            raise PdfError(f"the process that makes PDFs ended with {status}: {said[-2000:]}")
        return target.read_bytes()


def _run(platform: Platform, parts: Iterable[str], target: Path, heard: IO[str]) -> int:
    command = [sys.executable, "-m", "samen_core.documents.press", str(target)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=heard)  # noqa: S603 - our own module
    source = cast("IO[bytes]", process.stdin)
    watch = threading.Timer(MOST_SECONDS, process.kill)
    watch.start()
    try:
        folders = {owner: str(path) for owner, path in platform.static_folders.items()}
        source.write(json.dumps(folders).encode() + b"\n")
        for html in parts:
            content = html.encode()
            source.write(len(content).to_bytes(LENGTH, "big") + content)
        source.close()
        return process.wait()
    except BrokenPipeError:
        return process.wait()
    finally:
        watch.cancel()
        process.kill()
        process.wait()

"""Posters and flyers for the street: what it is about, until when, and a code that leads to it."""

from __future__ import annotations

import io
from dataclasses import dataclass

from samen_core.api import Platform, Text, _, make_pdf, render_document
from samen_doe_mee.services.sharing import Shared


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet: how large it is, and by which way people come who scan it."""

    size: str
    channel: str
    label: Text


PAPERS = {
    "poster-a4": Paper("A4", "poster", _("Poster A4")),
    "poster-a3": Paper("A3", "poster", _("Poster A3")),
    "flyer-a5": Paper("A5", "flyer", _("Flyer A5")),
}
"""By their names in an address."""


def make_poster(platform: Platform, shared: Shared, paper: str, address: str) -> bytes:
    """The poster as a PDF that can be read aloud, in Dutch. ``address`` is what its code says."""
    return make_pdf(platform, poster_html(platform, shared, paper, address))


def poster_html(platform: Platform, shared: Shared, paper: str, address: str) -> str:
    """What is printed."""
    return render_document(
        platform,
        "nl",
        "doe_mee/poster.html",
        shared=shared,
        text=" ".join(shared.text.split())[:280],
        size=PAPERS[paper].size.lower(),
        code=code_picture(address),
        address=address,
        shown_address=address.partition("://")[2] or address,
    )


def code_picture(address: str) -> str:
    """A QR code as SVG. A quarter of it may be damaged, as posters outside get."""
    import segno

    out = io.BytesIO()
    segno.make_qr(address, error="q").save(out, kind="svg", border=4, xmldecl=False, dark="#000000", light="#ffffff", omitsize=True)
    return out.getvalue().decode()

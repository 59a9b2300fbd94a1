"""Pictures, encoded anew: upright, in sRGB, without EXIF, GPS position or anything else that a camera adds."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from samen_core.errors import Invalid
from samen_core.files.kinds import FileKind
from samen_core.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 2560
"""The longest side of a stored picture, in pixels."""

WIDTHS = (480, 960)
"""Widths of the smaller copies; one that is not clearly smaller than the picture is left out."""

_SAVE: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 82, "method": 4},
}


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture ready to be stored: the content at its largest, its size in pixels, and the smaller copies by width."""

    content: bytes
    width: int
    height: int
    copies: dict[int, bytes]


def encode_picture(content: bytes, kind: FileKind, max_pixels: int) -> EncodedPicture:
    """Decode a picture and encode it anew. Raises Invalid for one that is broken or has more than ``max_pixels`` pixels."""
    picture = _decode(content, max_pixels)
    picture.thumbnail((LARGEST, LARGEST))
    copies = {}
    for width in WIDTHS:
        if width * 1.25 <= picture.width:
            copy = picture.copy()
            copy.thumbnail((width, LARGEST))
            copies[width] = _encode(copy, kind)
    return EncodedPicture(_encode(picture, kind), picture.width, picture.height, copies)


def _decode(content: bytes, max_pixels: int) -> Image:
    from PIL import Image, ImageOps

    try:
        # Only the header is read here, so a bomb is refused before it takes memory.
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF")) as opened:
            if opened.width * opened.height > max_pixels:
                raise _too_large(max_pixels)
            opened.seek(0)
            upright = ImageOps.exif_transpose(opened)
            has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            picture = upright.convert("RGBA" if has_alpha else "RGB")
    except Image.DecompressionBombError:
        raise _too_large(max_pixels) from None
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
        MemoryError,
        AttributeError,
        AssertionError,
    ):
        # What Pillow's decoders raise on broken content; the kinds differ per format.
        raise Invalid({"file": [_("Deze foto is beschadigd. Kies een andere.")]}) from None
    picture.info.clear()
    return picture


def _encode(picture: Image, kind: FileKind) -> bytes:
    if kind.pillow == "JPEG" and picture.mode != "RGB":
        picture = picture.convert("RGB")
    stream = io.BytesIO()
    picture.save(stream, kind.pillow, **_SAVE[kind.pillow])
    return stream.getvalue()


def _too_large(max_pixels: int) -> Invalid:
    return Invalid({"file": [_("Deze foto is te groot: hij mag hoogstens {n} miljoen beeldpunten hebben.", n=max_pixels // 1_000_000)]})

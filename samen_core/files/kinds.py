"""What kind of file a content is, told from the content alone: the name and the type that a browser sends prove nothing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from samen_core.errors import Invalid
from samen_core.i18n import Text, _


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is accepted: its media type, the ending of its name, and for a picture Pillow's name of the format."""

    media_type: str
    ending: str
    pillow: str = ""


PICTURES = (FileKind("image/jpeg", "jpg", "JPEG"), FileKind("image/png", "png", "PNG"), FileKind("image/webp", "webp", "WEBP"))
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOWNLOADS = (
    FileKind("application/pdf", "pdf"),
    FileKind(f"{_OPEN_DOCUMENT}text", "odt"),
    FileKind(f"{_OPEN_DOCUMENT}spreadsheet", "ods"),
    FileKind(f"{_OPEN_DOCUMENT}presentation", "odp"),
    FileKind(f"{_OFFICE}wordprocessingml.document", "docx"),
    FileKind(f"{_OFFICE}spreadsheetml.sheet", "xlsx"),
    FileKind(f"{_OFFICE}presentationml.presentation", "pptx"),
    FileKind("text/csv", "csv"),
    FileKind("text/plain", "txt"),
)
_BY_ENDING = {kind.ending: kind for kind in (*PICTURES, *DOWNLOADS)}
_OFFICE_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_PICTURE_ENDINGS = ("jpg", "jpeg", "png", "webp", "gif")
MAX_ENTRIES = 10_000
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")

ENDINGS = ", ".join(kind.ending for kind in (*PICTURES, *DOWNLOADS))
_REFUSED: Text = _("Dit soort bestand kunnen we niet gebruiken. Kies een bestand van een van deze soorten: {endings}.", endings=ENDINGS)
NOT_A_PICTURE: Text = _("Dit is geen foto. Kies een bestand dat eindigt op .jpg, .png of .webp.")
_HEIC: Text = _("Deze foto is van de soort HEIC en die kunnen niet alle browsers laten zien. Bewaar de foto als JPG en kies die.")
_MACROS: Text = _("In dit bestand zitten macro's. Bewaar het als pdf of zonder macro's en kies dat.")
_OLD_OFFICE: Text = _("Dit is een bestand van een oude Office-versie. Bewaar het als pdf, docx, xlsx of pptx en kies dat.")


def kind_of(content: bytes, name: str) -> FileKind:
    """The kind of a content; ``name`` only tells csv from plain text.

    Raises Invalid for a kind that is not accepted, and for a name that promises another one. Pictures among themselves do not count:
    telephones and browsers often name them wrongly, and they are encoded anew.
    """
    kind = _kind_of_content(content, name)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    promised = "picture" if ending in _PICTURE_ENDINGS else "text" if ending in ("csv", "txt") else ending
    found = "picture" if kind.pillow else "text" if kind.ending in ("csv", "txt") else kind.ending
    if promised != found and (promised in ("picture", "text") or promised in _BY_ENDING):
        raise _refused(_("De naam van dit bestand eindigt op .{ending}, maar de inhoud is van een andere soort.", ending=ending))
    return kind


def _kind_of_content(content: bytes, name: str) -> FileKind:
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return _BY_ENDING["jpg"]
    # A GIF is kept as PNG, without its movement: moving pictures distract and cannot be stopped (WCAG 2.2.2).
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return _BY_ENDING["png"]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _BY_ENDING["webp"]
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise _refused(_HEIC)
    if b"%PDF-" in content[:1024]:
        return _BY_ENDING["pdf"]
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(_OLD_OFFICE)
    if _is_text(content):
        return _BY_ENDING["csv" if name.lower().endswith(".csv") else "txt"]
    raise _refused(_REFUSED)


def _kind_of_archive(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {entry.filename for entry in archive.infolist()[:MAX_ENTRIES]}
            declared = _declared_type(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError, EOFError):
        raise _refused(_REFUSED) from None
    if any(name.endswith(("vbaProject.bin", "vbaData.xml")) or name.startswith(("Basic/", "Scripts/")) for name in names):
        raise _refused(_MACROS)
    found = next((kind for kind in DOWNLOADS if declared and kind.media_type == declared), None)
    if found is None and "[Content_Types].xml" in names:
        found = next((_BY_ENDING[ending] for part, ending in _OFFICE_PARTS.items() if part in names), None)
    if found is None:
        raise _refused(_REFUSED)
    return found


def _declared_type(archive: zipfile.ZipFile) -> str:
    """An OpenDocument file names its type in its first, uncompressed entry (ODF 1.3 part 2 §3.3)."""
    with archive.open("mimetype") as entry:
        return entry.read(100).decode("ascii", "replace").strip()


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if text.lstrip()[:1] == "<":
        # HTML, SVG and other XML can carry scripts; nobody needs them here as plain text.
        return False
    return bool(text) and not any(character < " " and character not in "\t\n\r\f" for character in text)


def _refused(message: Text) -> Invalid:
    return Invalid({"file": [message]})

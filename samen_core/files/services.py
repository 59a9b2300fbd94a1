"""Storing, reading and removing uploaded files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, BinaryIO, ClassVar
from urllib.parse import quote

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from samen_core.db.base import uuid7
from samen_core.errors import Gone, Invalid, NotFound
from samen_core.events.types import Event
from samen_core.files.kinds import DOWNLOADS, NOT_A_PICTURE, FileKind, kind_of
from samen_core.files.models import File
from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE
from samen_core.subjects import Subject

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.events.types import Delivered

KEEP_DELETED = timedelta(days=30)
KEEP_LOOSE = timedelta(days=1)
"""How long an upload without owner stays: somebody left before saving the form it belongs to."""

_GONE: dict[str, Any] = {"state": "gone", "name": "", "alt": "", "uploaded_by_id": None}
BATCH = 500
MAX_NAME = 120
MAX_ALT = 300
NO_ALT: Text = _("Beschrijf wat er op de foto te zien is, voor mensen die hem niet kunnen zien.")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file as pages show it. ``widths`` are those of a picture's smaller copies; ``size`` is in bytes."""

    id: uuid.UUID
    name: str
    kind: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    widths: tuple[int, ...]
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileErased(Event):
    """A file of an erased account is gone; its content is to be removed."""

    type: ClassVar[str] = "core.file.erased"

    file_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file opened for sending: close ``stream`` after use, send ``headers`` as they are."""

    stream: BinaryIO
    headers: dict[str, str]


def store_upload(
    uow: UnitOfWork,
    stream: IO[bytes],
    filename: str,
    *,
    alt: str = "",
    owner: uuid.UUID | None = None,
    public: bool = True,
    decorative: bool = False,
    pictures: bool = False,
) -> StoredFile:
    """Keep an uploaded file; the calling service has checked that the actor may add one to ``owner`` (a subject).

    The type is told from the content. A picture is encoded anew and needs a description in ``alt`` unless it is ``decorative``.
    ``pictures`` refuses everything else. Without owner the file stays a day, readable by who sent it; tie it with
    :func:`samen_core.files.attach_files`. Raises Invalid with keys ``file`` and ``alt``.
    """
    limits = uow.platform.config.limits
    content = stream.read(limits.upload_bytes + 1)
    if len(content) > limits.upload_bytes:
        raise Invalid({"file": [_("Dit bestand is te groot: het mag hoogstens {n} MB zijn.", n=limits.upload_bytes // 1_000_000)]})
    if not content:
        raise Invalid({"file": [_("Dit bestand is leeg.")]})
    kind = kind_of(content, filename)
    if pictures and not kind.pillow:
        raise Invalid({"file": [NOT_A_PICTURE]})
    alt = plain_line(alt)
    _check_alt(kind, alt, decorative)
    row: dict[str, Any] = {"id": uuid7(), "name": _clean_name(filename, kind), "media_type": kind.media_type, "alt": alt}
    contents = _contents(row, content, kind, limits.picture_pixels)
    row |= {"size": len(contents[""]), "sha256": hashlib.sha256(contents[""]).hexdigest()}
    row |= {
        "owner_id": owner,
        "uploaded_by_id": uow.actor.account_id,
        "public": public,
        "state": "active",
        "at": uow.now,
        "changed_at": uow.now,
    }
    for suffix, part in contents.items():
        uow.platform.files.save(row["id"].hex + suffix, part)
    uow.session.add(File(**row))
    # The row goes first, so that a service may refer to it in the same transaction.
    uow.session.flush()
    uow.record("core.file.stored", owner, after={"file": row["id"], "media_type": kind.media_type, "sha256": row["sha256"]})
    return as_stored(row)


def store_file(uow: UnitOfWork, content: bytes, name: str, media_type: str, owner: uuid.UUID, *, public: bool = True) -> StoredFile:
    """Keep bytes that the platform made itself (a report, an export) as a download of a subject; one of that name is replaced.

    ``media_type`` is one of those of ``DOWNLOADS``; the ending of the name follows it. Raises ValueError for another.
    """
    kind = next((kind for kind in DOWNLOADS if kind.media_type == media_type), None)
    if kind is None:
        raise ValueError(f"{media_type} is no type of a download")
    name = _clean_name(name, kind)
    digest = hashlib.sha256(content).hexdigest()
    same_name = select(File).where(File.owner_id == owner, File.name == name, File.state == "active").order_by(File.id)
    for earlier in uow.session.execute(same_name).scalars().all():
        if earlier.sha256 == digest and earlier.public == public:
            return as_stored({key: getattr(earlier, key) for key in StoredFile.__slots__})
        delete_file(uow, earlier.id)
    row: dict[str, Any] = {"id": uuid7(), "name": name, "media_type": media_type, "alt": "", "size": len(content), "sha256": digest}
    row |= {"kind": "download", "width": None, "height": None, "widths": []}
    row |= {"owner_id": owner, "uploaded_by_id": None, "public": public, "state": "active", "at": uow.now, "changed_at": uow.now}
    uow.platform.files.save(row["id"].hex, content)
    uow.session.add(File(**row))
    uow.session.flush()
    uow.record("core.file.stored", owner, after={"file": row["id"], "media_type": media_type, "sha256": digest})
    return as_stored(row)


def _check_alt(kind: FileKind, alt: str, decorative: bool) -> None:
    if kind.pillow and not alt and not decorative:
        raise Invalid({"alt": [NO_ALT]})
    if len(alt) > MAX_ALT:
        raise Invalid({"alt": [_("Beschrijf de foto in hoogstens {max} tekens.", max=MAX_ALT)]})


def _contents(row: dict[str, Any], content: bytes, kind: FileKind, max_pixels: int) -> dict[str, bytes]:
    """What is stored, by suffix of the key; adds the picture's measures to ``row``."""
    if not kind.pillow:
        row |= {"kind": "download", "width": None, "height": None, "widths": []}
        return {"": content}
    from samen_core.files.pictures import encode_picture

    picture = encode_picture(content, kind, max_pixels)
    row |= {"kind": "picture", "width": picture.width, "height": picture.height, "widths": sorted(picture.copies)}
    return {"": picture.content} | {f".{width}": copy for width, copy in picture.copies.items()}


def plain_line(text: str) -> str:
    """A text on one line, without signs that cannot be seen."""
    return " ".join(_printable(text).split())


def _printable(text: str) -> str:
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else character for character in text)


def _clean_name(filename: str, kind: FileKind) -> str:
    """The last part of a name, without signs that mean something to a file system or a header, ending as its kind does."""
    stem = re.sub(r'[<>:"|?*;%]', "", re.split(r"[/\\]", _printable(filename))[-1])
    stem = " ".join(stem.split()).strip(". ")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem) or "bestand"
    return f"{stem[: MAX_NAME - len(kind.ending) - 1]}.{kind.ending}"


COLUMNS = (File.id, File.name, File.kind, File.media_type, File.size, File.width, File.height, File.widths, File.alt)
_OWNERS = File.owner_id.in_(bindparam("owners", expanding=True))
_OF_OWNERS = select(*COLUMNS, File.owner_id).where(File.state == "active", _OWNERS).order_by(File.id)
_ONE = select(
    *COLUMNS,
    File.state,
    File.public,
    File.sha256,
    File.uploaded_by_id,
    File.owner_id,
    Subject.type,
    Subject.state.label("owner_state"),
    Subject.public.label("owner_public"),
).outerjoin(Subject, Subject.id == File.owner_id)


def stored_files(uow: UnitOfWork, owners: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[StoredFile]]:
    """The active files of these subjects, oldest first, in one statement; the caller has checked that the actor may see the subjects."""
    found: dict[uuid.UUID, list[StoredFile]] = {owner: [] for owner in owners}
    if found:
        for row in uow.session.execute(_OF_OWNERS, {"owners": list(found)}).mappings():
            found[row["owner_id"]].append(as_stored(row))
    return found


def as_stored(row: Any) -> StoredFile:
    """A file from a row or mapping with its facts."""
    values = {name: row[name] for name in StoredFile.__slots__}
    return StoredFile(**values | {"widths": tuple(row["widths"])})


def open_file(uow: UnitOfWork, id: uuid.UUID, width: int | None = None) -> OpenedFile:
    """The content of a file for whoever may read it; of a picture the smallest copy of at least ``width`` pixels.

    A public file of a live public subject is for everyone; any other for who uploaded it, who may see the subject, and managers.
    Raises NotFound, Gone.
    """
    row = uow.session.execute(_ONE.where(File.id == id)).mappings().one_or_none()
    if row is None or not _may_read(uow, row):
        raise NotFound
    if row["state"] != "active" or row["owner_state"] not in (None, "active"):
        raise Gone
    fitting = [candidate for candidate in sorted(row["widths"]) if width is not None and candidate >= width]
    suffix = f".{fitting[0]}" if fitting else ""
    try:
        stream = uow.platform.files.open(row["id"].hex + suffix)
    except FileNotFoundError:
        uow.platform.log.error("file_content_missing", file=str(id))
        raise Gone from None
    return OpenedFile(stream, _headers(row, suffix))


def _is_public(row: Any) -> bool:
    return bool(row["public"] and row["owner_id"] and row["owner_public"])


def _may_read(uow: UnitOfWork, row: Any) -> bool:
    actor = uow.actor
    if _is_public(row) or MANAGE.allows(actor) or (actor.account_id is not None and actor.account_id == row["uploaded_by_id"]):
        return True
    return row["owner_id"] is not None and uow.platform.subject_types.shows(uow, row["type"], row["owner_id"])


def _headers(row: Any, suffix: str) -> dict[str, str]:
    """A content never changes under its id. Only pictures are shown by the browser; the rest is saved (RFC 6266)."""
    name = row["name"]
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    way = "inline" if row["kind"] == "picture" else "attachment"
    return {
        "Content-Type": f"{row['media_type']}; charset=utf-8" if row["media_type"].startswith("text/") else row["media_type"],
        "Content-Disposition": f"{way}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "public, no-cache" if _is_public(row) else "private, no-store",
        "ETag": f'"{row["sha256"][:32]}{suffix}"',
    }


def delete_file(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Take a file away; the calling service has checked that the actor may. Its content goes after 30 days. Raises NotFound."""
    file = uow.session.get(File, id)
    if file is None:
        raise NotFound
    if file.state == "active":
        file.state, file.changed_at = "deleted", uow.now
        uow.record("core.file.deleted", file.owner_id, before={"file": id})


def erase_file(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Take a file away for good, content too: it says what may not be said any more. The calling service has checked that it may."""
    if erase_files(uow, File.id == id):
        uow.record("core.file.erased", after={"file": id})


def erase_files(uow: UnitOfWork, which: ColumnElement[bool]) -> int:
    """Take files away for good, content too, when an account is erased; how many. The contents go right after the commit."""
    ids = uow.session.execute(select(File.id).where(which, File.state != "gone").order_by(File.id)).scalars().all()
    for start in range(0, len(ids), BATCH):
        uow.session.execute(update(File).where(File.id.in_(ids[start : start + BATCH])).values(**_GONE, changed_at=uow.now))
    for id in ids:
        uow.publish(FileErased(file_id=id))
    return len(ids)


def remove_content(uow: UnitOfWork, event: Delivered) -> None:
    """Remove the content of a file that is gone; the handler of :class:`FileErased`."""
    id = uuid.UUID(event.payload["file_id"])
    widths = uow.session.execute(select(File.widths).where(File.id == id, File.state == "gone")).scalar_one_or_none()
    if widths is not None:
        _remove(uow, id, widths)


def _remove(uow: UnitOfWork, id: uuid.UUID, widths: Iterable[int]) -> None:
    for suffix in ("", *(f".{width}" for width in widths)):
        uow.platform.files.delete(id.hex + suffix)


def old_files(uow: UnitOfWork) -> ColumnElement[bool]:
    """Which files go: deleted a month ago, or never given an owner."""
    loose = and_(File.owner_id.is_(None), File.state == "active", File.at < uow.now - KEEP_LOOSE)
    return or_(loose, and_(File.state == "deleted", File.changed_at < uow.now - KEEP_DELETED))


def remove_old_files(uow: UnitOfWork, limit: int) -> int:
    """Remove the content and the name of at most ``limit`` of :func:`old_files`; how many."""
    rows = uow.session.execute(select(File.id, File.widths).where(old_files(uow)).order_by(File.id).limit(limit)).all()
    for row in rows:
        _remove(uow, row.id, row.widths)
    uow.session.execute(update(File).where(File.id.in_([row.id for row in rows])).values(**_GONE, changed_at=uow.now))
    return len(rows)


def sweep_files(uow: UnitOfWork) -> None:
    """Remove contents without a row, which a crash left behind."""
    old = [key for key in uow.platform.files.every_key() if _made_at(key) < uow.now - KEEP_LOOSE]
    for start in range(0, len(old), BATCH):
        batch = old[start : start + BATCH]
        ids = {uuid.UUID(key[:32]) for key in batch}
        known = set(uow.session.scalars(select(File.id).where(File.id.in_(ids), File.state != "gone")))
        for key in batch:
            if uuid.UUID(key[:32]) not in known:
                uow.platform.files.delete(key)


def _made_at(key: str) -> datetime:
    """The moment in a UUIDv7: its first 48 bits count milliseconds."""
    return datetime.fromtimestamp(int(key[:12], 16) / 1000, UTC)

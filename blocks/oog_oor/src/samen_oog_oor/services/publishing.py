"""What everybody sees of a case: its level, the texts that were cleared, pictures with black boxes; and hiding it as a moderator."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from samen_core.api import (
    MODERATE,
    Conflict,
    File,
    HiddenReason,
    Invalid,
    NotFound,
    StoredFile,
    Text,
    UnitOfWork,
    _,
    delete_file,
    explanation,
    hidden_reasons,
    hide,
    show_again,
    store_upload,
    stored_files,
    uuid7,
)
from samen_oog_oor.events import CaseUpdated
from samen_oog_oor.models import Case, ShownPicture, Signal, TakenOver, Viewing
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.schemas.publishing import Box, Hide, Publish, ShowAgain, ShowPicture
from samen_oog_oor.services.common import case_to_work_at, keep_case, log, may_work, require_text, scopes_of, tell
from samen_oog_oor.services.kinds import case_ref
from samen_oog_oor.services.places import clear_place
from samen_oog_oor.services.private_words import LABELS, find_private
from samen_oog_oor.services.updates import tell_reporters

if TYPE_CHECKING:
    from PIL.Image import Image

_HIDDEN = _("Een moderator heeft deze zaak verborgen. Laat hem eerst weer zien.")
_CONFIDENTIAL = _("Deze zaak is vertrouwelijk. Niemand anders mag hem zien.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What everybody sees of a case, or would see: by its level nothing but a number, a point with its kind, or a page with these texts.

    ``pictures`` are the copies. ``nobody``: it is confidential, hidden or part of another case.
    """

    publication: str
    title: str
    text: str
    signals: tuple[str, ...]
    pictures: tuple[StoredFile, ...]
    nobody: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a signal, with the copy that everybody sees, if any."""

    signal: Signal
    original: StoredFile
    shown: ShownPicture | None
    copy: StoredFile | None


def usual_level(uow: UnitOfWork, case: Case) -> str:
    """The level of its category."""
    return category_tree(uow).by_id[case.category_id].publication


def signals_of(uow: UnitOfWork, case: Case) -> Sequence[Signal]:
    """The signals of a case that count, the first first."""
    counts = (Signal.case_id == case.id, Signal.confirmed_at.is_not(None), Signal.withdrawn_at.is_(None))
    statement = select(Signal).where(*counts).order_by(Signal.at, Signal.id)
    return uow.session.execute(statement).scalars().all()


def publish_values(case: Case, signals: Iterable[Signal]) -> dict[str, object]:
    """What the form shows of what is stored."""
    texts = {f"signal-{signal.id}": signal.public_text for signal in signals}
    values = {name: getattr(case, name) for name in ("publication", "title", "public_text", "version")}
    return {**values, "place": case.public_place, **texts}


def publish(uow: UnitOfWork, id: uuid.UUID, command: Publish) -> Case:
    """Set the level of a case and the texts that everybody may read.

    Another level than that of the category needs a reason. What looks like personal data in a text is refused, unless somebody is
    ``sure``. Raises NotFound, NotAllowed, Conflict, and Invalid with everything that is wrong.
    """
    case = case_to_work_at(uow, id, command.version, TRIAGE, lambda found: publish_values(found, ()))
    signals = {signal.id: signal for signal in signals_of(uow, case)}
    if errors := _wrong(uow, case, signals, command):
        raise Invalid(errors)
    before = {"publication": case.publication, "title": case.title, "public_text": case.public_text}
    former = case.public_place
    cleared = 0
    for signal_id, text in command.signals.items():
        if signals[signal_id].public_text != text.strip():
            signals[signal_id].public_text = text.strip()
            cleared += 1
    for name in before:
        setattr(case, name, getattr(command, name).strip())
    if command.place is not None:
        clear_place(case, command.place)
    after = {name: getattr(case, name) for name in before}
    if before == after and not cleared and case.public_place == former:
        return case
    # What another server had made public counts no more.
    uow.session.execute(delete(TakenOver).where(TakenOver.case_id == case.id))
    keep_case(uow, case)
    # The texts themselves stay out of the log, which is kept: what was cleared away would stand in it for good.
    texts = [name for name in ("title", "public_text") if before[name] != after[name]] + ["place"] * (case.public_place != former)
    log(
        uow,
        "published",
        case,
        _("Wat iedereen van deze zaak kan zien, is bijgewerkt."),
        before={"publication": before["publication"]},
        after={"publication": after["publication"], "texts": texts, "signals": cleared},
    )
    if reason := command.reason.strip():
        # The form says that only staff read it, and the history of a public case is for everybody.
        log(uow, "published_because", case, _("Waarom iedereen dit van de zaak ziet."), reason=reason, public=False)
    tell(uow, CaseUpdated, case)
    return case


def preview(uow: UnitOfWork, case: Case, command: Publish | None = None) -> Shown:
    """What everybody sees of a case now, or would see after this command; nothing is written."""
    texts: Mapping[uuid.UUID, str] = command.signals if command is not None else {}
    words = dict.fromkeys(texts.get(one.id, one.public_text).strip() for one in signals_of(uow, case))
    level = command.publication if command is not None else case.publication
    nobody = case.confidential or case.hidden_from is not None or case.merged_into_id is not None
    if level != "full":
        return Shown(level, "", "", (), (), nobody)
    title, text = (command.title, command.public_text.strip()) if command is not None else (case.title, case.public_text)
    signals = tuple(said for said in words if said and said != text)
    copies = tuple(file for file in stored_files(uow, [case.id])[case.id] if file.kind == "picture")
    place = command.place.strip() if command is not None and command.place is not None else case.public_place
    return Shown(level, title, text, signals, copies, nobody, place)


def _wrong(uow: UnitOfWork, case: Case, signals: Mapping[uuid.UUID, Signal], command: Publish) -> dict[str, list[Text]]:
    errors = _wrong_level(uow, case, command)
    if not command.title.strip():
        errors["title"] = [_("Geef de zaak een titel.")]
    if not set(command.signals) <= set(signals):
        errors["signals"] = [_("Een van deze meldingen hoort niet bij deze zaak. Open de pagina opnieuw.")]
    if not command.sure:
        for name, text in _texts(command).items():
            if warning := _looks_private(text):
                errors.setdefault(name, []).append(warning)
    return errors


def _wrong_level(uow: UnitOfWork, case: Case, command: Publish) -> dict[str, list[Text]]:
    if command.publication not in PUBLICATION:
        return {"publication": [_("Kies wat iedereen ziet.")]}
    if command.publication == case.publication:
        return {}
    if case.hidden_from is not None:
        return {"publication": [_HIDDEN]}
    if case.confidential and command.publication != "count":
        return {"publication": [_CONFIDENTIAL]}
    if command.publication != usual_level(uow, case) and not command.reason.strip():
        return {"reason": [_("Schrijf waarom hier iets anders geldt dan voor de categorie.")]}
    return {}


def _texts(command: Publish) -> dict[str, str]:
    return {
        "title": command.title,
        "public_text": command.public_text,
        "place": command.place or "",
        **{f"signal-{id}": text for id, text in command.signals.items()},
    }


def _looks_private(text: str) -> Text | None:
    found = find_private(text)
    if not found:
        return None
    kinds = ", ".join(dict.fromkeys(str(LABELS[one.kind]) for one in found))
    words = ", ".join(f"“{text[one.start : one.end]}”" for one in found)
    return _("Hier lijkt iets van iemand te staan ({kinds}): {words}. Haal het weg, of kruis aan dat het mag.", kinds=kinds, words=words)


def pictures_of(uow: UnitOfWork, case: Case) -> list[Picture]:
    """The pictures of the signals of a case with their copies. The caller checked that the actor may work at it."""
    signals = signals_of(uow, case)
    files = stored_files(uow, [case.id, *(signal.id for signal in signals)])
    copies = {file.id: file for file in files[case.id]}
    rows = uow.session.execute(select(ShownPicture).where(ShownPicture.case_id == case.id)).scalars()
    shown = {row.original_id: row for row in rows}
    return [
        Picture(signal, file, row := shown.get(file.id), copies.get(row.file_id) if row else None)
        for signal in signals
        for file in files[signal.id]
        if file.kind == "picture"
    ]


def view_pictures(uow: UnitOfWork, case: Case) -> list[Picture]:
    """The same, for who is going to look at the originals: that is written down. Raises NotFound for who may not work at the case."""
    if not may_work(uow, case):
        raise NotFound
    found = pictures_of(uow, case)
    if found:
        uow.session.add(Viewing(id=uuid7(), case_id=case.id, account_id=uow.actor.account_id, what="picture", at=uow.now))
        uow.session.flush()
    return found


def show_picture(uow: UnitOfWork, id: uuid.UUID, original_id: uuid.UUID, command: ShowPicture) -> StoredFile:
    """Show everybody a copy of a picture of a signal, with the boxes drawn in black; a former copy goes. The original stays as it was.

    Raises NotFound, NotAllowed, Conflict, and Invalid for a copy without description.
    """
    case = case_to_work_at(uow, id, command.version, TRIAGE)
    picture = _picture(uow, case, original_id)
    alt = require_text(command.alt, "alt")
    content = _with_boxes(_content(uow, original_id), command.boxes)
    stored = store_upload(uow, io.BytesIO(content), "foto.jpg", alt=alt, owner=case.id, pictures=True)
    row = picture.shown
    if row is None:
        row = ShownPicture(id=uuid7(), case_id=case.id, original_id=original_id)
        uow.session.add(row)
    else:
        _let_go(uow, row.file_id)
    row.file_id, row.boxes, row.at = stored.id, [list(box) for box in command.boxes], uow.now
    _touch(uow, case, "picture_shown", _("Er is een foto bij deze zaak te zien."), {"file": stored.id, "boxes": len(command.boxes)})
    return stored


def take_back_picture(uow: UnitOfWork, id: uuid.UUID, original_id: uuid.UUID, version: int) -> None:
    """Take the copy that everybody sees away. Raises NotFound, NotAllowed and Conflict."""
    case = case_to_work_at(uow, id, version, TRIAGE)
    row = _picture(uow, case, original_id).shown
    if row is None:
        raise NotFound
    _let_go(uow, row.file_id)
    uow.session.delete(row)
    _touch(uow, case, "picture_taken_back", _("Een foto bij deze zaak is weggehaald."), {"file": row.file_id})


def hide_case(uow: UnitOfWork, id: uuid.UUID, command: Hide) -> Case:
    """Take a whole case out of sight, as a moderator; its reporters are told why and how to object.

    Raises NotFound, NotAllowed, Conflict (also when it is hidden already), and Invalid without code or reason.
    """
    case = case_to_work_at(uow, id, command.version, MODERATE)
    hidden = hide(uow, case_ref(case), command.reason, command.code, scopes=scopes_of(case))
    case.hidden_from, case.publication = case.publication, "count"
    keep_case(uow, case)
    tell_reporters(uow, case, _told(uow, hidden), public=False)
    return case


def show_case_again(uow: UnitOfWork, id: uuid.UUID, command: ShowAgain) -> Case:
    """Let everybody see a hidden case again, at the level that it had. Raises as :func:`hide_case`."""
    case = case_to_work_at(uow, id, command.version, MODERATE)
    show_again(uow, case_ref(case), command.reason, scopes=scopes_of(case))
    case.publication, case.hidden_from = case.hidden_from or usual_level(uow, case), None
    keep_case(uow, case)
    return case


def hidden_reason(uow: UnitOfWork, case: Case) -> HiddenReason | None:
    """Why a case is hidden now."""
    return hidden_reasons(uow, [case.id]).get(case.id) if case.hidden_from is not None else None


def _told(uow: UnitOfWork, hidden: HiddenReason) -> str:
    """What reporters read, in Dutch: with a moderator's own words in it."""
    with uow.platform.translations.use("nl"):
        return "\n\n".join(str(part) for part in explanation(uow, hidden))


def _touch(uow: UnitOfWork, case: Case, what: str, sentence: Text, after: Mapping[str, object]) -> None:
    keep_case(uow, case)
    log(uow, what, case, sentence, after=after)
    tell(uow, CaseUpdated, case)


def _let_go(uow: UnitOfWork, file_id: uuid.UUID) -> None:
    """A copy that was put in by mistake may show somebody, so it can be seen no more from now on."""
    if uow.session.get(File, file_id) is not None:
        delete_file(uow, file_id)


def _picture(uow: UnitOfWork, case: Case, original_id: uuid.UUID) -> Picture:
    found = next((picture for picture in pictures_of(uow, case) if picture.original.id == original_id), None)
    if found is None:
        raise NotFound
    return found


def _content(uow: UnitOfWork, file_id: uuid.UUID) -> bytes:
    try:
        with uow.platform.files.open(file_id.hex) as stream:
            return stream.read()
    except FileNotFoundError:
        raise Conflict(_("De inhoud van deze foto is er niet meer.")) from None


def _with_boxes(content: bytes, boxes: Sequence[Box]) -> bytes:
    """The picture as JPEG of high quality with the boxes filled in black; what was under them is not in it any more."""
    from PIL import Image, ImageDraw

    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
        picture = _on_white(opened)
    draw = ImageDraw.Draw(picture)
    for box in boxes:
        draw.rectangle(pixels(box, picture.width, picture.height), fill=(0, 0, 0))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def _on_white(picture: Image) -> Image:
    from PIL import Image as Images

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Images.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        return ground.convert("RGB")
    return picture.convert("RGB")


def pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """The first and the last pixel of a box, both inside the picture; a part of a pixel counts whole."""
    left, top, across, down = box
    first = min(int(left * width / 100), width - 1), min(int(top * height / 100), height - 1)
    last = -int(-(left + across) * width // 100) - 1, -int(-(top + down) * height // 100) - 1
    return (*first, max(first[0], min(last[0], width - 1)), max(first[1], min(last[1], height - 1)))

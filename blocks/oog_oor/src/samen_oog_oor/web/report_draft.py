"""What somebody has filled in so far. It travels with the form from step to step, so that nothing of it is kept before it is sent."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from flask import request
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from samen_core.api import FileValue, FormSchema, Invalid, Text, UnitOfWork, _, form_schema, parse, store_upload, without_bad
from samen_core.api import Form as Questions
from samen_oog_oor.queries.categories import CategoryTree, CategoryView
from samen_oog_oor.schemas.receiving import Contact, ReceiveSignal, SignalPlace
from samen_oog_oor.schemas.report_form import ContactSchema
from samen_oog_oor.services.answers import form_for_joining, form_of
from samen_oog_oor.services.receiving import MOST_FILES, PLACELESS

PREFIX = "q_"
PHOTO, PHOTOS, LOSE = "foto", "fotos", "foto_weg"
"""The ids of the pictures that are kept, the input for new ones, and the ids of those to let go of."""
STEPS = ("wat", "onderwerp", "plek", "bekend", "meer", "controle")
FIELDS = {
    "wat": ("text", "type", "channel", "confidential"),
    "onderwerp": ("category_id", "other"),
    "plek": ("postcode", "house_number", "address", "area_id", "lat", "lon"),
    "bekend": ("case_id",),
    "meer": ("name", "email", "phone", "share"),
    "controle": ("hide",),
}
KEY = "sleutel"
Errors = dict[str, list[Text]]


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was sent, with the ids of its pictures."""

    form: MultiDict[str, str]

    @classmethod
    def new(cls) -> Draft:
        """An empty one, with a key of its own: what is sent twice counts once."""
        return cls(MultiDict({KEY: secrets.token_urlsafe(18), "type": "problem"}))

    @classmethod
    def sent(cls) -> Draft:
        """The one that this request brought."""
        form = MultiDict([(name, without_bad(value)) for name, value in request.form.items(multi=True)])
        draft = cls(form)
        if not 8 <= len(draft.get(KEY)) <= 60:
            draft.put(KEY, secrets.token_urlsafe(18))
        if draft.get("other"):
            draft.put("category_id", draft.get("other"))
        draft.put("other", "")
        if draft.get("zonder_punt"):
            draft.put("lat", "")
            draft.put("lon", "")
        return draft

    def get(self, name: str) -> str:
        """What was filled in, without spaces around it."""
        return self.form.get(name, "").strip()

    def put(self, name: str, value: str) -> None:
        """Fill something in, or empty it."""
        self.form.setlist(name, [value] if value else [])

    def id(self, name: str) -> uuid.UUID | None:
        """The id that a field holds, if it is one."""
        try:
            return uuid.UUID(self.get(name))
        except ValueError:
            return None

    def category(self, tree: CategoryTree) -> CategoryView | None:
        """The category that was chosen."""
        id = self.id("category_id")
        return tree.by_id.get(id) if id is not None else None

    @property
    def point(self) -> tuple[float, float] | None:
        """The point that was chosen, in degrees."""
        try:
            lat, lon = (float(self.get(name).replace(",", ".")) for name in ("lat", "lon"))
        except ValueError:
            return None
        return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None

    @property
    def place(self) -> SignalPlace | None:
        """Where it is; None when nothing was filled in."""
        lat, lon = self.point or (None, None)
        words = {name: self.get(name) for name in ("postcode", "house_number", "address")}
        place = SignalPlace(lat=lat, lon=lon, area_id=self.id("area_id"), **words)
        return None if place == SignalPlace() else place

    @property
    def may_be_placeless(self) -> bool:
        """Whether what is reported needs no place."""
        return self.get("type") in PLACELESS

    @property
    def file_ids(self) -> list[uuid.UUID]:
        """The pictures that the form keeps."""
        found = []
        for text in self.form.getlist(PHOTO):
            try:
                found.append(uuid.UUID(text))
            except ValueError:
                continue
        return list(dict.fromkeys(found))[:MOST_FILES]

    def hidden(self, shown: Collection[str]) -> list[tuple[str, str]]:
        """What the other steps filled in, for hidden inputs: everything but what the step itself shows."""
        kept = [name for names in FIELDS.values() for name in names if name != "other"]
        names = [KEY, *kept, *(name for name in self.form if name.startswith(PREFIX))]
        found = [(name, value) for name in dict.fromkeys(names) if name not in shown for value in self.form.getlist(name) if value]
        return [*found, *((PHOTO, str(id)) for id in self.file_ids if PHOTO not in shown)]

    def command(self, answers: dict[str, object], text: str, *, staff: bool) -> ReceiveSignal:
        """What is to be received, with these checked answers and this text."""
        category_id = self.id("category_id")
        if category_id is None:
            raise Invalid({"category_id": [_("Kies waar uw melding over gaat.")]})
        contact = Contact(name=self.get("name"), email=self.get("email"), phone=self.get("phone"), share=bool(self.get("share")))
        made = ReceiveSignal(
            category_id=category_id,
            text=text,
            type=self.get("type") or "problem",
            answers=answers,
            place=self.place,
            contact=contact,
            case_id=self.id("case_id"),
            idempotency_key=self.get(KEY),
            files=tuple(FileValue(id) for id in self.file_ids),
        )
        if not staff:
            return made
        channel = self.get("channel")
        return replace(made, channel=channel if channel == "meeting" else "staff", confidential=bool(self.get("confidential")))


def keep_photos(uow: UnitOfWork, draft: Draft) -> Errors:
    """Store the pictures that this request brought and put their ids in the form; what is wrong with the others.

    They are encoded anew, without what the camera wrote in them. They stay a day when nothing comes of it. It commits, so call it before
    anything else is written.
    """
    lose = set(request.form.getlist(LOSE))
    ids = [str(id) for id in draft.file_ids if str(id) not in lose]
    errors: list[Text] = []
    uploads = [upload for upload in request.files.getlist(PHOTOS) if upload.filename]
    for upload in uploads:
        if len(ids) >= MOST_FILES:
            errors.append(_("Kies hoogstens {max} foto’s.", max=MOST_FILES))
            break
        try:
            stored = store_upload(uow, upload.stream, upload.filename or "", decorative=True, pictures=True, public=False)
        except Invalid as error:
            problems = [text for texts in error.errors.values() for text in texts]
            errors += [_("{field}: {problem}", field=(upload.filename or "")[:80], problem=text) for text in problems]
            continue
        ids.append(str(stored.id))
    draft.form.setlist(PHOTO, ids)
    if uploads:
        uow.commit()
    return {PHOTOS: errors} if errors else {}


def more_schema(questions: Questions) -> type[Schema]:
    """The schema of the step with the extra questions of a category, under names of their own, and how to reach who reports.

    The questions come first, as on the page: mistakes are listed in that order.
    """
    asked = {PREFIX + question.name: question.to_field() for question in questions.questions}
    return FormSchema.from_dict({**asked, **ContactSchema().fields}, name="MoreSchema")


def questions_of(draft: Draft, category: CategoryView) -> Questions:
    """The extra questions that a draft is asked: who joins a case has to answer none."""
    return form_for_joining(category) if draft.get("case_id") else form_of(category)


def answers_of(draft: Draft, category: CategoryView) -> dict[str, object]:
    """The answers to the extra questions as a service takes them. Raises Invalid."""
    questions = questions_of(draft, category)
    loaded = parse(more_schema(questions), draft.form)
    found: dict[str, object] = form_schema(questions)().dump({one.name: loaded.get(PREFIX + one.name) for one in questions.questions})
    return {name: value for name, value in found.items() if value not in (None, "", [])}

"""What everybody sees of a case: levels, cleared texts, pictures with black boxes, and hiding."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from samen_core.api import (
    Conflict,
    File,
    Invalid,
    NotAllowed,
    NotFound,
    Platform,
    StoredFile,
    Subject,
    UnitOfWork,
    load,
    store_upload,
    system,
)
from samen_core.db.changes import Change
from samen_core.files.services import open_file
from samen_oog_oor.models import Case, Signal, Update, Viewing
from samen_oog_oor.queries.publishing import cleared_texts
from samen_oog_oor.schemas.publishing import Hide, Publish, ShowAgain, ShowPicture, ShowPictureSchema
from samen_oog_oor.services.publishing import (
    hidden_reason,
    hide_case,
    pictures_of,
    pixels,
    preview,
    publish,
    show_case_again,
    show_picture,
    take_back_picture,
    view_pictures,
)
from samen_oog_oor.testing import a_case, a_category, a_signal


def picture_of(uow: UnitOfWork, signal: Signal, size: tuple[int, int] = (200, 100), mode: str = "RGB") -> StoredFile:
    """A picture as a reporter sends it: white, or clear where its mode allows that."""
    stream = io.BytesIO()
    Image.new(mode, size, "white" if mode == "RGB" else (0, 0, 0, 0)).save(stream, "PNG")
    stream.seek(0)
    return store_upload(uow, stream, "straat.png", alt="Een straat", owner=signal.id, public=False)


def command(case: Case, **values: Any) -> Publish:
    return Publish(**{"publication": case.publication, "title": case.title, "version": case.version, **values})


def found(uow: UnitOfWork, case: Case) -> Case:
    return uow.session.get_one(Case, case.id)


def test_texts_are_cleared_and_the_level_is_set(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow, a_category(uow, publication="point"))
        signal = a_signal(uow, case, text="De buurman Jan gooit vuil op straat")
        assert not uow.session.get_one(Subject, case.id).public
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        row = found(uow, case)
        wanted = command(
            row, publication="full", title="Vuil op straat", public_text=" Er ligt vuil. ", signals={signal.id: "Vuil op straat"}
        )
        shown = preview(uow, row, wanted)
        assert (shown.title, shown.text.strip(), shown.signals) == ("Vuil op straat", "Er ligt vuil.", ("Vuil op straat",))
        assert preview(uow, row).publication == "point"  # looking changed nothing
        with pytest.raises(Invalid) as caught:
            publish(uow, case.id, wanted)
        assert set(caught.value.errors) == {"reason"}
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        publish(uow, case.id, command(found(uow, case), publication="full", title="Vuil op straat", public_text=" Er ligt vuil. ",
                                      signals={signal.id: "Vuil op straat"}, reason="Iedereen ziet het al"))  # fmt: skip
    with platform.read(system("test")) as uow:
        card = uow.session.get_one(Subject, case.id)
        assert (card.public, card.title, card.summary) == (True, "Vuil op straat", "Er ligt vuil.")
        stored = uow.session.get_one(Signal, signal.id)
        assert (stored.public_text, stored.text) == ("Vuil op straat", "De buurman Jan gooit vuil op straat")
        line = uow.session.execute(select(Change).where(Change.action == "oog_oor.case.published")).scalar_one()
        assert "vuil" not in str([line.before, line.after, line.sentence]).lower()  # no text stands in the log
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        publish(uow, case.id, command(found(uow, case), publication="count", reason="Toch niet", public_text="Er ligt vuil."))
        assert not uow.session.get_one(Subject, case.id).public


def test_what_looks_like_personal_data_is_refused_until_somebody_is_sure(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow)
        signal = a_signal(uow, case)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        typed = {"public_text": "Bel 06-12345678", "signals": {signal.id: "mail jan@example.org"}}
        with pytest.raises(Invalid) as caught:
            publish(uow, case.id, command(found(uow, case), **typed))
        assert set(caught.value.errors) == {"public_text", f"signal-{signal.id}"}
        assert "jan@example.org" in str(caught.value.errors[f"signal-{signal.id}"][0])
        publish(uow, case.id, command(found(uow, case), **typed, sure=True))
        assert found(uow, case).public_text == "Bel 06-12345678"


def test_who_may_not_or_was_second_publishes_nothing(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, other = a_case(uow), a_case(uow)
        signal = a_signal(uow, other)
        closed = a_case(uow, confidential=True, publication="count")
    with platform.unit_of_work(actor_as("resident")) as uow:
        for act in (
            lambda: publish(uow, case.id, command(case)),
            lambda: show_picture(uow, case.id, signal.id, ShowPicture(alt="x", version=1)),
            lambda: hide_case(uow, case.id, Hide(code="insult", reason="x", version=1)),
        ):
            with pytest.raises(NotAllowed):
                act()
        with pytest.raises(NotFound):
            view_pictures(uow, case)
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        with pytest.raises(Conflict):
            publish(uow, case.id, command(case, version=case.version + 1))
        with pytest.raises(Invalid):
            publish(uow, case.id, command(case, signals={signal.id: "van een andere zaak"}))
        with pytest.raises(NotFound):
            publish(uow, closed.id, command(closed))
    with platform.unit_of_work(actor_as("manager")) as uow:
        with pytest.raises(Invalid) as caught:
            publish(uow, closed.id, command(closed, publication="full", reason="moet kunnen"))
        assert set(caught.value.errors) == {"publication"}
        assert preview(uow, found(uow, closed)).nobody


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_copy_has_black_boxes_and_the_original_stays_as_it_was(platform: Platform, actor_as: Any, mode: str) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow)
        original = picture_of(uow, a_signal(uow, case), mode=mode)
        before = platform.files.open(original.id.hex).read()
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        wanted = ShowPicture(alt="Een straat met vuil", version=found(uow, case).version, boxes=((10, 20, 30, 50),))
        copy = show_picture(uow, case.id, original.id, wanted)
    with platform.read(actor_as("resident")) as uow:
        with open_file(uow, copy.id).stream as stream:
            picture = Image.open(io.BytesIO(stream.read()))
        assert (picture.size, picture.format) == ((200, 100), "JPEG")
        for point, black in (((25, 25), True), ((75, 65), True), ((15, 25), False), ((85, 40), False), ((50, 75), False), ((5, 5), False)):
            assert (max(picture.getpixel(point)) < 40) is black, point  # type: ignore[type-var, arg-type]
        with pytest.raises(NotFound):
            open_file(uow, original.id)
    assert platform.files.open(original.id.hex).read() == before
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        row = found(uow, case)
        again = show_picture(uow, case.id, original.id, ShowPicture(alt="Een straat", version=row.version))
        assert uow.session.get_one(File, copy.id).state == "deleted"
        assert [(one.copy and one.copy.id, one.shown and one.shown.boxes) for one in pictures_of(uow, row)] == [(again.id, [])]
        assert [file.id for file in preview(uow, row).pictures] == [again.id]
        take_back_picture(uow, case.id, original.id, row.version)
        assert preview(uow, row).pictures == ()
        with pytest.raises(NotFound):
            take_back_picture(uow, case.id, original.id, row.version)


def test_what_a_reporter_took_back_or_did_not_confirm_is_shown_to_nobody(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow)
        a_signal(uow, case, public_text="Dit telt")
        a_signal(uow, case, public_text="Ingetrokken", withdrawn_at=uow.now)
        a_signal(uow, case, public_text="Niet bevestigd", confirmed_at=None)
        assert preview(uow, case).signals == ("Dit telt",)
        assert list(cleared_texts(uow, case.id, "")) == ["Dit telt"]


def test_a_picture_of_another_case_cannot_be_shown(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, other = a_case(uow), a_case(uow)
        picture = picture_of(uow, a_signal(uow, other))
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        with pytest.raises(NotFound):
            show_picture(uow, case.id, picture.id, ShowPicture(alt="x", version=found(uow, case).version))
        with pytest.raises(Invalid):
            show_picture(uow, other.id, picture.id, ShowPicture(alt=" ", version=found(uow, other).version))


def test_looking_at_the_originals_is_written_down(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, without = a_case(uow), a_case(uow)
        picture_of(uow, a_signal(uow, case))
    staff = actor_as("facilitator")
    with platform.unit_of_work(staff) as uow:
        assert len(view_pictures(uow, found(uow, case))) == 1
        assert view_pictures(uow, found(uow, without)) == []
    with platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Viewing.case_id, Viewing.account_id, Viewing.what)).all()
    assert [tuple(row) for row in rows] == [(case.id, staff.account_id, "picture")]


def test_a_moderator_hides_a_case_and_shows_it_again(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow)
        a_signal(uow, case)
    with platform.unit_of_work(actor_as("moderator")) as uow:
        row = found(uow, case)
        for wrong in ({"code": "nothing", "reason": "x"}, {"code": "insult", "reason": " "}):
            with pytest.raises(Invalid):
                hide_case(uow, case.id, Hide(version=row.version, **wrong))
        hide_case(uow, case.id, Hide(code="insult", reason="Er wordt iemand uitgescholden.", version=row.version))
        assert (row.publication, row.hidden_from, uow.session.get_one(Subject, case.id).public) == ("count", "full", False)
        reason = hidden_reason(uow, row)
        assert reason is not None
        assert reason.code == "insult"
        with pytest.raises(Conflict):
            hide_case(uow, case.id, Hide(code="insult", reason="nog eens", version=row.version))
        with pytest.raises(Invalid):
            publish(uow, case.id, command(row, publication="full"))
        told = uow.session.execute(select(Update).where(Update.case_id == case.id)).scalar_one()
        assert not told.public
        assert "uitgescholden" in told.text
    with platform.unit_of_work(actor_as("moderator")) as uow:
        row = found(uow, case)
        show_case_again(uow, case.id, ShowAgain(reason="Het is aangepast", version=row.version))
        assert (row.publication, row.hidden_from, uow.session.get_one(Subject, case.id).public) == ("full", None, True)
    with platform.read(system("test")) as uow:
        acts = select(func.count()).select_from(Change).where(Change.action.in_(["core.subject.hidden", "core.subject.shown"]))
        assert uow.session.execute(acts).scalar_one() == 2


parts = st.floats(0, 100, allow_nan=False)


@given(parts, parts, st.floats(0.01, 100), st.floats(0.01, 100), st.integers(1, 3000), st.integers(1, 3000))
def test_a_box_covers_every_pixel_that_it_touches_and_stays_in_the_picture(
    left: float, top: float, across: float, down: float, width: int, height: int
) -> None:
    x0, y0, x1, y1 = pixels((left, top, across, down), width, height)
    assert 0 <= x0 <= x1 < width
    assert 0 <= y0 <= y1 < height
    assert x0 <= left * width / 100
    assert x1 + 1 >= min((left + across) * width / 100, width) - 1e-6
    assert y1 + 1 >= min((top + down) * height / 100, height) - 1e-6


@pytest.mark.parametrize("typed", ["10 20 30", "10 20 30 0", "10 20 30 101", "a b c d", "\n".join(["1 1 1 1"] * 31)])
def test_boxes_that_make_no_sense_are_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        load(ShowPictureSchema, {"alt": "x", "version": 1, "boxes": typed})
    assert "boxes" in caught.value.errors


def test_boxes_are_typed_or_sent_as_numbers() -> None:
    typed = load(ShowPictureSchema, {"alt": "x", "version": 1, "boxes": "10,5 20 30 15\n90 90 50 50"})
    assert typed.boxes == ((10.5, 20, 30, 15), (90, 90, 10, 10))
    assert load(ShowPictureSchema, {"alt": "x", "version": 1, "boxes": [[10.5, 20, 30, 15]]}).boxes == ((10.5, 20, 30, 15),)

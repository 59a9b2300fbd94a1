"""Schemas as forms: parsing, messages, and what is rendered again after an error."""

from __future__ import annotations

import datetime as dt
import inspect
import re
import uuid
from decimal import Decimal

import pytest
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from samen_core.errors import Invalid
from samen_core.files import DOWNLOADS, PICTURES, StoredFile
from samen_core.forms import BoundForm, FileReference, FileValue, FormSchema, Moment, Place, PlaceValue, WholeNumber, as_texts, load, parse
from samen_core.forms.bound import ACCEPT, Option, PlaceParts
from samen_core.forms.messages import _DUTCH
from samen_core.i18n import _


class Visit(FormSchema):
    name = fields.String(required=True, validate=validate.Length(1, 10), metadata={"label": _("Naam"), "autocomplete": "name"})
    email = fields.Email(load_default="", metadata={"label": _("E-mail")})
    starts_at = Moment(load_default=None, metadata={"label": _("Begin")})
    tags = fields.List(
        fields.String(validate=validate.OneOf(["a", "b"], ["Alfa", "Bèta"])), load_default=list, validate=validate.Length(max=1)
    )
    agrees = fields.Boolean(load_default=False)
    seats = WholeNumber(load_default=None, validate=validate.Range(1, 9))
    price = fields.Decimal(load_default=None)
    place = Place(load_default=None)
    photo = FileReference(load_default=None)
    password = fields.String(load_default=None, metadata={"widget": "password"})


def errors_of(call, *arguments) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        call(*arguments)
    return {name: [str(text) for text in texts] for name, texts in caught.value.errors.items()}


def test_an_html_form_and_json_give_the_same_value():
    form = MultiDict(
        [
            ("name", "  Noor "),
            ("tags", "b"),
            ("tags", ""),
            ("agrees", "true"),
            ("seats", "3"),
            ("price", "12,50"),
            ("starts_at", "2026-07-01T19:30"),
            ("place", "Markt 10"),
            ("place.lat", "52,06"),
            ("place.lon", "4.49"),
            ("password", " spaties tellen "),
            ("csrf_token", "x"),
        ]
    )
    parsed = parse(Visit, form)
    assert parsed == {
        "name": "Noor",
        "email": "",
        "starts_at": dt.datetime(2026, 7, 1, 17, 30, tzinfo=dt.UTC),
        "tags": ["b"],
        "agrees": True,
        "seats": 3,
        "price": Decimal("12.50"),
        "place": PlaceValue("Markt 10", 52.06, 4.49),
        "photo": None,
        "password": " spaties tellen ",
    }
    body = {
        "name": "Noor",
        "starts_at": "2026-07-01T19:30:00+02:00",
        "tags": ["b"],
        "agrees": True,
        "seats": 3,
        "price": "12.50",
        "place": {"text": "Markt 10", "lat": 52.06, "lon": 4.49, "postcode": "", "house_number": ""},
        "password": " spaties tellen ",
    }
    assert load(Visit, body) == parsed


def test_what_is_left_empty_is_absent():
    parsed = parse(Visit, MultiDict([("name", "x"), ("email", ""), ("starts_at", " "), ("seats", ""), ("place", ""), ("place.lat", "")]))
    assert (parsed["email"], parsed["starts_at"], parsed["seats"], parsed["place"]) == ("", None, None, None)
    assert (parsed["agrees"], parsed["tags"]) == (False, [])


def test_all_errors_come_at_once_in_dutch():
    form = MultiDict(
        [
            ("email", "geen adres"),
            ("starts_at", "morgen"),
            ("tags", "a"),
            ("tags", "z"),
            ("seats", "10"),
            ("price", "veel"),
            ("place.lat", "52"),
        ]
    )
    assert errors_of(parse, Visit, form) == {
        "name": ["Vul dit in."],
        "email": ["Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."],
        "starts_at": ["Vul een datum en een tijd in, bijvoorbeeld 31-12-2026 19:30."],
        "tags.1": ["Kies een van de mogelijkheden."],
        "seats": ["Kies een waarde van 1 tot en met 9."],
        "price": ["Vul een getal in, bijvoorbeeld 12,5."],
        "place": ["Geef van de plek de breedte én de lengte, of geen van beide."],
    }


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"name": ""}, "name", "Vul dit in."),
        ({"name": "   "}, "name", "Vul dit in."),
        ({"name": None}, "name", "Vul dit in."),
        ({"name": "x" * 11}, "name", "Dit is te lang: gebruik hoogstens 10 tekens."),
        ({"name": 3}, "name", "Dit moet tekst zijn."),
        ({"name": "a\0b"}, "name", "Dit bevat tekens die niet mogen."),
        ({"name": "half \ud83d"}, "name", "Dit bevat tekens die niet mogen."),
        ({"name": "control \x93"}, "name", "Dit bevat tekens die niet mogen."),
        ({"name": "no character \ufffe"}, "name", "Dit bevat tekens die niet mogen."),
        ({"name": "no character \U0001ffff"}, "name", "Dit bevat tekens die niet mogen."),
        ({"name": "x", "tags": ["a", "b"]}, "tags", "Kies er hoogstens 1."),
        ({"name": "x", "seats": 2.5}, "seats", "Vul een heel getal in, bijvoorbeeld 12."),
        ({"name": "x", "seats": True}, "seats", "Vul een heel getal in, bijvoorbeeld 12."),
        ({"name": "x", "photo": "nee"}, "photo", "Kies een bestand."),
        ({"name": "x", "place": {"text": "x" * 201}}, "place", "Beschrijf de plek in hoogstens 200 tekens."),
        ({"name": "x", "place": {"lat": float("nan"), "lon": 4}}, "place", "Dit punt ligt niet op de kaart."),
        ({"name": "x", "place": [1]}, "place", "Beschrijf de plek of wijs een punt aan."),
        (
            {"name": "x", "starts_at": "0001-01-01T00:00:00+14:00"},
            "starts_at",
            "Vul een datum en een tijd in, bijvoorbeeld 31-12-2026 19:30.",
        ),
        ({"name": "x", "unknown": 1}, "unknown", "Dit veld bestaat niet."),
    ],
)
def test_wrong_json_is_told_per_field(body, field, message):
    assert errors_of(load, Visit, body) == {field: [message]}


def test_something_else_than_an_object_is_one_error_of_the_whole():
    assert errors_of(load, Visit, [1, 2]) == {"": ["Dit heeft niet de vorm die nodig is."]}


def _messages_of_marshmallow() -> set[str]:
    found = set(Schema._default_error_messages.values())
    for module in (fields, validate):
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            found |= set(getattr(kind, "default_error_messages", {}).values())
            found |= {text for name, text in vars(kind).items() if name == "default_message" or name.startswith("message_")}
    # A range's messages are made of parts; they have a test of their own.
    return {text for text in found if text.endswith(".") and "_op}" not in text}


@pytest.mark.parametrize("message", sorted(_messages_of_marshmallow()))
def test_every_message_of_marshmallow_is_known(message):
    """A new version of marshmallow with another message fails here, not in front of a reader."""
    filled = re.sub(r"{\w+(!r)?}", "7", message)
    [text] = as_texts(filled)
    assert text.id != filled
    assert text.id in {dutch.id for dutch in _DUTCH.values()}


@pytest.mark.parametrize("minimum", [None, 1])
@pytest.mark.parametrize("maximum", [None, 5])
@pytest.mark.parametrize("inclusive", [(True, True), (True, False), (False, True), (False, False)])
def test_every_form_of_a_range_reads_in_dutch(minimum, maximum, inclusive):
    if minimum is None and maximum is None:
        return
    check = validate.Range(minimum, maximum, min_inclusive=inclusive[0], max_inclusive=inclusive[1])
    with pytest.raises(ValidationError) as caught:
        check(-1 if minimum is not None else 9)
    [text] = as_texts(caught.value.messages)
    assert str(text).startswith("Kies een waarde")
    assert all(str(bound) in str(text) for bound in (minimum, maximum) if bound is not None)


def test_a_choice_does_not_repeat_what_was_sent():
    with pytest.raises(ValidationError) as caught:
        validate.OneOf(["a"], error=None)("<script>")
    assert [str(text) for text in as_texts(caught.value.messages)] == ["Kies een van de mogelijkheden."]


def test_own_messages_pass_as_they_are():
    class Own(FormSchema):
        one = fields.String(validate=validate.Length(min=3, error=_("Gebruik drie letters.").id))

        def __init__(self):
            super().__init__()
            self.fields["one"].validators.append(self.never)

        def never(self, value):
            raise ValidationError([_("Kies {other}.", other="iets anders")])

    assert errors_of(load, Own, {"one": "a"}) == {"one": ["Gebruik drie letters.", "Kies iets anders."]}


def test_what_was_typed_stays_after_an_error():
    form = MultiDict(
        [
            ("name", "een veel te lange naam"),
            ("tags", "a"),
            ("tags", "b"),
            ("starts_at", "onzin"),
            ("agrees", "true"),
            ("place.lat", "x"),
            ("password", "geheim"),
        ]
    )
    with pytest.raises(Invalid) as caught:
        parse(Visit, form)
    bound = BoundForm(Visit, data=form, errors=caught.value.errors, version=4)
    assert bound.version == 4
    assert bound["name"].value == "een veel te lange naam"
    assert (bound["name"].id, bound["name"].maxlength, bound["name"].required, bound["name"].autocomplete) == ("f-name", 10, True, "name")
    assert bound["name"].describedby == "f-name-error"
    assert bound["starts_at"].value == "onzin"
    assert bound["agrees"].value is True
    assert bound["tags"].options == (Option("a", "Alfa", "f-tags", True), Option("b", "Bèta", "f-tags-2", True))
    assert bound["place"].value == PlaceParts(lat="x")
    assert bound["password"].value == "", "a password is never sent back"
    assert [(target, str(text)) for target, text in bound.errors] == [
        ("f-name", "Naam: Dit is te lang: gebruik hoogstens 10 tekens."),
        ("f-starts_at", "Begin: Vul een datum en een tijd in, bijvoorbeeld 31-12-2026 19:30."),
        ("f-tags", "Kies er hoogstens 1."),
        ("f-place", "Dit punt ligt niet op de kaart."),
    ]


def test_an_error_in_a_list_stands_at_the_list_and_one_of_the_whole_on_top():
    bound = BoundForm(Visit, errors={"tags.1": [_("Fout.")], "": [_("Alles fout.")]})
    assert [str(text) for text in bound["tags"].errors] == ["Fout."]
    assert [(target, str(text)) for target, text in bound.errors] == [("form", "Alles fout."), ("f-tags", "Fout.")]


def test_values_are_shown_as_inputs_take_them():
    given = uuid.uuid4()
    data = {
        "name": "Noor",
        "starts_at": dt.datetime(2026, 1, 1, 23, 0, tzinfo=dt.UTC),
        "tags": ["b"],
        "agrees": True,
        "seats": 3,
        "place": PlaceValue("Markt", 52.0, None),
        "photo": given,
    }
    bound = BoundForm(Visit, data=data)
    assert bound["starts_at"].value == "2026-01-02T00:00", "the city's clock"
    assert [option.selected for option in bound["tags"].options] == [False, True]
    assert (bound["agrees"].value, bound["seats"].value) == (True, "3")
    assert [(slot.name, slot.kept) for slot in bound["photo"].value] == [("photo", None)], "a file that is not there is not shown"
    assert bound["seats"].attrs == {"inputmode": "numeric", "min": "1", "max": "9"}
    assert bound["place"].value == PlaceParts("Markt", lat="52.0")
    assert BoundForm(Visit)["tags"].value == []
    widgets = {field.name: field.widget for field in bound}
    assert widgets == {
        "name": "text", "email": "email", "starts_at": "datetime", "tags": "checkboxes", "agrees": "checkbox",
        "seats": "number", "price": "number", "place": "place", "photo": "file", "password": "password",
    }  # fmt: skip
    assert bound.is_multipart


def test_a_conflict_deep_in_a_form_shows_too():
    class Inner(FormSchema):
        text = fields.String(load_default="")

    class Middle(FormSchema):
        inner = fields.Nested(Inner, load_default=dict)

    class Outer(FormSchema):
        middle = fields.Nested(Middle, load_default=dict)

    bound = BoundForm(Outer, data=MultiDict({"middle.inner.text": "mijn"}), conflict={"middle": {"inner": {"text": "hun"}}})
    assert bound["middle.inner.text"].value == "mijn"
    assert bound["middle.inner.text"].current == "hun"


def test_a_conflict_shows_what_the_other_stored_where_it_differs():
    mine = MultiDict([("name", "Mijn"), ("tags", "a")])
    bound = BoundForm(Visit, data=mine, version=8, conflict={"name": "Hun", "tags": ["b"], "email": "", "agrees": True})
    assert (bound["name"].value, bound["name"].current) == ("Mijn", "Hun")
    assert bound["tags"].current == "Bèta"
    assert str(bound["agrees"].current) == "ja"
    assert bound["email"].current is None, "nothing differs"
    assert bound["name"].describedby == "f-name-current"


def test_options_can_come_at_run_time():
    class Pick(FormSchema):
        owner = fields.UUID(required=True, metadata={"label": "Eigenaar", "widget": "select"})

    given = uuid.uuid4()
    bound = BoundForm(Pick, data={"owner": given}, options={"owner": [(given, "Gemeente"), (uuid.uuid4(), "Ander")]})
    assert [(option.label, option.selected) for option in bound["owner"].options] == [("Gemeente", True), ("Ander", False)]


def test_the_summary_puts_no_second_mark_after_a_label_that_is_a_question():
    class Ask(FormSchema):
        place = fields.String(required=True, metadata={"label": _("Waar woont u?")})

    bound = BoundForm(Ask, data=MultiDict(), errors={"place": [_("Vul dit in.")]})
    assert [str(text) for target, text in bound.errors] == ["Waar woont u? Vul dit in."]


class _Address(FormSchema):
    street = fields.String(required=True, metadata={"label": "Straat"})
    number = WholeNumber(load_default=None)


class _WithAddress(FormSchema):
    address = fields.Nested(_Address, load_default=None, metadata={"label": "Adres"})


def test_a_nested_schema_is_a_group_of_inputs():
    assert parse(_WithAddress, MultiDict([("address.street", ""), ("address.number", "")])) == {"address": None}
    form = MultiDict([("address.number", "x")])
    assert errors_of(parse, _WithAddress, form) == {
        "address.street": ["Vul dit in."],
        "address.number": ["Vul een heel getal in, bijvoorbeeld 12."],
    }
    bound = BoundForm(_WithAddress, data=form, errors={"address.street": [_("Vul dit in.")]})
    street, number = bound["address"].fields
    assert (street.name, street.id, number.value) == ("address.street", "f-address-street", "x")
    assert [(target, str(text)) for target, text in bound.errors] == [("f-address-street", "Straat: Vul dit in.")]
    assert BoundForm(_WithAddress, data={"address": {"street": "Markt"}})["address.street"].value == "Markt"


def test_a_file_in_a_form_is_the_id_of_one_that_is_stored():
    kept = uuid.uuid4()
    form = MultiDict([("name", "x"), ("photo", str(kept)), ("photo.alt", "Een bank")])
    assert parse(Visit, form)["photo"] == FileValue(kept, "Een bank")
    assert parse(Visit, MultiDict([("name", "x"), ("photo", ""), ("photo.alt", "Een bank")]))["photo"] is None


def test_several_files_have_an_input_each():
    class Report(FormSchema):
        photos = FileReference(maximum=3, pictures=True, load_default=list, metadata={"label": "Foto's"})

    one, two = uuid.uuid4(), uuid.uuid4()
    form = MultiDict([("photos", str(one)), ("photos.alt", "Bank"), ("photos.3", str(two)), ("photos.3.alt", "")])
    assert parse(Report, form)["photos"] == [FileValue(one, "Bank"), FileValue(two, "")]
    assert parse(Report, MultiDict())["photos"] == []
    kept = StoredFile(two, "b.jpg", "picture", "image/jpeg", 9, 10, 10, (), "Boom")
    slots = BoundForm(Report, data={"photos": [FileValue(two, "Boom")]}, files={two: kept})["photos"].value
    assert [(slot.name, slot.id, slot.alt, slot.kept) for slot in slots] == [
        ("photos", "f-photos", "Boom", kept),
        ("photos.2", "f-photos-2", "", None),
        ("photos.3", "f-photos-3", "", None),
    ]
    for wrong, message in (
        ([str(uuid.uuid4()) for _each in range(4)], "Kies hoogstens 3 bestanden."),
        ([str(one), {"id": str(one)}], "Kies elk bestand hoogstens één keer."),
        ([{"id": str(one), "alt": "x" * 301}], "Beschrijf de foto in hoogstens 300 tekens."),
        (str(one), "Kies een bestand."),
        ([None], "Kies een bestand."),
    ):
        with pytest.raises(Invalid) as caught:
            load(Report, {"photos": wrong})
        assert {str(text) for texts in caught.value.errors.values() for text in texts} == {message}


def test_what_a_browser_lets_choose_is_what_is_accepted():
    endings = {ending.removeprefix(".") for ending in ACCEPT.split(",")}
    assert endings == {kind.ending for kind in (*PICTURES, *DOWNLOADS)} | {"jpeg", "gif"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"postcode": "2712 ab", "house_number": "12a"}, PlaceValue(postcode="2712AB", house_number="12a")),
        ({"postcode": "2712AB", "house_number": 12}, PlaceValue(postcode="2712AB", house_number="12")),
        ({"postcode": "2712AB"}, "Vul een huisnummer in, bijvoorbeeld 12."),
        ({"house_number": "12"}, "Vul een postcode in van vier cijfers en twee letters, bijvoorbeeld 2712 AB."),
        ({"postcode": "0712AB", "house_number": "1"}, "Vul een postcode in van vier cijfers en twee letters, bijvoorbeeld 2712 AB."),
        (
            {"postcode": [], "house_number": {}},
            "Vul een postcode in van vier cijfers en twee letters, bijvoorbeeld 2712 AB. Vul een huisnummer in, bijvoorbeeld 12.",
        ),
        ({"postcode": "2712AB", "house_number": True}, "Vul een huisnummer in, bijvoorbeeld 12."),
    ],
)
def test_a_place_by_its_address(value, found):
    if isinstance(found, PlaceValue):
        assert load(Visit, {"name": "x", "place": value})["place"] == found
        return
    with pytest.raises(Invalid) as caught:
        load(Visit, {"name": "x", "place": value})
    assert " ".join(str(text) for text in caught.value.errors["place"]) == found


def test_a_clock_time_that_summer_time_skips_still_is_a_moment():
    parsed = parse(Visit, MultiDict([("name", "x"), ("starts_at", "2026-03-29T02:30")]))
    assert parsed["starts_at"] == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)


def test_a_list_typed_in_a_text_area_comes_back_as_it_was_typed():
    class Partners(FormSchema):
        names = fields.List(fields.String(), metadata={"widget": "textarea"})

    typed = MultiDict([("names", "Wijkraad\r\nBuurthuis")])
    assert BoundForm(Partners, data=typed)["names"].value == "Wijkraad\r\nBuurthuis"


def test_what_html_cannot_hold_is_left_out_of_what_comes_back():
    assert BoundForm(Visit, data=MultiDict([("name", "a\x1b\x00b\r\nc")]))["name"].value == "ab\r\nc"


def test_two_forms_on_one_page_have_ids_of_their_own():
    one, other = (BoundForm(Visit, data=MultiDict(), errors={"email": ["Vul iets in."]}, part=part) for part in ("", "steun"))
    assert one["email"].name == other["email"].name == "email"
    assert (one["email"].id, other["email"].id) == ("f-email", "f-steun-email")
    assert other.errors[0][0] == "f-steun-email"

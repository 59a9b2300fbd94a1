"""Search: the same answers on both databases, nothing that may not be seen, no query that raises."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from samen_core.actor import Actor, Grant, anonymous, system
from samen_core.db.base import uuid7
from samen_core.events.worker import Worker
from samen_core.i18n import _
from samen_core.permissions import Permission
from samen_core.platform import SubjectTypes
from samen_core.search import MAX_RESULTS, Found, SearchDocument, SearchSource, having_words, reindex, search
from samen_core.search.words import Query, fold, indexed_words, marked, parse_query, similar_query, snippet, stem
from samen_core.subjects import Subject, SubjectData, SubjectRef, SubjectType, register, update_card

SEE = Permission("gereedschap.see_note", _("notities zien"), roles=frozenset({"facilitator"}))


class Library:
    """Things of two types with texts, as a block would hold them."""

    def __init__(self, platform) -> None:
        self.platform = platform
        self.texts: dict[uuid.UUID, SearchDocument] = {}
        platform.permissions[SEE.name] = SEE
        kinds = [
            ("gereedschap", SubjectType("note", _("Notitie"), _("Notities"), permission=SEE.name)),
            ("gereedschap", SubjectType("pole", _("Paal"), _("Palen"))),
        ]
        platform.subject_types = SubjectTypes(kinds, platform.permissions)
        for kind in ("note", "pole"):
            platform.search_sources[kind] = SearchSource(kind, self.load)

    def load(self, uow, ids):
        return [self.texts[subject_id] for subject_id in ids if subject_id in self.texts]

    def add(self, title: str, body: str = "", keywords: str = "", *, type: str = "note", public: bool = True) -> uuid.UUID:
        ref = SubjectRef(type, uuid7())
        self.texts[ref.id] = SearchDocument(ref.id, title, keywords, body)
        with self.platform.unit_of_work(system("test")) as uow:
            register(uow, ref, SubjectData(title, f"/notities/{ref.id}", summary=body[:100], public=public))
        return ref.id

    def deliver(self) -> None:
        Worker(self.platform).drain()

    def find(self, query: str, actor: Actor | None = None, **options) -> Found:
        with self.platform.read(actor or anonymous()) as uow:
            return search(uow, query, **options)

    def titles(self, query: str, actor: Actor | None = None, **options) -> list[str]:
        return ["".join(part.text for part in result.title) for result in self.find(query, actor, **options).results]


@pytest.fixture
def library(platform) -> Library:
    return Library(platform)


@pytest.fixture
def filled(library) -> Library:
    library.add("Bomen in de Meerpolder", "Er komen veertig nieuwe bomen langs de plas.")
    library.add("Speelplaats Oosterheem", "Kinderen kiezen de toestellen. Er staat al een boom.")
    library.add("Ideeën voor het Stadshart", "Alle ideeën op een rij, ook van cafés.", "centrum winkels")
    library.add("Gemeente Zoetermeer", "De gemeente.", type="pole")
    library.deliver()
    return library


ANSWERS: list[tuple[str, list[str]]] = [
    ("bomen", ["Bomen in de Meerpolder", "Speelplaats Oosterheem"]),
    ("BOOM", ["Bomen in de Meerpolder", "Speelplaats Oosterheem"]),
    ("ideeen", ["Ideeën voor het Stadshart"]),
    ("idee", ["Ideeën voor het Stadshart"]),
    ("ideeën cafe", ["Ideeën voor het Stadshart"]),
    ("café's", ["Ideeën voor het Stadshart"]),
    ("foto’s", []),
    ("winkel", ["Ideeën voor het Stadshart"]),
    ("speelpl", ["Speelplaats Oosterheem"]),
    ("speelplaatsen", ["Speelplaats Oosterheem"]),
    ("oosterheem kind", ["Speelplaats Oosterheem"]),
    ("het kind in de speelplaats", ["Speelplaats Oosterheem"]),
    ("de", ["Bomen in de Meerpolder", "Gemeente Zoetermeer", "Speelplaats Oosterheem"]),
    ("oosterheem stadshart", []),
    ("oost plas", []),
    ("zzz", []),
    ("", []),
    (" -- ** ", []),
]


def test_words_are_found_in_any_form(filled):
    for query, titles in ANSWERS:
        assert sorted(filled.titles(query)) == sorted(titles), query


def test_a_word_in_the_title_counts_most_then_keywords_then_text(library):
    library.add("Verslag", "Een lange avond over van alles, aan het eind ook over de haven en de boten.")
    library.add("De haven", "Een avond over boten.")
    library.add("Plan", "Een avond over van alles.", "haven")
    library.deliver()
    assert library.titles("haven") == ["De haven", "Plan", "Verslag"]


def test_the_matching_words_are_marked_in_title_and_text(filled):
    [result] = filled.find("stadsh").results
    assert [(part.text, part.is_match) for part in result.title] == [("Ideeën voor het ", False), ("Stadshart", True)]
    [result] = filled.find("ideeen cafe").results
    assert [part.text for part in result.snippet if part.is_match] == ["ideeën", "cafés"]
    assert (result.type, result.url) == ("note", f"/notities/{result.id}")


def test_a_hidden_thing_is_found_only_by_whom_its_permission_shows_it(library):
    hidden = library.add("Geheime notitie", public=False)
    library.add("Openbare notitie")
    library.add("Geheime paal", type="pole", public=False)
    library.deliver()
    everywhere = Actor("account", uuid7(), grants=(Grant("facilitator"),))
    here, elsewhere = (Actor("account", uuid7(), grants=(Grant("facilitator", place),)) for place in (hidden, uuid7()))
    token = Actor("token", uuid7(), grants=(Grant("facilitator"),), scopes=frozenset({"core.read_public"}))
    for actor in (anonymous(), elsewhere, token, Actor("account", uuid7(), grants=(Grant("manager"),))):
        assert library.titles("notitie", actor) == ["Openbare notitie"]
        assert library.titles("geheime", actor) == []
    for actor in (everywhere, here):
        assert sorted(library.titles("notitie", actor)) == ["Geheime notitie", "Openbare notitie"]
        assert library.titles("paal", actor) == [], "nobody may see it: its type names no permission"


def test_changes_reach_the_index_and_what_is_gone_leaves_it(library):
    path = library.add("Fietspad")
    library.deliver()
    library.texts[path] = SearchDocument(path, "Wandelpad")
    change(library, path, "Wandelpad")
    assert (library.titles("fietspad"), library.titles("wandelpad")) == ([], ["Wandelpad"])
    change(library, path, "Wandelpad", state="deleted")
    assert library.titles("wandelpad") == []
    assert rows(library) == (0, 0)


def change(library: Library, id: uuid.UUID, title: str, **values) -> None:
    with library.platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef("note", id), SubjectData(title, "/x", **values))
    library.deliver()


def rows(library: Library) -> tuple[int, int]:
    with library.platform.engine.connect() as connection:
        tables = ("core__search_document", "core__search_fts")
        first, second = (connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables)
        return first, second


def test_a_thing_whose_state_changed_is_not_found_before_the_index_knows(filled):
    with filled.platform.write_engine.begin() as connection:
        connection.execute(text("UPDATE core__subject SET state = 'gone'"))
    assert filled.titles("bomen") == []


def test_words_that_stand_apart_are_for_lists_that_ask_for_them(library):
    """Not for the search of anybody, whatever sign it begins with; of each word the beginning is enough, and other forms are found too."""
    open_to_all = library.add("Lantaarn")
    shut = library.add("", type="pole", public=False)
    library.texts[open_to_all] = SearchDocument(open_to_all, "Lantaarn", apart="Het flikkert bij Café Ëlstar, nummer 5.")
    library.texts[shut] = SearchDocument(shut, "", apart="Flikkerende lampen.")
    library.deliver()

    def having(text: str) -> set[uuid.UUID]:
        with library.platform.read(anonymous()) as uow:
            found = having_words(uow, text)
            return set() if found is None else set(uow.session.scalars(found))

    assert having("flikker") == having("FLIKK") == {open_to_all, shut}
    assert having("flikkert elstar") == having("bij cafe") == having("5 café-el") == {open_to_all}
    assert having("lamp") == having("de lamp") == {shut}
    assert having("likker") == having("lantaarn") == having("n") == having("“”") == set()
    staff = Actor("account", uuid7(), grants=(Grant("facilitator"),))
    for query in ("flikkert", "þflikkert", "Þflikkert", "lamp", "þ"):
        assert library.titles(query) == library.titles(query, staff) == [], query
    library.platform.search_sources["note"] = SearchSource("note", library.load, offered=False)
    assert library.titles("lantaarn") == [], "a kind of thing that is not offered"


def test_a_type_whose_block_is_away_is_not_found(filled):
    del filled.platform.search_sources["pole"]
    assert filled.titles("gemeente zoetermeer") == []


def test_a_source_may_leave_a_thing_out(library):
    unfinished = library.add("Nog niet af")
    del library.texts[unfinished]
    library.deliver()
    assert library.titles("af") == []


def test_reindex_builds_everything_again(filled, monkeypatch):
    monkeypatch.setattr("samen_core.search.services.BATCH", 2)
    before = filled.titles("bomen")
    with filled.platform.write_engine.begin() as connection:
        connection.execute(text("DELETE FROM core__search_fts"))
        connection.execute(text("DELETE FROM core__search_document"))
    assert filled.titles("bomen") == []
    assert reindex(filled.platform) == 4
    assert reindex(filled.platform) == 4, "twice gives the same"
    assert filled.titles("bomen") == before
    assert rows(filled) == (4, 4)


def test_results_come_in_pages_up_to_a_bound(library):
    with library.platform.unit_of_work(system("test")) as uow:
        for number in range(MAX_RESULTS + 5):
            ref = SubjectRef("note", uuid7())
            library.texts[ref.id] = SearchDocument(ref.id, f"Bankje {number:03}")
            register(uow, ref, SubjectData(f"Bankje {number:03}", "/x"))
    reindex(library.platform)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = library.find("bankje", limit=30, cursor=cursor)
        assert (page.total, page.is_capped) == (MAX_RESULTS, True)
        seen += [str(result.id) for result in page.results]
        if page.next_cursor is None:
            break
        assert library.find("bankje", limit=30, cursor=page.next_cursor).previous_cursor == (cursor or "0")
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == MAX_RESULTS
    assert not library.find("bankje 004").is_capped
    for wrong in ("-1", "9999", "200", "x", "1e3", "0x1", "²", "1" * 500):
        assert library.find("bankje", cursor=wrong).results == library.find("bankje").results


def test_one_kind_of_thing_can_be_asked_for(filled):
    assert filled.titles("de", subject_type="pole") == ["Gemeente Zoetermeer"]
    assert filled.titles("de", subject_type="unknown") == []


def test_a_search_costs_two_statements(filled):
    statements: list[str] = []

    def count(*arguments) -> None:
        statements.append(arguments[2])

    event.listen(filled.platform.engine, "before_cursor_execute", count)
    assert len(filled.titles("de")) == 3
    assert len([statement for statement in statements if statement != "BEGIN"]) == 2


HOSTILE = [
    '"', "''", "a'b", '"a" OR "b"', "title:x", "NEAR(a b)", "a* AND NOT b", "* *", "^a", "a:*", "a & | ! <-> b", "\\", "%_", "a\0b", "\0",
    "x" * 10_000, "boom " * 3_000, "(" * 500, "🌳", "\ud800", "ﷺ", "İ", "ß", "²³", "a\u0300" * 400, "--",
    "; DROP TABLE core__subject", "👨‍👩‍👧 boom",
]  # fmt: skip


def test_no_query_raises(filled):
    for query in HOSTILE:
        assert isinstance(filled.find(query).total, int), query[:20]


def test_no_text_breaks_the_index(library):
    library.add("Vast", type="pole")
    for number, words in enumerate(HOSTILE):
        stored = words.replace("\0", "").replace("\ud800", "")
        library.add(f"{number} {stored[:200]}", stored, stored)
    library.deliver()
    assert library.titles("vast", subject_type="pole") == ["Vast"]
    assert len(library.titles("boom", limit=50)) == len([words for words in HOSTILE if "boom" in words])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(query=st.text(max_size=60) | st.text(alphabet="ab\"'*()^:&|!-+\\ ", max_size=30))
def test_no_made_up_query_raises(filled, query):
    found = filled.find(query)
    assert found.total >= len(found.results)


def test_a_very_long_text_is_indexed_from_its_start(library):
    library.add("Lang", "begin " + "woord " * 50_000 + "einde")
    library.add("Verschillend", " ".join(f"w{number}" for number in range(30_000)))
    library.deliver()
    assert (library.titles("begin"), library.titles("einde")) == (["Lang"], [])
    assert library.titles("w17") == ["Verschillend"]


def test_folding_keeps_what_tells_words_apart():
    assert fold("Éénmalige ÇAFÉ Ångström Straße Łódź ﬁets") == "eenmalige cafe angstrom strasse lodz fiets"
    assert [stem(word) for word in ("2026", "2711ab", "bus", "zee", "de")] == ["2026", "2711ab", "bus", "ze", "de"]
    assert list(indexed_words("De bomen, 3 foto's!")) == ["de", "bomen", "bom", "3", "fotos", "foto"]


FORMS = """
    kind/kinderen stad/steden lid/leden fiets/fietsen fietspad/fietspaden boom/bomen straat/straten weg/wegen plein/pleinen
    park/parken school/scholen huis/huizen woning/woningen wijk/wijken buurt/buurten bewoner/bewoners inwoner/inwoners vraag/vragen
    idee/ideeen plan/plannen project/projecten vereniging/verenigingen stichting/stichtingen bedrijf/bedrijven winkel/winkels
    bank/banken bankje/bankjes lamp/lampen speeltuin/speeltuinen brug/bruggen sloot/sloten vijver/vijvers hond/honden kat/katten
    auto/autos parkeerplaats/parkeerplaatsen besluit/besluiten vergadering/vergaderingen avond/avonden bijeenkomst/bijeenkomsten
    subsidie/subsidies vergunning/vergunningen jongere/jongeren oudere/ouderen vrijwilliger/vrijwilligers ondernemer/ondernemers
    wethouder/wethouders raadslid/raadsleden burgemeester/burgemeesters commissie/commissies partij/partijen bibliotheek/bibliotheken
    museum/musea museum/museums sportveld/sportvelden zwembad/zwembaden veld/velden tuin/tuinen moestuin/moestuinen energie/energieen
    zonnepaneel/zonnepanelen warmtepomp/warmtepompen afval/afvallen container/containers prullenbak/prullenbakken stoep/stoepen
    verkeer/verkeren bus/bussen trein/treinen halte/haltes station/stations gebouw/gebouwen kerk/kerken moskee/moskeeen markt/markten
    feest/feesten activiteit/activiteiten organisatie/organisaties adres/adressen dag/dagen week/weken maand/maanden jaar/jaren
    glas/glazen graf/graven rijweg/rijwegen voetganger/voetgangers drempel/drempels rotonde/rotondes licht/lichten
    lantaarnpaal/lantaarnpalen geluid/geluiden overlast/overlasten rat/ratten duif/duiven gans/ganzen bij/bijen boot/boten
    schip/schepen dak/daken ei/eieren blad/bladeren goed/goederen lied/liederen spel/spelen sport/sporten les/lessen cursus/cursussen
    festival/festivals concert/concerten theater/theaters club/clubs team/teams groep/groepen tafel/tafels stoel/stoelen ronde/rondes
    agenda/agendas dossier/dossiers rapport/rapporten brief/brieven bericht/berichten reactie/reacties mening/meningen stem/stemmen
    keuze/keuzes budget/budgetten euro/euros kost/kosten doel/doelen gemeente/gemeenten gemeente/gemeentes provincie/provincies
    waterschap/waterschappen vrouw/vrouwen man/mannen meisje/meisjes jongen/jongens veilig/veilige groen/groene nieuw/nieuwe oud/oude
    mooi/mooie schoon/schone duurzaam/duurzame digitaal/digitale openbaar/openbare sociaal/sociale werk/werken woon/wonen zorg/zorgen
    opvang/opvangen mantelzorger/mantelzorgers statushouder/statushouders vluchteling/vluchtelingen student/studenten
    leerling/leerlingen docent/docenten arts/artsen huisarts/huisartsen ziekenhuis/ziekenhuizen apotheek/apotheken
    sportschool/sportscholen
"""


@pytest.mark.parametrize("forms", FORMS.split())
def test_the_forms_of_a_word_have_one_stem(forms):
    one, other = forms.split("/")
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("gemeente", "gemeentelijk"), ("bank", "bak"), ("park", "parkeren"), ("wijk", "week"), ("raad", "rand")]
)
def test_different_words_have_different_stems(one, other):
    assert stem(one) != stem(other)


def test_a_query_leaves_out_what_stands_everywhere_unless_that_is_all():
    assert parse_query("de bomen van het plan") == Query(("bom", "plan"), "plan")
    assert parse_query("de van het") == Query(("de", "van", "het"), "het")
    assert parse_query("plan bomen plannen") == Query(("bom", "plan"), "plannen")
    assert parse_query("?!").is_empty


def test_marking_and_snippets_keep_the_text_whole():
    words = "Æther İstanbul ﬁets straße " + "vul " * 200 + "De boom staat hier. " + "vul " * 200
    query = parse_query("boom straße")
    assert "".join(part.text for part in marked(words, query)) == words
    assert [part.text for part in marked(words, query) if part.is_match] == ["straße", "boom"]
    piece = snippet("vul " * 200 + "De boom staat hier. " + "vul " * 200, "", parse_query("boom"))
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert "De boom staat hier." in piece
    assert len(piece) <= 245
    assert snippet("niets", "Samenvatting", parse_query("boom")) == "Samenvatting"


def test_what_is_about_the_same_has_some_of_the_words(platform):
    library = Library(platform)
    library.add("Hoe maken we de Dorpsstraat veilig?", "Er wordt te hard gereden langs de school.")
    library.add("Meer groen in Palenstein", "Bomen en bloemen in de straat.")
    library.deliver()

    def alike(text: str) -> list[uuid.UUID]:
        with platform.read(anonymous()) as uow:
            return [row.subject_id for row in platform.search.find(uow.session, similar_query(text), Subject.state == "active", 10)]

    titles = {row: library.texts[row].title for row in library.texts}
    assert [titles[id] for id in alike("De straten zijn onveilig: auto's rijden te hard bij scholen")] == [
        "Hoe maken we de Dorpsstraat veilig?",
        "Meer groen in Palenstein",
    ]
    assert [titles[id] for id in alike("Een boom of bloem, en verder niets daarvan")] == ["Meer groen in Palenstein"]
    assert similar_query("aan de en").is_empty

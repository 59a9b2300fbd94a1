"""A real discussion, from question to closed table over REST alone: 80 proposals and 5,633 comments, and a report that holds each once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.testing import make_area
from samen_core.accounts.models import User
from samen_core.actor import Actor, system
from samen_core.api import CITY_TIME_ZONE, LOGGED_IN
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.platforms import Clock
from samen_inbreng.permissions import PERMISSIONS as OF_INBRENG
from samen_samenspreker.permissions import PERMISSIONS as OF_SAMENSPREKER
from tests.support.madrid import NO_WORDS, THEMES, Voice, count, read_voices, threads

pytestmark = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)

PROPOSALS, COMMENTS, WORDLESS = 80, 5_633, 62
BATCH = 500
OUTCOMES = ("adopted", "partly", "not_adopted", "passed_on", "answered")
ALONE = 5
"""Every so many proposals one gets an answer of its own."""

SCOPES = (LOGGED_IN, *OF_INBRENG, *OF_SAMENSPREKER)
As = Callable[..., Actor]


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent", "inbreng", "samenspreker"]}


@pytest.fixture
def caller_as(app: SamenFlask, platform: Platform, actor_as: As) -> Callable[[str], tuple[Caller, str]]:
    """``caller_as("facilitator")``: a caller with a token for everything that the role may, and its address."""

    def make(role: str) -> tuple[Caller, str]:
        actor = actor_as(role)
        scopes = [scope.name for scope in SCOPES if scope.audience != "everyone" and scope.somewhere(actor)]
        with platform.read(system("test")) as uow:
            address = uow.session.execute(select(User.email).where(User.id == actor.account_id)).scalar_one()
        return Caller(app, make_token(platform, actor, *scopes)), address

    return make


@dataclass
class Journey:
    """The callers, and what they learned on the way."""

    staff: Caller
    decider: Caller
    nobody: Caller
    members: list[tuple[Caller, str, str]]
    clock: Clock
    today: date
    organization_id: str
    voices: dict[str, Voice]
    ids: dict[str, str] = field(default_factory=dict)
    """Contribution ids by reference."""
    numbers: dict[str, int] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    """Theme ids by title."""
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The outcome and reason that a proposal must have, by reference; told by what was sent."""
    id: str = ""

    @property
    def day(self) -> str:
        """The day on which it all begins."""
        return self.today.isoformat()

    @property
    def one(self) -> str:
        """Where the question is."""
        return f"/samenspreker/questions/{self.id}"

    def move(self, step: str) -> None:
        """Go a step forward."""
        version = body(self.staff("GET", self.one))["version"]
        body(self.staff("POST", f"{self.one}/moves", json={"to_step": step, "version": version}), 201)


def body(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def pages(caller: Caller, path: str) -> Iterator[Any]:
    """The items of a list, by its Link header."""
    after: str | None = f"{path}{'&' if '?' in path else '?'}limit=100"
    while after:
        answer = caller("GET", after)
        yield from body(answer)
        after = next(
            (part[part.index("<") + 1 : part.index(">")] for part in answer.headers["Link"].split(",") if 'rel="next"' in part), None
        )


def test_from_question_to_closed_table(
    app: SamenFlask, platform: Platform, clock: Clock, shared_data: Path, organization: Any, caller_as: Callable[[str], tuple[Caller, str]]
) -> None:
    voices = read_voices(shared_data / "decide-madrid")
    assert len(voices) == PROPOSALS + COMMENTS
    members = [(*caller_as("resident"), sector) for sector in ("citizens", "business")]
    today = platform.clock().astimezone(CITY_TIME_ZONE).date()
    trip = Journey(
        caller_as("facilitator")[0], caller_as("decision_maker")[0], Caller(app), members, clock, today, str(organization.id), voices
    )
    put_on_the_table(trip, an_area(platform))
    activity_id, round_id = open_round(trip)
    import_all(trip, activity_id)
    nothing_is_lost(trip, activity_id)
    sort_in_themes(trip)
    answer_everything(trip)
    close_round(trip, round_id)
    option_id = weigh_options(trip)
    decide(trip, option_id)
    execute(trip)
    evaluate(trip)
    report_id = report(trip)
    trip.move("closed")
    the_report_equals_a_recount(trip, report_id)
    the_pages_answer(trip, app)


def an_area(platform: Platform) -> str:
    """An area of the city, which comes from the CBS and not over REST."""
    with platform.unit_of_work(system("test")) as uow:
        return str(make_area(uow, "Zoetermeer", "gemeente").id)


def put_on_the_table(trip: Journey, area_id: str) -> None:
    """Step 1: ask, accept, propose, inform the council, seat people, and go on."""
    text = {
        "kind": "opportunity",
        "title": "¿Qué Madrid queremos?",
        "description": "Propuestas de la ciudadanía.",
        "why_now": "Hay dinero.",
    }
    asked = body(
        trip.members[0][0]("POST", "/samenspreker/questions", json={**text, "area_id": area_id, "sectors": ["citizens", "business"]}), 201
    )
    trip.id = asked["id"]
    body(trip.staff("POST", f"{trip.one}/acceptance", json={"reason": "Veel mensen vragen erom.", "version": asked["version"]}))
    draft = body(trip.staff("POST", f"{trip.one}/proposals"), 201)
    parts = ("subject", "not_about", "leeway", "level_reason", "approach", "methods_online", "methods_offline", "planning", "communication")
    values = {name: f"Tekst van {name}." for name in (*parts, "costs")}
    values |= {"goals": {"collect_ideas": "Ideeën van wie er woont."}, "participants": {"citizens": "Brief.", "business": "Bezoek."}}
    sent = {**values, "scale": "city", "level": "consult", "version": draft["version"]}
    saved = body(trip.staff("PUT", f"/samenspreker/proposals/{draft['id']}", json=sent))
    assert saved["missing"] == []
    body(trip.staff("POST", f"/samenspreker/proposals/{draft['id']}/publication", json={"version": saved["version"]}))
    version = body(trip.staff("GET", trip.one))["version"]
    body(trip.staff("POST", f"{trip.one}/council-memo", json={"on": trip.day, "version": version}))
    for caller, address, sector in trip.members:
        seat = body(
            trip.staff("POST", f"{trip.one}/seats", json={"title": f"Stoel van {sector}", "sector": sector, "role": "participant"}), 201
        )
        path = f"/samenspreker/seats/{seat['id']}"
        body(trip.staff("POST", f"{path}/offer", json={"email": address, "version": seat["version"]}))
        assert body(caller("POST", f"{path}/answer", json={"accept": True}))["state"] == "accepted"
    trip.move("solve")


def open_round(trip: Journey) -> tuple[str, str]:
    """A round with an online activity; their ids."""
    dates = {"opens_on": trip.day, "ends_on": trip.day}
    made = body(trip.staff("POST", f"{trip.one}/rounds", json={"kind": "ideas", "title": "Ideas", **dates}), 201)
    online = {"title": "¿Qué propones?", "form": "reactions"}
    activity = body(trip.staff("POST", f"/samenspreker/rounds/{made['id']}/online-activities", json=online), 201)
    return activity["activity_id"], made["id"]


def import_all(trip: Journey, activity_id: str) -> None:
    """In portions, in the order of the files; what has no words is refused by itself, and comes again with what stands for them."""
    path, refused = f"/inbreng/activities/{activity_id}/contributions/import", []
    entries = list(trip.voices.values())
    for start in range(0, len(entries), BATCH):
        portion = entries[start : start + BATCH]
        sent = [voice.entry() | ({"text": ""} if voice.text == NO_WORDS else {}) for voice in portion]
        for voice, result in zip(portion, body(trip.staff("POST", path, json={"contributions": sent})), strict=True):
            learn(trip, voice, result, refused)
    # A reply to one that was refused waits for it, as its parent was not there.
    assert {voice.ref for voice in refused} >= {voice.ref for voice in entries if voice.text == NO_WORDS}
    again: list[Voice] = []
    for voice, result in zip(refused, body(trip.staff("POST", path, json={"contributions": [v.entry() for v in refused]})), strict=True):
        learn(trip, voice, result, again)
    assert again == []
    repeated = body(trip.staff("POST", path, json={"contributions": [voice.entry() for voice in entries[:BATCH]]}))
    assert not any(result["is_new"] or result["errors"] for result in repeated), "an import may be repeated"
    assert [result["id"] for result in repeated] == [trip.ids[voice.ref] for voice in entries[:BATCH]]


def learn(trip: Journey, voice: Voice, result: dict[str, Any], refused: list[Voice]) -> None:
    """Note what became of one item."""
    if result["errors"]:
        assert voice.text == NO_WORDS or set(result["errors"]) == {"parent_ref"}, result
        refused.append(voice)
        return
    assert result["is_new"], voice.ref
    trip.ids[voice.ref], trip.numbers[voice.ref] = result["id"], result["number"]


def nothing_is_lost(trip: Journey, activity_id: str) -> None:
    """Every proposal and comment is there with its own words, under what it was said to, and the counters say the same."""
    refs = {id: ref for ref, id in trip.ids.items()}
    found = {refs[row["id"]]: row for row in pages(trip.nobody, f"/inbreng/activities/{activity_id}/contributions?replies=true")}
    assert len(found) == PROPOSALS + COMMENTS
    under: Counter[str] = Counter()
    for voice in trip.voices.values():
        row = found[voice.ref]
        assert (row["text"], row["depth"]) == (voice.text, voice.depth), voice.ref
        assert (refs[row["parent_id"]] if row["parent_id"] else None) == voice.above
        above = voice.above
        while above is not None:
            under[above] += 1
            above = trip.voices[above].above
    assert {ref: row["replies"] for ref, row in found.items() if row["replies"]} == dict(under)
    counts = body(trip.nobody("GET", f"/inbreng/activities/{activity_id}"))["counts"]
    assert (counts["total"], counts["replies"]) == ({"": PROPOSALS}, {"": COMMENTS})
    assert {name: counts[name] for name in ("sector", "channel")} == count(trip.voices)


def sort_in_themes(trip: Journey) -> None:
    """Make the themes and put the proposals in them, by their words."""
    for title in THEMES:
        made = body(trip.staff("POST", f"/inbreng/subjects/{trip.id}/themes", json={"title": title}), 201)
        trip.themes[title] = made["id"]
        inside = [trip.ids[voice.ref] for voice in trip.voices.values() if title in voice.themes]
        changed = body(trip.staff("POST", f"/inbreng/themes/{made['id']}/contributions", json={"contribution_ids": inside}))
        assert changed["number"] == len(inside) > 0
    listed = body(trip.nobody("GET", f"/inbreng/subjects/{trip.id}/themes"))
    assert {row["title"]: row["contributions"] for row in listed} == dict(
        Counter(theme for voice in trip.voices.values() for theme in voice.themes)
    )


def answer_everything(trip: Journey) -> None:
    """Some alone, the others theme by theme, what is left as a group; then ten minutes pass."""
    proposals = [voice for voice in trip.voices.values() if voice.above is None]
    for number, voice in enumerate(proposals[::ALONE]):
        send_answer(trip, OUTCOMES[number % 5], f"Sobre {voice.ref} en particular.", [voice], contribution_ids=[trip.ids[voice.ref]])
    for number, (title, id) in enumerate(trip.themes.items()):
        waiting = [voice for voice in proposals if title in voice.themes and voice.ref not in trip.answers]
        if waiting:
            send_answer(trip, OUTCOMES[(number + 2) % 5], f"Sobre {title}.", waiting, theme_id=id)
    left = [voice for voice in proposals if voice.ref not in trip.answers]
    send_answer(trip, "answered", "Gracias.", left, contribution_ids=[trip.ids[voice.ref] for voice in left])
    trip.clock.forward(minutes=11)
    assert body(trip.nobody("GET", f"/inbreng/subjects/{trip.id}/counts"))["unanswered"] == 0


def send_answer(trip: Journey, outcome: str, reason: str, meant: list[Voice], **targets: Any) -> None:
    """Write an answer and note for whom it is."""
    made = body(trip.staff("POST", f"/inbreng/subjects/{trip.id}/answers", json={"outcome": outcome, "reason": reason, **targets}), 201)
    assert sorted(made["contribution_ids"]) == sorted(trip.ids[voice.ref] for voice in meant)
    trip.answers |= {voice.ref: (outcome, reason) for voice in meant}


def close_round(trip: Journey, round_id: str) -> None:
    """Close the round with its conclusions."""
    version = body(trip.nobody("GET", f"/samenspreker/rounds/{round_id}"))["version"]
    closing = {"agreed": "Más limpieza.", "disagreed": "Los coches.", "minority": "Los perros.", "version": version}
    assert body(trip.staff("POST", f"/samenspreker/rounds/{round_id}/close", json=closing))["state"] == "closed"


def weigh_options(trip: Journey) -> str:
    """Two options with what the seats think of them; the first is chosen."""
    made = [
        body(trip.members[0][0]("POST", f"{trip.one}/options", json={"title": title, "text": "Descripción."}), 201)["id"]
        for title in ("Plan de limpieza", "Nada")
    ]
    for caller, _address, _sector in trip.members:
        for id, position in zip(made, ("for", "against"), strict=True):
            said = {"position": position, "reason": "Porque sí.", "option_version": 1}
            body(caller("PUT", f"/samenspreker/options/{id}/support", json=said))
    counted = body(trip.nobody("GET", f"/samenspreker/options/{made[0]}"))["support"]
    assert {(row["who"], row["sector"], row["position"], row["number"]) for row in counted} == {
        ("seats", "citizens", "for", 1),
        ("seats", "business", "for", 1),
    }
    trip.move("decide")
    return str(made[0])


def decide(trip: Journey, option_id: str) -> None:
    """A decision that weighs every option and every theme."""
    options = [row["id"] for row in body(trip.nobody("GET", f"{trip.one}/options"))]
    weighings = [{"option_id": id, "text": "Pesado."} for id in options]
    weighings += [{"theme_id": id, "text": f"Sobre {title}."} for title, id in trip.themes.items()]
    facts = {"organization_id": trip.organization_id, "decided_by": "college", "decided_on": trip.day, "option_id": option_id}
    words = {"text": "Se limpia.", "reasons": "Lo pide mucha gente.", "reaction": "Tomamos lo que se propone."}
    draft = body(trip.decider("POST", f"{trip.one}/decisions", json={**facts, **words, "weighings": weighings}), 201)
    assert draft["missing"] == []
    body(trip.decider("POST", f"/samenspreker/decisions/{draft['id']}/publish", json={"version": draft["version"]}))
    trip.move("execute")


def execute(trip: Journey) -> None:
    """One action, done."""
    action = {"title": "Limpiar", "organization_id": trip.organization_id, "due_on": trip.day}
    made = body(trip.staff("POST", f"{trip.one}/actions", json=action), 201)
    news = {"state": "done", "progress": 100, "due_on": trip.day, "text": "Hecho.", "version": made["version"]}
    body(trip.staff("POST", f"/samenspreker/actions/{made['id']}/updates", json=news), 201)
    trip.move("evaluate")


def evaluate(trip: Journey) -> None:
    """A survey that is filled in, online and on paper, and an evaluation."""
    asked = {"title": "¿Qué tal?", "closes_on": (trip.today + timedelta(days=2)).isoformat(), "question_heard": "¿Se te ha escuchado?"}
    survey = body(trip.staff("POST", f"{trip.one}/survey", json=asked), 201)
    path = f"/inbreng/activities/{survey['activity_id']}"
    for caller, _address, _sector in trip.members:
        body(caller("POST", f"{path}/responses", json={"answers": {"heard": 5}}), 201)
    for grade in (2, 3, 3):
        body(trip.staff("POST", f"{path}/responses/enter", json={"answers": {"heard": grade}}), 201)
    trip.clock.forward(days=4)
    results = body(trip.nobody("GET", f"{path}/results"))
    assert (results["total"], results["questions"][0]["average"]) == (5, 3.6)
    goals = {"collect_ideas": {"reached": "yes", "text": f"{PROPOSALS} propuestas."}}
    texts = {"result": "Está más limpio.", "process": "Mucha gente.", "lessons": "Contestar antes."}
    (draft,) = body(trip.staff("GET", f"{trip.one}/evaluations"))
    assert draft["survey_id"] == survey["activity_id"]
    saved = body(trip.staff("PUT", f"{trip.one}/evaluations", json={"goals": goals, **texts, "version": draft["version"]}))
    body(trip.staff("POST", f"{trip.one}/evaluations/publication", json={"version": saved["version"]}))


def report(trip: Journey) -> str:
    """The final report, frozen; its id."""
    texts = {letter: {"went": f"Parte {letter} fue bien.", "deviation": ""} for letter in "ABCDEF"}
    draft = body(trip.staff("PUT", f"{trip.one}/report-draft", json={"deviations": texts}))
    assert draft["missing"] == []
    made = body(trip.staff("POST", f"{trip.one}/reports", json={"version": draft["version"]}), 201)
    return str(made["id"])


def the_report_equals_a_recount(trip: Journey, report_id: str) -> None:
    """The rows and counts of the report, against the files and what was answered."""
    refs = {id: ref for ref, id in trip.ids.items()}
    rows = list(pages(trip.nobody, f"/samenspreker/reports/{report_id}/rows"))
    assert [row["position"] for row in rows] == list(range(1, PROPOSALS + COMMENTS + 1))
    assert Counter(refs[row["contribution_id"]] for row in rows) == Counter(list(trip.voices)), "everything once"
    roots = threads(trip.voices)
    for row in rows:
        voice = trip.voices[refs[row["contribution_id"]]]
        root = trip.voices[roots[voice.ref]]
        theme = root.themes[0] if root.themes else ""
        assert (row["text"], row["sector"], row["channel"], row["theme"]) == (voice.text, voice.sector, voice.channel, theme)
        assert row["reply_to"] == (trip.numbers[voice.above] if voice.above else None)
        assert (row["outcome"], row["response"]) == (trip.answers[voice.ref] if voice.above is None else ("", ""))
        assert row["also"] == ("" if voice.above else ", ".join(voice.themes[1:]))
    counts = body(trip.nobody("GET", f"/samenspreker/reports/{report_id}"))["parts"]["counts"]
    assert (counts["contributions"], counts["replies"], counts["withdrawn"], counts["hidden"]) == (PROPOSALS, COMMENTS, 0, 0)
    assert {name: counts[name] for name in ("sector", "channel")} == count(trip.voices)
    assert counts["outcome"] == dict(Counter(outcome for outcome, _reason in trip.answers.values()))
    assert counts["themes"] == recounted_themes(trip, roots)
    later = body(trip.nobody("GET", f"/inbreng/subjects/{trip.id}/counts"))
    assert (later["total"], later["outcome"]) == (PROPOSALS, counts["outcome"])


def recounted_themes(trip: Journey, roots: dict[str, str]) -> list[dict[str, Any]]:
    """Per theme how many proposals, and the rows that it takes with their replies: counted from the files."""
    proposals: Counter[str] = Counter()
    everything: dict[str, int] = defaultdict(int)
    for ref, root in roots.items():
        theme = next(iter(trip.voices[root].themes), "")
        everything[theme] += 1
        proposals[theme] += ref == root
    found, last = [], 0
    for title in (*THEMES, ""):
        if everything[title]:
            found.append({"title": title, "contributions": proposals[title], "first": last + 1, "last": last + everything[title]})
            last += everything[title]
    return found


def the_pages_answer(trip: Journey, app: SamenFlask) -> None:
    """What people read: the report by theme and as a whole, the table, and the activity."""
    url = body(trip.nobody("GET", trip.one))["url"]
    client = app.test_client()
    for part in ("", "/eindverslag", "/eindverslag/1?thema=2", "/eindverslag/1?alles=1"):
        answer = client.get(url + part)
        assert answer.status_code == 200, (part, answer.status_code)
    whole = answer.get_data(as_text=True)
    for voice in trip.voices.values():
        if voice.above is None:
            assert trip.answers[voice.ref][1] in whole
    assert whole.count("<h1") == 1

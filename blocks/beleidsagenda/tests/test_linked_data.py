"""Linked data: what is said of the things of the agenda in pages and at their lasting addresses, read with libraries of others."""

from __future__ import annotations

import json
import re

import pytest
from pyld import jsonld
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from samen_beleidsagenda import paths
from samen_beleidsagenda.services.entries import keep_entries_of_dossier
from samen_beleidsagenda.testing import (
    a_body,
    a_commitment,
    a_decision,
    a_document,
    a_dossier,
    a_goal,
    a_meeting,
    a_moment,
    a_motion,
    a_question,
    points_of,
)
from samen_core.api import Platform, system

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
BASE = "http://127.0.0.1:8000"
SCHEMA = "http://schema.org/"
LINKS = ("url", "sameAs", "isPartOf", "superEvent", "about", "eventStatus", "legislationChanges", "license", "additionalType")


def load(url, _options):
    """The context of schema.org without the network: its vocabulary, and which of its terms are addresses."""
    assert url.rstrip("/") == "https://schema.org"
    terms = {name: {"@id": f"{SCHEMA}{name}", "@type": "@id"} for name in LINKS}
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": SCHEMA, **terms}}}


def graph_of(document):
    """The document as triples."""
    expanded = jsonld.expand(document, {"documentLoader": load})
    assert expanded
    return Graph().parse(data=json.dumps(expanded), format="json-ld")


@pytest.fixture
def things(platform: Platform):
    """One of every kind, by type; and what nobody may see."""
    with platform.unit_of_work(system("test")) as uow:
        body = a_body(uow)
        dossier = a_dossier(uow, title="Plan <b>&</script> \u2028 'x'")
        on = {"dossier_id": dossier.id}
        moment = a_moment(uow, dossier, body_id=body.organization_id)
        a_moment(uow, dossier, title="Geheim moment", confidential=True)
        keep_entries_of_dossier(uow, dossier)
        point = points_of(uow, a_meeting(uow, body))[1]
        secret = a_dossier(uow, title="Geheim dossier", confidential=True)
        from citycontent.api import CreateTheme, create_theme

        theme = create_theme(uow, CreateTheme(name="Verkeer"))
        hidden = a_decision(uow, body, title="Geheim besluit", confidential=True)
        return {
            "dossier": dossier.id,
            "planning_item": moment.id,
            "agenda_item": point.id,
            "document": a_document(uow, dossier).id,
            "body_decision": a_decision(uow, body, replaces_id=hidden.id, **on).id,
            "motion": a_motion(uow, body, dossier_id=secret.id).id,
            "commitment": a_commitment(uow, body, **on).id,
            "council_question": a_question(uow, **on).id,
            "goal": a_goal(uow, theme.id).id,
            "slug": dossier.slug,
            "secret": secret.id,
        }


@SQLITE
def test_every_kind_of_thing_is_linked_data(client, things):
    kinds = {"dossier": "Project", "planning_item": "Event", "agenda_item": "Event", "document": "DigitalDocument"}
    kinds |= {"body_decision": "Legislation", "motion": "CreativeWork", "commitment": "CreativeWork", "council_question": "Question"}
    kinds |= {"goal": "CreativeWork"}
    for type, kind in kinds.items():
        answer = client.get(f"/id/{type}/{things[type]}.jsonld")
        assert answer.content_type == "application/ld+json"
        assert "eheim" not in answer.text
        assert str(things["secret"]) not in answer.text
        graph, me = graph_of(answer.json), URIRef(f"{BASE}/id/{type}/{things[type]}")
        assert (me, RDF.type, URIRef(SCHEMA + kind)) in graph, type
        assert graph.value(me, URIRef(f"{SCHEMA}name")), type
        assert str(graph.value(me, URIRef(f"{SCHEMA}url"))).startswith(f"{BASE}{paths.HOME}/"), type
        for _subject, predicate, _object in graph:
            assert str(predicate).startswith((SCHEMA, str(RDF))), predicate
    assert "legislationChanges" not in client.get(f"/id/body_decision/{things['body_decision']}.jsonld").json
    assert client.get(f"/id/dossier/{things['secret']}.jsonld").status_code == 404
    graph = graph_of(client.get(f"/id/dossier/{things['dossier']}.jsonld").json)
    events = list(graph.objects(URIRef(f"{BASE}/id/dossier/{things['dossier']}"), URIRef(f"{SCHEMA}event")))
    assert events == [URIRef(f"{BASE}/id/planning_item/{things['planning_item']}")]
    assert graph.value(events[0], URIRef(f"{SCHEMA}eventStatus")) == URIRef("https://schema.org/EventScheduled")


@SQLITE
def test_pages_hold_the_same_data_and_no_title_gets_out_of_it(client, things):
    page = client.get(paths.dossier(things["slug"])).text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(found) == client.get(f"/id/dossier/{things['dossier']}.jsonld").json
    assert 'type="text/calendar" title="Plan &lt;b&gt;&amp;&lt;/script&gt;' in page
    for path in (paths.planning_item(things["planning_item"]), paths.decision(things["body_decision"])):
        assert 'type="application/ld+json"' in client.get(path).text

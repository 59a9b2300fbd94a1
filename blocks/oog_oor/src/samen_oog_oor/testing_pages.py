"""Addresses of pages that no link leads to, or only in some states, for whoever looks at every page."""

from __future__ import annotations

import io

from sqlalchemy import select

from citycontent.api import Area
from samen_core.api import Platform, UnitOfWork, new_token, store_upload, system, uuid7
from samen_oog_oor import paths
from samen_oog_oor.models import Merge, Server, Signal
from samen_oog_oor.services.receipt_keys import receipt_key


def pages(platform: Platform) -> list[tuple[str, str]]:
    """Pages that no link leads to, or only in some states: the kind of visitor ("" for nobody) and the address."""
    from samen_oog_oor.testing import a_case, a_category, a_signal, an_inquiry, an_organization

    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow, "Een bankje om te bekijken")
        case = a_case(uow, category)
        own, waiting = a_signal(uow, case), a_signal(uow, a_case(uow, category, confidential=True), confirmed_at=None)
        hidden = a_case(uow, category, publication="count", hidden_from="full")
        asked = a_case(uow, category, state="reopening_requested", ended_as="resolved", closed_at=uow.now, resolution="repaired")
        joined = a_case(uow, category, merged_into_id=case.id, state="resolved", resolution="merged")
        merge = Merge(id=uuid7(), from_id=joined.id, into_id=case.id, signal_ids=[], former_state="new", at=uow.now)
        office = an_organization(uow, "De buren om te bekijken").id
        server = Server(id=uuid7(), name="Buren om te bekijken", base_url="https://buren.example/v2", organization_id=office, active=False)
        uow.session.add_all([merge, server])
        mine, key = receipt_key(platform, own.id), new_token()
        an_inquiry(uow, case, key=key)
        slug = uow.session.execute(select(Area.slug).where(Area.classification == "buurt").order_by(Area.slug).limit(1)).scalar_one()
        of_everybody = (
            *(f"{paths.FEEDS}/{name}" for name in ("zaken.atom", "zaken.json", "gepland-werk.ics")),
            *(f"{paths.REPORT}/{name}" for name in ("werker.js", "app.webmanifest", f"kaart/{slug}.svg")),
            *(paths.receipt(mine, part) for part in ("", "bedankt", "mailadres", "mailadres/verlopen", f"foto/{_a_picture(uow, own)}")),
            paths.receipt(receipt_key(platform, waiting.id), "bevestigen"),
            paths.inquiry(key),
        )
        of_staff = (
            f"{paths.BOARD}/verplaats?zaak={case.number}&naar=in_progress",
            paths.work(hidden.number, "openbaar/weer-laten-zien"),
            paths.work(asked.number, "heropening"),
            *(paths.work(case.number, part) for part in ("notitie", "meldingen", f"samengevoegd/{merge.id}/los")),
            *(f"{paths.SERVERS}/{server.id}{part}" for part in ("", "/bewerken")),
        )
        below = ("discovery", "services", "requests", "servicerequestupdates", "tokens/geen", "geen", "geen/geen", "geen/geen/geen")
        of_programs = (
            "/discovery.json",
            *(f"{paths.OPEN311}/{name}.json" for name in (*below, f"services/{category.code}", f"requests/{case.number}")),
        )
    return [*(("", path) for path in (*of_everybody, *of_programs)), *(("manager", path) for path in of_staff)]


def _a_picture(uow: UnitOfWork, signal: Signal) -> str:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(stream, "PNG")
    stream.seek(0)
    return str(store_upload(uow, stream, "bankje.png", alt="Een bankje", owner=signal.id, public=False).id)

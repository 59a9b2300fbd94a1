"""The categories of information of the Woo (articles 3.3 and 3.3b), by their code in the national list (TOOI thesaurus, KOOP).

Only those that papers of a municipality can belong to.
"""

from __future__ import annotations

from samen_core.api import Text, _

COUNCIL_PAPERS = "c_db4862c3"
COLLEGE_AGENDAS = "c_3a248e3a"
INCOMING = "c_8c840238"

WOO_CATEGORIES: dict[str, Text] = {
    COUNCIL_PAPERS: _("Vergaderstukken van decentrale overheden"),
    COLLEGE_AGENDAS: _("Agenda's en besluitenlijsten van bestuurscolleges"),
    INCOMING: _("Ingekomen stukken bij vertegenwoordigende organen"),
    "c_139c6280": _("Wetten en algemeen verbindende voorschriften"),
    "c_aab6bfc7": _("Overige besluiten van algemene strekking"),
    "c_759721e2": _("Ontwerpen van regelgeving met adviesaanvraag"),
    "c_40a05794": _("Organisatie en werkwijze"),
    "c_89ee6784": _("Bereikbaarheidsgegevens"),
    "c_99a836c7": _("Adviezen"),
    "c_8fc2335c": _("Convenanten"),
    "c_c6cd1213": _("Jaarplannen en jaarverslagen"),
    "c_cf268088": _("Subsidieverplichtingen anders dan met beschikking"),
    "c_3baef532": _("Woo-verzoeken en -besluiten"),
    "c_fdaee95e": _("Onderzoeksrapporten"),
    "c_46a81018": _("Beschikkingen"),
    "c_a870c43d": _("Klachtoordelen"),
}

"""How stored codes are called, and which badge they get."""

from __future__ import annotations

from samen_core.api import Text, _

STATE_LABELS: dict[str, Text] = {
    "draft": _("Concept"),
    "submitted": _("Wacht op akkoord"),
    "published": _("Openbaar"),
    "deleted": _("Weggehaald"),
}
PHASE_LABELS: dict[str, Text] = {
    "exploration": _("Verkenning"),
    "imaging": _("Beeldvorming"),
    "opinion": _("Oordeelsvorming"),
    "decision": _("Besluitvorming"),
    "execution": _("Uitvoering"),
    "evaluation": _("Evaluatie"),
    "completed": _("Afgerond"),
    "on_hold": _("Aangehouden"),
    "withdrawn": _("Ingetrokken"),
}
PHASE_HELP: dict[str, Text] = {
    "exploration": _("De gemeente zoekt uit wat er speelt."),
    "imaging": _("De raad verzamelt informatie en hoort inwoners."),
    "opinion": _("De raad bespreekt wat zij ervan vindt."),
    "decision": _("De raad of het college neemt een besluit."),
    "execution": _("Het besluit wordt uitgevoerd."),
    "evaluation": _("De gemeente kijkt terug: werkt het?"),
    "completed": _("Dit is klaar."),
    "on_hold": _("Dit ligt nu stil. Het kan later verdergaan."),
    "withdrawn": _("De gemeente gaat hier niet mee verder."),
}
LEVEL_LABELS: dict[str, Text] = {
    "inform": _("Informeren"),
    "consult": _("Raadplegen"),
    "advise": _("Adviseren"),
    "coproduce": _("Coproduceren"),
    "codecide": _("Meebeslissen"),
    "none": _("Geen samenspraak"),
}
LEVEL_HELP: dict[str, Text] = {
    "inform": _("U krijgt uitleg en antwoord op uw vragen. U beslist niet mee."),
    "consult": _("De gemeente wil weten wat u vindt, en mag met redenen iets anders besluiten."),
    "advise": _("De gemeente volgt uw advies in principe, en legt uit waarom als dat niet zo is."),
    "coproduce": _("U maakt samen met de gemeente de agenda en de oplossing."),
    "codecide": _("U beslist mee."),
    "none": _("De gemeente legt uit waarom."),
}
LIGHT_LABELS: dict[str, Text] = {
    "on_schedule": _("Op schema"),
    "attention": _("Let op"),
    "late": _("Te laat"),
    "done": _("Klaar"),
}
LIGHT_BADGES = {"on_schedule": "info", "attention": "warning", "late": "danger", "done": "success"}
LIGHT_ICONS = {"on_schedule": "circle-dot", "attention": "triangle-alert", "late": "clock", "done": "circle-check"}

BODY_KIND_LABELS: dict[str, Text] = {
    "council": _("Raad"),
    "college": _("College"),
    "committee": _("Commissie"),
    "other": _("Ander overleg"),
}
PROGRESS_LABELS: dict[str, Text] = {
    "not_started": _("Nog niet begonnen"),
    "on_track": _("Loopt goed"),
    "behind": _("Loopt achter"),
    "reached": _("Bereikt"),
    "dropped": _("Losgelaten"),
}
ITEM_KIND_LABELS: dict[str, Text] = {
    "decision": _("Besluit"),
    "discussion": _("Bespreking"),
    "information": _("Ter kennisname"),
    "views": _("Wensen en bedenkingen"),
    "information_meeting": _("Informatiebijeenkomst"),
    "participation": _("Samenspraak"),
}
PRECISION_LABELS: dict[str, Text] = {
    "day": _("Dag"),
    "week": _("Week"),
    "month": _("Maand"),
    "quarter": _("Kwartaal"),
    "year": _("Jaar"),
}
CONFIDENCE_LABELS: dict[str, Text] = {"certain": _("Zeker"), "likely": _("Waarschijnlijk"), "uncertain": _("Onzeker")}
ITEM_STATUS_LABELS: dict[str, Text] = {
    "intended": _("Voorgenomen"),
    "planned": _("Gepland"),
    "scheduled": _("Staat op de agenda"),
    "treated": _("Behandeld"),
    "postponed": _("Doorgeschoven"),
    "lapsed": _("Gaat niet door"),
}
MEETING_TYPE_LABELS: dict[str, Text] = {
    "council_meeting": _("Raadsvergadering"),
    "committee_meeting": _("Commissievergadering"),
    "presidium": _("Presidium"),
    "college_meeting": _("Collegevergadering"),
    "information_meeting": _("Informatiebijeenkomst"),
    "other": _("Andere vergadering"),
}
MEETING_STATUS_LABELS: dict[str, Text] = {"planned": _("Gepland"), "held": _("Gehouden"), "cancelled": _("Gaat niet door")}
DOCUMENT_TYPE_LABELS: dict[str, Text] = {
    "proposal": _("Voorstel"),
    "decision_paper": _("Besluitvormingsstuk"),
    "information_letter": _("Raadsinformatiebrief"),
    "start_note": _("Startnotitie"),
    "participation_report": _("Participatieverslag"),
    "question": _("Raadsvraag"),
    "answer": _("Antwoord op een raadsvraag"),
    "motion": _("Motie"),
    "amendment": _("Amendement"),
    "commitment": _("Toezegging"),
    "incoming": _("Ingekomen stuk"),
    "announcement": _("Mededeling"),
    "minutes": _("Vergaderverslag"),
    "agenda": _("Agenda van een vergadering"),
    "other": _("Ander stuk"),
}
ROLE_LABELS: dict[str, Text] = {
    "hearing": _("Horen"),
    "information": _("Informatie"),
    "opinion": _("Bespreken"),
    "preparation": _("Voorbereiden"),
    "decision": _("Besluiten"),
}
RESULT_LABELS: dict[str, Text] = {
    "adopted": _("Aangenomen"),
    "amended": _("Gewijzigd aangenomen"),
    "rejected": _("Verworpen"),
    "noted": _("Voor kennisgeving aangenomen"),
    "deferred": _("Aangehouden"),
}
MOTION_KIND_LABELS: dict[str, Text] = {"motion": _("Motie"), "amendment": _("Amendement")}
MOTION_TYPE_LABELS: dict[str, Text] = {
    "proposal": _("Bij een voorstel"),
    "disapproval": _("Afkeuring"),
    "regret": _("Treurnis"),
    "no_confidence": _("Wantrouwen"),
    "outside_agenda": _("Vreemd aan de orde van de dag"),
    "other": _("Overig"),
}
MOTION_STATUS_LABELS: dict[str, Text] = {
    "submitted": _("Ingediend"),
    "adopted": _("Aangenomen"),
    "rejected": _("Verworpen"),
    "held": _("Aangehouden"),
    "withdrawn": _("Ingetrokken"),
}
VOTE_LABELS: dict[str, Text] = {"for": _("Voor"), "against": _("Tegen"), "absent": _("Afwezig"), "abstain": _("Onthouden")}
GROUP_RESULT_LABELS: dict[str, Text] = {"adopted": _("Voor"), "rejected": _("Tegen"), "divided": _("Verdeeld")}
FOLLOW_UP_LABELS: dict[str, Text] = {
    "open": _("Open"),
    "in_progress": _("In uitvoering"),
    "settlement_proposed": _("Afdoening voorgesteld"),
    "settled": _("Afgedaan"),
    "not_carried_out": _("Niet uitgevoerd"),
    "lapsed": _("Vervallen"),
}
QUESTION_KIND_LABELS: dict[str, Text] = {
    "technical": _("Technische vraag"),
    "oral": _("Mondelinge vraag"),
    "written": _("Schriftelijke vraag"),
}

STAGES: dict[str, tuple[str, ...]] = {
    "memo": ("proposal.published", "council.informed"),
    "table": ("question.accepted", "seat.accepted"),
    "plan": ("round.opened", "meeting.planned", "activity.created"),
    "outcome": ("decision.published", "report.published"),
}
"""How far samenspraak on a dossier is, in this order, by the last two parts of the types of events."""
STAGE_LABELS: dict[str, Text] = {
    "memo": _("Voorstel en memo aan de raad"),
    "table": _("De tafel"),
    "plan": _("De planning"),
    "outcome": _("De uitkomst"),
}
EVENT_LABELS: dict[str, Text] = {
    "question.accepted": _("De vraag staat op de agenda van de stad"),
    "proposal.published": _("Het procesvoorstel is gepubliceerd"),
    "council.informed": _("De raad kreeg een memo over de samenspraak"),
    "meeting.planned": _("Er is een bijeenkomst gepland"),
    "meeting.reported": _("Het verslag van een bijeenkomst is klaar"),
    "round.opened": _("De tafel plant een ronde"),
    "round.closed": _("De tafel rondde een ronde af"),
    "activity.created": _("Er is een plek om mee te praten"),
    "activity.closed": _("Meepraten kan hier niet meer"),
    "survey.started": _("Deelnemers vertellen hoe het ging"),
    "decision.published": _("De tafel heeft besloten"),
    "report.published": _("Het eindverslag is klaar"),
    "evaluation.published": _("De evaluatie is klaar"),
    "council.decided": _("De deelnemers krijgen bericht van het besluit"),
}
"""What happened at a thing that people take part in, by the last two parts of the type of the event."""

"""What the tables of the block share."""

from __future__ import annotations

TITLE_LENGTH = 160
NAME_LENGTH = 120
EMAIL_LENGTH = 254
HASH_LENGTH = 64

TO_ACCOUNT = "tot het account wordt verwijderd"
IDEA_TERM = "twee jaar na het einde van het idee, of wat de gemeente instelde"
PLAN_TERM = "twee jaar na het afsluiten van het plan, of wat de gemeente instelde"
CONTACT_TERM = "zes maanden na het einde van het idee of plan, of wat de gemeente instelde"
TRACE_TERM = "dertig dagen na het insturen, of wat de gemeente instelde"
HALF_TERM = "twee weken, of tot het invullen klaar is of de vragenlijst sluit"

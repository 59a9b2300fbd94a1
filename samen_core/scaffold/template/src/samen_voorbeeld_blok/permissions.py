"""Who may do what. Hiding what may not stand on the website is ``MODERATE`` of the platform."""

from __future__ import annotations

from samen_core.api import Permission, _

PROPOSE = Permission("voorbeeld_blok.propose", _("een voorstel doen"), audience="logged_in")

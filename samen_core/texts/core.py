"""The texts of core's own pages in which cities differ."""

from __future__ import annotations

from samen_core.i18n import _
from samen_core.texts.declared import ManagedText

HOME_TITLE = "core.home_title"
HOME_INTRODUCTION = "core.home_introduction"
FOOTER = "core.footer"
CONTACT = "core.contact"
PRIVACY = "core.privacy"
ACCESSIBILITY = "core.accessibility"
REGISTER = "core.register"
TRANSFERS = "core.transfers"

PAGE_TEXTS = (
    ManagedText(
        HOME_TITLE,
        _("Kop van de startpagina"),
        _("De grote kop boven aan de startpagina."),
        (_("Wat speelt er bij u in de buurt?"),),
        line=True,
    ),
    ManagedText(
        HOME_INTRODUCTION,
        _("Inleiding van de startpagina"),
        _("De zin onder de kop van de startpagina. Vertel in één zin wat mensen hier kunnen doen."),
        (_("Zie wat er in uw gemeente gebeurt, praat mee en lees wat er met uw inbreng is gedaan."),),
        line=True,
    ),
    ManagedText(
        FOOTER,
        _("Regel onder aan elke pagina"),
        _("Staat naast het beeldmerk, onder aan elke pagina."),
        (_("Inwoners, ondernemers, organisaties en gemeente lossen hier samen de vragen van stad, wijk en buurt op."),),
        line=True,
    ),
    ManagedText(
        CONTACT,
        _("Contactpagina"),
        _(
            "De tekst op de pagina Contact, boven het mailadres en de website van de gemeente. "
            "Noem bijvoorbeeld het telefoonnummer en wanneer de balie open is."
        ),
        (
            _(
                "Hebt u een vraag over deze website, of lukt iets niet? Neem dan contact op met {city}. "
                "Wij helpen u graag, ook als u liever belt of langskomt."
            ),
        ),
    ),
    ManagedText(
        PRIVACY,
        _("Aanvulling op de privacyverklaring"),
        _(
            "Staat op de pagina Privacy, onder het belangrijkste. "
            "Noem bijvoorbeeld hoe mensen de functionaris gegevensbescherming bereiken."
        ),
        (),
    ),
    ManagedText(
        TRANSFERS,
        _("Gegevens naar landen buiten de EU"),
        _(
            "Staat in het register van verwerkingen, ook in de tabel en de gegevens. "
            "Gaat er iets naar een land buiten de EU, bijvoorbeeld door uw mail of hosting? Noem het land en waarom het mag."
        ),
        (_("Nee. De gegevens blijven op de servers van de gemeente."),),
        line=True,
    ),
    ManagedText(
        ACCESSIBILITY,
        _("Aanvulling op de toegankelijkheidsverklaring"),
        _("Staat op de pagina Toegankelijkheid, boven het contact. Noem bijvoorbeeld wat uw gemeente zelf liet onderzoeken, en wanneer."),
        (),
    ),
    ManagedText(
        REGISTER,
        _("Uitleg bij het maken van een account"),
        _("Staat boven het formulier waarmee iemand een account maakt."),
        (_("Met een account reageert u, volgt u wat u belangrijk vindt en ziet u terug wat ermee is gedaan."),),
        line=True,
    ),
)

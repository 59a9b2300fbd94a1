"""Poll: choose, see what was chosen as soon as one may, choose otherwise, take it back. Without JavaScript, without an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Text, UnitOfWork, _, clean_code, n_
from samen_core.web.api import BoundForm, Received, current_uow, go, limit_visitor, page_url, receive_files, say
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, PollOption
from samen_doe_mee.schemas.polls import CastVoteSchema
from samen_doe_mee.services.activities import Placed, activity_state, visible_activity
from samen_doe_mee.services.external import external_results
from samen_doe_mee.services.poll_outcome import outcome, own_ballot, poll_options
from samen_doe_mee.services.polls import take_back, vote
from samen_doe_mee.services.tracing import note_origin
from samen_doe_mee.web.activity_types.shape import Refused, TypePage
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.device import device_code, device_or_new, keep_device
from samen_doe_mee.web.external_parts import external_views, links_to_results

TRIES, HOUR = 20, 3_600
BACK, CODE = "stem-terug", "code"


def show(uow: UnitOfWork, placed: Placed, refused: Refused | None) -> dict[str, Any]:
    """The form with what one chose before, and the outcome or why it is not there yet."""
    activity, device = placed.activity, device_code()
    ballot = own_ballot(uow, activity, device)
    options = poll_options(uow, activity.id)
    found = outcome(uow, activity, voted=ballot is not None or None)
    chosen = [option.text for option in options if ballot is not None and option.id in ballot.options]
    slug = activity.slug
    return {
        "form": _form(uow, placed, options, ballot.options if ballot else frozenset(), refused),
        "chosen": chosen,
        "voted": ballot is not None,
        "code": device if ballot is not None and uow.actor.is_anonymous else "",
        "asks_address": uow.actor.is_anonymous,
        "how_many": how_many(activity, len(options)),
        "outcome": found,
        "externals": external_views(external_results(uow, activity.id)) if found.hidden is None else [],
        "take_back_url": page_url(paths.activity(slug, BACK)),
        "code_url": page_url(paths.activity(slug, CODE)),
        "one": _is_one(activity),
    }


def receive(uow: UnitOfWork, _placed: Placed) -> Received:
    """The form as it was sent."""
    return receive_files(uow, CastVoteSchema)


def send(uow: UnitOfWork, placed: Placed, received: Received) -> ResponseReturnValue:
    """Vote, and show how it stands; a browser without account keeps the code by which it is known."""
    before = device_code()
    device = device_or_new()
    voted = bool(before or not uow.actor.is_anonymous) and own_ballot(uow, placed.activity, device) is not None
    ballot = vote(uow, placed.activity.id, received.parse(CastVoteSchema), device)
    note_origin(uow, "vote", ballot.vote.id, request.remote_addr or "")
    say(_("Uw stem is veranderd.") if voted else _("Bedankt, uw stem telt mee."))
    answer = go(f"{paths.activity(placed.activity.slug)}#stem")
    if uow.actor.is_anonymous:
        keep_device(answer, device)
    return answer


@pages.route(paths.activity("<slug>", BACK), public=True, cache=False, methods=["POST"])
def take_vote_back(slug: str) -> ResponseReturnValue:
    """Take one's vote back."""
    limit_visitor("doe_mee.take_part", 60, HOUR)
    uow = current_uow()
    placed = visible_activity(uow, slug)
    if take_back(uow, placed.activity.id, device_code()):
        say(_("Uw stem is weg. U kunt opnieuw stemmen zolang de peiling open is."))
    else:
        say(_("U had hier niet gestemd."), "info")
    return go(paths.activity(slug))


@pages.route(paths.activity("<slug>", CODE), public=True, cache=False, methods=["POST"])
def use_code(slug: str) -> ResponseReturnValue:
    """Be known on this device by the code that was got on another."""
    limit_visitor("doe_mee.code", TRIES, HOUR)
    uow = current_uow()
    placed = visible_activity(uow, slug)
    code = clean_code(request.form.get("code", "")[:64])
    answer = go(f"{paths.activity(slug)}#stem")
    if code is None or own_ballot(uow, placed.activity, code) is None:
        say(_("Wij vinden geen stem bij deze code. Kijk de code nog eens na."), "error")
        return answer
    say(_("Gevonden: uw stem staat hieronder."))
    keep_device(answer, code)
    return answer


def how_many(activity: Activity, number: int) -> Text:
    """How many options one may choose, in words."""
    fewest, most = activity.options.get("minimum") or 1, activity.options.get("maximum") or number
    if _is_one(activity):
        return _("Kies één antwoord.")
    if fewest == most:
        return n_("Kies {n} antwoord.", "Kies {n} antwoorden.", most)
    if fewest > 1:
        return _("Kies {few} tot {most} antwoorden.", few=fewest, most=most)
    return n_("Kies hoogstens {n} antwoord.", "Kies hoogstens {n} antwoorden.", most)


def _is_one(activity: Activity) -> bool:
    return bool(activity.options.get("kind", "one") == "one")


def _form(uow: UnitOfWork, placed: Placed, options: list[PollOption], chosen: frozenset[Any], refused: Refused | None) -> BoundForm | None:
    """The form; None when one cannot vote now or has to log in first."""
    activity = placed.activity
    open_now = activity_state(activity, uow.now) == "open" and placed.plan.state == "published"
    if not open_now or (uow.actor.is_anonymous and not activity.anonymous):
        return None
    data: Any = refused.received.form if refused else {"options": [str(id) for id in chosen]}
    shown = [(str(option.id), option.text) for option in options]
    form = BoundForm(CastVoteSchema, data=data, errors=dict(refused.errors) if refused else None, options={"options": shown})
    widget = "radios" if _is_one(activity) else "checkboxes"
    legend = how_many(activity, len(options))
    form.fields = tuple(
        replace(item, widget=widget, label=legend, required=True) if item.name == "options" else item for item in form.fields
    )
    return form


PAGE = TypePage(code="poll", template="doe_mee/activity_poll.html", show=show, receive=receive, send=send, desk_links=links_to_results)

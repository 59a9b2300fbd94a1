"""The page behind the link in a mail that stops mail to a seat. Opening it changes nothing: programs open links too."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue

from samen_core.api import _
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_samenspreker.paths import HOME, MAIL, table
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.mails import seat_of_link, stop_seat_mail
from samen_samenspreker.web.frame import LABEL, pages

PATH = f"{MAIL}/stoel/<uuid:seat_id>/<token>"


@pages.route(PATH, public=True, cache=False)
def seat_mail(seat_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """Ask whether the holder of a seat wants no more mail."""
    uow = current_uow()
    return _page(seat_id, token, stopped=not seat_of_link(uow, seat_id, token).wants_mail)


@pages.route(PATH, public=True, methods=["POST"])
def seat_mail_stop(seat_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """No more mail to this seat. A mail program may send this by itself (RFC 8058)."""
    stop_seat_mail(current_uow(), seat_id, token)
    return _page(seat_id, token, stopped=True)


def _page(seat_id: uuid.UUID, token: str, *, stopped: bool) -> ResponseReturnValue:
    uow = current_uow()
    question = get_question(uow, seat_of_link(uow, seat_id, token).question_id)
    return render(
        "samenspreker/mail_stop.html",
        question=question,
        stopped=stopped,
        action=page_url(f"{MAIL}/stoel/{seat_id}/{token}"),
        table_url=page_url(table(question.slug)),
        breadcrumbs=crumbs((LABEL, HOME), (_("Mail over een vraag"), None)),
    )

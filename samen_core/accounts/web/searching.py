"""Searching accounts: the words are names and e-mail addresses, so they go by POST, and on to the pages of the list as a sealed text."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import request
from werkzeug import Response

from samen_core.characters import without_bad
from samen_core.i18n import _
from samen_core.sealing import seal, unseal
from samen_core.web.context import current_uow
from samen_core.web.layout import go, say

MOST = 100
TERM = timedelta(hours=1)
SEALED = "zoek"
"""The name of the sealed words in the address of a list."""


def asked_words() -> str | None:
    """The words that are searched for; empty without any, None when they were sealed too long ago, by another account, or not here."""
    uow, sealed = current_uow(), request.args.get(SEALED, "")
    if not sealed:
        return ""
    try:
        return unseal(uow.platform.config.secret_key, _purpose(), sealed, uow.now, TERM)
    except ValueError:
        return None


def to_results(path: str, *filters: str) -> Response:
    """From a sent form to the list: these filters as they are, and the words of ``q`` sealed."""
    uow, words = current_uow(), " ".join(without_bad(request.form.get("q", ""), " ").split())[:MOST]
    query = {name: value for name in filters if (value := request.form.get(name, "")[:MOST])}
    if words:
        query[SEALED] = seal(uow.platform.config.secret_key, _purpose(), words, uow.now)
    return go(f"{path}?{urlencode(query)}" if query else path)


def search_again(path: str) -> Response:
    """To the whole list, with the word that the search is over."""
    say(_("Deze zoekopdracht is verlopen. Zoek opnieuw."), "warning")
    return go(path)


def _purpose() -> str:
    return f"search of accounts by {current_uow().actor.account_id}"

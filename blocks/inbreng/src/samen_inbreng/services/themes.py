"""Themes of reactions: what contributions on a subject have in common.

How many contributions a theme has is kept with every change. Contributions are locked before themes, and both in order of id, so that
acts of several people at once wait for each other and never count wrong.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from samen_core.api import Conflict, Invalid, NotFound, Subject, Text, UnitOfWork, _, fold, n_, uuid7
from samen_inbreng.models import Answer, Contribution, Theme, ThemedContribution
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.desk import DeskFilter, chosen_ids
from samen_inbreng.schemas.themes import AddTheme, ChooseContributions, DeleteTheme, MergeTheme, OrderThemes, UpdateTheme

ADDED = "inbreng.theme.added"
UPDATED = "inbreng.theme.updated"
MERGED = "inbreng.theme.merged"
DELETED = "inbreng.theme.deleted"
ORDERED = "inbreng.theme.ordered"
PUT = "inbreng.theme.filled"
TAKEN = "inbreng.theme.emptied"
SENTENCES = {
    ADDED: _("Thema “{title}” is toegevoegd aan de reacties."),
    UPDATED: _("Thema “{title}” van de reacties is aangepast."),
    MERGED: _("Thema “{title}” is samengevoegd met thema “{into}”."),
    DELETED: _("Thema “{title}” van de reacties is weggehaald."),
}
MOST = 500
_KEPT = _(
    "Dit thema kan niet weg: in een besluit staat er iets over. Is dat besluit nog een concept? Maak dan daarin leeg wat er bij dit thema "
    "staat, en probeer het opnieuw. Is het gepubliceerd, dan blijft het thema staan."
)
_KEPT_WITH_OTHER = _(
    "Dit thema kan niet opgaan in een ander: in een besluit staat er iets over. U kunt het andere thema wel bij dit thema voegen. Is het "
    "besluit nog een concept, dan kunt u ook daarin leegmaken wat er bij dit thema staat."
)
THEME_RENAMED = "inbreng.theme_renamed"
"""The signal that a theme gets another name, sent with ``theme_id``; a block that wrote that name down for good raises Invalid."""


def add_theme(uow: UnitOfWork, subject_id: uuid.UUID, command: AddTheme) -> Theme:
    """Add a theme at the end. Raises NotAllowed, NotFound (no such subject) and Invalid (the name exists, too many)."""
    ANSWER.require(uow.actor, subject_id)
    _lock_subject(uow, subject_id)
    known = _of_subject(uow, subject_id)
    if len(known) >= MOST:
        raise Invalid(_("Er zijn al {n} thema's. Voeg er eerst een paar samen.", n=MOST))
    _check_title(known, command.title, None)
    position = max((theme.position for theme in known), default=0) + 1
    theme = Theme(id=uuid7(), subject_id=subject_id, title=command.title, summary=command.summary, position=position, contributions=0)
    uow.session.add(theme)
    uow.session.flush()
    _record(uow, ADDED, subject_id, theme, after={"theme": theme.id, "title": theme.title})
    return theme


def update_theme(uow: UnitOfWork, theme_id: uuid.UUID, command: UpdateTheme) -> Theme:
    """Rename a theme or change its summary. Raises NotAllowed, NotFound, Conflict and Invalid (the name exists, or must stay)."""
    theme = _allowed(uow, theme_id)
    _lock_subject(uow, theme.subject_id)
    theme = _locked(uow, theme_id)
    _check_version(theme, command.version)
    _check_title(_of_subject(uow, theme.subject_id), command.title, theme.id)
    if command.title != theme.title:
        uow.send(THEME_RENAMED, theme_id=theme.id)
    before = {"title": theme.title, "summary": theme.summary}
    theme.title, theme.summary = command.title, command.summary
    after = {"title": theme.title, "summary": theme.summary}
    if before != after:
        _record(uow, UPDATED, theme.subject_id, theme, before=before, after={"theme": theme.id, **after})
        uow.session.flush()
    return theme


def order_themes(uow: UnitOfWork, subject_id: uuid.UUID, command: OrderThemes) -> None:
    """Put the themes of a subject in another order. Raises NotAllowed, NotFound, Conflict when they are other themes by now."""
    ANSWER.require(uow.actor, subject_id)
    _lock_subject(uow, subject_id)
    known = {theme.id: theme for theme in _of_subject(uow, subject_id)}
    if len(command.theme_ids) != len(known) or set(command.theme_ids) != set(known):
        raise Conflict(_("Er is intussen een thema bijgekomen of weggegaan. Bekijk de lijst opnieuw."))
    moved = [(id, position) for position, id in enumerate(command.theme_ids, 1) if known[id].position != position]
    for id, position in moved:
        # Not through the object: a place in the list is no new version of the theme that somebody may be editing.
        place = update(Theme).where(Theme.id == id).values(position=position)
        uow.session.execute(place.execution_options(synchronize_session=False))
    uow.session.expire_all()
    if moved:
        uow.record(ORDERED, subject_id, after={"themes": list(command.theme_ids)})


def move_theme(uow: UnitOfWork, theme_id: uuid.UUID, by: int) -> None:
    """Move a theme one place up (-1) or down (1); at the end of the list nothing happens. Raises NotAllowed and NotFound."""
    theme = _allowed(uow, theme_id)
    _lock_subject(uow, theme.subject_id)
    ids = [other.id for other in _of_subject(uow, theme.subject_id)]
    place = ids.index(theme_id)
    there = min(max(place + by, 0), len(ids) - 1)
    ids.insert(there, ids.pop(place))
    if there != place:
        order_themes(uow, theme.subject_id, OrderThemes(theme_ids=tuple(ids)))


def merge_theme(uow: UnitOfWork, theme_id: uuid.UUID, command: MergeTheme) -> Theme:
    """Move the contributions and answers of a theme to another one, which stays. Raises NotAllowed, NotFound, Conflict and Invalid."""
    subject_id = _allowed(uow, theme_id).subject_id
    _lock_subject(uow, subject_id)
    _lock_contributions(uow, select(ThemedContribution.contribution_id).where(ThemedContribution.theme_id == theme_id))
    themes = _lock_themes(uow, (theme_id, command.into_id))
    theme, into = themes.get(theme_id), themes.get(command.into_id)
    if theme is None:
        raise NotFound
    _check_version(theme, command.version)
    if into is None or into.subject_id != subject_id or into.id == theme_id:
        raise Invalid({"into_id": [_("Kies een ander thema van hetzelfde onderwerp.")]})
    table, here = ThemedContribution, ThemedContribution.theme_id == theme_id
    already = select(table.contribution_id).where(table.theme_id == into.id)
    uow.session.execute(
        update(table)
        .where(here, table.contribution_id.not_in(already))
        .values(theme_id=into.id)
        .execution_options(synchronize_session=False)
    )
    uow.session.execute(delete(table).where(here).execution_options(synchronize_session=False))
    uow.session.execute(
        update(Answer).where(Answer.theme_id == theme_id).values(theme_id=into.id).execution_options(synchronize_session=False)
    )
    into.contributions = _count_again(uow, into.id)
    _remove(uow, theme, _KEPT_WITH_OTHER)
    _record(uow, MERGED, subject_id, theme, after={"theme": theme.id, "into_id": into.id, "into": into.title, "title": theme.title})
    uow.session.flush()
    return into


def delete_theme(uow: UnitOfWork, theme_id: uuid.UUID, command: DeleteTheme) -> None:
    """Take away a theme that has no contributions. Raises NotAllowed, NotFound, Conflict and Invalid (it is not empty, or is used)."""
    subject_id = _allowed(uow, theme_id).subject_id
    _lock_subject(uow, subject_id)
    theme = _locked(uow, theme_id)
    _check_version(theme, command.version)
    if theme.contributions:
        raise Invalid(
            n_(
                "In dit thema zit nog {n} bijdrage. Haal die er eerst uit, of voeg het thema samen met een ander.",
                "In dit thema zitten nog {n} bijdragen. Haal die er eerst uit, of voeg het thema samen met een ander.",
                theme.contributions,
            )
        )
    # Contributions that were withdrawn do not count, but still refer to it.
    uow.session.execute(delete(ThemedContribution).where(ThemedContribution.theme_id == theme_id))
    uow.session.execute(update(Answer).where(Answer.theme_id == theme_id).values(theme_id=None))
    _remove(uow, theme, _KEPT)
    _record(uow, DELETED, subject_id, theme, after={"theme": theme.id, "title": theme.title})


def put_in_theme(uow: UnitOfWork, theme_id: uuid.UUID, command: ChooseContributions) -> int:
    """Put contributions in a theme; the number that was not in it yet. Raises NotAllowed, NotFound and Invalid (which ones cannot)."""
    theme = _allowed(uow, theme_id)
    ids = select(Contribution.id).where(Contribution.id.in_(command.contribution_ids))
    found = _lock_contributions(uow, ids)
    right = [id for id, subject, state, parent in found if (subject, state, parent) == (theme.subject_id, "published", None)]
    if wrong := len(set(command.contribution_ids)) - len(right):
        raise Invalid({"contribution_ids": [_unfit(wrong)]})
    return _put(uow, theme_id, right)


def put_found_in_theme(uow: UnitOfWork, theme_id: uuid.UUID, filter: DeskFilter) -> int:
    """Put everything that a filter of the desk finds in a theme; the number that was not in it yet. Raises NotAllowed and NotFound."""
    theme = _allowed(uow, theme_id)
    found = _lock_contributions(uow, chosen_ids(theme.subject_id, filter))
    return _put(uow, theme_id, [id for id, _subject, state, parent in found if state == "published" and parent is None])


def take_from_theme(uow: UnitOfWork, theme_id: uuid.UUID, command: ChooseContributions) -> int:
    """Take contributions out of a theme; the number that was in it. Raises NotAllowed and NotFound."""
    theme = _allowed(uow, theme_id)
    found = _lock_contributions(uow, select(Contribution.id).where(Contribution.id.in_(command.contribution_ids)))
    _lock_themes(uow, (theme_id,))
    gone = delete(ThemedContribution).where(
        ThemedContribution.theme_id == theme_id, ThemedContribution.contribution_id.in_([row[0] for row in found])
    )
    number = int(uow.session.connection().execute(gone).rowcount)
    _settle(uow, TAKEN, theme.subject_id, theme_id, number)
    return number


def set_themes(uow: UnitOfWork, contribution_id: uuid.UUID, theme_ids: Sequence[uuid.UUID]) -> None:
    """Make these the themes of a contribution, in place of those it has. Raises NotAllowed, NotFound and Invalid."""
    contribution = uow.session.get(Contribution, contribution_id)
    if contribution is None:
        raise NotFound
    ANSWER.require(uow.actor, contribution.activity_id, scopes=(contribution.subject_id,))
    known = select(ThemedContribution.theme_id).where(ThemedContribution.contribution_id == contribution_id)
    before, after = set(uow.session.execute(known).scalars()), set(theme_ids)
    fitting = select(func.count()).select_from(Theme).where(Theme.id.in_(after), Theme.subject_id == contribution.subject_id)
    if after and uow.session.execute(fitting).scalar_one() != len(after):
        raise Invalid({"theme_ids": [_("Dit thema bestaat niet (meer).")]})
    one = ChooseContributions(contribution_ids=(contribution_id,))
    for id in sorted(before - after):
        take_from_theme(uow, id, one)
    for id in sorted(after - before):
        put_in_theme(uow, id, one)


def count_in_themes(uow: UnitOfWork, contribution_id: uuid.UUID, by: int) -> None:
    """Keep the numbers of its themes right when a contribution goes away (-1: withdrawn, hidden) or comes back (1). It must be locked."""
    themes = select(ThemedContribution.theme_id).where(ThemedContribution.contribution_id == contribution_id)
    shift = update(Theme).where(Theme.id.in_(themes)).values(contributions=Theme.contributions + by)
    uow.session.execute(shift.execution_options(synchronize_session=False))


def _unfit(number: int) -> Text:
    return n_(
        "{n} bijdrage kan niet in een thema: het is een reactie op een ander, of hij is ingetrokken, verborgen of van een ander onderwerp.",
        "{n} bijdragen kunnen niet in een thema: het zijn reacties op een ander, of ze zijn ingetrokken, verborgen of van een ander "
        "onderwerp.",
        number,
    )


def _put(uow: UnitOfWork, theme_id: uuid.UUID, ids: list[uuid.UUID]) -> int:
    theme = _lock_themes(uow, (theme_id,)).get(theme_id)
    if theme is None:
        raise NotFound
    inside = exists().where(ThemedContribution.contribution_id == Contribution.id, ThemedContribution.theme_id == theme_id)
    number = 0
    for start in range(0, len(ids), 1000):
        part = select(Contribution.id).where(Contribution.id.in_(ids[start : start + 1000]), ~inside)
        new = list(uow.session.execute(part).scalars())
        if new:
            uow.session.connection().execute(insert(ThemedContribution), [{"contribution_id": id, "theme_id": theme_id} for id in new])
        number += len(new)
    _settle(uow, PUT, theme.subject_id, theme_id, number)
    return number


def _settle(uow: UnitOfWork, action: str, subject_id: uuid.UUID, theme_id: uuid.UUID, number: int) -> None:
    """Count a theme that got or lost contributions again, and log how many."""
    if not number:
        return
    again = update(Theme).where(Theme.id == theme_id).values(contributions=_count_again(uow, theme_id))
    uow.session.execute(again.execution_options(synchronize_session="fetch"))
    uow.record(action, subject_id, after={"theme": theme_id, "number": number})


def _count_again(uow: UnitOfWork, theme_id: uuid.UUID) -> int:
    """How many published contributions a theme has; right because theme and contributions are locked."""
    number = (
        select(func.count())
        .select_from(ThemedContribution)
        .join(Contribution, Contribution.id == ThemedContribution.contribution_id)
        .where(ThemedContribution.theme_id == theme_id, Contribution.state == "published")
    )
    return int(uow.session.execute(number).scalar_one())


def _lock_subject(uow: UnitOfWork, subject_id: uuid.UUID) -> None:
    """One at a time may change the list of themes; contributions still come in, since their keys do not wait for this lock."""
    found = uow.session.execute(select(Subject.id).where(Subject.id == subject_id).with_for_update(key_share=True)).first()
    if found is None:
        raise NotFound


def _lock_contributions(uow: UnitOfWork, ids: Any) -> list[Any]:
    """The contributions of these that are no reply, in order of id; a reply is in no theme, and locked by acts in its thread only."""
    columns = (Contribution.id, Contribution.subject_id, Contribution.state, Contribution.parent_id)
    wanted = (Contribution.id.in_(ids), Contribution.parent_id.is_(None))
    statement = select(*columns).where(*wanted).order_by(Contribution.id).with_for_update(key_share=True)
    return list(uow.session.execute(statement, {"now": uow.now}))


def _lock_themes(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Theme]:
    statement = select(Theme).where(Theme.id.in_(ids)).order_by(Theme.id).with_for_update(key_share=True)
    statement = statement.execution_options(populate_existing=True)
    return {theme.id: theme for theme in uow.session.execute(statement).scalars()}


def _locked(uow: UnitOfWork, id: uuid.UUID) -> Theme:
    theme = _lock_themes(uow, (id,)).get(id)
    if theme is None:
        raise NotFound
    return theme


def _allowed(uow: UnitOfWork, id: uuid.UUID) -> Theme:
    """The theme, for who may answer on its subject. Raises NotFound and NotAllowed."""
    theme = uow.session.get(Theme, id)
    if theme is None:
        raise NotFound
    ANSWER.require(uow.actor, theme.subject_id)
    return theme


def _of_subject(uow: UnitOfWork, subject_id: uuid.UUID) -> list[Theme]:
    statement = select(Theme).where(Theme.subject_id == subject_id).order_by(Theme.position, Theme.id)
    return list(uow.session.execute(statement.execution_options(populate_existing=True)).scalars())


def _check_version(theme: Theme, version: int) -> None:
    if theme.version != version:
        raise Conflict(current={"title": theme.title, "summary": theme.summary}, version=theme.version)


def _check_title(known: list[Theme], title: str, own: uuid.UUID | None) -> None:
    if any(fold(theme.title) == fold(title) and theme.id != own for theme in known):
        raise Invalid({"title": [_("Er is al een thema met deze naam.")]})


def _remove(uow: UnitOfWork, theme: Theme, why_not: Text) -> None:
    """Take the row away, unless something of another block (a decision that weighs the theme) refers to it. Raises Invalid."""
    try:
        with uow.session.begin_nested():
            uow.session.delete(theme)
            uow.session.flush()
    except IntegrityError:
        raise Invalid(why_not) from None


def _record(
    uow: UnitOfWork,
    action: str,
    subject_id: uuid.UUID,
    theme: Theme,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
) -> None:
    sentence = _(SENTENCES[action].id, title=theme.title, into=after.get("into", ""))
    uow.record(action, subject_id, before=before, after=after, public=True, sentence=sentence)

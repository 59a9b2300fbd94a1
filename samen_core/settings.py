"""Settings per block: declared in code, changed by the manager on a page, stored per key, read from memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError
from sqlalchemy import JSON, Row, String, cast, delete, event, insert, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.accounts.models import User
from samen_core.db.base import Base, JSONType
from samen_core.db.changes import Change
from samen_core.errors import Conflict, Invalid
from samen_core.forms.messages import as_texts
from samen_core.i18n import Text, _
from samen_core.pagination import Order, Page, PageRequest, SortKey, fetch_page
from samen_core.permissions import MANAGE
from samen_core.remembered import Remembered

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.forms import Question
    from samen_core.platform import Platform


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a city may change. ``key`` is ``<block>.<name>``; ``question`` says how it is asked and checked."""

    key: str
    question: Question
    default: Any
    group: Text

    def from_plain(self, value: Any) -> Any:
        """The value that JSON types stand for. Raises marshmallow's ValidationError."""
        return self.question.to_field().deserialize(value)

    def to_plain(self, value: Any) -> Any:
        """A value as JSON types."""
        return self.question.to_field().serialize("value", {"value": value})


class SettingValue(Base):
    """A value that differs from the default, as JSON types."""

    __tablename__ = "core__setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONType)
    updated_at: Mapped[datetime]


class Settings(Remembered[Mapping[str, Any]]):
    """The declared settings of a platform with their values now, re-read at most every two seconds."""

    def __init__(self, declared: Iterable[Setting]) -> None:
        super().__init__()
        self.declared = {setting.key: setting for setting in declared}

    def get(self, platform: Platform, key: str) -> Any:
        """The value of a setting now. Raises KeyError for a key that nobody declared."""
        default = self.declared[key].default
        return self.content(platform).get(key, default)

    def load(self, platform: Platform) -> Mapping[str, Any]:
        """The values that differ from the default."""
        with platform.engine.connect() as connection:
            rows = connection.execute(select(SettingValue.key, SettingValue.value)).all()
        return dict(self._usable(platform, rows))

    def _usable(self, platform: Platform, rows: Iterable[Any]) -> Iterator[tuple[str, Any]]:
        """The stored values that still fit what is declared; the default counts for another one."""
        for key, value in rows:
            if key in self.declared:
                try:
                    yield key, self.declared[key].from_plain(value)
                except ValidationError:
                    platform.log.warning("setting_does_not_fit", key=key)


_STORED: Any = select(SettingValue.key, SettingValue.value, SettingValue.updated_at).order_by(SettingValue.key)
_LOG, _USER = Change.__table__.c, User.__table__.c
_CHANGES: Any = (
    select(_LOG.seq, _LOG.at, _LOG.before, _LOG.after, _LOG.actor_kind, _LOG.actor_id, _USER.display_name)
    .select_from(Change.__table__.outerjoin(User.__table__, _USER.id == _LOG.actor_id))
    # As a literal, so that the index of these few rows is used.
    .where(_LOG.action == literal_column("'core.setting.changed'"))
)
_NEWEST = Order("newest", SortKey(_LOG.seq, descending=True))


def settings_now(uow: UnitOfWork) -> dict[str, Any]:
    """The stored or default value of every declared setting (JSON types), past the memory of this process. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    stored = {row.key: row.value for row in uow.session.execute(select(SettingValue.key, SettingValue.value))}
    declared = uow.platform.settings.declared
    return {key: stored.get(key, setting.to_plain(setting.default)) for key, setting in declared.items()}


def stored_settings(uow: UnitOfWork) -> Sequence[Row[Any]]:
    """Every value that is stored: key, value (JSON types), updated_at; also of blocks that are not there now. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    return uow.session.execute(_STORED).all()


def setting_changes(uow: UnitOfWork, block: str, request: PageRequest) -> Page[Row[Any]]:
    """What was changed in the settings of a block, newest first, from the log: at, before, after, and who. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    own = cast(_LOG.after, String).like(f'%"{block.replace("_", chr(92) + "_")}.%', escape=chr(92))
    return fetch_page(uow.session, _CHANGES.where(own), _NEWEST, request)


def change_settings(uow: UnitOfWork, values: Mapping[str, Any], *, shown: Mapping[str, Any] | None = None) -> None:
    """Store new values (JSON types) for declared settings; a value equal to the default is not stored.

    ``shown`` is what the editor started from: only what differs from it is changed, and what somebody else changed meanwhile is kept.
    Raises NotAllowed, Invalid with all errors at once, and Conflict with the values now when both changed the same setting.
    """
    MANAGE.require(uow.actor)
    settings = uow.platform.settings
    declared = settings.declared
    errors: dict[str, list[Text]] = {}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in declared:
            errors[key] = [_("Deze instelling bestaat niet.")]
            continue
        try:
            checked[key] = declared[key].to_plain(declared[key].from_plain(value))
        except ValidationError as error:
            errors[key] = as_texts(error.messages, value)
    if errors:
        raise Invalid(errors)
    before = settings_now(uow)
    if shown is not None:
        checked = {key: value for key, value in checked.items() if key not in shown or value != shown[key]}
        if any(before[key] not in (shown.get(key, before[key]), value) for key, value in checked.items()):
            raise Conflict(current=before)
    for key, value in checked.items():
        default = declared[key].to_plain(declared[key].default)
        old = before[key]
        if old == value:
            continue
        uow.session.execute(delete(SettingValue).where(SettingValue.key == key))
        if value != default:
            stored = JSON.NULL if value is None else value
            uow.session.execute(insert(SettingValue).values(key=key, value=stored, updated_at=uow.now))
        uow.record("core.setting.changed", before={key: old}, after={key: value})
    event.listen(uow.session, "after_commit", lambda _session: settings.forget(), once=True)

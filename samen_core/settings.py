"""Settings per block: declared in code, changed by the manager on a page, stored per key, read from memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError
from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, JSONType
from samen_core.errors import Invalid
from samen_core.forms.messages import as_texts
from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE

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


class SettingValue(Base):
    """A value that differs from the default."""

    __tablename__ = "core__setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONType)
    updated_at: Mapped[datetime]


class Settings:
    """The declared settings of a platform with their values now, re-read at most every two seconds."""

    MAX_AGE = 2.0

    def __init__(self, declared: Iterable[Setting]) -> None:
        self.declared = {setting.key: setting for setting in declared}
        self._values: dict[str, Any] = {}
        self._read_at = float("-inf")

    def get(self, platform: Platform, key: str) -> Any:
        """The value of a setting now. Raises KeyError for a key that nobody declared."""
        default = self.declared[key].default
        if platform.monotonic() - self._read_at > self.MAX_AGE:
            with platform.engine.connect() as connection:
                self._values = {row.key: row.value for row in connection.execute(select(SettingValue.key, SettingValue.value))}
            self._read_at = platform.monotonic()
        return self._values.get(key, default)

    def forget(self) -> None:
        """Read again at the next use."""
        self._read_at = float("-inf")


def change_settings(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    """Store new values for declared settings; a value equal to the default is not stored. Raises Invalid with all errors at once."""
    MANAGE.require(uow.actor)
    declared = uow.platform.settings.declared
    errors: dict[str, list[Text]] = {}
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in declared:
            errors[key] = [_("Deze instelling bestaat niet.")]
            continue
        try:
            checked[key] = declared[key].question.to_field().deserialize(value)
        except ValidationError as error:
            errors[key] = as_texts(error.messages, value)
    if errors:
        raise Invalid(errors)
    before = {
        row.key: row.value for row in uow.session.execute(select(SettingValue.key, SettingValue.value).where(SettingValue.key.in_(checked)))
    }
    for key, value in checked.items():
        old = before.get(key, declared[key].default)
        if old == value:
            continue
        uow.session.execute(delete(SettingValue).where(SettingValue.key == key))
        if value != declared[key].default:
            uow.session.execute(insert(SettingValue).values(key=key, value=value, updated_at=uow.now))
        uow.record("core.setting.changed", before={key: old}, after={key: value})
    uow.platform.settings.forget()

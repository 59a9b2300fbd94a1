"""What the file store does not keep."""

from __future__ import annotations

from samen_core.files.models import File
from samen_core.files.services import KEEP_DELETED, KEEP_LOOSE, old_files, remove_old_files
from samen_core.i18n import _
from samen_core.privacy.retention import RetentionRule, count_due

RULES = (
    RetentionRule(
        "core.files",
        _("Bestanden die zijn verwijderd of nergens bij horen"),
        _("30 dagen na het verwijderen; hoort een bestand nergens bij: een dag na het opsturen"),
        due=lambda uow: count_due(uow, File.changed_at, old_files(uow)),
        apply=remove_old_files,
        terms=(KEEP_DELETED, KEEP_LOOSE),
    ),
)
"""The rules of files."""

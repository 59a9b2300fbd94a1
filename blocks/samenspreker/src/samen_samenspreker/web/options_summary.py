"""The options of a table on its overview: what lies on the table, and the seats of every sector beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from samen_core.api import UnitOfWork, markdown_text
from samen_core.web.api import page_url, render_part
from samen_samenspreker.labels import POSITION_LABELS
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.services.options import option_path
from samen_samenspreker.services.question_cards import summary
from samen_samenspreker.web.support_view import views_of

MOST = 4


def options_summary(uow: UnitOfWork, question: Question, active: Sequence[Any]) -> Markup:
    """The first of the ``active`` options (of the shelf) with the support of the seats per sector. One statement.

    Uses the styles of ``samenspreker/support.css``.
    """
    support = support_of(uow, [row.id for row in active[:MOST]])
    shown = [
        (row.title, summary(markdown_text(row.text)), page_url(option_path(question, row.number)), views_of(support[row.id])[0])
        for row in active[:MOST]
    ]
    return render_part(
        "samenspreker/options_summary.html",
        options=shown,
        more=len(active) - len(shown),
        url=page_url(table(question.slug, "opties")),
        positions=tuple(POSITION_LABELS.items()),
    )

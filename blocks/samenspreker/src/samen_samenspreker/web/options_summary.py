"""The options of a table on its overview: what lies on the table, and the seats of every sector beside each other."""

from __future__ import annotations

from markupsafe import Markup

from samen_core.api import UnitOfWork, markdown_text
from samen_core.web.api import page_url, render_part
from samen_samenspreker.labels import POSITION_LABELS
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.queries.options import options_of
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.services.options import option_path
from samen_samenspreker.services.question_cards import summary
from samen_samenspreker.web.support_view import views_of

MOST = 4


def options_summary(uow: UnitOfWork, question: Question) -> Markup:
    """The first options with the support of the seats per sector. Two statements. Uses the styles of ``samenspreker/support.css``."""
    active = [row for row in options_of(uow, question.id) if row.state == "active"]
    support = support_of(uow, [row.id for row in active[:MOST]])
    shown = [
        (row.title, summary(markdown_text(row.text)), page_url(option_path(question, row.position)), views_of(support[row.id])[0])
        for row in active[:MOST]
    ]
    return render_part(
        "samenspreker/options_summary.html",
        options=shown,
        more=len(active) - len(shown),
        url=page_url(table(question.slug, "opties")),
        positions=tuple(POSITION_LABELS.items()),
    )

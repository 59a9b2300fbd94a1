"""The pages, one module a concept."""

from samen_inbreng.web import (  # noqa: F401 - their routes
    activity_page,
    answering,
    contribution_page,
    desk,
    done,
    enter,
    follow,
    mail_links,
    manage,
    overview,
    own_pages,
    questionnaires,
    report,
    themes,
)
from samen_inbreng.web.common import pages

__all__ = ["pages"]

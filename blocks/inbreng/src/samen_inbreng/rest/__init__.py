"""REST: ``/api/v1/inbreng``."""

from samen_inbreng.rest import activities, answers, contributions, questionnaires, report, themes  # noqa: F401 - their routes
from samen_inbreng.rest.common import rest

__all__ = ["rest"]

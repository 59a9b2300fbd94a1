"""Templates of documents, rendered outside a request."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from samen_core.documents.press import STATIC
from samen_core.i18n import SOURCE_LANGUAGE, Text
from samen_core.web.rendering import Renderer

if TYPE_CHECKING:
    from samen_core.platform import Platform


class DocumentRenderer(Renderer):
    """Renders documents: no request, so links are whole addresses and files are ``static://<owner>/<path>``."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform, {"city": platform.config.city, "picture": picture, "static_url": _static_address})

    def document(self, language: str, template: str, context: Mapping[str, Any]) -> str:
        """The template as HTML in a language."""
        base = self.platform.config.web.base_url.rstrip("/") + ("" if language == SOURCE_LANGUAGE else f"/{language}")

        def page_url(path: str) -> str:
            return base + path

        with self.platform.translations.use(language):
            shared = {"page_url": page_url, "made_at": self.platform.clock(), "continued": False}
            return self.environment(language).get_template(template).render({**shared, **context})


def picture(svg: str, alt: Text | str) -> Markup:
    """A chart, as a picture in the text itself. ``alt`` says what it shows."""
    data = base64.b64encode(svg.encode()).decode()
    return Markup('<img class="picture" src="data:image/svg+xml;base64,{}" alt="{}">').format(data, alt)


def _static_address(name: str) -> str:
    return f"{STATIC}{name}"

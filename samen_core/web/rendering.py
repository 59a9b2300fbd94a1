"""Templates: one Jinja environment per language, with the translations folded in when a template is compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, ClassVar

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Template, nodes, select_autoescape
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from samen_core import i18n
from samen_core.i18n import Text, Translator

if TYPE_CHECKING:
    from types import CodeType

    from markdown_it import MarkdownIt

    from samen_core.platform import Platform

WEB_FOLDER = Path(__file__).parent
ICON_FOLDER = WEB_FOLDER / "icons"


_TO_ESCAPE = re.compile("""[&<>"']""").search
_LINES = re.compile(r"\r\n?|\n").split
"""Lines as Markdown knows them: browsers send two characters at the end of each."""
NO_NAMES = "a template is given its values when it is drawn, not when it is read: all others would get them too"
KEPT_PARTS = 1_000
"""So many parts of pages are kept as they were drawn, in each language, and so many texts as they were laid out."""
LONGEST_KEPT = 10_000
"""So many characters a text has at most that is kept as it was laid out."""
MOST_CELLS = 5_000
"""A text with more cells is laid out without tables: each row gets all the cells of the head, however short it is written."""


class _FoldTexts(NodeTransformer):
    """Replaces ``_("Dutch text", x=...)`` by the translated text, so that rendering does no look-up."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name is Jinja's
        """Fold a call of ``_`` with one constant text."""
        self.generic_visit(node)
        if not (
            isinstance(node.node, nodes.Name) and node.node.name == "_" and len(node.args) == 1 and isinstance(node.args[0], nodes.Const)
        ):
            return node
        text = self.translator.lookup(node.args[0].value)
        if not node.kwargs:
            return nodes.Const(text, lineno=node.lineno)
        return nodes.Call(nodes.Name("_fill", "load"), [nodes.Const(text)], node.kwargs, None, None, lineno=node.lineno)


class _CompiledTemplates(BytecodeCache):
    """What was compiled in this process, shared by platforms with the same words: a run of tests makes thousands of them."""

    compiled: ClassVar[dict[tuple[str, str, int], CodeType]] = {}

    def __init__(self, translator: Translator) -> None:
        self.words = hash((translator.language, frozenset(translator.messages.items())))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the compiled template of this name, source and words, if there is one."""
        bucket.code = self.compiled.get((bucket.key, bucket.checksum, self.words))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        if bucket.code is not None:
            self.compiled[bucket.key, bucket.checksum, self.words] = bucket.code


_PLAIN = (FunctionType, MethodType, type(lru_cache(len)))


class _Context(Context):
    """What a template knows while it is drawn."""

    def call(self, called: Any, /, *values: Any, **named: Any) -> Any:
        """Call from a template.

        Jinja asks of everything that is called what it wants to be told besides its arguments, in six questions. For macros and for plain
        functions the answer is known beforehand: a page makes a hundred calls, nearly all of these two.
        """
        kind = type(called)
        if kind is Macro:
            told: tuple[Any, ...] = (self.eval_ctx,)
        elif kind in _PLAIN and not hasattr(called, "jinja_pass_arg"):
            told = ()
        else:
            return super().call(called, *values, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        try:
            return called(*told, *values, **named)
        except StopIteration:
            return self.environment.undefined("value was undefined because a callable raised a StopIteration exception")


def drawn(value: Any) -> str:
    """A value as a page shows it: escaped, unless it is HTML already.

    Most values hold nothing that has to be escaped. Those go into the page as they are, which saves making a Markup of each: a twelfth of
    what a page costs.
    """
    kind = type(value)
    if kind is Text:
        value, kind = str(value), str
    if kind is Markup or (kind is str and _TO_ESCAPE(value) is None):
        shown: str = value
        return shown
    return escape(value)


class _Generator(CodeGenerator):
    """Writes templates that show values by way of :func:`drawn`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.drawn(")


class LanguageEnvironment(Environment):
    """A Jinja environment of one language."""

    code_generator_class = _Generator
    context_class = _Context
    drawn = staticmethod(drawn)

    def __init__(self, translator: Translator, **options: Any) -> None:
        super().__init__(bytecode_cache=_CompiledTemplates(translator), **options)
        self.translator = translator
        self._read: dict[str, Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: those of its environment. Raises TypeError for names of its own.

        Jinja puts a chain before them and compares all names at each import of macros, which is a tenth of a page with ten imports.
        """
        if d:
            raise TypeError(NO_NAMES)
        return self.globals

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """A template by its name. One that was read before is at hand without Jinja's locks: a page has fifteen parts.

        Raises TypeError for names of its own.
        """
        if globals:
            raise TypeError(NO_NAMES)
        if isinstance(name, Template):
            return name
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = super().get_template(name, parent)
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        folded: nodes.Template = _FoldTexts(self.translator).visit(tree)
        folded.set_environment(self)
        return folded


def _fill(pattern: str, **values: Any) -> str:
    """A translated text with its values; a value that is Markup keeps its tags, everything else is escaped."""
    if any(hasattr(value, "__html__") for value in values.values()):
        return Markup(pattern).format(**values)  # noqa: S704 - the pattern is ours, values are escaped by format
    return pattern.format(**values)


def _draw(macro: Any, *arguments: Any) -> Any:
    """What a macro makes of these arguments: ``kept(macro, …)`` in a template does it once for the same ones.

    Only for what depends on nothing but its arguments and the language, such as a card that many people read: no token, no visitor.
    """
    return macro(*arguments)


class Renderer:
    """Renders the templates of core and the blocks in the language of the reader."""

    def __init__(self, platform: Platform, shared: Mapping[str, Any]) -> None:
        self.platform = platform
        self._environments: dict[str, LanguageEnvironment] = {}
        self._icons: dict[str, Markup] = {}
        self._shared = dict(shared)
        folders = [WEB_FOLDER / "templates", *(block.templates for block in platform.blocks if block.templates.is_dir())]
        self._loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])

    def environment(self, language: str) -> LanguageEnvironment:
        """The environment of a language, made at its first use."""
        if language not in self._environments:
            translator = self.platform.translations.translator(language)
            environment = LanguageEnvironment(
                translator,
                loader=self._loader,
                autoescape=select_autoescape(default=True),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
            )
            environment.globals.update(
                _=i18n._,
                n_=i18n.n_,
                _fill=_fill,
                icon=self.icon,
                kept=lru_cache(maxsize=KEPT_PARTS)(_draw),
                locale=translator.language,
                **self._shared,
            )
            environment.filters.update(
                day=i18n.format_day,
                date=i18n.format_date,
                moment=i18n.format_moment,
                time=i18n.format_time,
                number=i18n.format_number,
                iso=iso,
                markdown=markdown,
                kept_markdown=kept_markdown,
            )
            self._environments[language] = environment
        return self._environments[language]

    def render(self, template: str, context: Mapping[str, Any]) -> str:
        """The template as text, in the current language."""
        return self.environment(i18n.current_language()).get_template(template).render(context)

    def _no_icon(self, name: str) -> Markup:
        """Nothing, with a line in the log: a page does not fall for its picture. A test fails, so that who misspelt it knows."""
        if self.platform.config.environment == "test":
            raise KeyError(f"there is no icon '{name}': docs/reference/icons.md has them all")
        self.platform.log.warning("icon_missing", icon=name)
        return Markup("")

    def icon(self, name: str, label: Text | str | None = None) -> Markup:
        """A Lucide icon as inline SVG, hidden from screen readers; with ``label`` the word is added for them."""
        if name not in self._icons:
            path = ICON_FOLDER / f"{name}.svg"
            if not path.is_file():
                return self._no_icon(name)
            self._icons[name] = Markup(path.read_text(encoding="utf-8").strip())  # noqa: S704 - our own file
        svg = self._icons[name]
        return svg + Markup('<span class="samen-visually-hidden">{}</span>').format(label) if label else svg


def iso(value: date) -> str:
    """A moment or date for the ``datetime`` attribute."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


@cache
def _parser(*, tables: bool) -> MarkdownIt:
    """Made once: it keeps nothing of what it reads."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False})
    return parser.enable(["table"]) if tables else parser


def _cells(source: str) -> int:
    """At most so many cells the tables of a text can have: of each stretch without an empty line, its lines times its most columns."""
    if "|" not in source:
        return 0
    found = lines = bars = 0
    for line in (*_LINES(source), ""):
        if line.strip(" \t"):
            lines, bars = lines + 1, max(bars, line.count("|"))
        else:
            found += lines * (bars + 1) if bars else 0
            lines = bars = 0
    return found


def markdown(source: str, top: int = 3) -> Markup:
    """Markdown as safe HTML: no raw HTML in the source, headings start at level ``top``, sanitised after rendering."""
    import nh3

    parser = _parser(tables=_cells(source) <= MOST_CELLS)
    tokens = parser.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + top - 1, 6)}"
    tags = {
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "a",
        "blockquote",
        "code",
        "pre",
        "br",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    html = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=tags,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return Markup(html)  # noqa: S704 - sanitised above


@lru_cache(maxsize=KEPT_PARTS)
def _laid_out(source: str, top: int) -> Markup:
    return markdown(source, top)


def kept_markdown(source: str, top: int = 3) -> Markup:
    """The same, laid out once: for texts of the city that many read, not for what a visitor types."""
    return _laid_out(source, top) if len(source) <= LONGEST_KEPT else markdown(source, top)

"""Sharing an idea, a plan or an activity: what other sites show of a link, the picture for it, and the page to tell others by.

Nothing is asked of another site before somebody follows a link to it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, request
from flask.typing import ResponseReturnValue

from samen_core.api import NotAllowed, Text, UnitOfWork, _, system
from samen_core.web.api import crumbs, current_platform, current_uow, go, limit_visitor, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.services.idea_common import visible_idea
from samen_doe_mee.services.posters import PAPERS, make_poster
from samen_doe_mee.services.share_pictures import HEIGHT, WIDTH, share_picture
from samen_doe_mee.services.sharing import CHANNEL_LABELS, FINDERS, Shared, shared_idea
from samen_doe_mee.services.short_links import NO_POSTER, ensure_links, follow_link, is_person, links_of
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.idea_codes import code_for
from samen_doe_mee.web.overview_parts import short

BASES = {paths.IDEAS: _("Ideeën"), paths.PLANS: _("Plannen"), paths.ACTIVITIES: _("Meedoen")}
MOST_POSTERS, QUARTER = 10, 15 * 60
PICTURE = "deel.png"


@dataclass(frozen=True, slots=True)
class ShareTags:
    """What other sites may show of a link, for ``doe_mee/share_head.html``; addresses are whole."""

    title: str
    text: str
    url: str
    picture: str
    alt: Text
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Way:
    """A way to tell others."""

    icon: str
    label: Text
    url: str


def share_tags(shared: Shared) -> ShareTags:
    """What other sites may show of this page."""
    return ShareTags(
        title=shared.title,
        text=short(shared.text) or str(shared.ask),
        url=_base() + page_url(shared.path),
        picture=_base() + page_url(f"{shared.path}/{PICTURE}"),
        alt=_("{about}: {title}. {status}.", about=shared.about, title=shared.title, status=shared.status),
    )


@pages.route(paths.idea("<slug>", PICTURE), public=True, cache=False, defaults={"base": paths.IDEAS})
@pages.route(paths.plan("<slug>", PICTURE), public=True, cache=False, defaults={"base": paths.PLANS})
@pages.route(paths.activity("<slug>", PICTURE), public=True, cache=False, defaults={"base": paths.ACTIVITIES})
def picture(base: str, slug: str) -> ResponseReturnValue:
    """The picture that stands beside a link elsewhere."""
    platform = current_platform()
    shared = FINDERS[base](current_uow(), slug)
    shown = (str(shared.about), shared.title, str(shared.status))
    city = platform.config.city
    tag = hashlib.sha256("\n".join((platform.build, city.name, city.theme, *shown)).encode()).hexdigest()[:24]
    found = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if found else Response(share_picture(platform, *shown), content_type="image/png")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@pages.route(paths.idea("<slug>", "deel"), public=True, cache=False, defaults={"base": paths.IDEAS})
@pages.route(paths.plan("<slug>", "deel"), public=True, cache=False, defaults={"base": paths.PLANS})
@pages.route(paths.activity("<slug>", "deel"), public=True, cache=False, defaults={"base": paths.ACTIVITIES})
def share_page(base: str, slug: str) -> ResponseReturnValue:
    """Ways to tell others, the picture that they will see, and posters for who may print them."""
    uow = current_uow()
    shared = _shared(uow, base, slug)
    codes = links_of(uow, shared.id)
    return render(
        "doe_mee/share.html",
        shared=shared,
        share=share_tags(shared),
        picture_url=page_url(f"{shared.path}/{PICTURE}"),
        ways=_ways(shared, codes),
        address=_address(shared, codes, "social"),
        addresses=[
            (CHANNEL_LABELS[name], _base() + f"{paths.SHORT}/{code}") for name, code in sorted(codes.items()) if name in CHANNEL_LABELS
        ],
        posters=[(paper.label, page_url(f"{shared.path}/{name}.pdf")) for name, paper in PAPERS.items()] if shared.prints else [],
        breadcrumbs=crumbs((LABEL, paths.HOME), (BASES[base], base), (shared.title, shared.path), (_("Delen"), None)),
    )


_PAPER = ",".join(f'"{name}"' for name in PAPERS)


@pages.route(paths.idea("<slug>", f"<any({_PAPER}):paper>.pdf"), public=True, cache=False, defaults={"base": paths.IDEAS})
@pages.route(paths.plan("<slug>", f"<any({_PAPER}):paper>.pdf"), public=True, cache=False, defaults={"base": paths.PLANS})
@pages.route(paths.activity("<slug>", f"<any({_PAPER}):paper>.pdf"), public=True, cache=False, defaults={"base": paths.ACTIVITIES})
def poster(base: str, slug: str, paper: str) -> ResponseReturnValue:
    """A poster with a code to scan, for the author of an idea and for who works at it. Made now, so that it is never of yesterday."""
    limit_visitor("doe_mee.poster", MOST_POSTERS, QUARTER)
    platform = current_platform()
    shared = _shared(current_uow(), base, slug)
    if not shared.prints:
        raise NotAllowed(NO_POSTER, log_in=current_uow().actor.is_anonymous)
    channel = PAPERS[paper].channel
    with platform.unit_of_work(system("web")) as writing:
        code = ensure_links(writing, shared.id, (channel,))[channel]
    made = make_poster(platform, shared, paper, f"{_base()}{paths.SHORT}/{code}")
    name = f"{paper}-{shared.slug[:60]}.pdf"
    return Response(made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


@pages.route(f"{paths.SHORT}/<code>", public=True, cache=False)
def short_link(code: str) -> ResponseReturnValue:
    """From a short address to its page; that one more came is counted, not who."""
    counts = is_person(request.method, request.user_agent.string)
    response = go(follow_link(current_platform(), code, counts=counts))
    response.status_code = 302
    response.headers["Cache-Control"] = "no-store"
    return response


def _shared(uow: UnitOfWork, base: str, slug: str) -> Shared:
    """What an address is about; who has the code of an idea counts as its author."""
    if base != paths.IDEAS:
        return FINDERS[base](uow, slug)
    return shared_idea(uow, slug, code_for(uow, visible_idea(uow, slug)))


def _ways(shared: Shared, codes: dict[str, str]) -> list[Way]:
    words = quote(f"{shared.title} {_address(shared, codes, 'social')}")
    body = quote(f"{shared.title}\n\n{_address(shared, codes, 'mail')}")
    return [
        Way("mail", _("Mail"), f"mailto:?subject={quote(shared.title)}&body={body}"),
        Way("message-circle", _("WhatsApp"), f"https://wa.me/?text={words}"),
    ]


def _address(shared: Shared, codes: dict[str, str], channel: str) -> str:
    """The short address of this way, or the whole one while there is none."""
    return _base() + (f"{paths.SHORT}/{codes[channel]}" if channel in codes else page_url(shared.path))


def _base() -> str:
    return current_platform().config.web.base_url.rstrip("/")

"""Finding, ordering and asking blocks; every mistake of a block names the block and the mend."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from samen_core import API_VERSION
from samen_core.actor import anonymous, system
from samen_core.blocks.discovery import Installed, default_blocks, installed_blocks, usable_blocks
from samen_core.blocks.order import sort_blocks
from samen_core.blocks.registry import BlockRegistry
from samen_core.errors import StartupError
from samen_core.manifest import Block, _
from samen_core.models import load_models
from samen_core.platform import Parts, Platform
from samen_core.testing.platforms import make_config
from samen_core.web.navigation import menu, tasks
from tests.core.samples import a_loan, add_tool

Make = Callable[..., Installed]
HOOKS = "from samen_core.api import *\nfrom samen_core.api import _, hookimpl\n"


def manifest(name: str, **values: Any) -> Block:
    """A manifest with only what matters here."""
    return Block(name=name, label=_("Blok"), summary=_("Een blok"), **values)


def start(folder: Path, *blocks: Installed) -> Platform:
    """A platform with exactly these blocks."""
    names = [block.name for block in blocks]
    return Platform(
        make_config(folder, f"sqlite:///{folder / 'x.db'}", blocks=names), Parts(installed={block.name: block for block in blocks})
    )


# --- manifests -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "A1", "1a", "a-b", "a__b", "a" * 22, "core", "city", "", "é1"])
def test_a_block_name_that_cannot_be_a_prefix_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="block name"):
        manifest(name)


def test_a_name_in_an_address_has_dashes() -> None:
    assert manifest("doe_mee").url_name == "doe-mee"


@pytest.mark.parametrize("api", [(0, 1), (2, 1), (-1, -1)])
def test_an_impossible_range_of_versions_is_refused(api: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="range"):
        manifest("blok", api=api)


def test_a_requirement_that_is_no_tuple_is_refused() -> None:
    with pytest.raises(ValueError, match=r'requires must be a tuple, such as \("citycontent",\)'):
        manifest("blok", requires="citycontent")


# --- order -----------------------------------------------------------------------------------------------------------------------

NAMES = [f"blok_{letter}" for letter in "abcdefgh"]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Block]:
    """Blocks that may only need or follow blocks later in a random list, so that there is no circle."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, len(NAMES)))]
    made = {}
    for index, name in enumerate(names):
        before = st.lists(st.sampled_from(names[:index]), unique=True, max_size=3) if index else st.just([])
        made[name] = manifest(name, requires=tuple(draw(before)), after=(*draw(before), *draw(st.just(("absent",)))))
    return made


@given(blocks=graphs(), data=st.data())
def test_the_order_holds_and_does_not_depend_on_the_order_of_finding(blocks: dict[str, Block], data: st.DataObject) -> None:
    found = [block.name for block in sort_blocks(blocks)]
    assert sorted(found) == sorted(blocks)
    for block in blocks.values():
        for earlier in (*block.requires, *(name for name in block.after if name in blocks)):
            assert found.index(earlier) < found.index(block.name)
    shuffled = {name: blocks[name] for name in data.draw(st.permutations(list(blocks)))}
    assert [block.name for block in sort_blocks(shuffled)] == found


def test_names_break_ties() -> None:
    blocks = {name: manifest(name) for name in ("cc", "aa", "bb")}
    assert [block.name for block in sort_blocks(blocks)] == ["aa", "bb", "cc"]


def test_a_circle_names_its_blocks_and_the_mend() -> None:
    blocks = {"aa": manifest("aa", requires=("bb",)), "bb": manifest("bb", after=("aa",))}
    with pytest.raises(StartupError, match=r"block 'aa' .* circle \((aa > bb > aa|bb > aa > bb)\) \(or run 'samen blocks disable aa'\)"):
        sort_blocks(blocks)


def test_an_absent_requirement_names_the_mend() -> None:
    with pytest.raises(StartupError, match="block 'bb' requires 'aa', which is not enabled: run 'samen blocks enable aa'"):
        sort_blocks({"bb": manifest("bb", requires=("aa",))})


# --- discovery -------------------------------------------------------------------------------------------------------------------


def test_the_installed_blocks_are_found_with_what_their_distribution_says() -> None:
    found = installed_blocks()
    example = found["gereedschap"]
    assert (example.problem, example.package, example.distribution, example.version) == (
        "",
        "samen_gereedschap",
        "samen-gereedschap",
        "1.0.0",
    )
    assert (example.licence, example.authors) == ("EUPL-1.2", "Buurtspullen Software")
    assert found["citycontent"].distribution == "samen"
    assert all(folder.is_dir() for folder in (example.migrations, example.templates, example.static, example.translations))


def test_documents_are_found_in_the_package_and_beside_it() -> None:
    found = installed_blocks()
    for block in ("citycontent", "gereedschap"):
        document = found[block].document("proces.nl.md")
        assert document is not None
        assert document.read_text(encoding="utf-8").startswith("# ")
    assert found["gereedschap"].document("../README.md") is None
    assert found["gereedschap"].document("nothing.md") is None


def test_a_new_city_starts_without_blocks_that_are_still_tried_out() -> None:
    assert "citycontent" in default_blocks()
    assert "gereedschap" not in default_blocks()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("raise RuntimeError('no database here')", "cannot be imported: RuntimeError: no database here"),
        ("import a_library_that_is_not_there", "cannot be imported: ModuleNotFoundError: No module named 'a_library_that_is_not_there'"),
        ("def (", "cannot be imported: SyntaxError: "),
        ("block = 'not a block'", "is not a samen_core.manifest.Block"),
        ("", "cannot be imported: AttributeError: "),
        ("import sys; sys.exit(3)", "cannot be imported: SystemExit: 3"),
    ],
)
def test_a_broken_block_is_found_with_its_problem_and_stops_start_up(make_block: Make, tmp_path: Path, source: str, problem: str) -> None:
    broken = make_block("broken", block=source)
    assert problem in broken.problem
    with pytest.raises(StartupError, match=r"block 'broken' .*samen blocks disable broken"):
        start(tmp_path, broken)


def test_a_broken_package_is_found_with_its_problem(make_block: Make) -> None:
    assert "ZeroDivisionError" in make_block("broken", __init__="1 / 0").problem


def test_a_block_under_another_name_is_refused(make_block: Make) -> None:
    found = make_block("mine", manifest={"name": "other"})
    assert found.problem == "the manifest says 'other', the entry point 'mine': they must be equal"


def test_a_block_for_another_platform_is_refused(make_block: Make, tmp_path: Path) -> None:
    newer = API_VERSION + 1
    found = make_block("newer", manifest={"api": (newer, newer + 1)})
    assert (
        found.problem
        == f"supports block API {newer} to {newer + 1}, this platform has {API_VERSION}: install a version of the block that fits"
    )
    with pytest.raises(StartupError, match=r"block 'newer' supports block API .*disable newer"):
        start(tmp_path, found)


def test_a_block_works_one_version_longer_with_a_warning(make_block: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/compatibility.md: one version of overlap."""
    monkeypatch.setattr("samen_core.blocks.discovery.API_VERSION", API_VERSION + 1)
    with structlog.testing.capture_logs() as logged:
        found = make_block("older")
        start(tmp_path, found)
    assert (
        found.warning == f"was made for block API {API_VERSION}, this platform has {API_VERSION + 1}: it stops working at {API_VERSION + 2}"
    )
    assert [line["block"] for line in logged if line["event"] == "block_grows_old"] == ["older"]
    monkeypatch.setattr("samen_core.blocks.discovery.API_VERSION", API_VERSION + 2)
    assert make_block("oldest").problem.startswith(
        f"supports block API {API_VERSION} to {API_VERSION}, this platform has {API_VERSION + 2}"
    )


def test_a_hook_that_will_go_warns_who_still_answers_it(make_block: Make) -> None:
    """pluggy's own means: ``warn_on_impl`` on the specification of a hook (docs/compatibility.md)."""
    found = make_block("late", hooks=HOOKS + "@hookimpl\ndef samen_jobs():\n    return []\n")
    registry = BlockRegistry([])
    registry.manager.hook.samen_jobs.spec.warn_on_impl = DeprecationWarning("samen_jobs goes away with block API 2: use samen_work")
    with pytest.warns(DeprecationWarning, match="use samen_work"):
        registry._register(found)


def test_a_block_with_an_icon_that_does_not_exist_is_refused(make_block: Make) -> None:
    """Its icon stands on a page of others, the catalogue."""
    assert make_block("mine", manifest={"icon": "no-such-icon"}).problem.startswith("names the icon 'no-such-icon', which is not in")
    assert make_block("mine").problem == ""


def test_a_name_that_two_distributions_give_is_refused(make_block: Make) -> None:
    one, other = make_block("twice"), make_block("twice")
    points = [EntryPoint("twice", f"{block.package}.block:block", "samen.blocks") for block in (one, other)]
    found = installed_blocks(points)["twice"]
    assert found.problem == f"is given by two distributions, {one.package} and {other.package}: uninstall one of them"
    assert installed_blocks(reversed(points))["twice"].problem == found.problem


def test_a_block_that_is_not_installed_names_the_mend() -> None:
    with pytest.raises(
        StartupError, match="'absent' is enabled but not installed: run 'pip install samen-absent' or 'samen blocks disable absent'"
    ):
        usable_blocks({}, ["absent"])


def test_a_broken_block_that_is_not_enabled_does_no_harm(make_block: Make, tmp_path: Path) -> None:
    good = make_block("good")
    bad = make_block("bad", models="raise RuntimeError('half a block')")
    config = make_config(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", blocks=["good"])
    platform = Platform(config, Parts(installed={"good": good, "bad": bad, "broken": make_block("broken", block="1 / 0")}))
    with structlog.testing.capture_logs() as logged:
        load_models(platform)
    assert [(line["event"], line["block"]) for line in logged] == [("models_left_out", "bad")]
    assert platform.registry.names() == ("good",)
    platform.close()


def test_models_that_cannot_be_imported_name_their_block(make_block: Make, tmp_path: Path) -> None:
    platform = start(tmp_path, make_block("bad", models="raise RuntimeError('half a block')"))
    with pytest.raises(StartupError, match="block 'bad' has models that cannot be imported: RuntimeError: half a block"):
        load_models(platform)


# --- hooks -----------------------------------------------------------------------------------------------------------------------


def test_a_block_without_hooks_is_fine(make_block: Make, tmp_path: Path) -> None:
    assert start(tmp_path, make_block("silent")).registry.names() == ("silent",)


@pytest.mark.parametrize(
    ("hooks", "message"),
    [
        ("@hookimpl\ndef samen_navigaton(actor): return []", "there is no hook 'samen_navigaton': did you mean 'samen_navigation'?"),
        ("def samen_setings(): return []", "there is no hook 'samen_setings': did you mean 'samen_settings'?"),
        ("@hookimpl\ndef on_start(): pass", "there is no hook 'on_start'"),
        ("def samen_settings(): return []", "the function 'samen_settings' needs @hookimpl above it"),
        ("@hookimpl\ndef samen_tasks(request): return []", "samen_tasks"),
        ("import a_library_that_is_not_there", "cannot be loaded: ModuleNotFoundError: No module named 'a_library_that_is_not_there'"),
        ("@hookimpl\ndef samen_settings(): return 1 // 0", "failed in samen_settings: ZeroDivisionError"),
        ("@hookimpl\ndef samen_settings(): yield 1 // 0", "failed in samen_settings: ZeroDivisionError"),
        ("@hookimpl\ndef samen_settings(): return Setting", "failed in samen_settings: TypeError"),
        ("@hookimpl\ndef samen_settings(): return ['x']", "samen_settings must give a list of Setting, not 'x'"),
        ("@hookimpl\ndef samen_permissions(): return [Permission('core.all', _('alles'))]", "'core.all', which must start with 'mine.'"),
        ("@hookimpl\ndef samen_permissions(): return 2 * [Permission('mine.all', _('alles'))]", "gives 'mine.all' twice"),
        ("@hookimpl\ndef samen_event_handlers(): return 2 * [EventHandler('mine.do', print)]", "gives 'mine.do' twice"),
        ("@hookimpl\ndef samen_event_handlers(): return [EventHandler('core.mail', print)]", "must start with 'mine.'"),
        ("@hookimpl\ndef samen_event_types(): return [Event]", "must start with 'mine.'"),
        ("@hookimpl\ndef samen_jobs(): return [Job('other.job', None, print)]", "must start with 'mine.'"),
        (
            "@hookimpl\ndef samen_subject_types(): return [SubjectType('x', _('x'), _('x'), permission='mine.absent')]",
            "subject type 'x' names the unknown permission 'mine.absent'",
        ),
        (
            "@hookimpl\ndef samen_subject_types(): return 2 * [SubjectType('x', _('x'), _('x'))]",
            "the subject type 'x' is already one of 'mine'",
        ),
        (
            "@hookimpl\ndef samen_search_sources(): return [SearchSource('account', print)]",
            "'account', which is no subject type of this block",
        ),
    ],
)
def test_a_mistake_in_hooks_names_the_block_and_the_mistake(make_block: Make, tmp_path: Path, hooks: str, message: str) -> None:
    with pytest.raises(StartupError) as raised:
        start(tmp_path, make_block("mine", hooks=HOOKS + hooks))
    assert "'mine'" in str(raised.value)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_answers_come_in_the_order_of_the_blocks(make_block: Make, tmp_path: Path) -> None:
    hooks = HOOKS + "@hookimpl\ndef samen_navigation(actor): return [NavigationItem(_(__name__), '/')]"
    blocks = [make_block("zz", hooks=hooks), make_block("aa", hooks=hooks, manifest={"requires": ("mm",)}), make_block("mm", hooks=hooks)]
    for order in (blocks, blocks[::-1]):
        platform = start(tmp_path, *order)
        assert platform.registry.names() == ("mm", "aa", "zz")
        assert [name for name, _item in platform.registry.ask("samen_navigation", actor=anonymous())] == ["mm", "aa", "zz"]


def test_a_block_that_raises_while_running_is_left_out_and_logged(
    make_block: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = "@hookimpl\ndef samen_navigation(actor): return [NavigationItem(_('Goed'), '/goed')]"
    bad = "@hookimpl\ndef samen_navigation(actor):\n    yield NavigationItem(_('Half'), '/half')\n    raise RuntimeError('it broke')"
    platform = start(tmp_path, make_block("bad", hooks=HOOKS + bad), make_block("good", hooks=HOOKS + good))
    with platform.read(anonymous()) as uow:
        assert [item.path for item in menu(uow, anonymous())] == ["/goed"]
    printed = capsys.readouterr()
    assert "block_failed" in printed.out + printed.err


def test_a_block_that_breaks_the_transaction_does_not_take_others_along(platform: Platform, make_block: Make) -> None:
    """PostgreSQL refuses everything after an error in a transaction."""
    bad = "from sqlalchemy import text\n@hookimpl\ndef samen_tasks(uow): return uow.session.execute(text('SELECT x FROM nowhere')).all()"
    example = next(block for block in platform.blocks if block.name == "gereedschap")
    platform.registry = BlockRegistry([make_block("bad", hooks=HOOKS + bad), example])
    with platform.unit_of_work(system("test")) as uow:
        uow.session.add(a_loan(uow, add_tool(uow), ""))
    with platform.read(system("test")) as uow:
        assert [task.path for task in tasks(uow)] == ["/gereedschap/balie"]


def test_tasks_come_most_first_and_without_empty_ones(make_block: Make, tmp_path: Path) -> None:
    hooks = "@hookimpl\ndef samen_tasks(uow): return [Task(_('Eén'), '/1', 1), Task(_('Geen'), '/0', 0), Task(_('Vijf'), '/5', 5)]"
    platform = start(tmp_path, make_block("mine", hooks=HOOKS + hooks))
    with platform.read(anonymous()) as uow:
        assert [task.path for task in tasks(uow)] == ["/5", "/1"]


def test_the_first_sentence_of_a_log_row_counts(make_block: Make, tmp_path: Path) -> None:
    hook = "@hookimpl\ndef samen_render_log(change): {}"
    blocks = [
        make_block("aa", hooks=HOOKS + hook.format("raise RuntimeError")),
        make_block("bb", hooks=HOOKS + hook.format("return None")),
        make_block("cc", hooks=HOOKS + hook.format("return 'derde'")),
        make_block("dd", hooks=HOOKS + hook.format("return 'vierde'")),
    ]
    assert start(tmp_path, *blocks).registry.first("samen_render_log", change=None) == "derde"
    assert start(tmp_path, *blocks[:2]).registry.first("samen_render_log", change=None) is None

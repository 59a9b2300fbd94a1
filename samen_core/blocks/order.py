"""The order of blocks: topological by ``requires`` and ``after``; names break ties. Never the order of installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from samen_core.errors import block_error
from samen_core.manifest import Block


def sort_blocks(blocks: Mapping[str, Block]) -> list[Block]:
    """The blocks in loading order. Raises StartupError for a requirement that is absent or a circle in ``requires``.

    ``after`` that would close a circle is a mistake of the block too, and refused in the same way.
    """
    for block in blocks.values():
        for required in block.requires:
            if required not in blocks:
                raise block_error(block.name, f"requires '{required}', which is not enabled: run 'samen blocks enable {required}'")
    return arrange(blocks)


def arrange(blocks: Mapping[str, Block]) -> list[Block]:
    """The blocks in loading order, whether what they require is among them or not. Raises StartupError for a circle."""
    sorter = TopologicalSorter(
        {name: {other for other in (*block.requires, *block.after) if other in blocks} for name, block in blocks.items()}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        what = f"waits for itself, in the circle ({' > '.join(circle)})"
        raise block_error(_least_needed(blocks, circle), what) from None
    ordered: list[Block] = []
    ready: list[str] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, name)
        first = heappop(ready)
        ordered.append(blocks[first])
        sorter.done(first)
    return ordered


def _least_needed(blocks: Mapping[str, Block], circle: Sequence[str]) -> str:
    """The block of a circle that no other requires, where there is one: it can be disabled alone."""
    needed = {name for block in blocks.values() for name in block.requires}
    return next((name for name in circle if name not in needed), min(circle))

"""One PDF of several, with one structure tree over all pages (ISO 32000-1 §14.7), so that the whole can be read aloud as well as a part."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

import pydyf

_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]+>|\b(\d+) 0 R\b", re.DOTALL)
"""A reference to an object, or a string, in which nothing is one."""

_FROM_FIRST = ("Lang", "Metadata", "ViewerPreferences", "MarkInfo")
Numbers = dict[int, int]


class _Moved(pydyf.Object):  # type: ignore[misc]
    """An object of a part as it is written, with the numbers of the whole."""

    def __init__(self, data: bytes, is_stream: bool) -> None:
        super().__init__()
        self.written, self.is_stream = data, is_stream

    @property
    def data(self) -> bytes:
        return self.written

    @property
    def compressible(self) -> bool:
        return not self.is_stream


class Binder:
    """Takes what WeasyPrint made of each part, in order; memory holds the written objects, not the layout."""

    def __init__(self) -> None:
        self.pdf = pydyf.PDF()
        self.tags = self._own({"Type": "/StructTreeRoot"})
        self.document = self._own({"Type": "/StructElem", "S": "/Document", "K": pydyf.Array(), "P": self.tags.reference})
        self.numbers = self._own({"Nums": pydyf.Array()})
        self.outline = self._own({"Count": 0})
        self.tags.update(K=pydyf.Array([self.document.reference]), ParentTree=self.numbers.reference)
        self.pdf.catalog["StructTreeRoot"] = self.tags.reference
        self.destinations: dict[bytes, bytes] = {}
        self.keys = 0
        self.last_bookmark: _Moved | None = None

    def _own(self, values: dict[str, Any]) -> Any:
        thing = pydyf.Dictionary(values)
        self.pdf.add_object(thing)
        return thing

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return int(self.pdf.pages["Count"])

    def add(self, part: Any) -> None:
        """Move every object of this PDF (a ``pydyf.PDF`` before it is written) into the whole."""
        tags = _at(part, part.catalog["StructTreeRoot"])
        document, numbers = _at(part, tags["K"][0]), _at(part, tags["ParentTree"])
        outline = _at(part, part.catalog["Outlines"]) if "Outlines" in part.catalog else None
        ours = {part.pages.number: self.pdf.pages, tags.number: self.tags, document.number: self.document, numbers.number: self.numbers}
        if outline is not None:
            ours[outline.number] = self.outline
        skipped = {*ours, 0, part.catalog.number}
        moved = [thing for thing in part.objects if thing.number not in skipped]
        first = len(self.pdf.objects)
        new = {thing.number: number for number, thing in enumerate(moved, first)} | {old: thing.number for old, thing in ours.items()}
        self._raise_keys(moved)
        for thing in moved:
            self.pdf.add_object(_Moved(_renumbered(thing.data, new), isinstance(thing, pydyf.Stream)))
        self._add_pages(part, new)
        self._add_tags(document, numbers, new)
        if outline is not None:
            self._add_bookmarks(outline, new)
        self._add_destinations(part, new)
        for key in _FROM_FIRST:
            if key in part.catalog:
                self.pdf.catalog.setdefault(key, _renumbered(pydyf.Array([part.catalog[key]]).data, new)[1:-1])
        for key, value in part.info.items():
            self.pdf.info.setdefault(key, value)

    def _raise_keys(self, things: list[Any]) -> None:
        """Pages and links find their tags by a number; those of this part follow on those of the parts before."""
        for thing in things:
            for key in ("StructParents", "StructParent"):
                if isinstance(thing, pydyf.Dictionary) and key in thing:
                    thing[key] += self.keys

    def _add_pages(self, part: Any, new: Numbers) -> None:
        kids = part.pages["Kids"]
        self.pdf.pages["Count"] += part.pages["Count"]
        for number in kids[::3]:
            self.pdf.pages["Kids"].extend([new[number], 0, "R"])

    def _add_tags(self, document: Any, numbers: Any, new: Numbers) -> None:
        self.document["K"].append(_renumbered(document["K"].data, new)[1:-1])
        listed = numbers["Nums"]
        for key, value in zip(listed[::2], listed[1::2], strict=True):
            self.numbers["Nums"].extend([key + self.keys, _renumbered(pydyf.Array([value]).data, new)[1:-1]])
        self.keys += max(listed[::2], default=-1) + 1

    def _add_bookmarks(self, outline: Any, new: Numbers) -> None:
        first, last = (self.pdf.objects[new[_number(outline[end])]] for end in ("First", "Last"))
        if self.last_bookmark is None:
            self.outline["First"] = first.reference
            self.pdf.catalog["Outlines"] = self.outline.reference
        else:
            _write_more(self.last_bookmark, b"/Next " + first.reference)
            _write_more(first, b"/Prev " + self.last_bookmark.reference)
        self.outline["Last"], self.last_bookmark = last.reference, last
        self.outline["Count"] += outline["Count"]

    def _add_destinations(self, part: Any, new: Numbers) -> None:
        listed = part.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
        for name, place in zip(listed[::2], listed[1::2], strict=True):
            self.destinations.setdefault(name.data, _renumbered(place.data, new))

    def write(self, target: BinaryIO) -> None:
        """Write the whole."""
        if self.destinations:
            names = [item for pair in sorted(self.destinations.items()) for item in pair]
            self.pdf.catalog["Names"] = pydyf.Dictionary({"Dests": pydyf.Dictionary({"Names": pydyf.Array(names)})})
        self.pdf.write(target, b"1.7", identifier=True, compress=True)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _at(part: Any, reference: bytes) -> Any:
    return part.objects[_number(reference)]


def _renumbered(data: bytes, new: Numbers) -> bytes:
    """An object as it is written, referring to the numbers of the whole; the content of a stream is left as it is."""
    head, stream, content = data.partition(b"\nstream\n")

    def renumber(found: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % new[int(found[1])] if found[1] else found[0]

    return _REFERENCE.sub(renumber, head) + stream + content


def _write_more(thing: _Moved, entry: bytes) -> None:
    thing.written = thing.written[:-2] + entry + b">>"

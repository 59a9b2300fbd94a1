"""Running commands of ``samen`` in this process, as the console script does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

SECRET = "0123456789" * 4


@dataclass(frozen=True, slots=True)
class Done:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line of a refusal."""
        assert self.status != 0
        assert self.out == ""
        assert re.fullmatch(r"samen: [^\n]+\n", self.err), self.err
        return self.err.removeprefix("samen: ").rstrip("\n")


Run = Callable[..., Done]

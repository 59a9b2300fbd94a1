"""``python -m bench.counted``: the user-mode instructions of a request, counted by valgrind where the kernel lets nobody count.

The server runs in callgrind, thirty times slower, and counts only between two addresses that this module puts before the application.
What else the machine does makes no difference: two runs differ by about a hundredth. It needs valgrind with its headers and a C compiler.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import doe_mee, oog_oor
from bench.__main__ import session_cookie
from bench.measure import Request, Server, free_port, send

START, STOP = "/__count", "/__counted"
WARM, TIMES = 50, 60
PATIENCE = 300
"""Seconds that a server in callgrind may take to give its first answer."""
COUNTER = """
#include <valgrind/callgrind.h>
void start(void) { CALLGRIND_START_INSTRUMENTATION; CALLGRIND_ZERO_STATS; }
void stop(void) { CALLGRIND_DUMP_STATS; CALLGRIND_STOP_INSTRUMENTATION; }
"""


def create() -> Callable[[Mapping[str, Any], Any], Iterable[bytes]]:
    """The application that ``BENCH_COUNTED`` names, with the two addresses before it."""
    folder = Path(os.environ["BENCH_COUNTER"])
    counter = ctypes.CDLL(str(folder / "counter.so"))
    module, _, function = os.environ["BENCH_COUNTED"].partition(":")
    app = getattr(importlib.import_module(module), function)()
    acts = {START: counter.start, STOP: counter.stop}

    def counted(environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
        act = acts.get(environ["PATH_INFO"])
        if act is None:
            answer: Iterable[bytes] = app(environ, start_response)
            return answer
        act()
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    return counted


@contextmanager
def counting(app: str, folder: Path, environ: Mapping[str, str] | None = None) -> Iterator[Callable[[Request], float]]:
    """What counts a request to ``module:function`` in million instructions, while its server runs."""
    with tempfile.TemporaryDirectory() as name:
        counts = Path(name)
        (counts / "counter.c").write_text(COUNTER)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(counts / "counter.so"), str(counts / "counter.c")], check=True)
        with _server(app, folder, counts, environ or {}) as server:
            yield lambda request: _count(server, counts, request)


@contextmanager
def _server(app: str, folder: Path, counts: Path, environ: Mapping[str, str]) -> Iterator[Server]:
    port = free_port()
    own = {"BENCH_FOLDER": str(folder), "BENCH_COUNTED": app, "BENCH_COUNTER": str(counts)}
    count = ["valgrind", "-q", "--tool=callgrind", "--fair-sched=yes", "--instr-atstart=no", f"--callgrind-out-file={counts}/count.%p"]
    options = ["-k", "gthread", "--threads", "4", "-w", "1", "-b", f"127.0.0.1:{port}", "--log-level", "error", "-t", str(PATIENCE)]
    process = subprocess.Popen(
        [*count, sys.executable, "-m", "gunicorn", *options, "bench.counted:create()"],
        env={**os.environ, **environ, **own},
        cwd=Path(__file__).parents[1],
        stderr=subprocess.DEVNULL,
    )
    server = Server(process, port)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.process.poll() is None:
        try:
            return send(server.port, Request("/"), 1)
        except OSError:
            time.sleep(1)
    raise RuntimeError("the server did not start in valgrind")


def _count(server: Server, counts: Path, request: Request) -> float:
    send(server.port, request, WARM)
    for old in counts.glob("count.*.*"):
        old.unlink()
    for one, times in ((Request(START), 1), (request, TIMES), (Request(STOP), 1)):
        send(server.port, one, times)
    lines = (line for file in counts.glob("count.*.*") for line in file.read_text().splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("totals:")) / TIMES / 1e6


def show(what: str, millions: float) -> None:
    """Print a line as soon as it is known."""
    print(f"{what:60} {millions:8.2f} Mi", flush=True)


def ideas(folder: Path, number: int) -> None:
    """What people do most in Doe Mee, with so many ideas."""
    places = doe_mee.make(folder, number)
    os.environ |= doe_mee.environment()
    cookie = session_cookie(folder, *next((mail, word) for mail, word in places.passwords.items() if mail.startswith("resident")))
    with counting("bench.city:create", folder) as count:
        for what, request in (*doe_mee.operations(places, f"{number:,}"), *doe_mee.logged_in(cookie, f"{number:,}")):
            show(what, count(request))
        with doe_mee.reaction(folder, places) as form:
            show(f"a reaction by the form of an activity, of {number:,}", count(form))


def cases(folder: Path, number: int) -> None:
    """A report in Oog & Oor, with so many cases."""
    oog_oor.make(folder, number)
    os.environ |= oog_oor.environment()
    with counting("bench.city:create", folder) as count:
        show(f"a report over REST, of {number:,}", count(oog_oor.report(folder)))


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", type=int, default=1_000, help="so many ideas and cases (1,000)")
    number = parser.parse_args().of
    if missing := [name for name in ("valgrind", "cc") if shutil.which(name) is None]:
        sys.exit(f"not on this machine: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with counting("bench.bare:create", folder) as count:
            show("bare page", count(Request("/")))
        ideas(folder / "ideas", number)
        cases(folder / "cases", number)


if __name__ == "__main__":
    main()

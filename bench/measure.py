"""What a request costs the server: CPU time of its processes, as a ratio to the bare page measured in the same run.

Where the kernel lets ``perf`` count, user-mode instructions are counted too; they repeat better than time.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

BARE_MI = 2.79
"""Million instructions of the bare page, measured where perf is permitted (docs/performance.md)."""
ROUNDS = 5


@dataclass(frozen=True)
class Request:
    """One request to repeat. In its body ``{n}`` is another word each time, ``{mark}`` what ``new_mark`` gives."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: str | None = None
    expect: int = 200
    new_mark: Callable[[], str] = str

    def filled(self) -> str | None:
        """The body of the next request."""
        word = f"{os.getpid()}-{time.time_ns()}"
        return self.body.replace("{n}", word).replace("{mark}", self.new_mark()) if self.body else None


@dataclass
class Server:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    port: int

    def pids(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """User and system time of all processes so far."""
        ticks = 0
        for pid in self.pids():
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(parts[11]) + int(parts[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def worker_memory(self) -> float:
        """The proportional set size of one worker, in MB; what is shared with the master counts for its share."""
        lines = Path(f"/proc/{self.pids()[-1]}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(factory: str, folder: Path, environ: Mapping[str, str] | None = None, *, workers: int = 1) -> Iterator[Server]:
    """gunicorn (gthread) on ``module:function()`` until the end of the block."""
    port = free_port()
    options = ["-k", "gthread", "--threads", "4", "-w", str(workers), "-b", f"127.0.0.1:{port}", "--log-level", "error"]
    environment = {**os.environ, "BENCH_FOLDER": str(folder), **(environ or {})}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, factory], env=environment, cwd=Path(__file__).parents[1], stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not listen in time")


def send(port: int, request: Request, times: int) -> None:
    """Send the request ``times`` times over one connection; an unexpected status stops the measurement."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(times):
        connection.request(request.method, request.path, body=request.filled(), headers=dict(request.headers or {}))
        answer = connection.getresponse()
        answer.read()
        if answer.status != request.expect:
            raise RuntimeError(f"{request.method} {request.path}: {answer.status}, expected {request.expect}")
    connection.close()


def cpu_per_request(server: Server, request: Request, times: int) -> float:
    """CPU milliseconds per request: the median of several rounds after a warm-up."""
    send(server.port, request, 30)
    rounds = []
    for _ in range(ROUNDS):
        before = server.cpu_seconds()
        send(server.port, request, times)
        rounds.append((server.cpu_seconds() - before) / times * 1000)
    return median(rounds)


def per_second(server: Server, request: Request, senders: int, times: int) -> tuple[float, float]:
    """Requests answered in a second with so many senders at once, and the CPU milliseconds that the server spent on each.

    The senders take CPU too, and so does whatever else runs: on a machine of their own the servers answer ``cores * 1000 / milliseconds``.
    """
    send(server.port, request, 30)
    threads = [threading.Thread(target=send, args=(server.port, request, times)) for _nth in range(senders)]
    start, before = time.perf_counter(), server.cpu_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = senders * times
    return done / (time.perf_counter() - start), (server.cpu_seconds() - before) / done * 1000


def instructions_per_request(server: Server, request: Request, times: int) -> float | None:
    """Million user-mode instructions per request, or None where perf may not count."""
    if shutil.which("perf") is None:
        return None
    pids = ",".join(map(str, server.pids()))
    counter = subprocess.Popen(["perf", "stat", "-x,", "-e", "instructions:u", "-p", pids], stderr=subprocess.PIPE, text=True)
    time.sleep(0.3)
    send(server.port, request, times)
    counter.send_signal(signal.SIGINT)
    _, text = counter.communicate(timeout=20)
    first = text.strip().splitlines()[0].split(",")[0] if text.strip() else ""
    return int(first) / times / 1e6 if first.isdigit() else None


def cpu_of_command(command: list[str], environ: Mapping[str, str] | None = None, runs: int = 5, warmup: int = 1) -> tuple[float, float]:
    """CPU and wall seconds of a whole command: the medians of several runs after a warm-up."""
    cpu, wall = [], []
    for run in range(-warmup, runs):
        start, before = time.perf_counter(), os.times()
        subprocess.run(command, env={**os.environ, **(environ or {})}, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
        after = os.times()
        if run >= 0:
            wall.append(time.perf_counter() - start)
            cpu.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return median(cpu), median(wall)

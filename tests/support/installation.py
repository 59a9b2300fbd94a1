"""A real installation in a folder: the ``samen`` command with its own environment, and its web server as a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.visitor import Visitor

SAMEN = Path(sys.executable).with_name("samen")
START_SECONDS = 60
STOP_SECONDS = 30


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Server:
    """A running web server. ``log`` holds what it wrote."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def visitor(self) -> Visitor:
        """A visitor with a browser that keeps cookies."""
        return Visitor(self.port)

    def workers(self) -> dict[int, int]:
        """The processes that answer requests, each with its memory in bytes (resident and private)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii").split()
        return {int(pid): _private_bytes(int(pid)) for pid in children}

    def kill(self) -> None:
        """End the server and its workers at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)

    def stop(self) -> int:
        """Ask the server to stop; its status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def text(self) -> str:
        """What it wrote so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def _private_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


@dataclass
class Installation:
    """The folder of an installation and the variables of its environment, on top of ours without ``SAMEN_…``."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    """What stands before the command, such as ``setpriv``."""

    def environment(self) -> dict[str, str]:
        """The environment that its commands get."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAMEN_") and name != "PORT"}
        return {**inherited, "PYTHONUNBUFFERED": "1", **self.variables}

    def command(self, *arguments: str) -> list[str]:
        """The command line."""
        return [*self.prefix, str(SAMEN), *arguments]

    def samen(self, *arguments: str, stdin: str | None = None, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a command until it ends, whatever its status."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def do(self, *arguments: str) -> str:
        """Run a command that must succeed; what it printed."""
        done = self.samen(*arguments)
        assert done.returncode == 0, f"samen {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, *arguments: str, log: Path | None = None, **variables: str) -> subprocess.Popen[bytes]:
        """Start a command that goes on, in a process group of its own; it writes to ``log``."""
        with (log or self.folder / "log").open("ab") as output:
            return subprocess.Popen(
                self.command(*arguments),
                cwd=self.folder,
                env={**self.environment(), **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @contextmanager
    def serving(self, *arguments: str, port: int | None = None, **variables: str) -> Iterator[Server]:
        """Run ``samen run`` (or the command of ``arguments``) until the end of the block."""
        server = self.serve(*arguments, port=port, **variables)
        try:
            yield server
        finally:
            server.stop()

    def serve(self, *arguments: str, port: int | None = None, **variables: str) -> Server:
        """Start ``samen run`` (or the command of ``arguments``) and wait until it answers."""
        port = port or free_port()
        log = self.folder / f"server-{port}.log"
        base = {} if arguments else {"SAMEN_WEB_BASE_URL": f"http://127.0.0.1:{port}"}
        process = self.start(*(arguments or ("run",)), "--port", str(port), log=log, **base, **variables)
        server = Server(process, port, log)
        wait_until_ready(server)
        return server


def wait_until_ready(server: Server) -> None:
    """Wait until the server answers that it is ready. Raises AssertionError with what it wrote."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if Visitor(server.port).get("/health/ready").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    if server.process.poll() is None:
        server.kill()
    raise AssertionError(f"the server did not come up:\n{server.text()}")

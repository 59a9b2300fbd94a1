"""``samen run`` and ``samen worker``."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import click

from samen_core import logs
from samen_core.cli.common import open_platform
from samen_core.config import Config, load_config
from samen_core.errors import StartupError
from samen_core.events.worker import Worker
from samen_core.models import load_models
from samen_core.platform import Platform

MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - gunicorn makes its own private heartbeat files there, so that a slow disk stops no worker

SILENT_SECONDS = 0.5
"""How long a thread waits for a connection that says nothing, before it goes back to waiting without one."""


@click.command()
@click.option("--host", help="Address to listen on; default from the configuration.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; default from the configuration.")
def run(host: str | None, port: int | None) -> None:
    """Serve the city with gunicorn, with a worker thread in each process unless web.worker_thread is false."""
    config = load_config()
    with open_platform(config):
        pass
    host, port = host or config.web.host, port or config.web.port
    serve(config, host, port, before=lambda: warn_about_mail(config))


def warn_about_mail(config: Config) -> None:
    """Say it on standard error when nobody gets mail from this city: a new one must start before its mail server is known."""
    if config.is_mail_kept:
        folder = config.path(config.mail.folder)
        click.echo(
            f"samen: WARNING: no mail leaves this city; it is put in {folder}. Nobody can register or get a new password. "
            "Set mail.transport to smtp, and mail.host",
            err=True,
        )


def require_free_port(host: str, port: int) -> None:
    """Raise StartupError when something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartupError(
                f"cannot listen on {host}:{port}: {error.strerror}; choose another port (PORT=8001 make demo, or samen run --port)"
            ) from None


def serve(config: Config, host: str, port: int, ready: str = "", before: Callable[[], None] = lambda: None) -> None:
    """Run gunicorn in this process until it is stopped; ``ready`` is printed once it listens.

    ``before`` is called when nothing stops the start any more, so that a start that fails says only why.
    """
    require_free_port(host, port)
    logs.configure(config)
    from gunicorn.app.base import BaseApplication
    from gunicorn.workers import gthread

    from samen_core.app import create_app

    if config.web.metrics:
        from samen_core.metrics import prepare

        prepare(config)
    platform = Platform(config)
    application = create_app(platform)
    platform.engine.dispose()
    before()
    # gunicorn's five seconds, which it has no setting for, let a handful of silent connections keep everybody waiting.
    gthread.DEFAULT_WORKER_DATA_TIMEOUT = SILENT_SECONDS  # type: ignore[misc]

    def post_fork(_server: Any, _process: Any) -> None:
        platform.engine.dispose(close=False)
        if config.web.worker_thread:
            threading.Thread(target=Worker(platform).run, name="samen-worker", daemon=True).start()

    def when_ready(_server: Any) -> None:
        # Workers share what was made here as long as nobody writes in it, and looking for rubbish writes in every object.
        gc.collect()
        gc.freeze()
        if ready:
            click.echo(ready)

    class Server(BaseApplication):
        def load_config(self) -> None:
            settings = {
                "bind": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"],
                "workers": config.web.workers,
                "threads": config.web.threads,
                "worker_class": "gthread",
                "preload_app": True,
                "post_fork": post_fork,
                "when_ready": when_ready,
                "loglevel": "warning",
                "graceful_timeout": 20,
                "control_socket_disable": True,
                "worker_tmp_dir": MEMORY_FOLDER if os.path.isdir(MEMORY_FOLDER) else None,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    Server().run()


@click.command()
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="How many worker processes to run.")
def worker(processes: int) -> None:
    """Deliver events and do periodic work until stopped; may run on several machines at once."""
    config = load_config()
    with open_platform(config) as platform:
        load_models(platform)
    warn_about_mail(config)
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=work, args=(config,)) for _ in range(processes - 1)]
    for process in others:
        process.start()
    try:
        work(config)
    finally:
        for process in others:
            process.terminate()
        for process in others:
            process.join()


def work(config: Config) -> None:
    """One worker until SIGTERM or SIGINT."""
    logs.configure(config)
    platform = Platform(config)
    one = Worker(platform)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: one.stop())
    one.run()
    platform.close()

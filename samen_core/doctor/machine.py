"""Checks of the machine and of the configuration: no database is needed for these."""

from __future__ import annotations

import os
import shutil
import smtplib
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url

from samen_core.config import Config
from samen_core.doctor.findings import Finding, ok, problem, warning

LEAST_FREE, LITTLE_FREE = 500_000_000, 5_000_000_000
"""Bytes: below the first nothing can be written soon, below the second it is time to look."""

MAIL_SECONDS = 5


def addresses(config: Config) -> Iterator[Finding]:
    """The public address and how many web servers stand in front."""
    url = urlsplit(config.web.base_url)
    if config.environment != "production":
        yield warning("environment", f"this is a {config.environment} installation", "set environment to production in samen.toml")
        return
    yield ok("environment", "production")
    if url.scheme != "https" or url.hostname in ("127.0.0.1", "localhost"):
        mend = "set web.base_url in samen.toml to https:// and the name that visitors type"
        yield problem("address", f"web.base_url is {config.web.base_url}: links in mail are wrong, and cookies are not kept to https", mend)
    elif not config.web.trusted_proxies:
        mend = "set web.trusted_proxies in samen.toml to the number of web servers in front, usually 1"
        yield warning("address", f"{config.web.base_url}, and no web server in front is trusted: every visitor has the same address", mend)
    else:
        yield ok("address", config.web.base_url)


def secret(config: Config) -> Iterator[Finding]:
    """The secret key: there, long enough (the configuration refuses a short one), and read by nobody else."""
    if not config.secret_key:
        yield problem("secret key", "there is none", "set SAMEN_SECRET_KEY_FILE; make one with 'openssl rand -hex 32'")
        return
    name = os.environ.get("SAMEN_SECRET_KEY_FILE")
    if name and not os.environ.get("SAMEN_SECRET_KEY") and Path(name).stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        yield warning("secret key", f"{name} can be read by everybody on this machine", f"chmod 640 {name}")
    else:
        yield ok("secret key", f"{len(config.secret_key)} characters")


def folders(config: Config) -> Iterator[Finding]:
    """Where files, and with SQLite the database, are written: may we, and is there space."""
    wanted = {"files": config.path(config.files)}
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite":
        wanted["database folder"] = Path(url.database or "").parent
    for check, folder in wanted.items():
        there = folder if folder.is_dir() else folder.parent
        try:
            with tempfile.TemporaryFile(dir=there):
                free = shutil.disk_usage(there).free
        except OSError as error:
            yield problem(check, f"{there} cannot be written: {error.strerror}", f"chown the folder to the user of the service: {there}")
            continue
        said = f"{folder}, {free / 1e9:.1f} GB free"
        if free < LEAST_FREE:
            yield problem(check, said, "make space on this disk")
        elif free < LITTLE_FREE:
            yield warning(check, said, "make space on this disk")
        else:
            yield ok(check, said)


def mail(config: Config) -> Iterator[Finding]:
    """The mail server answers and takes the log-in; nothing is sent."""
    if config.mail.transport == "file":
        text = f"mail is put in files ({config.path(config.mail.folder)}); nobody gets it"
        yield problem("mail", text, "set mail.transport to smtp, and mail.host") if config.is_mail_kept else ok("mail", text)
        return
    where = f"{config.mail.host}:{config.mail.port}"
    from samen_core.mail.mailers import SmtpMailer

    try:
        SmtpMailer(config.mail).check(MAIL_SECONDS)
    except smtplib.SMTPAuthenticationError:
        yield problem("mail", f"{where} refuses the log-in", "look at mail.username and SAMEN_MAIL_PASSWORD")
    except (OSError, smtplib.SMTPException) as error:
        yield problem("mail", f"{where} does not answer: {error}", "look at mail.host, mail.port and mail.security, and at the firewall")
    else:
        yield ok("mail", f"{where} answers")


def time_zone(_config: Config | None) -> Iterator[Finding]:
    """The time zone of the city is known here."""
    try:
        here = datetime.now(UTC).astimezone(ZoneInfo("Europe/Amsterdam"))
    except ZoneInfoNotFoundError:
        yield problem("time zone", "Europe/Amsterdam is unknown here", "pip install tzdata")
        return
    yield ok("time zone", f"Europe/Amsterdam, now {here:%Y-%m-%d %H:%M}")


def documents(_config: Config | None) -> Iterator[Finding]:
    """PDFs can be made."""
    from samen_core.documents.pdf import can_make_pdf

    if can_make_pdf():
        yield ok("pdf", "reports can be made as PDF")
    else:
        mend = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        yield warning("pdf", "reports cannot be made as PDF here", mend)

"""What stands in deploy/ fits the platform: commands, configuration, addresses, limits."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from samen_core.cli import cli
from samen_core.config import build_config
from samen_core.doctor import machine
from samen_core.forms import FileReference
from samen_core.testing.settings import SECRET
from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
PROGRAM = "/opt/samen/.venv/bin/samen"
NGINX = DEPLOY / "nginx" / "samen.conf"


def commands(path: Path) -> list[list[str]]:
    """The command lines of a unit."""
    return [shlex.split(line.partition("=")[2]) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("ExecStart=")]


def parse(arguments: list[str], group: click.Command = cli) -> None:
    """Let click read a command line, without running it. Raises click.UsageError."""
    assert isinstance(group, click.Group)
    name, *rest = arguments
    command = group.commands[name]
    if isinstance(command, click.Group):
        parse(rest, command)
    else:
        command.make_context(name, rest)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_the_commands_of_the_units_exist(path: Path) -> None:
    found = commands(path)
    assert found
    for program, *arguments in found:
        assert program == PROGRAM
        parse([argument.replace("%i", "8001") for argument in arguments])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_every_service_is_kept_in_the_same_bounds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    bounds = (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "CapabilityBoundingSet=\n",
        "SystemCallFilter=@system-service",
    )
    assert [bound for bound in bounds if bound not in text] == []
    assert "User=samen\n" in text
    assert not re.search(r"SECRET_KEY=|PASSWORD=", text)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """As it would read them where the program is installed."""
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace(PROGRAM, sys.executable), encoding="utf-8")
    names = [str(tmp_path / path.name.replace("@.", "@8001.")) for path in UNITS]
    shutil.copyfile(tmp_path / "samen-web@.service", tmp_path / "samen-web@8001.service")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "samen" in line]
    assert said == []


def test_each_timer_has_its_service() -> None:
    for path in UNITS:
        if path.suffix == ".timer":
            assert path.with_suffix(".service") in SERVICES
            unit = configparser.ConfigParser(strict=False)
            unit.optionxform = str  # type: ignore[assignment,method-assign]
            unit.read(path)
            assert unit["Install"]["WantedBy"] == "timers.target"


def test_the_configuration_is_one_of_production(tmp_path: Path) -> None:
    values = tomllib.loads((DEPLOY / "samen.toml").read_text(encoding="utf-8"))
    config = build_config(values, folder=tmp_path, environ={"SAMEN_SECRET_KEY": SECRET})
    assert config.environment == "production"
    assert [finding for finding in machine.addresses(config) if finding.state != "ok"] == []
    assert not config.is_mail_kept
    assert not config.web.worker_thread, "the worker is a service of its own"


def test_nginx_fits_the_configuration() -> None:
    text = NGINX.read_text(encoding="utf-8")
    config = build_config({}, folder=ROOT, environ={"SAMEN_SECRET_KEY": SECRET})
    values = tomllib.loads((DEPLOY / "samen.toml").read_text(encoding="utf-8"))
    assert values["web"]["trusted_proxies"] == 1
    assert values["web"]["base_url"].removeprefix("https://") in text
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Host"):
        assert len(re.findall(rf"proxy_set_header {header} ", text)) == 1
    megabytes = re.search(r"client_max_body_size (\d+)m;", text)
    assert megabytes
    most = config.limits.upload_bytes * FileReference.MOST + 1_000_000
    assert most <= int(megabytes[1]) * 1024 * 1024 <= most * 1.1
    ports = re.findall(r"server 127\.0\.0\.1:(\d+)", text)
    assert len(ports) == 2
    guide = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert all(f"samen-web@{port}" in guide for port in ports)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine")
def test_nginx_reads_its_site(tmp_path: Path) -> None:
    """With a certificate of our own, and as whoever runs the tests."""
    for name in ("fullchain.pem", "privkey.pem"):
        options = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem", "-subj", "/CN=samen", "-days", "2", "-nodes"]
        if not (tmp_path / name).exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", *options],
                check=True,
                capture_output=True,
            )
    site = NGINX.read_text(encoding="utf-8").replace("/etc/letsencrypt/live/samen.voorbeeld.example", str(tmp_path))
    site = site.replace("/var/cache/nginx", str(tmp_path))
    logs = f"error_log {tmp_path}/error.log; pid {tmp_path}/pid;"
    (tmp_path / "nginx.conf").write_text(f"{logs} events {{}} http {{ access_log off; {site} }}", encoding="utf-8")
    done = subprocess.run(["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr

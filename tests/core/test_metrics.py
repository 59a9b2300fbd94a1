"""Metrics for Prometheus."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from samen_core import __version__, mail
from samen_core.actor import system
from samen_core.i18n import _
from samen_core.metrics import FOLDER_VARIABLE, exposition, prepare


def samples(platform) -> dict[tuple[str, ...], float]:
    body, content_type = exposition(platform)
    assert content_type.startswith("text/plain")
    families = text_string_to_metric_families(body.decode())
    return {(sample.name, *sorted(sample.labels.values())): sample.value for family in families for sample in family.samples}


def test_requests_are_counted_by_endpoint_and_status(platform):
    platform.metrics.observe("home.index", "GET", 200, 0.02)
    platform.metrics.observe("home.index", "GET", 200, 3.0)
    platform.metrics.observe(None, "BREW", 404, 0.001)
    found = samples(platform)
    assert found["samen_requests_total", "200", "GET", "home.index"] == 2
    assert found["samen_requests_total", "404", "none", "other"] == 1
    assert found["samen_request_seconds_count", "home.index"] == 2
    assert found["samen_request_seconds_bucket", "0.025", "home.index"] == 1
    assert found["samen_build_info", __version__] == 1


def test_what_waits_in_the_outbox_shows(platform, clock):
    assert samples(platform)["samen_outbox_deliveries", "pending"] == 0
    with platform.unit_of_work(system("test")) as uow:
        mail.queue(uow, mail.Message("a@b.example", _("Hallo"), ("x",)))
    clock.forward(seconds=90)
    found = samples(platform)
    assert (found["samen_outbox_deliveries", "pending"], found["samen_outbox_deliveries", "dead"]) == (1, 0)
    assert 90 <= found["samen_outbox_late_seconds",] < 100


@pytest.fixture
def samen_config():
    return {"web": {"metrics": True}}


def test_a_request_to_the_application_is_counted(platform, client):
    client.get("/health/live")
    assert samples(platform)["samen_requests_total", "200", "GET", "technical.live"] == 1
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"technical.live" in answer.data


def test_several_processes_count_together(platform, tmp_path: Path):
    """The way of counting is chosen when prometheus_client is imported, so fresh processes do the counting here."""
    program = f"""
import os, sys
from dataclasses import replace
from pathlib import Path
from samen_core.config import Config, Web
from samen_core.metrics import Metrics, prepare
config = Config(folder=Path(), web=Web(metrics=True, workers=2))
prepare(config)
assert Path(os.environ["{FOLDER_VARIABLE}"]).is_dir()
for _ in range(2):
    if os.fork() == 0:
        Metrics(None).observe("home", "GET", 200, 0.1)
        os._exit(0)
    os.wait()
class Quiet:
    def collect(self): return ()
import samen_core.metrics as metrics
metrics._State = lambda platform: Quiet()
print(Metrics(None).exposition()[0].decode())
print("folder", os.environ["{FOLDER_VARIABLE}"])
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.getcwd()}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert 'samen_requests_total{endpoint="home",method="GET",status="200"} 2.0' in done.stdout
    folder = Path(done.stdout.rpartition("folder ")[2].strip())
    assert folder.parent == tmp_path
    assert not folder.exists(), "it goes with the server"


def test_one_process_needs_no_folder(platform, monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    prepare(platform.config)
    prepare(replace(platform.config, web=replace(platform.config.web, metrics=False, workers=8)))
    assert FOLDER_VARIABLE not in os.environ

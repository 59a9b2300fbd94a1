"""The picture of a thing over REST: an upload as multipart, its address and description in what is read."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from samen_core.actor import Actor
from samen_core.app import SamenFlask
from samen_core.testing.callers import Caller, problem_of


def a_picture(size: tuple[int, int] = (600, 300)) -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, "JPEG")
    stream.seek(0)
    return stream


def upload(caller: Caller, path: str, headers: dict[str, str] | None = None, **parts: Any) -> Any:
    return caller(
        "PUT", path, headers, data={"alt": "Een brug", "file": (a_picture(), "brug.jpg"), **parts}, content_type="multipart/form-data"
    )


@pytest.mark.parametrize("collection", ["organizations", "projects", "events"])
def test_a_picture_is_put_read_and_taken_away(
    manager: Caller, nobody: Caller, first: Callable[..., dict[str, Any]], app: SamenFlask, collection: str
) -> None:
    thing = f"/citycontent/{collection}/{first(collection)['id']}"
    before = nobody("GET", thing)
    assert before.get_json()["picture"] is None
    put = upload(manager, f"{thing}/picture", {"If-Match": before.headers["ETag"]})
    assert put.status_code == 200, put.get_data(as_text=True)
    picture = put.get_json()
    assert {name: picture[name] for name in ("alt", "width", "height", "media_type")} == {
        "alt": "Een brug", "width": 600, "height": 300, "media_type": "image/jpeg",
    }  # fmt: skip
    after = nobody("GET", thing)
    assert (after.get_json()["picture"], after.get_json()["version"]) == (picture, before.get_json()["version"] + 1)
    file = app.test_client().get("/files/" + picture["id"])
    assert (file.status_code, file.content_type, picture["url"].endswith("/files/" + picture["id"])) == (200, "image/jpeg", True)
    problem_of(upload(manager, f"{thing}/picture", {"If-Match": before.headers["ETag"]}), 412)
    problem_of(manager("DELETE", f"{thing}/picture"), 428)
    assert manager("DELETE", f"{thing}/picture", {"If-Match": after.headers["ETag"]}).status_code == 204
    assert nobody("GET", thing).get_json()["picture"] is None
    assert app.test_client().get("/files/" + picture["id"]).status_code == 410


def test_what_is_wrong_is_told(
    manager: Caller, first: Callable[..., dict[str, Any]], app: SamenFlask, actor_as: Callable[..., Actor], token_of: Any
) -> None:
    found = first("organizations")
    path = f"/citycontent/organizations/{found['id']}/picture"
    version = str(found["version"])
    for parts, pointers in (
        ({"file": (io.BytesIO(b"tekst"), "brug.txt"), "version": version}, {"#/file"}),
        ({"file": "geen bestand", "version": version}, {"#/file"}),
        ({"alt": "", "version": version}, {"#/alt"}),
        ({"alt": "x" * 301}, {"#/alt", "#/version"}),
        ({"version": version, "other": "x"}, {"#/other"}),
    ):
        content = problem_of(upload(manager, path, **parts), 400)
        assert {error["pointer"] for error in content["errors"]} == pointers
    problem_of(manager("PUT", path, json={"alt": "x"}), 415)
    too_large = (io.BytesIO(b"x" * (app.extensions["samen"].config.limits.upload_bytes + 300_000)), "a.jpg")
    problem_of(upload(manager, path, file=too_large, version=version), 413)
    problem_of(upload(Caller(app), path, version=version), 401)
    resident = Caller(app, token_of(actor_as("resident")))
    problem_of(upload(resident, path, version=version), 403)
    editor = Caller(app, token_of(actor_as("manager", None), "citycontent.edit_project"))
    problem_of(upload(editor, path, version=version), 403)
    assert manager("GET", f"/citycontent/organizations/{found['id']}").get_json()["picture"] is None

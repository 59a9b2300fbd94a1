"""Generated building blocks of an ordinary size: four tables, three schemas, nine routes; only to measure what one more costs."""

from __future__ import annotations

from pathlib import Path

BLOCK = """from samen_core.manifest import Block, _

block = Block(name="{name}", label=_("Blok {name}"), summary=_("Om te meten."), requires=("citycontent",))
"""
HOOKS = """from samen_core.api import hookimpl
from {package}.web import pages


@hookimpl
def samen_blueprints():
    return [pages]
"""
MODEL = """

class Thing{number}(Base):
    __tablename__ = "{name}__thing{number}"
    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int]
    created_at: Mapped[datetime]
"""
SCHEMA = """

class Thing{number}Schema(FormSchema):
    title = fields.String(required=True, validate=validate.Length(1, 200))
    text = fields.String(load_default="")
    state = fields.String(validate=validate.OneOf(["open", "closed"]))
    date = fields.Date()
    count = fields.Integer()
"""
ROUTE = """

@pages.route("/{name}/pagina{number}", public=True)
def page{number}():
    return render("core/error.html", status=200, title="{name}", message=None, advice="")
"""
MODEL_IMPORTS = """import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base
"""
SCHEMA_IMPORTS = """from marshmallow import fields, validate

from samen_core.forms import FormSchema
"""
WEB_IMPORTS = """from {package} import schemas
from samen_core.web.api import BlockBlueprint, render

pages = BlockBlueprint("{name}", __name__)
"""
IMPORTS = {"models.py": MODEL_IMPORTS, "schemas.py": SCHEMA_IMPORTS, "web.py": WEB_IMPORTS}


def generate(folder: Path, number: int, hooks: str = HOOKS) -> list[str]:
    """Write that many blocks with these hooks, as installed distributions, into a folder for PYTHONPATH; their names."""
    names = [f"gen{index:02d}" for index in range(1, number + 1)]
    for name in names:
        package = f"samen_{name}"
        target = folder / package
        target.mkdir(parents=True)
        (target / "__init__.py").write_text("")
        (target / "block.py").write_text(BLOCK.format(name=name))
        (target / "hooks.py").write_text(hooks.format(name=name, package=package))
        for file, template, count in (("models.py", MODEL, 4), ("schemas.py", SCHEMA, 3), ("web.py", ROUTE, 9)):
            body = "".join(template.format(name=name, number=index) for index in range(1, count + 1))
            (target / file).write_text(IMPORTS[file].format(name=name, package=package) + body)
        info = folder / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: samen-{name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[samen.blocks]\n{name} = {package}.block:block\n")
    return names

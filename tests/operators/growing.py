"""A block in three versions, each installed in a folder of its own: the second adds to its table, the third takes away."""

from __future__ import annotations

import textwrap
from pathlib import Path

FILES = {
    "__init__": "",
    "block": """
        from samen_core.manifest import Block, _

        block = Block(name="growing", label=_("Groei"), summary=_("Om te proberen."), maturity="alpha")
        """,
    "models": """
        import uuid
        from sqlalchemy.orm import Mapped, mapped_column
        from samen_core.api import Base

        class Item(Base):
            __tablename__ = "growing__item"
            id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
            name: Mapped[str]
        """,
    "hooks": """
        from samen_core.api import hookimpl

        @hookimpl
        def samen_blueprints():
            from samen_growing.web import pages
            return [pages]
        """,
    "web": """
        from sqlalchemy import func, select
        from samen_core.api import uuid7
        from samen_core.web.api import BlockBlueprint, current_uow
        from samen_growing.models import Item

        pages = BlockBlueprint("growing", __name__)

        @pages.route("/groei", public=True, cache=False)
        def index():
            session = current_uow().session
            newest = session.execute(select(Item.id, Item.name).order_by(Item.id.desc()).limit(20)).all()
            return {"number": session.execute(select(func.count()).select_from(Item)).scalar_one(), "newest": [row.name for row in newest]}

        @pages.route("/groei", public=True, cache=False, methods=["POST"])
        def add():
            uow = current_uow()
            item = Item(id=uuid7(), name="een")
            uow.session.add(item)
            uow.session.flush()
            item.name = "twee"
            uow.record("growing.item.added", after={"id": item.id})
            return {"id": str(item.id)}, 201
        """,
}
MIGRATIONS = {
    1: 'op.create_table("growing__item", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("name", sa.Text(), nullable=False))',
    2: """
        with op.batch_alter_table("growing__item") as batch:
            batch.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
            batch.create_check_constraint("note_is_short", "length(note) < 1000")
        op.create_index("ix_growing__item_note", "growing__item", ["note"])
        op.create_table("growing__extra", sa.Column("item_id", sa.Uuid(), sa.ForeignKey("growing__item.id"), primary_key=True))
        """,
    3: """
        with op.batch_alter_table("growing__item") as batch:
            batch.alter_column("note", server_default=None)
        """,
}


def install(folder: Path, version: int) -> str:
    """Write a version of the block as pip would install it; what must stand in ``PYTHONPATH`` to have it."""
    folder = folder / f"v{version}"
    package = folder / "samen_growing"
    (package / "migrations").mkdir(parents=True)
    for name, content in FILES.items():
        (package / f"{name}.py").write_text(textwrap.dedent(content), encoding="utf-8")
    for number in range(1, version + 1):
        before = repr(f"growing_{number - 1:04d}") if number > 1 else None
        head = f'revision = "growing_{number:04d}"\ndown_revision = {before}\ncontract = {number == 3}\n'
        body = textwrap.indent(textwrap.dedent(MIGRATIONS[number]).strip(), "    ")
        source = f"import sqlalchemy as sa\nfrom alembic import op\n{head}\ndef upgrade():\n{body}\n\ndef downgrade():\n    pass\n"
        (package / "migrations" / f"{number:04d}_step.py").write_text(source, encoding="utf-8")
    facts = folder / f"samen_growing-{version}.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: samen-growing\nVersion: {version}.0\n", encoding="utf-8")
    (facts / "entry_points.txt").write_text("[samen.blocks]\ngrowing = samen_growing.block:block\n", encoding="utf-8")
    return str(folder)

"""The bare page that everything is compared with: Flask, one SQLAlchemy Core query, a Jinja page of 20 rows, SQLite with WAL."""

from __future__ import annotations

import os

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, event, insert, select

PAGE = """<!DOCTYPE html><html lang="nl"><head><title>Bare</title></head><body><h1>Organisations</h1><ul>
{% for row in rows %}<li><a href="/{{ row.id }}">{{ row.name }}</a> {{ row.sector }}</li>
{% endfor %}</ul></body></html>"""
things = Table("thing", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(200)), Column("sector", String(20)))
ROWS = select(things.c.id, things.c.name, things.c.sector).order_by(things.c.name).limit(20)


def create() -> Flask:
    """The application; its database is made at the first start."""
    engine = create_engine(f"sqlite:///{os.environ['BENCH_FOLDER']}/bare.db")

    @event.listens_for(engine, "connect")
    def configure(connection: object, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]

    things.metadata.create_all(engine)
    with engine.begin() as connection:
        if connection.execute(select(things.c.id).limit(1)).first() is None:
            connection.execute(insert(things), [{"name": f"Organisatie {number:05d}", "sector": "citizens"} for number in range(1000)])
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": PAGE})  # type: ignore[assignment]

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            return render_template("page.html", rows=connection.execute(ROWS).all())

    return app

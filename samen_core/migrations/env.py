"""The one Alembic environment: runs the migrations of one owner on the connection that ``samen_core.db.migrate`` hands over."""

from alembic import context

from samen_core.db.migrate import context_options

connection = context.config.attributes["connection"]
owner = context.config.attributes["owner"]

context.configure(connection=connection, **context_options(owner))
context.run_migrations()

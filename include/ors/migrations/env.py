"""Alembic's entry: it runs inside the transaction that `ors.db.Store.upgrade` opened."""

from alembic import context

from ors.models import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

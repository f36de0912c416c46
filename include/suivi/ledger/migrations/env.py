"""Alembic's entry: runs migrations on the engine that `schema_version` hands over."""

from alembic import context

from suivi.ledger.tables import Table

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()

"""Alembic's entry: runs migrations on the connection that `records.migrate` hands over."""

from alembic import context

from evidence_service.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

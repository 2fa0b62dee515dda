"""Run by Alembic: applies revisions on the connection, and in the transaction, that the program hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    # SQLite changes a table by rebuilding it, and its DDL is as transactional as PostgreSQL's.
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

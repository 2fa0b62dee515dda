"""Triggers that refuse what may never happen to a row, whoever asks; the same promise on both databases."""

from alembic import op

_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = TG_ARGV[0];
END $$
"""


def create_function() -> None:
    """Create what PostgreSQL's triggers call; SQLite's need nothing."""
    if _is_postgresql():
        op.execute(_FUNCTION)


def drop_function() -> None:
    """Undo `create_function`; no trigger may be left."""
    if _is_postgresql():
        op.execute("DROP FUNCTION refuse_change()")


def refuse_removal(table: str) -> None:
    """Refuse that a row of `table` is deleted, in whatever way."""
    message = f"rows of {table} are never deleted"
    _refuse(table, "delete", message)
    if _is_postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{message}')"
        )


def refuse_update(table: str, when: str | None = None, message: str | None = None) -> None:
    """Refuse that a row of `table` is changed; `when` is an SQL condition on OLD and NEW (none: always)."""
    _refuse(table, "update", message or f"rows of {table} are never changed", when)


def refuse_replacement(table: str, key: str) -> None:
    """Refuse SQLite's INSERT OR REPLACE, which would take a row's place by its `key`; PostgreSQL has no such form."""
    if not _is_postgresql():
        when = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - our own names
        _refuse(table, "insert", f"rows of {table} are never replaced", when)


def _refuse(table: str, operation: str, message: str, when: str | None = None) -> None:
    condition = f"WHEN ({when})" if when else ""
    start = f"CREATE TRIGGER {table}_refuses_{operation} BEFORE {operation.upper()} ON {table} FOR EACH ROW {condition}"
    if _is_postgresql():
        op.execute(f"{start} EXECUTE FUNCTION refuse_change('{message}')")
    else:
        op.execute(f"{start} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"

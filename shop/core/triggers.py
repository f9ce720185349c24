"""Append-only tables: the database itself refuses to change or delete their rows."""

from django.db import migrations


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation. The function refuse_change() comes from core's first migration."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER {table}_append_only ON {table}",
    )

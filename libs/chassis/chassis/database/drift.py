"""The drift check: whether the tables that a store writes in Python are the tables that the migrations made."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg

from chassis.database.pool import Database

# The catalogue rather than information_schema, which hides columns that the runtime role may not touch.
_COLUMNS = """
SELECT a.attname AS name, a.atttypid = to_regtype(w.type) AS same_type,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null
FROM pg_attribute a
LEFT JOIN unnest($2::text[], $3::text[]) AS w(name, type) ON w.name = a.attname
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
"""
_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy


async def drift(db: Database, *metadata: sa.MetaData) -> list[str]:
    """Return one sentence for each difference in tables, columns, types and nullability; an empty list is good."""
    found: list[str] = []
    async with db.transaction("drift-check", readonly=True) as tx:
        for table in (table for one in metadata for table in one.sorted_tables):
            name = str(table)
            wanted = {column.name: column for column in table.columns}
            types = [column.type.compile(_DIALECT) for column in wanted.values()]
            quoted = _DIALECT.identifier_preparer.format_table(table)
            rows = {row["name"]: row for row in await tx.run(_COLUMNS, quoted, list(wanted), types)}
            if not rows:
                found.append(f"{name}: the database has no such table")
                continue
            found += [f"{name}.{column}: only in Python" for column in wanted if column not in rows]
            found += [f"{name}.{column}: only in the database" for column in rows if column not in wanted]
            for column, type_ in zip(wanted, types, strict=True):
                row = rows.get(column)
                if row is None:
                    continue
                if not row["same_type"]:
                    found.append(f"{name}.{column}: {type_.lower()} in Python, {row['type']} in the database")
                if row["not_null"] is wanted[column].nullable:
                    words = ("nullable", "not null") if row["not_null"] else ("not null", "nullable")
                    found.append(f"{name}.{column}: {words[0]} in Python, {words[1]} in the database")
    return sorted(found)

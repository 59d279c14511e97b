"""Tables written anew beside themselves: a copy in random order is built while everybody goes on, and takes the table's place.

What PostgreSQL offers for this (VACUUM FULL, CLUSTER, TRUNCATE and INSERT) keeps readers out for as long as the writing takes. Here
writers wait while the copy catches up with what they did meanwhile, and readers only for the exchange of names. The catalogue says
what a table is made of, so nothing here knows any table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any


class NotRenewable(Exception):
    """A table cannot be written anew this way; nothing was changed."""


@dataclass(frozen=True)
class Table:
    """A table that can be written anew, the name of its copy, and its own name once the copy has that. All names are quoted."""

    oid: int
    name: str
    copy: str
    former: str
    columns: tuple[str, ...]  # without generated ones
    key: tuple[str, ...]  # of the primary key
    options: tuple[str, ...]


async def renewable(connection: Any, names: Sequence[str]) -> list[Table]:
    """Look tables up.

    Raises NotRenewable on an unknown table, on one without a primary key, with a sequence, rules, policies, partitions or
    inheritance, and on a table outside that refers to one inside.
    """
    tables = []
    for name in dict.fromkeys(names):
        row = await connection.fetchrow(_TABLE, name)
        if row is None:
            raise NotRenewable(f"there is no table {name}")
        if row["odd"]:
            raise NotRenewable(f"{row['name']} has no primary key, or a sequence, rules, policies, partitions or inheritance")
        columns, key, options = (tuple(row[part] or ()) for part in ("columns", "key", "options"))
        tables.append(Table(row["oid"], row["name"], row["copy"], row["former"], columns, key, options))
    outside = await connection.fetch(_REFERRING, [table.oid for table in tables])
    if outside:
        raise NotRenewable(f"also seal {', '.join(row['name'] for row in outside)}: a foreign key refers to a sealed table")
    return tables


class Renewal:
    """One renewal of tables, in the caller's transaction (READ COMMITTED): `build`, then `catch_up`, then `exchange`.

    Every row of the copies is written by that transaction, or by a savepoint in it.
    """

    def __init__(self, connection: Any, tables: Sequence[Table]) -> None:
        self._connection = connection
        self._tables = tables
        self._joined = ", ".join(table.name for table in tables)
        self._horizon = ""
        self._renamed: list[tuple[str, str, str]] = []

    async def build(self) -> None:
        """Make the copies in random order and index them. Nobody waits."""
        # What a later statement sees and this one could not have seen was written by this transaction id or a later one.
        self._horizon = await self._connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        for table in self._tables:
            columns, options = ", ".join(table.columns), f" WITH ({', '.join(table.options)})" if table.options else ""
            await self._connection.execute(f"CREATE TABLE {table.copy} (LIKE {table.name} {_KEPT}){options}")
            for row in await self._connection.fetch(_SAMPLED, table.oid):
                await self._connection.execute(
                    f"ALTER TABLE {table.copy} ALTER COLUMN {row['name']} SET STATISTICS {row['target']}"
                )
            await self._connection.execute(
                f"INSERT INTO {table.copy} ({columns}) SELECT {columns} FROM {table.name} ORDER BY random()"  # noqa: S608  # quoted
            )
            await self._index(table)
            await self._connection.execute(f"ANALYZE {table.copy}")

    async def catch_up(self) -> dict[str, int]:
        """Lock writers out and bring into the copies what was written since they were begun. Return the rows by table."""
        await self._connection.execute(f"LOCK TABLE {self._joined} IN EXCLUSIVE MODE")
        rows = {}
        for table in self._tables:
            columns, same = ", ".join(table.columns), " AND ".join(f"o.{column} = c.{column}" for column in table.key)
            # A row keeps the id of who wrote it. One so old that ids have come round looks new, and is only copied once more.
            old = f"FROM {table.name} o WHERE age(o.xmin) {{0}} age($1::text::xid8::xid)"  # as the catalogue quotes
            gone = f"DELETE FROM {table.copy} c WHERE NOT EXISTS (SELECT {old.format('>')} AND {same})"  # noqa: S608  # as above
            come = f"INSERT INTO {table.copy} ({columns}) SELECT {columns} {old.format('<=')} ORDER BY random()"
            await self._connection.execute(gone, self._horizon)
            await self._connection.execute(come, self._horizon)
            rows[table.name] = await self._connection.fetchval(f"SELECT count(*) FROM {table.copy}")  # noqa: S608  # as above
        await self._refer()
        return rows

    async def exchange(self) -> None:
        """Let every copy take its table's name, with its rights, triggers and views, and drop the tables. Now readers wait."""
        oids = [table.oid for table in self._tables]
        parts = [await self._connection.fetch(part, oids) for part in (_VIEWS, _TRIGGERS, _GRANTS, _COMMENTS)]
        await self._connection.execute(f"LOCK TABLE {self._joined} IN ACCESS EXCLUSIVE MODE")
        for table in self._tables:
            await self._connection.execute(f"ALTER TABLE {table.name} RENAME TO {table.former}")
            await self._connection.execute(f"ALTER TABLE {table.copy} RENAME TO {table.name}")
        for row in chain(*parts):
            await self._connection.execute(row["text"])
        await self._connection.execute(f"DROP TABLE {', '.join(table.former for table in self._tables)}")
        for what, now, then in self._renamed:
            await self._connection.execute(f"ALTER {what} RENAME {now} TO {then}")

    async def _index(self, table: Table) -> None:
        for number, row in enumerate(await self._connection.fetch(_INDEXES, table.oid)):
            name = f"renewing_{table.oid}_{number}"
            if row["held"] is None:
                unique = "UNIQUE " if row["is_unique"] else ""
                await self._connection.execute(f"CREATE {unique}INDEX {name} ON {table.copy} USING {row['using']}")
                self._renamed.append((f"INDEX {name}", "", row["name"]))
            else:
                await self._connection.execute(f"ALTER TABLE {table.copy} ADD CONSTRAINT {name} {row['held']}")
                self._renamed.append((f"TABLE {table.name}", f"CONSTRAINT {name}", row["name"]))

    async def _refer(self) -> None:
        copies = {table.oid: table.copy for table in self._tables}
        for row in await self._connection.fetch(_FOREIGN_KEYS, list(copies)):
            head, _, tail = row["definition"].partition(f" REFERENCES {row['parent_name']}")
            parent = copies.get(row["parent"], row["parent_name"])
            child = copies[row["child"]]
            await self._connection.execute(f"ALTER TABLE {child} ADD CONSTRAINT {row['name']} {head} REFERENCES {parent}{tail}")


_KEPT = " ".join(
    f"INCLUDING {part}" for part in ("DEFAULTS", "GENERATED", "CONSTRAINTS", "STORAGE", "COMPRESSION", "STATISTICS", "COMMENTS")
)
_TABLE = """
SELECT c.oid::bigint AS oid, quote_ident(c.relname) AS name, quote_ident('renewing_' || c.relname) AS copy,
    quote_ident('renewed_' || c.relname) AS former, c.reloptions AS options,
    (SELECT array_agg(quote_ident(attname) ORDER BY attnum) FROM pg_attribute
     WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
    (SELECT array_agg(quote_ident(a.attname) ORDER BY a.attnum) FROM pg_index i
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
    c.relhasrules OR c.relrowsecurity OR c.relispartition OR c.relhassubclass
        OR NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)
        OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
        OR EXISTS (SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
            WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid) AS odd
FROM pg_class c WHERE c.oid = to_regclass($1) AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
"""
_REFERRING = """
SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint
WHERE contype = 'f' AND confrelid = ANY ($1::bigint[]::oid[]) AND conrelid <> ALL ($1::bigint[]::oid[]) ORDER BY name
"""
_SAMPLED = """
SELECT quote_ident(attname) AS name, attstattarget AS target FROM pg_attribute
WHERE attrelid = $1::bigint::oid AND attnum > 0 AND NOT attisdropped AND attstattarget >= 0
"""
_INDEXES = """
SELECT quote_ident(i.relname) AS name, x.indisunique AS is_unique, pg_get_constraintdef(k.oid) AS held,
    substr(pg_get_indexdef(i.oid), strpos(pg_get_indexdef(i.oid), ' USING ') + 7) AS using
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_constraint k ON k.conindid = i.oid AND k.conrelid = x.indrelid AND k.contype IN ('p', 'u', 'x')
WHERE x.indrelid = $1::bigint::oid ORDER BY NOT x.indisprimary, i.relname
"""
_FOREIGN_KEYS = """
SELECT conrelid::bigint AS child, confrelid::bigint AS parent, confrelid::regclass::text AS parent_name,
    quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1::bigint[]::oid[]) ORDER BY conrelid, conname
"""
_VIEWS = """
SELECT format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass,
    ' WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.oid)) AS text
FROM pg_class v WHERE v.relkind = 'v' AND EXISTS (
    SELECT FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE r.ev_class = v.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ($1::bigint[]::oid[]))
"""
_TRIGGERS = """
SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE tgrelid = ANY ($1::bigint[]::oid[]) AND NOT tgisinternal
"""
_GRANTS = """
SELECT format('GRANT %s%s ON %s TO %s%s', privilege_type, columns, name,
    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS text
FROM (
    SELECT c.oid::regclass AS name, '' AS columns, c.relowner AS owner, a.* FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.oid = ANY ($1::bigint[]::oid[])
    UNION ALL
    SELECT c.oid::regclass, format(' (%I)', t.attname), c.relowner, a.*
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a WHERE c.oid = ANY ($1::bigint[]::oid[])
) granted WHERE grantee <> owner
"""
_COMMENTS = """
SELECT format('COMMENT ON TABLE %s IS %L', oid::regclass, obj_description(oid, 'pg_class')) AS text
FROM pg_class WHERE oid = ANY ($1::bigint[]::oid[]) AND obj_description(oid, 'pg_class') IS NOT NULL
UNION ALL
SELECT format('COMMENT ON CONSTRAINT %I ON %s IS %L', conname, conrelid::regclass, obj_description(oid, 'pg_constraint'))
FROM pg_constraint WHERE conrelid = ANY ($1::bigint[]::oid[]) AND contype = 'f'
    AND obj_description(oid, 'pg_constraint') IS NOT NULL
"""

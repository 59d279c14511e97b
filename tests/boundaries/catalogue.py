"""What PostgreSQL's catalogue says of a database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

COLUMNS = """
SELECT c.relname AS "table", a.attname AS name, c.relname || '.' || a.attname AS place, t.typname AS type,
       coalesce(e.typname, t.typname) AS element, a.attidentity <> '' AS identity, pg_get_expr(d.adbin, d.adrelid) AS filled_with
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY place
"""
KEYS = """
SELECT c.relname AS "table", a.attname AS first
FROM pg_class c
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY 1
"""
SEQUENCES = "SELECT relname FROM pg_class WHERE relkind = 'S'"
OWNED = """
SELECT 'relation ' || relname AS owned FROM pg_class WHERE relowner = $1::text::regrole
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proowner = $1::text::regrole
UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspowner = $1::text::regrole
UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typowner = $1::text::regrole
UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datdba = $1::text::regrole
"""
MAY = """
SELECT c.relname || ' ' || privilege AS may
FROM pg_class c CROSS JOIN unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) AS privilege
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND has_table_privilege($1::text, c.oid, privilege)
UNION ALL
SELECT 'schema ' || nspname || ' CREATE' FROM pg_namespace WHERE has_schema_privilege($1::text, oid, 'CREATE')
UNION ALL
SELECT 'database ' || privilege FROM unnest(ARRAY['CREATE', 'TEMPORARY']) AS privilege
WHERE has_database_privilege($1::text, current_database(), privilege)
UNION ALL
SELECT 'role attributes' FROM pg_roles
WHERE rolname = $1::text AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
UNION ALL
SELECT 'member of ' || roleid::regrole FROM pg_auth_members WHERE member = $1::text::regrole
ORDER BY may
"""
TOKEN_CHANGES = """
SELECT c.relname || '.' || a.attname AS place
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attname = 'token' AND c.relkind IN ('r', 'p') AND has_column_privilege($1::text, c.oid, a.attnum, 'UPDATE')
ORDER BY place
"""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """Connect to a database."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def ask(url: str, text: str, *arguments: object) -> list[Any]:
    """Return the rows of one query."""
    async with connected(url) as connection:
        return list(await connection.fetch(text, *arguments))

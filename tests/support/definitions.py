"""Everything that PostgreSQL's catalogue says about how tables and views are made, as lines to compare."""

import asyncpg

_LINES = """
WITH shown AS (
    SELECT c.*, c.oid::regclass::text AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
)
SELECT format('%s: %s %s %s %s %s', name, relkind, relpersistence, relreplident, reloptions, obj_description(oid, 'pg_class'))
    AS line
FROM shown
UNION ALL
SELECT format('%s may %s %s', a.grantee::regrole, a.privilege_type, name)
FROM shown, aclexplode(coalesce(relacl, acldefault('r', relowner))) a
UNION ALL
SELECT format('%s may %s %s.%s', a.grantee::regrole, a.privilege_type, name, attname)
FROM shown JOIN pg_attribute ON attrelid = shown.oid, aclexplode(attacl) a
UNION ALL
SELECT format('%s.%s: %s %s %s %s %s %s %s %s %s %s', name, attname, attnum, format_type(atttypid, atttypmod), attnotnull,
    attstorage, attcompression, attgenerated, attstattarget, attoptions, pg_get_expr(adbin, adrelid),
    col_description(shown.oid, attnum))
FROM shown JOIN pg_attribute ON attrelid = shown.oid AND attnum > 0
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL
SELECT format('%s has %s: %s %s %s', name, conname, pg_get_constraintdef(k.oid), convalidated,
    obj_description(k.oid, 'pg_constraint'))
FROM shown JOIN pg_constraint k ON conrelid = shown.oid
UNION ALL
SELECT format('%s %s', pg_get_indexdef(indexrelid), obj_description(indexrelid, 'pg_class'))
FROM shown JOIN pg_index ON indrelid = shown.oid
UNION ALL
SELECT format('%s %s', pg_get_triggerdef(t.oid), tgenabled)
FROM shown JOIN pg_trigger t ON tgrelid = shown.oid WHERE NOT tgisinternal
UNION ALL
SELECT format('%s: %s', name, pg_get_viewdef(oid)) FROM shown WHERE relkind = 'v'
ORDER BY line
"""


async def definitions(owner_url: str) -> list[str]:
    """Return one line for each table, view, right, column, constraint, index and trigger of the schema ``public``."""
    connection = await asyncpg.connect(owner_url)
    try:
        return [row["line"] for row in await connection.fetch(_LINES)]
    finally:
        await connection.close()

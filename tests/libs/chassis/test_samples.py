"""What the planner's statistics keep."""

from pathlib import Path

import asyncpg
from chassis.migrate import migrate
from support.postgres import DatabaseUrls

_TABLE = "CREATE TABLE visit (ref bytea PRIMARY KEY, day date NOT NULL);"


async def test_statistics_hold_no_identifier(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    """After ANALYZE the catalogue samples days, but no reference, so nothing names who was there once the rows are gone."""
    (tmp_path / "202601010000_visit.sql").write_text(_TABLE, encoding="utf-8")
    grants = tmp_path / "grants"
    grants.write_text("GRANT SELECT ON visit TO :runtime;", encoding="utf-8")
    await migrate(database_urls.owner_url, [tmp_path], grants, "warifu_runtime")
    connection = await asyncpg.connect(database_urls.owner_url)
    try:
        rows = "SELECT sha256(n::text::bytea), date '2026-01-01' + n / 10 FROM generate_series(1, 500) n"
        await connection.execute(f"INSERT INTO visit {rows}")
        await connection.execute("ANALYZE visit")
        sampled = [row["attname"] for row in await connection.fetch("SELECT attname FROM pg_stats WHERE tablename = 'visit'")]
    finally:
        await connection.close()

    assert sampled == ["day"]

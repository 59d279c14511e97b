"""What analysis may read: views of members who agreed, under names of a day, and no table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from protocol.messages.records import PutVitals, VitalWrite
from support.postgres import ThrowawayCluster
from support.store_host import Member, StoreHost

from .samples import checkup, put_items, store
from .test_consents import decide
from .test_medical_claims import claim, guide, report
from .test_medical_claims import store as store_claims

VIEWS = (
    *("analysis_checkup", "analysis_claim", "analysis_diagnosis", "analysis_drug", "analysis_guidance", "analysis_observation"),
    *("analysis_participation", "analysis_person", "analysis_portal_use", "analysis_screening", "analysis_vital"),
)
READ = tuple(sorted((*VIEWS, "analysis_item", "analysis_price")))
"""What the role may read: of members, which items there are, and of drugs whether there are generics."""
RELATIONS = """
SELECT c.relname AS name, c.reloptions,
       has_any_column_privilege($1::text, c.oid, 'SELECT') OR has_table_privilege($1::text, c.oid, 'SELECT') AS reads,
       has_table_privilege($1::text, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
       OR has_any_column_privilege($1::text, c.oid, 'INSERT, UPDATE, REFERENCES') AS writes
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1
"""


@asynccontextmanager
async def analyst(host: StoreHost) -> AsyncIterator[Any]:
    """Connect as the role that analyses."""
    connection = await asyncpg.connect(host.urls.superuser_url)
    try:
        await connection.execute(f"SET SESSION AUTHORIZATION {ThrowawayCluster.analysis_role}")
        yield connection
    finally:
        await connection.close()


async def live(host: StoreHost, member: Member, points: int = 1500) -> None:
    """Give a member something in every table that analysis looks at."""
    await put_items(host)
    await store(host, (member, checkup()))
    await store_claims(host, (member, claim(points=points)))
    await guide(host, member, report())
    days = [(date(2026, 11, 1), 60), (date(2026, 11, 2), 61)]
    writes = tuple(VitalWrite(day=day, kind="body-weight", value=Decimal(value), unit="kg", seq=1) for day, value in days)
    await host.as_member(member, "PUT", "/me/vitals", PutVitals(items=writes))
    await host.rows("INSERT INTO participation VALUES ($1, '2026-04-01', 2)", member.token)
    await host.rows("INSERT INTO screening VALUES ($1, 2026, 1)", member.token)
    await decide(host, member, "portal-use")
    await host.seal()


async def counts(host: StoreHost) -> dict[str, int]:
    async with analyst(host) as connection:
        return {view: await connection.fetchval(f"SELECT count(*) FROM {view}") for view in VIEWS}


async def test_it_reads_views_alone(host: StoreHost) -> None:
    """Of everything in the database the role may read exactly these views, each a barrier, and write nothing."""
    rows = await host.rows(RELATIONS, ThrowawayCluster.analysis_role)

    assert tuple(row["name"] for row in rows if row["reads"]) == READ
    assert [row["name"] for row in rows if row["writes"]] == []
    assert [row["name"] for row in rows if row["reads"] and row["reloptions"] != ["security_barrier=true"]] == []


async def test_no_table_can_be_read(host: StoreHost) -> None:
    """Each table refuses it, and so does the view that knows which name is whose."""
    member = await host.member()
    await live(host, member)
    names = [row["name"] for row in await host.rows(RELATIONS, ThrowawayCluster.analysis_role) if row["name"] not in READ]
    assert {"checkup", "medical_claim", "vital", "consent", "analysed", "analysis_key", "former_checkup"} <= set(names)
    async with analyst(host) as connection:
        for name in names:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT FROM {name}")


async def test_the_service_does_not_analyse(host: StoreHost) -> None:
    """What the service works with has no way to the views: analysis is another role's."""
    rows = await host.rows(RELATIONS, ThrowawayCluster.runtime_role)

    assert [row["name"] for row in rows if row["reads"] and row["name"] in (*READ, "analysed", "analysis_key")] == []


async def test_only_who_agreed_is_in_any_view(host: StoreHost) -> None:
    """Without the consent a member is in no view, with it in every one, and withdrawn again in none."""
    member, other = await host.member(), await host.member()
    await live(host, member)
    await live(host, other)
    await decide(host, other, "messages")
    seen = [await counts(host)]
    for word in (True, False):
        await decide(host, member, "analysis", given=word)
        seen.append(await counts(host))

    assert set(seen[0].values()) == set(seen[2].values()) == {0}
    assert seen[1] == dict.fromkeys(VIEWS, 1) | {
        **dict.fromkeys(("analysis_diagnosis", "analysis_drug"), 2),
        "analysis_observation": 3,
    }


async def test_portal_use_needs_both_consents(host: StoreHost) -> None:
    """Whoever withdrew the notes of portal use is not counted there, whatever they agreed to besides."""
    member = await host.member()
    await live(host, member)
    await decide(host, member, "analysis")
    await decide(host, member, "portal-use", given=False)
    seen = await counts(host)

    assert (seen["analysis_portal_use"], seen["analysis_person"]) == (0, 1)


async def test_no_token_no_day_no_details(host: StoreHost) -> None:
    """What is read holds neither tokens nor claims' names nor days nor anything sealed; home values are a month's mean."""
    member = await host.member()
    await live(host, member)
    await decide(host, member, "analysis")
    async with analyst(host) as connection:
        rows = {view: [dict(row) for row in await connection.fetch(f"SELECT * FROM {view}")] for view in VIEWS}
    values = [value for found in rows.values() for row in found for value in row.values()]
    (vital,) = rows["analysis_vital"]

    assert {row["person"] for found in rows.values() for row in found} == {rows["analysis_person"][0]["person"]}
    assert [value for value in values if value in (member.token, claim().claim, b"sealed-once")] == []
    assert {value.day for value in values if isinstance(value, date)} == {1}
    assert (vital["mean"], vital["days"]) == (Decimal("60.5"), 2)
    assert len({row["claim"] for view in VIEWS[1:4] for row in rows[view]}) == 1


async def test_names_last_a_day(host: StoreHost) -> None:
    """Each fold gives everybody another name, and nothing of the key before stays in the file."""
    member = await host.member()
    await decide(host, member, "analysis")
    names, keys = [], []
    for _ in range(2):
        names.append((await host.rows("SELECT person FROM analysis_person"))[0][0])
        keys.append((await host.rows("SELECT key, ctid::text FROM analysis_key"))[0])
        await host.seal()

    assert names[0] != names[1]
    assert (keys[0]["key"] != keys[1]["key"], keys[1]["ctid"]) == (True, "(0,1)")


async def test_conditions_see_nobody_else(host: StoreHost) -> None:
    """A condition that fails on another's row does not say that there is one: it is looked at after the consent."""
    member, hidden = await host.member(), await host.member()
    await live(host, member)
    await live(host, hidden, points=777)
    await decide(host, member, "analysis")
    async with analyst(host) as connection:
        # Whoever asks may choose plans: by one that reads whole tables every row would be looked at.
        await connection.execute("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off")
        found = await connection.fetch("SELECT points FROM analysis_claim WHERE 1 / (points - 777) IS NOT NULL")

    assert [row["points"] for row in found] == [1500]

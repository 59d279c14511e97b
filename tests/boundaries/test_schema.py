"""What the migrations really make: at the stores nothing that tells when, everywhere a runtime role that may do little."""

import pytest
from boundaries import catalogue
from boundaries.catalogue import ask
from boundaries.schemas import HOSTS, PLUMBING, STORES, Schema, holding, tables_in_code
from chassis.database import Database, drift
from chassis.seal import seal
from support.definitions import definitions
from support.postgres import ThrowawayCluster

RUNTIME = ThrowawayCluster.runtime_role
# Types finer than a day, or whose values are made from a clock or in order.
TELL_WHEN = {"timestamp", "timestamptz", "time", "timetz", "interval", "uuid"}
# Wide enough for a clock, so each is known: counters, and two instants that stand beside no member.
WIDE = {
    "adjustment.after",  # of a team
    "adjustment.before",
    "item.labels",  # the printed words of a code list, the same for everybody
    "note.seq",
    "note_inbox.seq",
    "once_mark.since",
    "point_erased.amount",  # a sum over members who were erased
    "ranking.computed_at",  # of what everybody sees alike
    "registrar_window.expires",
    "staff_session.expires",  # of somebody of the staff; no member stands beside it
    "step_day.seq",
    "step_day_inbox.seq",
    "team_day.steps",  # of a team
    "vital.seq",
    "vital_inbox.seq",
    "window_quota.quota",
    "window_quota.used",
}

per_store = pytest.mark.parametrize("host", STORES)
per_host = pytest.mark.parametrize("host", HOSTS)


@per_store
async def test_no_store_column_tells_when(schemas: dict[str, Schema], host: str) -> None:
    """At a store no column is finer than a day, and none is filled from a clock finer than that or from a sequence."""
    columns = await ask(schemas[host].urls.owner_url, catalogue.COLUMNS)
    found = [
        column["place"]
        for column in columns
        if column["element"] in TELL_WHEN
        or column["identity"]
        or any(word in (column["filled_with"] or "").lower() for word in ("now(", "timestamp", "nextval", "random", "uuid"))
    ]

    assert found == []
    assert len(columns) > 10


@per_store
async def test_wide_numbers_of_stores_are_known(schemas: dict[str, Schema], host: str) -> None:
    """At a store every number wide enough for a clock's is a counter, or a time beside which no member stands."""
    columns = await ask(schemas[host].urls.owner_url, catalogue.COLUMNS)
    wide = {column["place"] for column in columns if column["element"] in ("int8", "float8", "json", "jsonb")}

    assert wide - WIDE == set()


@per_store
async def test_stores_number_nothing(schemas: dict[str, Schema], host: str) -> None:
    """At a store there is no sequence."""
    assert await ask(schemas[host].urls.owner_url, catalogue.SEQUENCES) == []


@per_store
async def test_token_leads(schemas: dict[str, Schema], host: str) -> None:
    """At a store the token leads the primary key of every table that has one: rows of a member lie by token, not by arrival."""
    url = schemas[host].urls.owner_url
    with_token = {column["table"] for column in await ask(url, catalogue.COLUMNS) if column["name"] == "token"}
    led = {row["table"] for row in await ask(url, catalogue.KEYS) if row["first"] == "token"}

    assert with_token - led == set()
    assert with_token != set()


@per_host
async def test_hosts_know_members_by_their_own_name(schemas: dict[str, Schema], host: str) -> None:
    """No authority has a column for a token, no store one for a reference, an account or a name."""
    foreign = (
        {"ref", "reference", "account", "sub", "subject", "member_number"} if host in STORES else {"token", "mailbox", "birth_date"}
    )
    columns = await ask(schemas[host].urls.owner_url, catalogue.COLUMNS)

    assert [column["place"] for column in columns if column["name"] in foreign] == []


@per_store
async def test_an_erasure_reaches_every_table(schemas: dict[str, Schema], host: str) -> None:
    """At a store every table with a token is one that an erasure empties of it."""
    columns = await ask(schemas[host].urls.owner_url, catalogue.COLUMNS)
    with_token = {column["table"] for column in columns if column["name"] == "token"}

    assert with_token ^ set(holding(host).names) == set()


@per_host
async def test_every_table_has_a_key(schemas: dict[str, Schema], host: str) -> None:
    """Every table has a primary key."""
    keys = await ask(schemas[host].urls.owner_url, catalogue.KEYS)

    assert [row["table"] for row in keys if row["first"] is None] == []


@per_host
async def test_runtime_owns_nothing(schemas: dict[str, Schema], host: str) -> None:
    """The role that a service works with owns nothing."""
    assert await ask(schemas[host].urls.superuser_url, catalogue.OWNED, RUNTIME) == []


@per_host
async def test_runtime_may_not_shape(schemas: dict[str, Schema], host: str) -> None:
    """The runtime role creates nothing, and empties no table but those of identifiers that may be seen once."""
    found = [row["may"] for row in await ask(schemas[host].urls.superuser_url, catalogue.MAY, RUNTIME)]

    assert found == ["once_even TRUNCATE", "once_odd TRUNCATE"]


@per_host
async def test_a_seal_leaves_tables_as_the_migrations_made_them(schemas: dict[str, Schema], host: str) -> None:
    """Tables written anew by the daily seal have the same columns, constraints, indexes, triggers, rights, comments and views."""
    url = schemas[host].urls.owner_url
    before = await definitions(url)
    await seal(url, *schemas[host].service.sealing)

    assert await definitions(url) == before


@per_store
async def test_runtime_moves_no_row(schemas: dict[str, Schema], host: str) -> None:
    """At a store the runtime role cannot change a token, so no row can be given to somebody else."""
    assert await ask(schemas[host].urls.superuser_url, catalogue.TOKEN_CHANGES, RUNTIME) == []


@per_host
async def test_code_and_schema_agree(schemas: dict[str, Schema], host: str) -> None:
    """The tables in the stores' code are the tables that the migrations make, column by column."""
    db = await Database.open(schemas[host].urls.owner_url)
    try:
        found = await drift(db, *tables_in_code(host))
    finally:
        await db.close()

    assert found == []


@per_host
async def test_every_table_is_in_code(schemas: dict[str, Schema], host: str) -> None:
    """No table is there that no store knows."""
    known = {name for metadata in tables_in_code(host) for name in metadata.tables}
    there = {row["table"] for row in await ask(schemas[host].urls.owner_url, catalogue.KEYS)}

    assert there - known - PLUMBING == set()


@per_host
async def test_sealed_tables_are_there(schemas: dict[str, Schema], host: str) -> None:
    """Every table that the daily seal rewrites exists."""
    there = {row["table"] for row in await ask(schemas[host].urls.owner_url, catalogue.KEYS)}

    assert set(schemas[host].service.sealed_tables) - there == set()

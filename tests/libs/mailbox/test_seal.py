"""What a seal leaves on disk: no order of claims, no order of writes, no inbox."""

from datetime import timedelta

from anon_data.store import checkups, items, people, vitals
from chassis.database import Database, drift
from mailboxes.store import tables
from programs.store import steps
from protocol.encoding import sha256
from protocol.messages.base import Message
from protocol.messages.records import PutVitals, Vital
from protocol.messages.steps import PutStepDays, StepDay
from support.store_host import NOW, Member, StoreHost

MEMBERS = 200
IN_ORDER = ("reader_key", "suspension", "recovery")
WRITTEN = {"anon-data": ("/me/vitals", "vital"), "programs": ("/me/step-days", "step_day")}


def _write(host: StoreHost, number: int) -> Message:
    day = NOW.date() - timedelta(days=number % 3)
    if host.store == "anon-data":
        return PutVitals(items=(Vital(day=day, kind="systolic", value=100 + number % 50, unit="mm[Hg]", seq=1),))
    return PutStepDays(install=sha256(bytes([number]))[:16], items=(StepDay(day=day, steps=number, seq=1),))


async def _decide(host: StoreHost, members: list[Member]) -> None:
    """Suspend and recover members in their order, as a registrar does who calls for one after the other."""
    for member in members:
        for table, values in (("suspension", "$1"), ("recovery", "$1, '2026-11-22'")):
            await host.rows(f"INSERT INTO {table} VALUES ({values})", member.token)


def _rank_correlation(order: list[bytes], written: list[bytes]) -> float:
    """Spearman's, of the position in the heap with the position in the order of writing."""
    ranks = {token: at for at, token in enumerate(written)}
    found = [ranks[token] for token in order]
    mean = (len(found) - 1) / 2
    covariance = sum((at - mean) * (rank - mean) for at, rank in enumerate(found))
    return covariance / sum((at - mean) ** 2 for at in range(len(found)))


async def _heap(host: StoreHost, table: str) -> tuple[list[bytes], int]:
    """Return the tokens in the order of the heap, and how many transactions wrote them."""
    rows = await host.rows(f"SELECT token, xmin::text AS xmin FROM {table} ORDER BY ctid")
    return [row["token"] for row in rows], len({row["xmin"] for row in rows})


async def test_order_is_gone(host: StoreHost) -> None:
    """Members claim and write in one order; before the seal the heap shows it, after the seal nothing does."""
    members = [Member.new(host.store) for _ in range(MEMBERS)]
    await host.enrol(members)
    path, table = WRITTEN[host.store]
    for number, member in enumerate(members):
        answer = await host.as_member(member, "PUT", path, _write(host, number))
        assert answer.json()["results"] == [{"result": "applied", "reason": None}]
    written = [member.token for member in members]
    await _decide(host, members)
    before = {name: _rank_correlation((await _heap(host, name))[0], written) for name in [*IN_ORDER, f"{table}_inbox"]}
    await host.seal()
    after = {}
    transactions = set()
    for name in ["mailbox", "reader_key", "suspension", "recovery", table, *(["person"] if host.store == "anon-data" else [])]:
        order, writers = await _heap(host, name)
        assert len(order) == MEMBERS
        transactions.add(writers)
        after[name] = _rank_correlation(order, written)

    assert before == dict.fromkeys([*IN_ORDER, f"{table}_inbox"], 1.0)
    assert transactions == {1}
    # Of 200 random ranks the correlation's standard deviation is 0.07.
    assert {name for name, value in after.items() if abs(value) > 0.35} == set()
    assert (await _heap(host, table))[0] == sorted(written)
    assert (await host.rows(f"SELECT count(*), pg_relation_size('{table}_inbox') FROM {table}_inbox"))[0][:] == (0, 0)


async def test_a_second_fold_goes_over_the_first(host: StoreHost) -> None:
    """Folding twice, and folding nothing, keeps one row a key."""
    member = await host.member()
    path, table = WRITTEN[host.store]
    for number in (0, 3):
        message = _write(host, number)
        newer = message.model_copy(update={"items": tuple(item.model_copy(update={"seq": number + 1}) for item in message.items)})  # type: ignore[attr-defined]
        if host.store == "programs":
            newer = newer.model_copy(update={"install": bytes(16)})
        await host.as_member(member, "PUT", path, newer)
        await host.seal()
        await host.seal()

    assert [row["seq"] for row in await host.rows(f"SELECT seq FROM {table}")] == [4]


async def test_no_column_can_hold_a_time(host: StoreHost) -> None:
    """Every column has a type from a short list: nothing finer than a day, nothing that counts, no free structure."""
    rows = await host.rows(
        "SELECT table_name, column_name, data_type, udt_name, column_default, is_identity FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'schema_migration'"
    )
    allowed = {"bytea", "date", "smallint", "integer", "bigint", "numeric", "text", "boolean", '"char"'}
    listed = {"_bytea", "_date", "_int2", "_int4", "_text"}
    # Of no member, and the wire bounds what the column holds.
    structured = {f"{row['table_name']}.{row['column_name']}" for row in rows if row["data_type"] == "jsonb"}

    assert structured <= {"item.labels"}
    assert {row["udt_name"] for row in rows if row["data_type"] == "ARRAY"} <= listed
    assert {row["data_type"] for row in rows} - {"jsonb", "ARRAY"} <= allowed
    assert [row["column_name"] for row in rows if "nextval" in (row["column_default"] or "") or row["is_identity"] == "YES"] == []


async def test_bigints_are_counters_and_windows(host: StoreHost) -> None:
    """A bigint could hold a time, so each is named here: devices' counters, the registrar's windows, and sums over many members."""
    rows = await host.rows(
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'bigint'"
    )
    written = {"anon-data": ("note", "vital"), "programs": ("step_day",)}[host.store]
    # A published ranking says when it was made; no member is in it.
    sums = {"adjustment.before", "adjustment.after", "ledger_posting.amount", "point_erased.amount", "team_day.steps"}
    of_nobody = {"anon-data": set[str](), "programs": sums | {"ranking.computed_at"}}[host.store]

    assert {row["name"] for row in rows} == {
        *(f"{table}{suffix}.seq" for table in written for suffix in ("", "_inbox")),
        "once_mark.since",
        "registrar_window.expires",
        "staff_session.expires",
        "window_quota.quota",
        "window_quota.used",
        *of_nobody,
    }


async def test_the_token_leads_every_members_key(host: StoreHost) -> None:
    """Every table with a token has it first in its primary key."""
    rows = await host.rows(
        """
        SELECT c.relname AS name, first.attname AS leading FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'token'
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        LEFT JOIN pg_attribute first ON first.attrelid = c.oid AND first.attnum = i.indkey[0]
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        """
    )

    assert len(rows) >= 4
    assert {row["leading"] for row in rows} == {"token"}


async def test_tables_as_the_stores_write_them(host: StoreHost) -> None:
    """The tables in Python are the tables in the database."""
    own = [checkups, items, people, vitals] if host.store == "anon-data" else [steps]
    db = await Database.open(host.urls.owner_url)
    found = await drift(db, tables.metadata, *(module.metadata for module in own))
    await db.close()

    assert found == []

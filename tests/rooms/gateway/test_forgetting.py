"""Who signed in, and in which order: what a seized gateway shows of sessions that are over, and of those that are not."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from chassis.seal import seal
from gateway.app import SERVICE
from gateway.start import deliver, forget
from gateway.use_cases.purge import BATCH
from joserfc.jwk import KeySet
from protocol import jose
from protocol.sealing import XWingPrivateKey
from rooms.gateway.application import Application
from rooms.gateway.house import House, Member
from rooms.gateway.releases import release

MEMBERS = {"account", "salt", "verifier", "pairwise_reference"}
"""Tables that have a row for every member, signed in or not."""
LOGGED = {"log_queue"}
"""What waits for the release log: until the next second, and of who never finished a first login until they do."""
ROWS = "SELECT (SELECT count(*) FROM sign_in), (SELECT count(*) FROM authorization_attempt), (SELECT count(*) FROM logout_outbox)"
COLUMNS = """
SELECT c.relname AS table, a.attname AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND a.attname = ANY ($1)
"""


def deafen(house: House, *, deaf: bool = True) -> None:
    """Let nobody hear of logouts, so that the outbox's own worker takes none away while it is looked at."""
    for receiver in house.receivers.values():
        receiver.down = deaf


async def naming(house: House, member: Member) -> set[str]:
    """Return the tables in which some row names a member."""
    tables = [row["table"] for row in await house.sql(COLUMNS, ["ref"])]
    assert len(tables) >= len(MEMBERS) + 4
    # The sequencer comes once a second, here or there in between.
    return {
        "log_queue" if table == "log_inbox" else table
        for table in tables
        if (await house.sql(f"SELECT count(*) FROM {table} WHERE ref = $1", member.gateway))[0][0]  # the catalogue's names
    }


async def counts(house: House) -> tuple[Any, ...]:
    """Return how many sessions, attempts and waiting logouts there are."""
    return tuple((await house.sql(ROWS))[0])


async def released(house: House) -> tuple[Application, dict[str, Any]]:
    """Sign in and have the gateway's share released."""
    application = Application(house)
    answer = await application.sign_in()
    assert (await release(house, application, answer["access_token"], XWingPrivateKey.generate())).status_code == 200
    return application, answer


async def test_sign_out_leaves_no_name(house: House) -> None:
    """A member who signed out stands where every member stands, and in today's counter of releases until the seal."""
    application, answer = await released(house)
    during = await naming(house, house.member)
    await application.sign_out(answer["access_token"])
    after = await naming(house, house.member)
    await seal(house.urls.owner_url, *SERVICE.sealing, now=house.fixed.timestamp())

    assert during == MEMBERS | {"authorization_attempt", "browser_session", "sign_in", "release_session", "release_count"} | LOGGED
    # What the sequencer took before the seal is in the member's slots by then.
    assert (after, await naming(house, house.member) - LOGGED) == (MEMBERS | {"release_count"} | LOGGED, MEMBERS)


async def test_replay_leaves_no_name(house: House) -> None:
    """The second use of a code takes the code's row away with the session, and a third finds nothing."""
    deafen(house)
    application = Application(house)
    code = await application.code()
    statuses = [(await application.redeem(code)).status_code for _ in range(3)]

    assert (statuses, await naming(house, house.member), await counts(house)) == ([200, 400, 400], MEMBERS, (0, 0, 2))


@pytest.mark.parametrize("change", [{"code_verifier": "v" * 43}, {"client_id": "other-app"}])
async def test_refused_code_leaves_no_name(house: House, change: dict[str, Any]) -> None:
    """A code that its redeemer had no right to is forgotten at once; what is left is the browser that is signed in."""
    application = Application(house)
    await application.redeem(await application.code(), **change)

    assert (await naming(house, house.member), await counts(house)) == (MEMBERS | {"browser_session"}, (0, 0, 0))


async def test_code_that_nobody_redeems_leaves_no_name(house: House) -> None:
    """A code goes when its minute is over, not before; the browser that is signed in, when it was idle for half an hour."""
    await Application(house).code()
    seen = []
    for seconds in (59, 1, 1740):
        house.fixed.advance(timedelta(seconds=seconds))
        await forget(house.app.state)
        seen.append(await naming(house, house.member))

    assert seen == [MEMBERS | {"authorization_attempt", "browser_session"}, MEMBERS | {"browser_session"}, MEMBERS]


def test_forgetting_is_work_of_every_minute() -> None:
    """Sessions that are over and codes that nobody redeemed are looked for every minute."""
    assert [worker.period_s for worker in SERVICE.workers if worker.run is forget] == [60]


async def test_idle_session_ends_like_a_sign_out(house: House) -> None:
    """Half an hour without a refresh: both authorities are told of the very session, and nothing names the member."""
    application, answer = await released(house)
    keys = KeySet.import_key_set((await house.client.get("/jwks")).json())
    known = {}
    for host in house.receivers:
        token = (await application.refresh(answer["refresh_token"], resource=house.origin(host))).json()["access_token"]
        known[host] = [jose.peek_claims(token)["sid"]]
    seen = []
    deafen(house)
    for minutes in (29, 1):
        house.fixed.advance(timedelta(minutes=minutes))
        await forget(house.app.state)
        seen.append(await counts(house))
    deafen(house, deaf=False)
    house.fixed.advance(timedelta(minutes=1))
    await deliver(house.app.state)
    told = {host: [jose.verify(token, keys, "logout+jwt")["sid"] for token in at.tokens] for host, at in house.receivers.items()}

    assert (seen, told) == ([(1, 1, 0), (0, 0, 2)], known)
    assert (await naming(house, house.member), await counts(house)) == (MEMBERS | {"release_count"} | LOGGED, (0, 0, 0))


async def test_expired_session_ends_like_a_sign_out(house: House) -> None:
    """After eight hours the busiest session is over; a receiver that is down just then is told as soon as it is back."""
    application, answer = await released(house)
    for _ in range(19):
        house.fixed.advance(timedelta(minutes=25))
        assert (await application.refresh(answer["refresh_token"])).status_code == 200
    house.fixed.advance(timedelta(minutes=5))
    house.receivers["keyvault"].down = True
    await forget(house.app.state)
    await deliver(house.app.state)
    ended = await counts(house)
    house.receivers["keyvault"].down = False
    house.fixed.advance(timedelta(hours=1))
    await forget(house.app.state)
    await deliver(house.app.state)

    assert ended == (0, 0, 1)
    assert ([len(at.tokens) for at in house.receivers.values()], await counts(house)) == ([1, 1], (0, 0, 0))
    assert await naming(house, house.member) == MEMBERS | {"release_count"} | LOGGED


async def test_one_purge_ends_one_session(house: House) -> None:
    """Of two sessions the one that is over ends; the other goes on, its code still ends it when it comes again."""
    deafen(house)
    await Application(house).sign_in()
    house.fixed.advance(timedelta(minutes=20))
    application = Application(house)
    code = await application.code()
    answer = (await application.redeem(code)).json()
    house.fixed.advance(timedelta(minutes=10))
    await forget(house.app.state)
    left = await counts(house)
    refreshed = (await application.refresh(answer["refresh_token"])).status_code
    await application.redeem(code)

    assert (left, refreshed, await counts(house)) == ((1, 1, 2), 200, (0, 0, 4))


async def test_purges_at_once_tell_once(house: House) -> None:
    """Several purges at once, of more sessions than one transaction takes, write one logout for each session and authority."""
    deafen(house)
    many = 2 * BATCH + 5
    await Application(house).sign_in()
    await house.sql(
        "INSERT INTO sign_in (id, sid_gateway, ref, client_id, jkt, resources, refresh_hash, idle_until, expires_at)"
        " SELECT decode(md5('i' || n), 'hex'), decode(md5('s' || n), 'hex'), ref, client_id, jkt, resources,"
        " sha256(n::text::bytea), idle_until, expires_at FROM sign_in, generate_series(2, $1) AS n",
        many,
    )
    house.fixed.advance(timedelta(minutes=30))
    await asyncio.gather(*(forget(house.app.state) for _ in range(4)))
    told = await house.sql("SELECT count(*), count(DISTINCT (audience, sid)) FROM logout_outbox")

    assert (await counts(house), tuple(told[0])) == ((0, 0, 2 * many), (2 * many, 2 * many))


async def test_everything_of_a_session_is_sealed(house: House) -> None:
    """Every table with a member or a session in it is rewritten by the seal, or emptied."""
    columns = await house.sql(COLUMNS, ["ref", "hash", "sid", "sid_gateway", "session_id"])
    tables = {row["table"] for row in columns}

    assert {"authorization_attempt", "sign_in", "logout_outbox", "pairwise_reference"} <= tables
    # The hashes of the release log's tree are nobody's.
    assert tables - set(SERVICE.sealed_tables) == {*SERVICE.emptied_tables, "log_node"}


async def test_seal_keeps_sessions_and_no_order(house: House) -> None:
    """After a seal open sessions go on; their rows, codes and logouts were written by one transaction, in nobody's order."""
    house.receivers["keyvault"].down = house.receivers["identity"].down = True
    applications = [Application(house) for _ in range(12)]
    answers = [await application.sign_in() for application in applications]
    for _ in range(4):
        other = Application(house)
        await other.sign_out((await other.sign_in())["access_token"])
    tables = {"sign_in": "id", "authorization_attempt": "session_id", "logout_outbox": "id"}
    orders = []
    for _ in range(2):
        rows = {name: await house.sql(f"SELECT {key} FROM {name} ORDER BY ctid") for name, key in tables.items()}
        orders.append({name: [bytes(row[0]) for row in rows[name]] for name in tables})
        await seal(house.urls.owner_url, *SERVICE.sealing, now=house.fixed.timestamp())
    writers = await house.sql(" UNION ".join(f"SELECT xmin::text FROM {name}" for name in [*tables, *MEMBERS]))
    refreshed = {
        (await application.refresh(answer["refresh_token"])).status_code
        for application, answer in zip(applications, answers, strict=True)
    }
    before, after = orders

    assert [(before[name] != after[name], sorted(before[name]) == sorted(after[name])) for name in tables] == [(True, True)] * 3
    assert (len(writers), refreshed, len(before["sign_in"])) == (1, {200}, 12)


async def test_seal_forgets_what_is_over(house: House) -> None:
    """A seal of a gateway that was stopped leaves neither sessions nor codes that were over long ago."""
    await Application(house).sign_in()
    await Application(house).code()
    house.fixed.advance(timedelta(hours=8))
    await Application(house).sign_in()
    house.fixed.advance(timedelta(hours=1, seconds=1))
    before = await counts(house)
    await seal(house.urls.owner_url, *SERVICE.sealing, now=house.fixed.timestamp())

    assert (before, await counts(house)) == ((2, 3, 0), (1, 1, 0))

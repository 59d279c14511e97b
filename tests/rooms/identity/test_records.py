"""Records: stored as ciphertext, replaced only while nothing was released, given to the member alone."""

import os

import asyncpg
import pytest
from authority.use_cases.log_sequencer import sequence
from chassis.database import Database, drift
from chassis.seal import seal
from identity.app import SERVICE
from identity.store import records as store
from protocol.messages.enrolment import FirstRecord, StoreRecords
from protocol.record import SEALED_BYTES, Profile, open_profile, seal_profile
from support.authorities import Host, Member, Registrar, problem

PROFILE = Profile(
    member_number="00000000:fictional:1:00",
    name="Fictional Person",
    kana="フィクショナル",
    birth_date="1980-01-01",
    sex="female",
    relation="insured",
)


async def test_released(identity: Host) -> None:
    """A release gives the record, which opens with the key from the bundle."""
    registrar = await Registrar(identity).opened()
    member, key = Member(identity), os.urandom(32)
    await registrar.enrol(member)
    sealed = seal_profile(PROFILE, key, member.ref, 0)
    stored = await registrar.post("/records", StoreRecords(rows=(FirstRecord(ref=member.ref, record=sealed),)))
    device = member.device()
    _, part = device.open(await device.release())

    assert stored.status_code == 204
    assert part.bundles == ()
    assert part.record is not None
    assert open_profile(part.record.record, key, member.ref, part.record.version) == PROFILE


async def test_replaced_before_a_release_only(identity: Host) -> None:
    """The registrar replaces a record until the member was released to; unknown references and sizes are refused."""
    registrar = await Registrar(identity).opened()
    member = Member(identity)
    await registrar.enrol(member)

    def rows(ref: bytes, size: int = SEALED_BYTES) -> StoreRecords:
        return StoreRecords(rows=(FirstRecord(ref=ref, record=os.urandom(size)),))

    before = [await registrar.post("/records", rows(member.ref)) for _ in range(2)]
    assert (await member.device().release()).status_code == 200
    refused = [await registrar.post("/records", message) for message in (rows(member.ref), rows(bytes(16)), rows(member.ref, 9))]

    assert [answer.status_code for answer in before] == [204, 204]
    assert [problem(answer) for answer in refused] == [
        (409, "already-released"),
        (404, "reference-unknown"),
        (400, "rows-refused"),
    ]


async def test_without_a_record(identity: Host) -> None:
    """A member whose record is not stored yet is released a share alone."""
    registrar = await Registrar(identity).opened()
    member = Member(identity)
    await registrar.enrol(member)
    device = member.device()
    _, part = device.open(await device.release())

    assert ([share.v for share in part.shares], part.record) == ([0], None)


async def test_drift_and_seal(identity: Host) -> None:
    """The store's table is that of the migration, and the seal rewrites every table with a member in it."""
    registrar = await Registrar(identity).opened()
    await registrar.enrol(*(Member(identity, f"fictional-{n}") for n in range(4)))
    # The worker comes once a second, here or there in between.
    await sequence(identity.app.state.authority)
    db = await Database.open(identity.urls.runtime_url)
    report = await seal(identity.urls.owner_url, *SERVICE.sealing, now=identity.world.now)

    assert await drift(db, store.metadata) == []
    records = ("record", "profile_wish", "profile_update", "search_tag", "record_opening")
    empty = dict.fromkeys((*records, "release_session", "evidence_nonce", "log_queue", "log_inbox", "member_log"), 0)
    assert report.rows == {"account": 4, "salt": 4, "verifier": 4, **empty}
    await db.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE account SET ref = ref",
        "UPDATE verifier SET ref = ref",
        "UPDATE salt SET salt = salt",
        "UPDATE record SET ref = ref",
        "UPDATE search_tag SET ref = ref",
        "UPDATE record_opening SET ref = ref",
        "TRUNCATE account CASCADE",
    ],
)
async def test_least_privilege(identity: Host, sql: str) -> None:
    """The service's own role cannot give anything to another member, replace salts, or empty a table."""
    connection = await asyncpg.connect(identity.urls.runtime_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(sql)
    await connection.close()

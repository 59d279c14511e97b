"""How a record changes after the first login: wishes, updates, and the record with them put in."""

import os

import httpx
import pytest
from protocol.encoding import sha256
from protocol.messages.enrolment import FirstRecord, StoreRecords
from protocol.messages.profiles import (
    SEALED_BYTES,
    CollectWishes,
    ProfileFields,
    PutRecord,
    PutUpdates,
    PutWish,
    Update,
    Wishes,
    wish_info,
)
from protocol.record import SEALED_BYTES as RECORD_BYTES
from protocol.sealing import XWingPrivateKey
from support.authorities import Device, Host, Member, Registrar, problem
from support.ways_in import signed_in, told


@pytest.fixture
async def member(identity: Host) -> Member:
    """Return an enrolled employee."""
    return await enrolled(identity, "fictional-employee-1")


async def enrolled(identity: Host, subject: str) -> Member:
    member = Member(identity, subject)
    registrar = await Registrar(identity).opened()
    assert (await registrar.enrol(member)).status_code == 200
    await told(registrar, "/records", StoreRecords(rows=(FirstRecord(ref=member.ref, record=os.urandom(RECORD_BYTES)),)))
    return member


def note() -> bytes:
    """Something sealed."""
    return os.urandom(SEALED_BYTES)


async def updates_of(member: Member) -> tuple[bytes, ...]:
    """What a sign-in finds waiting."""
    device = member.device()
    return device.open(await device.release())[1].updates


async def wished(device: Device, sealed: bytes) -> None:
    answer = await device.call("PUT", "/profile/wish", PutWish(sealed=sealed))
    assert answer.status_code == 204, answer.text


async def put(device: Device, version: int, record: bytes, *settles: bytes) -> httpx.Response:
    return await device.call("PUT", "/record", PutRecord(version=version, record=record, settles=tuple(map(sha256, settles))))


async def test_a_wish_opens_for_the_insurer_alone(identity: Host, member: Member) -> None:
    """What the member seals is what the registrar opens, and belongs to this member."""
    insurer = XWingPrivateKey(bytes(32))
    fields = ProfileFields(address="架空県見本市1-2-3", telephone="000-0000-0000")
    await wished(await signed_in(member), fields.seal(insurer.public_bytes, wish_info(member.ref)))
    answer = await told(await Registrar(identity, "ingest").opened(), "/profile/wishes", CollectWishes())
    (wish,) = Wishes.model_validate(answer.json()).wishes

    assert wish.ref == member.ref
    assert ProfileFields.open(wish.sealed, insurer, wish_info(wish.ref)) == fields


async def test_wishes_come_in_pages_and_are_counted(identity: Host) -> None:
    """Each page goes on after the last reference; a quota bounds how many are read."""
    members = [await enrolled(identity, f"fictional-{n}") for n in range(5)]
    for member in members:
        await wished(await signed_in(member), note())
    registrar = await Registrar(identity, "ingest", quotas={"profile": 6}).opened()
    first = Wishes.model_validate((await told(registrar, "/profile/wishes", CollectWishes(most=3))).json()).wishes
    rest = Wishes.model_validate(
        (await told(registrar, "/profile/wishes", CollectWishes(after=first[-1].ref, most=3))).json()
    ).wishes
    answer = await registrar.post("/profile/wishes", CollectWishes(most=3))

    assert [wish.ref for wish in (*first, *rest)] == sorted(member.ref for member in members)
    assert problem(answer) == (429, "quota-exceeded")


async def test_only_the_wish_that_was_seen_is_settled(identity: Host, member: Member) -> None:
    """A newer wish stays when an older one is answered."""
    older, newer = note(), note()
    device = await signed_in(member)
    registrar = await Registrar(identity, "ingest").opened()
    left = []
    await wished(device, newer)
    for settled in (older, newer):
        update = Update(ref=member.ref, sealed=note(), whole=False, settles=sha256(settled))
        await told(registrar, "/profile/updates", PutUpdates(rows=(update,)))
        answer = await told(registrar, "/profile/wishes", CollectWishes())
        left.append(len(Wishes.model_validate(answer.json()).wishes))

    assert left == [1, 0]


async def test_a_whole_update_takes_the_place_of_all_that_waits(identity: Host, member: Member) -> None:
    """Partial ones wait beside it and come after it."""
    registrar = await Registrar(identity).opened()
    partial, whole, later = note(), note(), note()
    seen = []
    for sealed, is_whole in ((partial, False), (whole, True), (later, False)):
        await told(registrar, "/profile/updates", PutUpdates(rows=(Update(ref=member.ref, sealed=sealed, whole=is_whole),)))
        seen.append(await updates_of(member))

    assert seen == [(partial,), (whole,), (whole, later)]


async def test_a_record_with_updates_put_in(identity: Host, member: Member) -> None:
    """The next version replaces the record and what it settles goes; the same again is fine, another is not."""
    update, record = note(), os.urandom(RECORD_BYTES)
    registrar = await Registrar(identity).opened()
    await told(registrar, "/profile/updates", PutUpdates(rows=(Update(ref=member.ref, sealed=update, whole=True),)))
    device = await signed_in(member)
    answers = [
        await put(device, 2, record, update),
        await put(device, 1, record, note()),
        await put(device, 1, record[1:], update),
        await put(device, 1, record, update),
        await put(device, 1, record, update),
        await put(device, 1, os.urandom(RECORD_BYTES), update),
    ]
    late = member.device()
    part = late.open(await late.release())[1]

    assert [answer.status_code for answer in answers] == [409, 409, 400, 204, 204, 409]
    assert [problem(answers[at])[1] for at in (0, 1, 2, 5)] == [
        "version-refused",
        "update-unknown",
        "record-size",
        "version-refused",
    ]
    assert part.record is not None
    assert (part.record.version, part.record.record, part.updates) == (1, record, ())


async def test_a_newer_update_survives_an_older_record(identity: Host, member: Member) -> None:
    """A device that put in what it saw does not lose what came meanwhile."""
    older, newer = note(), note()
    registrar = await Registrar(identity).opened()
    await told(registrar, "/profile/updates", PutUpdates(rows=(Update(ref=member.ref, sealed=older, whole=True),)))
    device = await signed_in(member)
    await told(registrar, "/profile/updates", PutUpdates(rows=(Update(ref=member.ref, sealed=newer, whole=True),)))
    answer = await put(device, 1, os.urandom(RECORD_BYTES), older)

    assert problem(answer) == (409, "update-unknown")
    assert await updates_of(member) == (newer,)


async def test_without_a_release(member: Member) -> None:
    """A token alone wishes and writes nothing."""
    device = member.device()
    answers = [
        await device.call("PUT", "/profile/wish", PutWish(sealed=note())),
        await put(device, 1, os.urandom(RECORD_BYTES), note()),
    ]

    assert [problem(answer) for answer in answers] == [(403, "not-released")] * 2

"""Version 0 of everything sealed for a member: the record at identity and the bundle at the keyvault."""

import asyncio
from collections.abc import Sequence

from protocol.bundle import Bundle
from protocol.messages.enrolment import FirstBundle, FirstRecord, StoreBundles, StoreRecords
from protocol.record import seal_profile

from .batches import batches
from .enrolments import without_refused
from .hosts import encode
from .people import Person
from .session import Session
from .windows import Window


async def store_records(session: Session, window: Window, people: Sequence[Person]) -> dict[bytes, str]:
    """Store the sealed records; return a code for each reference of identity that was refused."""

    async def one(batch: list[Person]) -> None:
        body = await asyncio.to_thread(_records, batch)
        await session.hosts.tell("identity", window, "/records", body)

    refused: dict[bytes, str] = {}
    for batch in batches(people, lambda person: person.member.refs["identity"]):
        refused |= {person.member.refs["identity"]: code for person, code in await without_refused(batch, one)}
    return refused


async def store_bundles(session: Session, window: Window, people: Sequence[Person]) -> dict[bytes, str]:
    """Store the sealed bundles; return a code for each reference of the keyvault that was refused."""

    async def one(batch: list[Person]) -> None:
        body = await asyncio.to_thread(_bundles, batch)
        await session.hosts.tell("keyvault", window, "/bundles", body)

    refused: dict[bytes, str] = {}
    for batch in batches(people, lambda person: person.member.refs["keyvault"]):
        refused |= {person.member.refs["keyvault"]: code for person, code in await without_refused(batch, one)}
    return refused


def _records(batch: list[Person]) -> bytes:
    refs = [person.member.refs["identity"] for person in batch]
    sealed = [seal_profile(person.profile, person.record_key, ref, 0) for person, ref in zip(batch, refs, strict=True)]
    return encode(StoreRecords(rows=tuple(FirstRecord(ref=ref, record=one) for ref, one in zip(refs, sealed, strict=True))))


def _bundles(batch: list[Person]) -> bytes:
    return encode(
        StoreBundles(rows=tuple(FirstBundle(ref=person.member.refs["keyvault"], bundle=_bundle(person)) for person in batch))
    )


def _bundle(person: Person) -> bytes:
    seeds = {store: seed.seed for store, seed in person.seeds.items()}
    return Bundle(v=0, record_key=person.record_key, seeds=seeds).seal(person.member_key, person.member.refs["keyvault"])

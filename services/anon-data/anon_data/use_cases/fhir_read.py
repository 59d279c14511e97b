"""A device reads its member's record, for an answer in FHIR."""

from datetime import date

from chassis.database import Database
from mailboxes.readers import Reader

from anon_data.code_table import KnownCodes
from anon_data.fhir.record import Record
from anon_data.store import checkups, people, vitals


async def admit(db: Database, reader: Reader) -> None:
    """Read nothing: for a request that only asks where to read."""
    async with db.statements("fhir-admit") as tx:
        await reader.for_reading(tx)


async def read_person(db: Database, reader: Reader) -> people.Known | None:
    """Return the little that is known of whoever asks."""
    async with db.statements("fhir-read-person") as tx:
        return await people.of_token(tx, await reader.for_reading(tx))


async def read_record(db: Database, known_codes: KnownCodes, reader: Reader, *, vital: bool = True, person: bool = False) -> Record:
    """Return all checkups and, where they are asked for, all that was measured at home and what is known of the person."""
    async with db.statements("fhir-read") as tx:
        rows = await checkups.of_reader(tx, reader.signed)
        token = await reader.otherwise(tx) if rows is None else reader.admitted
        if rows is None:
            rows = await checkups.of_token(tx, token)
        codes = await known_codes.at(tx, rows[0]["generation"]) if rows else await known_codes.current(tx)
        measured = (await vitals.between(tx, token, date.min, date.max)).items if vital else ()
        return Record(rows, codes, measured, await people.of_token(tx, token) if person else None)

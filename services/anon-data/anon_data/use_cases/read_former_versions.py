"""A device reads what its member's checkups and claims said before they were corrected or cancelled."""

from datetime import date

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.former_versions import FormerClaim, FormerClaims
from protocol.messages.medical_claims import CLAIM_KINDS, MedicalClaim

from anon_data.code_table import KnownCodes
from anon_data.rendering import former_checkups_json
from anon_data.store import former_versions

_PLAIN = ("claim", "month", "inpatient", "days", "points", "own_payment", "estimated", "details")


async def read_former_checkups(db: Database, known_codes: KnownCodes, reader: Reader) -> bytes:
    """Return all former versions, with the code table entries they use, as JSON."""
    async with db.statements("read-former-checkups") as tx:
        rows = await former_versions.checkups_of(tx, await reader.for_reading(tx))
        codes = await known_codes.at(tx, rows[0]["generation"] if rows else 0)
    return former_checkups_json(rows, codes)


async def read_former_claims(db: Database, reader: Reader, since: date, until: date) -> FormerClaims:
    """Return the former versions of claims of these months."""
    async with db.statements("read-former-claims") as tx:
        rows = await former_versions.claims_of(tx, await reader.for_reading(tx), since, until)
    return FormerClaims.model_construct(
        claims=tuple(
            FormerClaim.model_construct(
                replaced=row["replaced"],
                cancelled=row["cancelled"],
                claim=MedicalClaim.model_construct(**{name: row[name] for name in _PLAIN}, kind=CLAIM_KINDS[row["kind"] - 1]),
            )
            for row in rows
        )
    )

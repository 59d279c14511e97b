"""A device reads its member's medical claims."""

from collections.abc import Sequence
from datetime import date

from chassis.database import Database, Record
from mailboxes.readers import Reader
from protocol.messages.medical_claims import CLAIM_KINDS, Costs, MedicalClaim, MedicalClaims, MonthCosts

from anon_data.claim_rows import claim_of
from anon_data.errors import ClaimUnknown
from anon_data.store import medical_claims


async def read_medical_claims(db: Database, reader: Reader, since: date, until: date) -> MedicalClaims:
    """Return the claims of these months, the newest first."""
    async with db.statements("read-medical-claims") as tx:
        rows = await medical_claims.between(tx, await reader.for_reading(tx), since, until)
    return MedicalClaims.model_construct(claims=tuple(map(claim_of, rows)))


async def read_medicines(db: Database, reader: Reader, since: date, until: date) -> MedicalClaims:
    """Return those of these months that have drugs."""
    async with db.statements("read-medicines") as tx:
        rows = await medical_claims.dispensed(tx, await reader.for_reading(tx), since, until)
    return MedicalClaims.model_construct(claims=tuple(map(claim_of, rows)))


async def read_medical_claim(db: Database, reader: Reader, claim: bytes) -> MedicalClaim:
    """Return one claim; raises ClaimUnknown where this member has no such claim."""
    async with db.statements("read-medical-claim") as tx:
        row = await medical_claims.one(tx, await reader.for_reading(tx), claim)
    if row is None:
        raise ClaimUnknown
    return claim_of(row)


async def read_costs(db: Database, reader: Reader, since: date, until: date) -> Costs:
    """Return what the claims of these months come to."""
    async with db.statements("read-costs") as tx:
        return costs_of(await medical_claims.costs(tx, await reader.for_reading(tx), since, until))


def costs_of(rows: Sequence[Record]) -> Costs:
    """Return sums by month and kind as they are read."""
    return Costs(months=tuple(MonthCosts(**{**dict(row), "kind": CLAIM_KINDS[row["kind"] - 1]}) for row in rows))

"""From a claim on the wire to the rows it is stored as, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.database import Record
from mailboxes.order import require_unique
from protocol.encoding import sha256
from protocol.messages.medical_claims import CLAIM_KINDS, ClaimDiagnosis, ClaimDrug, ClaimRow, MedicalClaim
from windows import RowsRefused

from anon_data.fates import Stored
from anon_data.import_rows import DETAILS_MAX
from anon_data.store.medical_claims import ClaimKey, ClaimRecord, DiagnosisRecord, DrugRecord


@dataclass(frozen=True, slots=True)
class ClaimRows:
    """One claim, ready to be stored."""

    key: ClaimKey
    sent: Stored
    header: ClaimRecord
    diagnoses: list[DiagnosisRecord]
    drugs: list[DrugRecord]


def claim_rows(rows: Sequence[ClaimRow]) -> list[ClaimRows]:
    """Return the claims as they are stored; raises RowsRefused with the first reason found and its rows."""
    require_unique([(row.token, row.claim.claim) for row in rows])
    refused: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        if row.claim.details is not None and len(row.claim.details) > DETAILS_MAX:
            refused.setdefault("details-size", []).append(at)
        if any(len({line.code for line in lines}) < len(lines) for lines in (row.claim.diagnoses, row.claim.drugs)):
            refused.setdefault("line-repeated", []).append(at)
    for reason, indexes in refused.items():
        raise RowsRefused(reason=reason, rows=indexes)
    return [_rows(row.token, row.claim) for row in rows]


def _rows(token: bytes, said: MedicalClaim) -> ClaimRows:
    content = _content(said)
    header = (
        said.month,
        said.points,
        said.own_payment,
        said.days,
        CLAIM_KINDS.index(said.kind) + 1,
        said.inpatient,
        said.estimated,
        token,
        said.claim,
        content,
        said.details,
    )
    sealed = None if said.details is None else sha256(said.details)
    return ClaimRows(
        (token, said.claim),
        Stored(content, sealed),
        header,
        [(line.main, token, said.claim, line.code, said.month, said.points, _bearers(line, said)) for line in said.diagnoses],
        [(token, said.claim, line.code, line.amount) for line in said.drugs],
    )


def _bearers(line: ClaimDiagnosis, said: MedicalClaim) -> int:
    """Return among how many diagnoses, this one with them, the cost is divided: the main ones, or where none is marked all."""
    mains = sum(one.main for one in said.diagnoses)
    return (mains if line.main else 0) if mains else len(said.diagnoses)


def _content(said: MedicalClaim) -> bytes:
    """Return the SHA-256 of the claim whatever the order of its lines, and of its details only whether there are any."""
    plain = said.model_copy(
        update={
            "diagnoses": tuple(sorted(said.diagnoses, key=lambda line: line.code)),
            "drugs": tuple(sorted(said.drugs, key=lambda line: line.code)),
            "details": None if said.details is None else b"",
        }
    )
    return sha256(plain.model_dump_json().encode())


def claim_of(row: Record) -> MedicalClaim:
    """Return a stored claim."""
    # What is stored was checked when it came; checking it again would cost more than reading it.
    construct = MedicalClaim.model_construct
    diagnoses = zip(row["diagnoses"] or (), row["mains"] or (), strict=True)
    drugs = zip(row["drugs"] or (), row["amounts"] or (), strict=True)
    return construct(
        **{name: row[name] for name in ("claim", "month", "inpatient", "days", "points", "own_payment", "estimated", "details")},
        kind=CLAIM_KINDS[row["kind"] - 1],
        diagnoses=tuple(ClaimDiagnosis.model_construct(code=code, main=main) for code, main in diagnoses),
        drugs=tuple(ClaimDrug.model_construct(code=code, amount=amount) for code, amount in drugs),
    )

"""From a record and what was asked of it to the answer's text."""

from collections.abc import Iterable
from datetime import datetime

from anon_data.fhir.bundles import entries, patient, patient_entry, searchset
from anon_data.fhir.errors import ResourceUnknown, SearchRefused
from anon_data.fhir.jobs import Job, Type
from anon_data.fhir.record import Found, Record
from anon_data.fhir.resource_ids import PATIENT, parse_id
from anon_data.fhir.search import Query, matching, page, query_of

_RENAMED = {"start": ("date", "ge"), "end": ("date", "le"), "_count": ("_count", ""), "_cursor": ("_cursor", "")}


def observations(record: Record, query: Query, base: str) -> bytes:
    """Return a page of a search."""
    matches = matching(record, query)
    shown, after = ([], None) if query.only_count else page(matches, query)
    return searchset(base, "Observation", query.said, len(matches), entries(base, shown), after)


def observation(record: Record, id_: str) -> Found:
    """Return one; raises ResourceUnknown."""
    said = parse_id(id_)
    found = matching(record, Query(ids=[frozenset([id_])], days=[[lambda day: day.isoformat() == said.day]])) if said else []
    if not found:
        raise ResourceUnknown
    return found[0]


def everything_query(parameters: Iterable[tuple[str, str]], now: datetime, base: str) -> Query:
    """Understand the parameters of Patient/$everything; raises SearchRefused."""
    given = [(name, value) for name, value in parameters if value and name != "_format"]
    if any(name not in _RENAMED for name, _ in given):
        raise SearchRefused(reason="unknown parameter")
    asked = [(_RENAMED[name][0], _RENAMED[name][1] + value) for name, value in given]
    query = query_of(asked, now, base=base)
    query.said = given
    return query


def everything(record: Record, query: Query, base: str) -> bytes:
    """Return a page of the whole record, the Patient first."""
    matches = matching(record, query)
    shown, after = page(matches, query)
    first = [patient_entry(base, record.person)] if query.after is None else []
    return searchset(base, f"Patient/{PATIENT}/$everything", query.said, len(matches) + 1, [*first, *entries(base, shown)], after)


def manifest(record: Record, job: Job, base: str, now: datetime) -> dict[str, object]:
    """Return what an export's status says when it is there."""
    counts: dict[Type, int] = {"Patient": 1, "Observation": len(matching(record, Query()))}
    files = f"{base}/$export-files/{job.name}"
    return {
        "transactionTime": now.isoformat(timespec="seconds"),
        "request": f"{base}/Patient/$export?_type={','.join(job.types)}",
        "requiresAccessToken": True,
        "output": [{"type": kind, "url": f"{files}/{kind}.ndjson", "count": counts[kind]} for kind in job.types if counts[kind]],
        "error": [],
    }


def lines(record: Record, kind: Type) -> bytes:
    """Return a file of an export."""
    if kind == "Patient":
        return patient(record.person) + b"\n"
    shown, _ = page(matching(record, Query()), Query(count=len(record.checkups) * 1000 + len(record.vitals)))
    return b"".join([one.json() + b"\n" for one in shown])

"""Bulk export (http://hl7.org/fhir/uv/bulkdata) without a job that anything remembers: a job's name says all there is to know.

``20261126.Patient.Observation`` was asked for on that day, for those types. It says nothing of whose record it is; that says each
request's proof.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from anon_data.fhir.errors import InteractionRefused, ResourceUnknown, SearchRefused
from anon_data.fhir.negotiation import NDJSON

Type = Literal["Patient", "Observation"]
TYPES: tuple[Type, ...] = get_args(Type)
PATTERN = r"^[0-9]{8}(\.Patient)?(\.Observation)?$"
_NAME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})((?:\.(?:Patient|Observation)){1,2})")
_GOOD_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Job:
    """An export that was asked for."""

    day: date
    types: tuple[Type, ...]

    @property
    def name(self) -> str:
        """How it is called in addresses."""
        return ".".join([self.day.strftime("%Y%m%d"), *self.types])

    def good(self, today: date) -> bool:
        """Whether its files can be fetched: until the end of the day after."""
        return self.day <= today <= self.day + _GOOD_FOR


def job_of(name: str) -> Job | None:
    """Return the job of a name, or None for what is none."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    year, month, day, types = found.groups()
    named = types[1:].split(".")
    try:
        job = Job(date(int(year), int(month), int(day)), tuple(kind for kind in TYPES if kind in named))
    except ValueError:
        return None
    return job if job.name == name else None


def kick_off(parameters: Iterable[tuple[str, str]], preferences: frozenset[str], today: date) -> Job:
    """Understand a request for an export; raises InteractionRefused or SearchRefused.

    ``_since`` is refused, because no time of a change is kept.
    """
    if "respond-async" not in preferences:
        raise InteractionRefused(reason="an export is asked for with Prefer: respond-async")
    names = set[str]()
    for name, value in parameters:
        if name == "_type":
            names |= set(value.split(","))
        elif name == "_outputFormat":
            if value.replace(" ", "+") not in NDJSON:
                raise SearchRefused(parameter=name, reason="value")
        elif name != "_format":
            raise SearchRefused(reason="unknown parameter")
    if not names <= set(TYPES):
        raise SearchRefused(parameter="_type", reason="value")
    return Job(today, tuple(kind for kind in TYPES if kind in names or not names))


def good_job(name: str, today: date) -> Job:
    """Return the job of a name; raises ResourceUnknown where there is none, or none any more."""
    job = job_of(name)
    if job is None or not job.good(today):
        raise ResourceUnknown
    return job


def file_of(name: str, kind: str, today: date) -> Type:
    """Return the type that a job's file holds; raises ResourceUnknown."""
    found = next((one for one in good_job(name, today).types if one == kind), None)
    if found is None:
        raise ResourceUnknown
    return found

"""Ids of observations: ``20260601.010.9N006000000000001`` of a checkup, ``20260601.home.body-weight`` measured at home."""

import re
from dataclasses import dataclass

PATIENT = "me"
HOME = "home"
_FORM = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\.([0-9]{3}|home)\.([0-9A-Z]{17}|[a-z-]{1,32})")


@dataclass(frozen=True, slots=True)
class ResourceId:
    """What an observation is about."""

    day: str
    """ISO 8601."""
    source: str
    """Programme of the checkup, or `HOME`."""
    about: str
    """Item code, or the name of what was measured."""


def resource_id(day: str, source: str, about: str) -> str:
    """Return the id; ``day`` is ISO 8601."""
    return f"{day[:4]}{day[5:7]}{day[8:]}.{source}.{about}"


def parse_id(text: str) -> ResourceId | None:
    """Return what an id says, or None for what is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    year, month, day, source, about = found.groups()
    return ResourceId(f"{year}-{month}-{day}", source, about)

"""Search parameters of type date (http://hl7.org/fhir/R4/search.html#date), of values that are whole days.

A value stands for the time from its first to its last instant, and so does the day it is compared with. Days are the member's own;
a time of day is therefore taken as it is written, whatever offset it names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Days = Callable[[date], bool]

_FORM = re.compile(
    r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_DAY = timedelta(days=1)
_END = datetime.max  # noqa: DTZ901  # of all days, wherever
_APPROXIMATELY = 10
"""``ap`` takes in this part, one of so many, of how long ago the value is: the standard's recommendation."""


@dataclass(frozen=True, slots=True)
class Span:
    """From its first instant to the first one after it."""

    start: datetime
    end: datetime


def day_filter(text: str, now: datetime) -> Days | None:
    """Return what one value of the parameter admits, or None for what is no such value."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    prefix, *parts = found.groups()
    try:
        wanted = _span([int(part) for part in parts if part is not None])
    except (ValueError, OverflowError):
        return None
    return _compare(prefix or "eq", wanted, now)


def written_day(text: object) -> date | None:
    """Return the day of a resource's dateTime, as it is written there; None for what names no one day."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None or found[1] is not None or found[4] is None:
        return None
    try:
        _span([int(part) for part in found.groups()[1:] if part is not None])
        return date(int(found[2]), int(found[3]), int(found[4]))
    except (ValueError, OverflowError):
        return None


def _span(parts: list[int]) -> Span:
    year, month, day, hour, minute, second = (*parts, *(1, 1, 1, 0, 0, 0)[len(parts) :])
    start = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # a device's own time
    if len(parts) == 1:
        end = start.replace(year=year + 1) if year < date.max.year else _END
    elif len(parts) == 2:
        end = (start + timedelta(days=32)).replace(day=1)
    else:
        end = _later(start, {3: _DAY, 5: timedelta(minutes=1), 6: timedelta(seconds=1)}[len(parts)])
    return Span(start, end)


def _later(start: datetime, by: timedelta) -> datetime:
    return start + by if start < _END - by else _END


def _compare(prefix: str, wanted: Span, now: datetime) -> Days:
    around = _around(wanted, now) if prefix == "ap" else wanted
    tests: dict[str, Callable[[datetime, datetime], bool]] = {
        "eq": lambda start, end: wanted.start <= start and end <= wanted.end,
        "ne": lambda start, end: not (wanted.start <= start and end <= wanted.end),
        "gt": lambda _, end: end > wanted.end,
        "lt": lambda start, _: start < wanted.start,
        "ge": lambda start, end: end > wanted.end or (wanted.start <= start and end <= wanted.end),
        "le": lambda start, end: start < wanted.start or (wanted.start <= start and end <= wanted.end),
        "sa": lambda start, _: start >= wanted.end,
        "eb": lambda _, end: end <= wanted.start,
        "ap": lambda start, end: start < around.end and end > around.start,
    }
    test = tests[prefix]

    def admits(day: date) -> bool:
        start = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a device's own day
        return test(start, _later(start, _DAY))

    return admits


def _around(wanted: Span, now: datetime) -> Span:
    slack = abs(now.replace(tzinfo=None) - wanted.start) / _APPROXIMATELY
    try:
        return Span(wanted.start - slack, wanted.end + slack)
    except OverflowError:
        return wanted

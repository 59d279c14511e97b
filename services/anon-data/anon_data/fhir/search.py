"""``GET /fhir/Observation?...``: what may be asked, and the answer's page.

http://hl7.org/fhir/R4/search.html. A parameter that is not known, has a modifier or a value that it cannot have is refused, because
an answer to another question than the one that was asked is worse than none; ``Prefer: handling=lenient`` asks to pass over unknown
ones.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Protocol

from health.fhir import LOINC, OBSERVATION_CATEGORIES

from anon_data.code_table import CodeTable
from anon_data.fhir.days import Days, day_filter
from anon_data.fhir.errors import SearchRefused
from anon_data.fhir.measured import BY_NAME, MEASURES, Measure
from anon_data.fhir.record import Found, Record, measured, results
from anon_data.fhir.resource_ids import PATIENT, parse_id
from anon_data.fhir.tokens import Token, split, tokens

COUNT, COUNT_MAX = 100, 1000
_IGNORED = frozenset({"_format", "_pretty", "_total"})


class Placed(Protocol):
    """What has a place in an order."""

    @property
    def day(self) -> str:
        """ISO 8601."""
        ...

    @property
    def code(self) -> str:
        """Item code or LOINC code."""
        ...

    @property
    def id(self) -> str:
        """The resource's."""
        ...


SORTS: Mapping[str, Callable[[Placed], str]] = {
    "date": attrgetter("day"),
    "code": attrgetter("code"),
    "_id": attrgetter("id"),
}


@dataclass
class Query:
    """One search as it was understood."""

    base: str = ""
    """The address of this FHIR server, by which the patient may be named as well."""
    days: list[list[Days]] = field(default_factory=list)
    """Of each list one must admit the day."""
    codes: list[list[Token]] = field(default_factory=list)
    combo_codes: list[list[Token]] = field(default_factory=list)
    categories: list[list[Token]] = field(default_factory=list)
    ids: list[frozenset[str]] = field(default_factory=list)
    nobody: bool = False
    """It asks about somebody else."""
    count: int = COUNT
    sort: Sequence[tuple[str, bool]] = (("date", True), ("_id", False))
    """Key, and whether downwards."""
    after: str | None = None
    """The id after which this page begins."""
    only_count: bool = False
    said: list[tuple[str, str]] = field(default_factory=list)
    """What was understood, for links."""

    @property
    def wants_vitals(self) -> bool:
        """Whether anything measured at home can be in the answer."""
        return any(self.admits_measure(one) for one in MEASURES)

    def admits_day(self, day: date) -> bool:
        """Whether the parameter ``date`` admits a day."""
        return all(any(one(day) for one in alternatives) for alternatives in self.days)

    def items(self, table: CodeTable) -> frozenset[int] | None:
        """Return whose results are asked for; None: all."""
        if self.nobody:
            return frozenset()
        asked = [(table.coded, choice) for choice in (*self.codes, *self.combo_codes)]
        asked += [(table.categorised, choice) for choice in self.categories]
        found = [frozenset[int]().union(*(meant.get(one, ()) for one in choice)) for meant, choice in asked]
        return frozenset.intersection(*found) if found else None

    def admits_measure(self, measure: Measure) -> bool:
        """Whether values of a measure are asked for."""
        own = [(LOINC, measure.loinc)]
        combined = [*own, *((LOINC, code) for code in measure.component_codes)]
        return (
            not self.nobody
            and all(any(one.admits(own) for one in choice) for choice in self.codes)
            and all(any(one.admits(combined) for one in choice) for choice in self.combo_codes)
            and all(any(one.admits([(OBSERVATION_CATEGORIES, measure.category)]) for one in choice) for choice in self.categories)
        )


def query_of(parameters: Iterable[tuple[str, str]], now: datetime, *, base: str, lenient: bool = False) -> Query:
    """Understand a search's parameters; raises SearchRefused. Empty values count as not given."""
    query = Query(base)
    for name, value in parameters:
        if name in _IGNORED or not value:
            continue
        read = READERS.get(name)
        if read is None:
            if lenient and ":" not in name:
                continue
            raise SearchRefused(reason="unknown parameter or modifier")
        if not read(query, value, now):
            raise SearchRefused(parameter=name, reason="value")
        query.said.append((name, value))
    return query


def matching(record: Record, query: Query) -> list[Found]:
    """Return everything that a search asks for, in its order."""
    wanted = frozenset(one.name for one in MEASURES if query.admits_measure(one))
    matches: list[Found] = [
        *results(record, query.admits_day, query.items(record.codes)),
        *measured(record, query.admits_day, wanted),
    ]
    if query.ids:
        matches = [one for one in matches if all(one.id in ids for ids in query.ids)]
    return matches


def page(matches: Sequence[Found], query: Query) -> tuple[list[Found], str | None]:
    """Return a page of the matches in the search's order, and the id after which the next one begins, if there is one."""
    last = next((one for one in matches if one.id == query.after), None) or _gone(query.after)
    ordered = _sorted([*matches, *([last] if isinstance(last, _Gone) else [])], query.sort)
    start = ordered.index(last) + 1 if last else 0
    rest = [one for one in ordered[start:] if not isinstance(one, _Gone)]
    shown = rest[: query.count]
    return shown, shown[-1].id if len(rest) > len(shown) > 0 else None


@dataclass(frozen=True, slots=True)
class _Gone:
    """The end of the page before, where it is not there any more."""

    day: str
    code: str
    id: str


def _gone(after: str | None) -> _Gone | None:
    said = parse_id(after) if after else None
    if after is None or said is None:
        return None
    return _Gone(said.day, BY_NAME[said.about].loinc if said.about in BY_NAME else said.about, after)


def _sorted(matches: list[Found | _Gone], keys: Sequence[tuple[str, bool]]) -> list[Found | _Gone]:
    """Sort by the keys and, where they are equal, by id."""
    ordered = sorted(matches, key=SORTS["_id"])
    for name, downwards in reversed(keys):
        ordered.sort(key=SORTS[name], reverse=downwards)
    return ordered


def _tokens(name: str) -> Callable[[Query, str, datetime], bool]:
    def read(query: Query, value: str, _now: datetime) -> bool:
        choice = tokens(value)
        if choice is None:
            return False
        getattr(query, name).append(choice)
        return True

    return read


def _date(query: Query, value: str, now: datetime) -> bool:
    alternatives = [day_filter(one, now) for one in split(value, ",")]
    good = [one for one in alternatives if one is not None]
    query.days.append(good)
    return len(good) == len(alternatives)


def _id(query: Query, value: str, _now: datetime) -> bool:
    query.ids.append(frozenset(split(value, ",")))
    return True


def _patient(query: Query, value: str, _now: datetime) -> bool:
    own = f"Patient/{PATIENT}"
    query.nobody |= not {PATIENT, own, f"{query.base}/{own}"} & set(split(value, ","))
    return True


def _count(query: Query, value: str, _now: datetime) -> bool:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        return False
    query.count = min(int(value), COUNT_MAX)
    query.only_count |= query.count == 0
    return True


def _sort(query: Query, value: str, _now: datetime) -> bool:
    keys = [(one.removeprefix("-"), one.startswith("-")) for one in value.split(",")]
    query.sort = keys
    return all(name in SORTS for name, _ in keys)


def _summary(query: Query, value: str, _now: datetime) -> bool:
    query.only_count |= value == "count"
    return value in ("count", "false")


def _cursor(query: Query, value: str, _now: datetime) -> bool:
    query.after = value
    return parse_id(value) is not None


READERS: Mapping[str, Callable[[Query, str, datetime], bool]] = {
    "code": _tokens("codes"),
    "combo-code": _tokens("combo_codes"),
    "category": _tokens("categories"),
    "date": _date,
    "_id": _id,
    "patient": _patient,
    "subject": _patient,
    "_count": _count,
    "_sort": _sort,
    "_summary": _summary,
    "_cursor": _cursor,
}
"""What understands each parameter; it returns whether the value is one."""

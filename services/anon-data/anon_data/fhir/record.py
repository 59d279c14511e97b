"""A member's record as it was read, and the observations in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from chassis.database import Record as Row
from health.fhir import ABSENT, ABSENT_REASONS, CANCELLED, LOINC, UCUM
from protocol.messages.records import Vital
from protocol.vitals import VITALS, VitalKind

from anon_data.code_table import CodeTable
from anon_data.fhir.days import Days
from anon_data.fhir.measured import BY_KIND, Measure
from anon_data.fhir.resource_ids import HOME, resource_id
from anon_data.fhir.written_items import FLAGS, WrittenItem
from anon_data.store.people import Known

_FORMS = {"1": "not-performed", "2": "not-measurable", "3": "above-range", "4": "below-range"}
_NO_VALUE = f'"dataAbsentReason":{{"coding":[{{"system":"{ABSENT_REASONS}","code":"%s"}}]}}'
_ABSENT = {form: (_NO_VALUE % ABSENT[absent]).encode() for form, absent in _FORMS.items()}
_VERSION_ENDS = {"-": "", "H": "-H", "L": "-L", "N": "-N"}
_STATUS = {form: "cancelled" if absent in CANCELLED else "final" for form, absent in _FORMS.items()}
_UNKNOWN = _NO_VALUE % "unknown"


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored of one member: parts that were not asked for are empty."""

    checkups: Sequence[Row]
    codes: CodeTable
    vitals: Sequence[Vital]
    person: Known | None = None


class Result(NamedTuple):
    """One result of a checkup. ``form`` says what ``text`` is, as `anon_data.store.checkups` reads it.

    A tuple and bytes, because there are hundreds in an answer.
    """

    day: str
    id: str
    code: str
    item: WrittenItem
    text: str | None
    form: str
    flag: str

    @property
    def version(self) -> str:
        """The content itself, which is short: the same content is the same version."""
        return f"{self.form}{self.text or ''}{_VERSION_ENDS[self.flag]}"

    def json(self) -> bytes:
        """Return the resource."""
        day, id_, _, item, text, form, flag = self
        if form == "v":
            said = b'%b",%b%b%b' % (day.encode(), b'"valueQuantity":{"value":', str(text).encode(), item.unit)
        elif form == "c":
            said = b'%b",%b' % (day.encode(), item.choice(str(text)))
        else:
            said = b'%b",%b' % (day.encode(), _ABSENT[form])
        start = _start(id_, f"{form}{text or ''}{_VERSION_ENDS[flag]}", _STATUS.get(form, "final"))
        return b"".join((start, item.head, said, FLAGS[flag]))


class Measured(NamedTuple):
    """What was measured at home on one day, of a kind or of a panel."""

    day: str
    id: str
    measure: Measure
    values: Mapping[VitalKind, Vital]

    @property
    def code(self) -> str:
        """What it is sorted by."""
        return self.measure.loinc

    @property
    def version(self) -> str:
        """The counters of its values."""
        return version_of(self.measure, {kind: vital.seq for kind, vital in self.values.items()})

    def json(self) -> bytes:
        """Return the resource."""
        if not self.measure.is_panel:
            said = self._value(self.measure.kinds[0])
        else:
            said = f'"component":[{",".join([self._component(kind) for kind in self.measure.kinds])}]'
        return b"".join((_start(self.id, self.version, "final"), self.measure.head, f'{self.day}",{said}}}'.encode()))

    def _component(self, kind: VitalKind) -> str:
        coding = f'"code":{{"coding":[{{"system":"{LOINC}","code":"{VITALS[kind].loinc}"}}]}}'
        return f"{{{coding},{self._value(kind) if kind in self.values else _UNKNOWN}}}"

    def _value(self, kind: VitalKind) -> str:
        unit = VITALS[kind].unit
        value = format(self.values[kind].value or 0, "f")
        return f'"valueQuantity":{{"value":{value},"unit":"{unit}","system":"{UCUM}","code":"{unit}"}}'


Found = Result | Measured


def version_of(measure: Measure, seqs: Mapping[VitalKind, int]) -> str:
    """Return an observation's version: its values' counters, a letter for a value that is not there."""
    return "-".join([str(seqs.get(kind, "n")) for kind in measure.kinds])


def results(record: Record, days: Days, items: frozenset[int] | None) -> Iterator[Result]:
    """Yield the results of checkups on these days, of these entries of the code table (None: of all)."""
    written = record.codes.written
    for row in record.checkups:
        day, program = row["exam_date"], row["program"]
        if row["items"] is None or not days(date.fromisoformat(day)):
            continue
        start = resource_id(day, program, "")
        for number, text, form, flag in zip(row["items"], row["texts"], row["forms"], row["flags"], strict=True):
            if items is None or number in items:
                item = written[number]
                yield Result(day, start + item.code, item.code, item, text, form, flag)


def measured(record: Record, days: Days, measures: frozenset[str] | None) -> Iterator[Measured]:
    """Yield what was measured at home on these days, of these measures (None: of all)."""
    by_day: dict[tuple[date, str], dict[VitalKind, Vital]] = {}
    for vital in record.vitals:
        measure = BY_KIND[vital.kind]
        if measures is None or measure.name in measures:
            by_day.setdefault((vital.day, measure.name), {})[vital.kind] = vital
    for (day, name), values in by_day.items():
        if days(day):
            said = day.isoformat()
            yield Measured(said, resource_id(said, HOME, name), BY_KIND[next(iter(values))], values)


def _start(id_: str, version: str, status: str) -> bytes:
    return f'{{"resourceType":"Observation","id":"{id_}","meta":{{"versionId":"{version}"}},"status":"{status}",'.encode()

"""FHIR R4 documents of checkups (健診結果報告書, JP eCheckup): each is one person's checkup, and a file holds one or several.

Results are those to which a section of the composition refers, with their components and members. They carry the item codes and
choice lists of the XML format, of either term. Names, numbers and words go to the identifying part. A document without results of
its own may have the checkup attached as XML.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from health.items import ITEM_SYSTEM, by_code

from .fhir_attachment import attached_checkup, read_attached
from .fhir_bundle import MISSING, Document, codings, days_differ, document_of, header_fields, person_name
from .fhir_file import WHERE, Placed, resources
from .header import HeaderError, make_header, make_row
from .report import Accepted, Importer, Rejected
from .results import Raw, ResultError, doctor, item_code, kind_of, observe
from .rows import CheckupRow, Observation, Status
from .safe_json import JsonError, Object, an_object, objects, words

Outcome = Accepted[CheckupRow] | Rejected

_HEAD = 64
_DEEPEST = 4
_USABLE = ("final", "amended", "corrected", "preliminary")
_ABSENT: Mapping[str, Status] = {
    "not-performed": "not-done",
    "error": "not-measurable",
    "NI": "not-measurable",
    "positive-infinity": "above-range",
    "PINF": "above-range",
    "negative-infinity": "below-range",
    "NINF": "below-range",
}
_BOUNDS: Mapping[str, Status] = {"<": "below-range", "<=": "below-range", ">": "above-range", ">=": "above-range"}


def sniff(path: Path) -> bool:
    """Whether the file begins like a JSON object."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).lstrip(b" \t\r\n").startswith(b"{")
    except OSError:
        return False


def read(path: Path) -> Iterator[Outcome]:
    """Yield each document's row, then the reports on its single results and on what was passed over."""
    documents = beside = 0
    try:
        for placed in resources(path):
            if placed.is_bundle:
                documents += 1
                yield from _document(placed)
            else:
                beside += 1
    except JsonError as refusal:
        yield Rejected(WHERE, None, refusal.code)
        return
    if not documents:
        yield Rejected(WHERE, None, "document-unknown")
    elif beside:
        yield Rejected(WHERE, None, "entries-unread", str(beside))


def _document(placed: Placed) -> Iterator[Outcome]:
    where, line = placed.file, placed.line
    try:
        document = document_of(placed.resource)
        header = make_header(header_fields(document), missing=MISSING)
    except HeaderError as refusal:
        yield Rejected(where, line, refusal.code, refusal.part)
        return
    reader = _Reader(document, placed)
    found = list(reader.results())
    if not found and (attached := attached_checkup(document)) is not None:
        yield from read_attached(attached, header, where, line)
        return
    unknown = Counter(one.code for one in found if one.code not in by_code())
    yield Accepted(where, line, make_row(header, found))
    yield from reader.reports
    if days_differ(document):
        yield Rejected(where, line, "days-differ")
    outside = sum(id(one) not in reader.seen for one in document.all_of("Observation"))
    if outside:
        yield Rejected(where, line, "results-outside", str(outside))
    if attachments := sum(1 for _ in document.all_of("DocumentReference")):
        yield Rejected(where, line, "attachment-unread", str(attachments))
    if unknown:
        yield Rejected(where, line, "items-unknown", f"{unknown.total()} results, {len(unknown)} codes")


class _Reader:
    """Collects a document's results in the order of its sections, each once."""

    def __init__(self, document: Document, placed: Placed) -> None:
        self._document = document
        self._placed = placed
        self._subject = document.find(document.composition.get("subject"))
        self.seen: set[int] = set()
        self.reports: list[Rejected] = []

    def results(self) -> Iterator[Observation]:
        """Yield every result that can be kept; reports on the others are noted."""
        for section in objects(self._document.composition.get("section")):
            for reference in objects(section.get("entry")):
                resource = self._document.find(reference)
                if resource is None:
                    self._report("reference-broken")
                elif resource.get("resourceType") == "Observation":
                    yield from self._observation(resource, 0)

    def _observation(self, resource: Object, depth: int) -> Iterator[Observation]:
        if id(resource) in self.seen or depth > _DEEPEST:
            return
        self.seen.add(id(resource))
        subject = resource.get("subject")
        if subject is not None and self._document.find(subject) is not self._subject:
            self._report("subject-differs", _known(resource))
            return
        status = words(resource.get("status"))
        if status not in (*_USABLE, "cancelled"):
            self._report("result-withdrawn", _known(resource))
            return
        cancelled, members = status == "cancelled", list(objects(resource.get("hasMember")))
        if not (members and _value_name(resource) is None and not cancelled):
            yield from self._one(resource, cancelled=cancelled)
        for component in objects(resource.get("component")):
            yield from self._one(component, cancelled=cancelled)
        yield from self._members(members, depth)
        yield from self._judges(resource)

    def _members(self, members: list[Object], depth: int) -> Iterator[Observation]:
        for reference in members:
            member = self._document.find(reference)
            if member is None:
                self._report("reference-broken")
            elif member.get("resourceType") == "Observation":
                yield from self._observation(member, depth + 1)

    def _judges(self, resource: Object) -> Iterator[Observation]:
        for reference in objects(resource.get("performer")):
            performer = self._document.find(reference) or {}
            if performer.get("resourceType") == "Practitioner" and (judge := doctor(person_name(performer))):
                yield judge

    def _one(self, resource: Object, *, cancelled: bool) -> Iterator[Observation]:
        try:
            yield _typed(resource, cancelled=cancelled)
        except ResultError as refusal:
            self._report(refusal.code, refusal.item)

    def _report(self, code: str, about: str = "") -> None:
        self.reports.append(Rejected(self._placed.file, self._placed.line, code, about))


def _typed(resource: Object, *, cancelled: bool) -> Observation:
    code = item_code(next((code for system, code in codings(resource.get("code")) if system == ITEM_SYSTEM), ""))
    name = _value_name(resource)
    kind = kind_of(code, _declared(code, name), valued=name is not None)
    status, raw, unit, system = _value(resource, name, code)
    flags = [flag for concept in objects(resource.get("interpretation")) for _, flag in codings(concept)]
    flag = next((one for one in flags if one in ("H", "L", "N")), None)
    if cancelled and status != "not-measurable":
        status = "not-done"
    return observe(Raw(code, kind, raw, unit, system, status, flag))


def _value_name(resource: Object) -> str | None:
    return next((name for name in resource if name.startswith("value")), None)


def _declared(code: str, name: str | None) -> str:
    """Return the HL7 version 3 type that stands for a FHIR value, one that no item has for those that none can be."""
    if name is None:
        return ""
    item = by_code().get(code)
    coded = item.kind if item and item.kind in ("CD", "CO") else "CD"
    return {"valueQuantity": "PQ", "valueInteger": "PQ", "valueCodeableConcept": coded, "valueString": "ST"}.get(name, name)


def _value(resource: Object, name: str | None, code: str) -> tuple[Status, str, str, str]:
    """Return status, value, unit and choice list as they are written."""
    if name is None:
        reasons = [reason for _, reason in codings(resource.get("dataAbsentReason"))]
        if not reasons:
            raise ResultError("item-value-missing", code)
        return next((_ABSENT[reason] for reason in reasons if reason in _ABSENT), "missing"), "", "", ""
    value = resource[name]
    if name == "valueQuantity":
        quantity = an_object(value)
        status = _BOUNDS.get(words(quantity.get("comparator")), "measured")
        return status, _number(quantity.get("value")), words(quantity.get("code")) or words(quantity.get("unit")), ""
    if name == "valueCodeableConcept":
        system, answer = next(((system, answer) for system, answer in codings(value) if answer), ("", ""))
        return "measured", answer, "", system
    return "measured", _number(value) if name == "valueInteger" else words(value), "", ""


def _number(value: object) -> str:
    """Write a JSON number as it was written: the shortest that reads the same."""
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _known(resource: Object) -> str:
    """Return the item's code for a report, if it is one of the table's."""
    return next((code for _, code in codings(resource.get("code")) if code in by_code()), "")


IMPORTER = Importer("checkup-fhir", sniff, read)

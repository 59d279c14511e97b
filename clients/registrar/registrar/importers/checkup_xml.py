"""特定健診 XML archives of the 3rd and 4th term: a ZIP with one HL7 CDA document per person and an index.

File names follow the rule less often than one would hope, so each entry is known by its content alone. An archive that is
damaged anywhere yields its one report and no row. Which term's items and choice lists count follows from the index, and without
one from the examination's day.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from zipfile import is_zipfile

from health.items import by_code
from lxml import etree

from .checkup_header import NS, parse_header
from .checkup_values import doctor_of, parse_observation
from .guidance import guidance
from .header import HeaderError, is_guidance, make_row
from .report import Accepted, Importer, Rejected
from .results import ResultError
from .rows import CheckupRow, GuidanceRow, Observation
from .safe_xml import XmlError, line_of, parse
from .safe_zip import ArchiveError, Limits, SafeZip
from .terms import TERMS, Term, term_of

Outcome = Accepted[CheckupRow] | Accepted[GuidanceRow] | Rejected
Sort = Literal["checkup", "index", "other", "namespace-wrong", "document-unknown"]

_CDA_NAMESPACE = "urn:hl7-org:v3"
_INDEX_NAMESPACES = tuple(term.index_namespace for term in TERMS)
_OTHER_ROOTS = ("summary", "checkupClaim", "healthGuidanceClaim")
_ARCHIVE = "archive"
_DEEPEST_GROUP = 3
_INDEX_WORDS = (b"index", "index".encode("utf-16-le"), "index".encode("utf-16-be"))
_INDEX_WITHIN = 2000
_ENTRIES = f"{NS}component/{NS}structuredBody/{NS}component/{NS}section/{NS}entry"


def sniff(path: Path) -> bool:
    """Whether the file starts like a ZIP archive; a truncated one still does."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04" or is_zipfile(path)
    except OSError:
        return False


def read(path: Path, limits: Limits | None = None) -> Iterator[Outcome]:
    """Yield each document's row, then the reports on its single results; reports on the archive come last."""
    try:
        with SafeZip(path, limits or Limits()) as archive:
            yield from _read(archive)
    except ArchiveError as problem:
        yield Rejected(_ARCHIVE, None, problem.code)


def _read(archive: SafeZip) -> Iterator[Outcome]:
    documents, announced, unknown = 0, list[int | None](), Counter[str]()
    term = _term(archive)
    for entry in archive:
        where = f"DATA[{entry.position:06d}]"
        content = archive.content(entry)
        if not _looks_like_xml(content, entry.info.filename):
            continue
        try:
            root = parse(content)
            sort = _sort(root)
        except XmlError as problem:
            documents += 1
            yield Rejected(where, None, problem.code)
            continue
        if sort == "index":
            announced.append(_announced(root))
        elif sort == "checkup":
            documents += 1
            yield from document(root, where, term, unknown)
        elif sort != "other":
            documents += not _is_index(root)
            yield Rejected(where, None, sort)
    yield from _closing(documents, announced, unknown)


def _term(archive: SafeZip) -> Term | None:
    """Return the term that the archive's index belongs to, wherever it lies; None when there is no such index."""
    for entry in archive:
        content = archive.content(entry)
        if any(word in content[:_INDEX_WITHIN] for word in _INDEX_WORDS):
            try:
                root = parse(content)
            except XmlError:
                continue
            if _sort(root) == "index":
                return next(term for term in TERMS if term.index_namespace == etree.QName(root).namespace)
    return None


def _closing(documents: int, announced: list[int | None], unknown: Counter[str]) -> Iterator[Rejected]:
    if not documents:
        yield Rejected(_ARCHIVE, None, "archive-empty")
    if not announced:
        yield Rejected(_ARCHIVE, None, "index-missing")
    elif announced[0] is None or len(announced) > 1:
        yield Rejected(_ARCHIVE, None, "index-unreadable")
    elif announced[0] != documents:
        yield Rejected(_ARCHIVE, None, "index-mismatch", f"{announced[0]} announced, {documents} found")
    if unknown:
        yield Rejected(_ARCHIVE, None, "items-unknown", f"{unknown.total()} results, {len(unknown)} codes")


def _looks_like_xml(content: bytes, name: str) -> bool:
    """By its first bytes in any encoding XML allows; a file called .xml is always tried, so that a damaged one is reported."""
    start = content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lstrip(b"\0")
    return start.startswith(b"<") or name.lower().endswith(".xml")


def _sort(root: etree._Element) -> Sort:
    """Return what a document is by its root element, or the report code for what this format does not have."""
    name = etree.QName(root)
    if name.localname == "ClinicalDocument":
        return "checkup" if name.namespace == _CDA_NAMESPACE else "namespace-wrong"
    if name.localname == "index":
        return "index" if name.namespace in _INDEX_NAMESPACES else "namespace-wrong"
    if name.localname in _OTHER_ROOTS:
        return "other" if name.namespace in _INDEX_NAMESPACES else "namespace-wrong"
    return "document-unknown"


def _is_index(root: etree._Element) -> bool:
    return etree.QName(root).localname == "index"


def _announced(root: etree._Element) -> int | None:
    count = root.find("{*}totalRecordCount")
    text = (count.get("value") if count is not None else "") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 8 else None


def document(root: etree._Element, where: str, term: Term | None, unknown: Counter[str]) -> Iterator[Outcome]:
    """Yield one document's row, then the reports on its results; codes outside the table are counted in `unknown`."""
    try:
        header = parse_header(root)
    except HeaderError as refusal:
        yield Rejected(where, None, refusal.code, refusal.part)
        return
    if is_guidance(header.report_code):
        yield from guidance(header, root, where)
        return
    reports: list[Rejected] = []
    found = list(_results(root, where, term or term_of(header.exam_date), reports))
    unknown.update(one.code for one in found if one.code not in by_code())
    yield Accepted(where, None, make_row(header, found))
    yield from reports


def _results(root: etree._Element, where: str, term: Term, reports: list[Rejected]) -> Iterator[Observation]:
    """Every coded observation of every section, in file order; what cannot be kept goes to `reports`."""
    groups = 0
    for entry in root.iterfind(_ENTRIES):
        for element in entry.iterfind(f"{NS}observation"):
            members = list(_members(element, reason=False, depth=0))
            grouped = len(members) > 1 or _is_group(element)
            groups += grouped
            for member, reason in members:
                try:
                    yield parse_observation(member, groups if grouped else None, reason, term)
                except ResultError as refusal:
                    reports.append(Rejected(where, line_of(member), refusal.code, refusal.item))
                if doctor := doctor_of(member):
                    yield doctor


def _members(element: etree._Element, *, reason: bool, depth: int) -> Iterator[tuple[etree._Element, bool]]:
    """Yield the observation unless it only holds a group together, then those related to it; and whether each is a reason."""
    if not _is_group(element):
        yield element, reason
    if depth >= _DEEPEST_GROUP:
        return
    for relation in element.iterfind(f"{NS}entryRelationship"):
        because = relation.get("typeCode") == "RSON"
        for member in relation.iterfind(f"{NS}observation"):
            yield from _members(member, reason=because, depth=depth + 1)


def _is_group(element: etree._Element) -> bool:
    code = element.find(f"{NS}code")
    return code is not None and code.get("nullFlavor") == "NA"


IMPORTER: Importer[CheckupRow | GuidanceRow] = Importer("checkup-xml", sniff, read)

"""One examination as a 特定健診 XML document (HL7 CDA R2, 4th term, schema hc08_V08)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from health.items import CHOICE_ROOT

from .exam import Exam, Laboratory
from .people import Person
from .results import Result

_SECTIONS = {"10": ("01010", "特定健診検査・問診セクション"), "40": ("01030", "労働安全衛生法健診セクション")}
_RELATION = {"COMP": "COMP", "RSON": "RSON", "RSON1": "RSON"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a document of any kind says around its results."""

    schema: str
    report: str
    program: str
    day: date
    written: date
    """Its date of issue."""
    organization: Laboratory
    ticket: str
    section: str
    title: str


def render(person: Person, exam: Exam, written: date) -> bytes:
    """Return the document in UTF-8; `written` is its date of issue."""
    section, title = _SECTIONS[exam.report]
    ticket = _ticket(person, exam)
    frame = Frame("hc08_V08", exam.report, exam.program, exam.day, written, exam.laboratory, ticket, section, title)
    return framed(person, frame, "".join(_entries(exam.results)))


def framed(person: Person, frame: Frame, results: str) -> bytes:
    """Return a document with these entries in UTF-8."""
    day, issued = f"{frame.day:%Y%m%d}", f"{frame.written:%Y%m%d}"
    laboratory = _organization(frame.organization)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="urn:hl7-org:v3 ../XSD/{frame.schema}.xsd">\n'
        '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>\n'
        '<id nullFlavor="NI"/>\n'
        f'<code code="{frame.report}" codeSystem="{CHOICE_ROOT}1001"/>\n'
        f'<effectiveTime value="{issued}"/>\n'
        '<confidentialityCode code="N"/>\n'
        f"{_patient(person)}"
        f'<author><time value="{issued}"/><assignedAuthor><id nullFlavor="NI"/>{laboratory}</assignedAuthor></author>\n'
        "<custodian><assignedCustodian><representedCustodianOrganization>"
        '<id nullFlavor="NI"/></representedCustodianOrganization></assignedCustodian></custodian>\n'
        f"{frame.ticket}"
        f'<documentationOf><serviceEvent><code code="{frame.program}" codeSystem="{CHOICE_ROOT}1002"/>'
        f'<effectiveTime value="{day}"/><performer typeCode="PRF"><assignedEntity><id nullFlavor="NI"/>{laboratory}'
        "</assignedEntity></performer></serviceEvent></documentationOf>\n"
        "<component><structuredBody><component><section>\n"
        f'<code code="{frame.section}" codeSystem="{CHOICE_ROOT}1010" displayName="{frame.title}"/><title>{frame.title}</title>'
        "<text><list><item>架空の人物の試験用データ</item></list></text>\n"
        f"{results}"
        "</section></component></structuredBody></component>\n"
        "</ClinicalDocument>\n"
    ).encode()


def _patient(person: Person) -> str:
    ids = (
        ("101", person.insurer_number),
        ("204", person.symbol),
        ("205", person.number),
        ("211", person.branch),
        ("206", person.qualification),
    )
    numbers = "".join(f'<id extension="{value}" root="{CHOICE_ROOT}{root}"/>' for root, value in ids)
    return (
        f"<recordTarget><patientRole>{numbers}"
        f"<addr><postalCode>{person.home.postcode}</postalCode>{escape(person.home.address)}</addr>"
        f"<patient><name>{escape(person.kana_name)}</name>"
        f'<administrativeGenderCode code="{1 if person.male else 2}" codeSystem="{CHOICE_ROOT}1104"/>'
        f'<birthTime value="{person.birth:%Y%m%d}"/></patient></patientRole></recordTarget>\n'
    )


def _organization(lab: Laboratory) -> str:
    return (
        f'<representedOrganization><id extension="{lab.number}" root="{CHOICE_ROOT}102"/><name>{escape(lab.name)}</name>'
        '<telecom value="tel:00-0000-0000"/><addr><postalCode>000-0000</postalCode>架空県試験市見本町1</addr>'
        "</representedOrganization>"
    )


def _ticket(person: Person, exam: Exam) -> str:
    """Dependants come with a ticket of the insurer, employees through their employer without one."""
    if person.relation == "self" or exam.report != "10":
        return ""
    fiscal_year = exam.day.year - (exam.day.month < 4)
    ticket = f"{fiscal_year % 100:02d}1{person.serial:08d}"
    return (
        f'<participant typeCode="HLD"><functionCode code="1" codeSystem="{CHOICE_ROOT}208"/>'
        f'<time><high value="{fiscal_year + 1}0331"/></time><associatedEntity classCode="IDENT">'
        f'<id extension="{ticket}" root="{CHOICE_ROOT}209.1{person.insurer_number}"/>'
        f'<scopingOrganization><id extension="{person.insurer_number}" root="{CHOICE_ROOT}101"/></scopingOrganization>'
        "</associatedEntity></participant>\n"
    )


def _entries(results: Sequence[Result]) -> Iterator[str]:
    """One entry per result; neighbours of one examination group share an entry."""
    for group, members in groupby(results, key=lambda result: result.item.group):
        if group is None:
            yield from (f"<entry>{_observation(result)}</entry>\n" for result in members)
            continue
        parts = "".join(
            f'<entryRelationship typeCode="{_RELATION[result.item.relation or "COMP"]}">{_observation(result)}</entryRelationship>'
            for result in members
        )
        yield (f'<entry><observation classCode="OBS" moodCode="EVN"><code nullFlavor="NA"/>{parts}</observation></entry>\n')


def _observation(result: Result) -> str:
    item = result.item
    code = f'<code code="{item.code}" displayName={quoteattr(item.label)}/>'
    if result.negated:
        return f'<observation classCode="OBS" moodCode="EVN" negationInd="true">{code}</observation>'
    interpretation = f'<interpretationCode code="{result.interpretation}"/>' if result.interpretation else ""
    method = f'<methodCode code="{item.method_code}"/>' if item.method_code else ""
    author = (
        '<author><time nullFlavor="NI"/><assignedAuthor><id nullFlavor="NI"/>'
        f"<assignedPerson><name>{escape(result.author)}</name></assignedPerson></assignedAuthor></author>"
        if result.author
        else ""
    )
    return f'<observation classCode="OBS" moodCode="EVN">{code}{_value(result)}{interpretation}{method}{author}</observation>'


def _value(result: Result) -> str:
    item = result.item
    if result.null:
        return f'<value xsi:type="{item.kind}" nullFlavor="{result.null}"/>'
    if item.kind == "PQ":
        return f'<value xsi:type="PQ" value="{result.value}" unit={quoteattr(item.unit or "1")}/>'
    if item.kind == "ST":
        return f'<value xsi:type="ST">{escape(result.value)}</value>'
    return f'<value xsi:type="{item.kind}" code="{result.value}" codeSystem="{CHOICE_ROOT}{item.choices[0]}"/>'

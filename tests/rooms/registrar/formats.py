"""The same fictional checkup, written in every format that the registrar reads."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from health.items import CHOICE_ROOT, by_code
from rooms.registrar.samples import SECRET, archive, document, observation

HEIGHT, WEIGHT, GLUCOSE = "9N001000000000001", "9N006000000000001", "3D010000001926101"
SMOKING, PROTEIN, WORDS = "9N736000000000011", "1A010000000191111", "9N511000000000049"
RESULTS: Mapping[str, str] = {WEIGHT: "60.5", HEIGHT: "160.5", GLUCOSE: "95", SMOKING: "2", PROTEIN: "未実施", WORDS: "架空の判定"}
"""Values by item; the ministry's word for what was not done."""

NOT_DONE = "未実施"


@dataclass(frozen=True)
class Checkup:
    """One checkup of an invented member, as writers need it."""

    number: str = "1"
    birth: str = "19800401"
    sex: str = "1"
    day: str = "20240610"
    ticket: str = "24100000001"
    results: Mapping[str, str] = field(default_factory=lambda: RESULTS)
    written: str = ""
    """When the document was made, which only XML and FHIR say."""


def write_xml(path: Path, *checkups: Checkup) -> Path:
    """An archive of the 4th term."""
    return archive(path, [xml_document(one) for one in checkups])


def xml_document(one: Checkup) -> bytes:
    """A CDA document."""
    ids = {"101": "06990019", "204": "101", "205": one.number, "211": "00"}
    text = document(
        *(_entry(code, value) for code, value in one.results.items()), birth=one.birth, day=one.day, sex=one.sex, ids=ids
    )
    holder = (
        f'<participant typeCode="HLD"><associatedEntity classCode="IDENT"><id root="{CHOICE_ROOT}209.106990019" '
        f'extension="{one.ticket}"/></associatedEntity></participant>\n<documentationOf>'
    )
    made = f'<effectiveTime value="{one.written}"/>\n<recordTarget>' if one.written else "<recordTarget>"
    return text.replace(b"<documentationOf>", holder.encode()).replace(b"<recordTarget>", made.encode())


def _entry(code: str, value: str) -> str:
    item = by_code()[code]
    if value == NOT_DONE:
        return observation(code, negated=True)
    if item.kind == "PQ":
        return observation(code, f'<value xsi:type="PQ" value="{value}" unit="{item.unit}"/>')
    if item.kind == "ST":
        return observation(code, f'<value xsi:type="ST">{value}</value>')
    return observation(code, f'<value xsi:type="{item.kind}" code="{value}" codeSystem="{CHOICE_ROOT}{item.choices[0]}"/>')


NIPH_PERSON = (
    *("KEY1", "受診者保険者番号", "受診者被保険者記号", "受診者被保険者番号", "受診者被保険者番号枝番", "受診者氏名"),
    *("受診者生年月日", "受診者性別", "受診者郵便番号", "受診者住所", "受診券整理番号", "受診券有効期限", "健診実施年月日"),
)


def niph_line(one: Checkup, codes: Sequence[str], changes: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """One person's cells; a change is by the column's header."""
    said = (
        "1001",
        "06990019",
        "101",
        one.number,
        "00",
        SECRET,
        one.birth,
        one.sex,
        "000-0000",
        SECRET,
        one.ticket,
        "20250331",
        one.day,
    )
    person = dict(zip(NIPH_PERSON, said, strict=True)) | dict(changes)
    return [*person.values(), *(one.results.get(code, "") for code in codes)]


def niph_table(lines: Sequence[Sequence[str]], codes: Sequence[str]) -> str:
    """Return the table with its header lines."""
    out = StringIO()
    writer = csv.writer(out)
    header = [*NIPH_PERSON, *codes]
    writer.writerow([f"#{at}" if at == 1 else str(at) for at in range(1, len(header) + 1)])
    writer.writerow([f"#{header[0]}", *header[1:]])
    writer.writerow(["#受診者キー", *[""] * (len(header) - 1)])
    writer.writerows(lines)
    return out.getvalue()


def write_niph(path: Path, *checkups: Checkup) -> Path:
    """The wide table, in CP932."""
    codes = sorted({code for one in checkups for code in one.results})
    return saved(path, niph_table([niph_line(one, codes) for one in checkups], codes))


def jma_line(one: Checkup, *, institution: tuple[str, str] = ("", ""), birth: str = "") -> list[str]:
    """One person's cells in the medical association's layout."""
    header = ["KENSA", *institution, one.day, "1", one.day, "1", one.ticket, SECRET, birth or one.birth, one.sex, "", ""]
    results = [cell for code, value in one.results.items() for cell in jma_result(code, value)]
    return [*header, *results]


def jma_result(code: str, value: str, *, done: str = "1", abnormal: str = "", form: str = "") -> list[str]:
    """One result's eight cells."""
    item = by_code().get(code)
    done, value = ("0", "") if value == NOT_DONE else (done, value)
    return [code, item.label if item else "架空", done, abnormal, form, value, (item.unit if item else "") or "", ""]


def jma_table(lines: Sequence[Sequence[str]]) -> str:
    """Return the lines with every field in quotation marks."""
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(lines)
    return out.getvalue()


def write_jma(path: Path, *checkups: Checkup) -> Path:
    """The medical association's layout, in CP932."""
    return saved(path, jma_table([jma_line(one) for one in checkups]))


def write_tickets(path: Path, *checkups: Checkup) -> Path:
    """Whose the tickets are."""
    lines = [f"{one.ticket},06990019,１０１,{one.number},0" for one in checkups]
    return saved(path, "\n".join(["受診券整理番号,保険者番号,記号,番号,枝番", *lines, ""]))


def bundle(one: Checkup) -> dict[str, Any]:
    """A FHIR document."""
    resources: dict[str, dict[str, Any]] = {
        "patient": {
            "resourceType": "Patient",
            "name": [{"text": SECRET}],
            "gender": {"1": "male", "2": "female"}.get(one.sex, one.sex),
            "birthDate": _dashed(one.birth),
        },
        "encounter": {"resourceType": "Encounter", "period": {"start": _dashed(one.day)}},
        "insurer": {
            "resourceType": "Organization",
            "identifier": [{"system": "urn:oid:1.2.392.100495.20.3.61", "value": "06990019"}],
        },
        "ticket": {
            "resourceType": "Coverage",
            "type": {"coding": [{"code": "1", "system": f"urn:oid:{CHOICE_ROOT}208"}]},
            "subscriberId": one.ticket,
        },
        "insurance": {
            "resourceType": "Coverage",
            "type": {"coding": [{"code": "1", "system": "urn:oid:1.2.392.100495.20.2.61"}]},
            "extension": [_insured("Symbol", "１０１"), _insured("Number", one.number), _insured("SubNumber", "００")],
            "payor": [{"reference": "urn:uuid:insurer"}],
        },
    }
    found = {f"result-{at}": _resource(code, value) for at, (code, value) in enumerate(one.results.items())}
    composition = {
        "resourceType": "Composition",
        "category": [{"coding": [{"system": f"urn:oid:{CHOICE_ROOT}1001", "code": "10"}]}],
        "subject": {"reference": "urn:uuid:patient"},
        "encounter": {"reference": "urn:uuid:encounter"},
        "event": [{"code": [{"coding": [{"system": f"urn:oid:{CHOICE_ROOT}1002", "code": "010"}]}]}],
        "section": [{"entry": [{"reference": f"urn:uuid:{name}"} for name in found]}],
        **({"date": f"{_dashed(one.written)}T09:00:00+09:00"} if one.written else {}),
    }
    entries = {"composition": composition, **resources, **found}
    listed = [{"fullUrl": f"urn:uuid:{name}", "resource": resource} for name, resource in entries.items()]
    return {"resourceType": "Bundle", "type": "document", "entry": listed}


def _insured(part: str, text: str) -> dict[str, str]:
    url = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson"
    return {"url": url + part, "valueString": text}


def _resource(code: str, value: str) -> dict[str, Any]:
    item = by_code()[code]
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": "urn:uuid:patient"},
        "code": {"coding": [{"system": f"urn:oid:{CHOICE_ROOT}1005", "code": code}]},
    }
    if value == NOT_DONE:
        return resource | {"dataAbsentReason": {"coding": [{"code": "not-performed"}]}}
    if item.kind == "PQ":
        return resource | {"valueQuantity": {"value": float(Decimal(value)), "code": item.unit}}
    if item.kind == "ST":
        return resource | {"valueString": value}
    system = f"urn:oid:{CHOICE_ROOT}{item.choices[0]}"
    return resource | {"valueCodeableConcept": {"coding": [{"system": system, "code": value}]}}


def _dashed(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def write_bundle(path: Path, *checkups: Checkup) -> Path:
    """A file of FHIR documents, a line each."""
    path.write_text("\n".join(json.dumps(bundle(one), ensure_ascii=False) for one in checkups), encoding="utf-8")
    return path


PROFILE = """
name = "fictional"
encoding = "cp932"
delimiter = ";"
header_line = 2
dates = ["YYYY/MM/DD", "GYY.MM.DD", "YYYYMMDD"]
[columns]
symbol = "記号"
number = "番号"
branch = "枝"
birth_date = "誕生日"
sex = "性"
exam_date = "受診日"
ticket = "券"
[constants]
insurer_number = "06990019"
[sex]
"男" = "1"
"女" = "2"
[words]
not_done = ["未実施", "-"]
[[items]]
column = "身長"
code = "9N001000000000001"
unit = "m"
[[items]]
column = "体重"
code = "9N006000000000001"
[[items]]
column = "血糖"
code = "3D010000001926101"
[[items]]
column = "たばこ"
code = "9N736000000000011"
choices = "24060"
values = { "吸う" = "1", "やめた" = "2", "吸わない" = "3" }
[[items]]
column = "尿蛋白"
code = "1A010000000191111"
[[items]]
column = "所見"
code = "9N511000000000049"
"""
OWN_HEADER = ("記号", "番号", "枝", "氏名", "誕生日", "性", "受診日", "券", "身長", "体重", "血糖", "たばこ", "尿蛋白", "所見")


def own_line(one: Checkup) -> list[str]:
    """One person's cells in the layout that the profile describes: metres, words for answers, its own word for not done."""
    said = one.results
    smoking = {"1": "吸う", "2": "やめた", "3": "吸わない"}.get(said[SMOKING], said[SMOKING])
    person = ["101", one.number, "0", SECRET, one.birth, {"1": "男", "2": "女"}.get(one.sex, one.sex), one.day, one.ticket]
    height = str(Decimal(said[HEIGHT]) / 100)
    return [*person, height, said[WEIGHT], said[GLUCOSE], smoking, said[PROTEIN].replace(NOT_DONE, "-"), said[WORDS]]


def own_table(lines: Sequence[Sequence[str]]) -> str:
    """Return the table under a title and its header line."""
    return "\n".join(";".join(line) for line in (("架空クリニック",), OWN_HEADER, *lines)) + "\n"


def write_own(path: Path, *checkups: Checkup) -> Path:
    """A table that only a profile explains."""
    return saved(path, own_table([own_line(one) for one in checkups]))


def bare_profile() -> str:
    """Return the profile of the same table without its title and header line: columns are named by their numbers."""
    text = PROFILE.replace('name = "fictional"', 'name = "bare"').replace(
        "header_line = 2", f"header_line = 0\nwidth = {len(OWN_HEADER)}"
    )
    for at, name in enumerate(OWN_HEADER, 1):
        text = text.replace(f' = "{name}"\n', f' = "{at}"\n')
    return text


def write_bare(path: Path, *checkups: Checkup) -> Path:
    """That table."""
    return saved(path, bare_table([own_line(one) for one in checkups]))


def bare_table(lines: Sequence[Sequence[str]]) -> str:
    """Return the lines without a title and a header."""
    return "\n".join(";".join(line) for line in lines) + "\n"


def write_profile(path: Path, text: str = PROFILE) -> Path:
    """The profile of that table."""
    path.write_text(text, encoding="utf-8")
    return path


def saved(path: Path, text: str, encoding: str = "cp932") -> Path:
    """Write a table's text as it is."""
    path.write_bytes(text.encode(encoding))
    return path

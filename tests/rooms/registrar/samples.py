"""Small hand-made checkup archives, so that one thing at a time can be wrong in them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

INDEX_4 = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html"
INDEX_3 = "http://tokuteikenshin.jp/checkup/2007"
HEIGHT = "9N001000000000001"
SMOKING = "9N736000000000011"
SECRET = "ヒミツノ　ナマエ"
"""Stands for anything personal; no report may show it."""


def observation(code: str, value: str = "", *, after: str = "", negated: bool = False) -> str:
    """One entry with a single observation."""
    negation = ' negationInd="true"' if negated else ""
    return f'<entry><observation classCode="OBS" moodCode="EVN"{negation}><code code="{code}"/>{value}{after}</observation></entry>'


def quantity(code: str, number: str, unit: str = "cm") -> str:
    """One entry with a number."""
    return observation(code, f'<value xsi:type="PQ" value="{number}" unit="{unit}"/>')


def choice(code: str, answer: str, number: str, kind: str = "CD") -> str:
    """One entry with a coded answer."""
    return observation(code, f'<value xsi:type="{kind}" code="{answer}" codeSystem="1.2.392.200119.6.{number}"/>')


def document(
    *entries: str,
    report: str = "10",
    birth: str = "19700401",
    day: str = "20240610",
    sex: str = "1",
    ids: Mapping[str, str] | None = None,
    namespace: str = "urn:hl7-org:v3",
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    """One person's document with the given results."""
    numbers = {"101": "06990019", "204": "101", "205": "100007", "211": "00"} if ids is None else ids
    spelled = "".join(f'<id root="1.2.392.200119.6.{root}" extension="{number}"/>' for root, number in numbers.items())
    return f"""{prolog}
<ClinicalDocument xmlns="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<code code="{report}" codeSystem="1.2.392.200119.6.1001"/>
<recordTarget><patientRole>{spelled}<patient><name>{SECRET}</name>
<administrativeGenderCode code="{sex}" codeSystem="1.2.392.200119.6.1104"/><birthTime value="{birth}"/></patient>
</patientRole></recordTarget>
<documentationOf><serviceEvent><code code="010" codeSystem="1.2.392.200119.6.1002"/>
<effectiveTime value="{day}"/></serviceEvent></documentationOf>
<component><structuredBody><component><section>
{"".join(entries)}
</section></component></structuredBody></component></ClinicalDocument>
""".encode()


def index(count: int | str, namespace: str = INDEX_4) -> bytes:
    """Return an index announcing that many documents."""
    return f'<index xmlns="{namespace}"><totalRecordCount value="{count}"/></index>'.encode()


def archive(path: Path, documents: Sequence[bytes], count: int | str | None = None, namespace: str = INDEX_4) -> Path:
    """Write documents under telling names, which nothing may repeat, and then an index."""
    with ZipFile(path, "w", ZIP_DEFLATED) as out:
        for place, content in enumerate(documents):
            out.writestr(f"{SECRET}/{place}{SECRET}.xml", content)
        out.writestr("ix08_V08.xml", index(len(documents) if count is None else count, namespace))
    return path

"""What was measured at home."""

from datetime import date, datetime

from protocol.vitals import VitalKind

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.fhir import PATIENT_URL, home_observations, observation_url
from warifu.session import MemberSession

_KINDS: dict[VitalKind, Words] = {
    "body-weight": Words("体重", "Body weight"),
    "systolic": Words("収縮期血圧", "Systolic pressure"),
    "diastolic": Words("拡張期血圧", "Diastolic pressure"),
    "pulse": Words("脈拍", "Pulse"),
    "body-temperature": Words("体温", "Body temperature"),
    "sleep": Words("睡眠時間", "Sleep"),
    "waist": Words("腹囲", "Waist"),
}
_SOURCES = {"typed": Words("手入力", "typed"), "device": Words("機器", "device")}


async def _read(session: MemberSession, _now: datetime) -> Content:
    found = await session.vitals(date.min, date.max)
    rows: list[list[Cell]] = [
        [
            one.day.isoformat(),
            Coded(one.kind, _KINDS.get(one.kind, Words(one.kind, one.kind))),
            str(one.value),
            one.unit,
            Coded(one.source, _SOURCES[one.source]),
        ]
        for one in found
    ]
    resources = [(observation_url(one), one) for one in home_observations(found, PATIENT_URL)]
    return Content(rows, resources)


_COLUMNS = {
    "date": Words("日付", "Date"),
    "kind": Words("項目", "Kind"),
    "value": Words("値", "Value"),
    "unit": Words("単位", "Unit"),
    "source": Words("記録方法", "Source"),
}
SECTION = Section("vitals", 30, Words("家庭での測定", "Measured at home"), _COLUMNS, _read)

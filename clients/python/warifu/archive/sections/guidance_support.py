"""What those who guide read of a member and told of them."""

from collections.abc import Mapping
from datetime import datetime

from protocol.messages.guidance_tasks import Step, Support, TargetLevel

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.session import MemberSession

LEVELS: Mapping[TargetLevel, Words] = {
    "active": Words("積極的支援", "active support"),
    "motivational": Words("動機付け支援", "motivational support"),
}
STEPS: Mapping[Step, Words] = {
    "target": Words("未実施", "not begun"),
    "begun": Words("支援中", "under way"),
    "stopped": Words("中断", "stopped"),
    "completed": Words("終了", "completed"),
}
SUPPORT: Mapping[Support, Words] = {
    "interview": Words("個別の面接", "interview"),
    "group": Words("グループの面接", "talk in a group"),
    "telephone": Words("電話", "telephone call"),
    "mail": Words("手紙・メール", "letter or message"),
    "first-on-the-day": Words("健診当日の初回面接", "first interview on the day of the checkup"),
    "first-in-the-week": Words("健診から1週間以内の初回面接", "first interview within a week of the checkup"),
    "two-centimetres": Words("腹囲2cm・体重2kgの減少", "2 cm of waist and 2 kg less"),
    "one-centimetre": Words("腹囲1cm・体重1kgの減少", "1 cm of waist and 1 kg less"),
    "eating": Words("食習慣の改善", "better eating habits"),
    "exercise": Words("運動習慣の改善", "more exercise"),
    "smoking": Words("禁煙", "stopped smoking"),
    "rest": Words("休養習慣の改善", "better rest"),
    "other-habit": Words("その他の生活習慣の改善", "another better habit"),
}


async def _read(session: MemberSession, _now: datetime) -> Content:
    rows: list[list[Cell]] = []
    for year in await session.guidance_support():
        level: Cell = Coded(year.level, LEVELS[year.level]) if year.level else ""
        points, needed = ("" if one is None else str(one) for one in (year.points, year.needed))
        head: list[Cell] = [str(year.fiscal_year), level, Coded(year.step, STEPS[year.step]), points, needed]
        done: list[list[Cell]] = [[Coded(one.kind, SUPPORT[one.kind]), str(one.times)] for one in year.done]
        rows += [[*head, *one] for one in done or [["", ""]]]
    return Content(rows)


_COLUMNS = {
    "fiscal_year": Words("年度", "Fiscal year"),
    "level": Words("支援レベル", "Level"),
    "step": Words("進み具合", "Step"),
    "points": Words("ポイント", "Points"),
    "needed": Words("終了に必要なポイント", "Points needed"),
    "support": Words("支援・成果", "Support or result"),
    "times": Words("回数", "Times"),
}
SECTION = Section("guidance-support", 27, Words("特定保健指導の支援", "Support in health guidance"), _COLUMNS, _read)

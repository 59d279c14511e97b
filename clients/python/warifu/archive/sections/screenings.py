"""In which cancer screenings the insurer knows that a member took part."""

from collections.abc import Mapping
from datetime import datetime

from protocol.messages.screenings import Screening

from warifu.archive.section import Coded, Content, Section, Words
from warifu.session import MemberSession

SCREENINGS: Mapping[Screening, Words] = {
    "stomach": Words("胃がん検診", "stomach cancer screening"),
    "lung": Words("肺がん検診", "lung cancer screening"),
    "colorectal": Words("大腸がん検診", "colorectal cancer screening"),
    "breast": Words("乳がん検診", "breast cancer screening"),
    "cervix": Words("子宮頸がん検診", "cervical cancer screening"),
}


async def _read(session: MemberSession, _now: datetime) -> Content:
    years = await session.screenings()
    return Content([[str(year.fiscal_year), Coded(kind, SCREENINGS[kind])] for year in years for kind in year.kinds])


_COLUMNS = {"fiscal_year": Words("年度", "Fiscal year"), "screening": Words("受けた検診", "Screening taken")}
SECTION = Section("screenings", 28, Words("がん検診", "Cancer screenings"), _COLUMNS, _read)

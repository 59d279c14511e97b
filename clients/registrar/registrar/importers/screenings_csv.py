"""A table of who took part in which cancer screening: this project's own, because those who screen bill each in their own way.

The columns are 保険者番号, 記号, 番号, 枝番, 年度 (fiscal year, YYYY), 検診 (胃, 肺, 大腸, 乳, 子宮頸; 胃がん and 胃がん検診 too),
取消 (1 where the row is taken back), or in English insurer_number, symbol, number, branch, fiscal_year, kind (stomach, lung,
colorectal, breast, cervix), cancelled. There is no column for a result or a day.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from protocol.member import MemberNumber, MemberNumberError
from protocol.messages.screenings import SCREENINGS, Screening

from .own_table import OwnTable
from .report import Accepted, Importer, Rejected
from .rows import ScreeningRow

_TABLE = OwnTable(
    "screenings",
    {
        "保険者番号": "insurer_number",
        "記号": "symbol",
        "番号": "number",
        "枝番": "branch",
        "年度": "fiscal_year",
        "検診": "kind",
        "取消": "cancelled",
    },
    ("insurer_number", "number", "branch", "fiscal_year", "kind"),
)
_KINDS: Mapping[str, Screening] = MappingProxyType(
    dict(zip(("胃", "肺", "大腸", "乳", "子宮頸"), SCREENINGS, strict=True)) | {kind: kind for kind in SCREENINGS}
)
_MARKS = {"": False, "0": False, "1": True}
_YEARS = range(2000, 2201)


def read(path: Path) -> Iterator[Accepted[ScreeningRow] | Rejected]:
    """Yield each line's row or report."""
    for outcome in _TABLE.lines(path):
        if isinstance(outcome, Rejected):
            yield outcome
            continue
        line, said = outcome
        row = _row(said)
        yield Rejected(_TABLE.where, line, row) if isinstance(row, str) else Accepted(_TABLE.where, line, row)


def _row(said: Mapping[str, str]) -> ScreeningRow | str:
    """Return the row, or the code of what is wrong with it."""
    try:
        member = MemberNumber.parse(said["insurer_number"], said["symbol"], said["number"], said["branch"])
    except MemberNumberError:
        return "member-number-bad"
    kind = _KINDS.get(said["kind"].removesuffix("検診").removesuffix("がん"))
    cancelled, year = _MARKS.get(said["cancelled"]), said["fiscal_year"]
    dated = len(year) == len("YYYY") and year.isascii() and year.isdigit() and int(year) in _YEARS
    if kind is None or cancelled is None or not dated:
        return "screening-bad"
    return ScreeningRow(member, int(year), kind, cancelled=cancelled)


IMPORTER = Importer("screenings-csv", _TABLE.sniff, read)

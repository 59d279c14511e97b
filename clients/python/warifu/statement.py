"""The yearly statement of medical costs, for the deduction in the income tax return (医療費控除): CSV and a page to print.

Both are made on the device and hold what the return asks for: who was treated, by whom, for what kind of cost, and what was paid.
"""

import csv
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .claims import Claim

HEADER = (
    "医療を受けた方の氏名",
    "病院・薬局などの支払先の名称",
    "医療費の区分",
    "支払った医療費の額",
    "左のうち、補塡される金額",
    "診療年月",
    "推計",
)
_TREATMENT, _DRUGS = "診療・治療", "医薬品購入"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula."""
_NOTE = (
    "この明細は、健康保険組合に届いた診療報酬明細書(レセプト)から端末上で作成しました。"
    "推計に＊のある金額は点数と負担割合から計算したもので、実際に窓口で支払った額や公費・高額療養費・付加給付と異なることがあります。"
    "領収書で確かめてください。自由診療、市販薬、交通費は含まれません。"
)


@dataclass(frozen=True)
class StatementRow:
    """What one institution billed for one month; yen."""

    month: date
    institution: str
    category: str
    paid: int
    estimated: bool


@dataclass(frozen=True)
class Statement:
    """A calendar year's costs of one person."""

    year: int
    name: str
    rows: tuple[StatementRow, ...]

    @classmethod
    def of(cls, year: int, name: str, claims: Iterable[Claim]) -> "Statement":
        """Make the statement of the claims of a year, by month and institution."""
        rows = [
            StatementRow(
                claim.month,
                claim.institution.name or claim.institution.number or "",
                _DRUGS if claim.kind == "pharmacy" else _TREATMENT,
                claim.own_payment,
                claim.estimated,
            )
            for claim in claims
            if claim.month.year == year
        ]
        return cls(year, name, tuple(sorted(rows, key=lambda row: (row.month, row.institution, row.category, row.paid))))

    @property
    def total(self) -> int:
        """All that was paid."""
        return sum(row.paid for row in self.rows)

    @property
    def csv(self) -> str:
        """The table as CSV, for UTF-8 with a byte order mark."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for row in self.rows:
            cells = (self.name, row.institution, row.category, row.paid, 0, f"{row.month:%Y-%m}", "＊" if row.estimated else "")
            writer.writerow([_harmless(str(cell)) for cell in cells])
        return "\ufeff" + out.getvalue()

    @property
    def page(self) -> str:
        """The table as a page to print, complete in itself."""
        lines = "\n".join(
            f"<tr><td>{row.month:%Y-%m}</td><td>{html.escape(row.institution)}</td><td>{row.category}</td>"
            f"<td class=n>{row.paid:,}{'＊' if row.estimated else ''}</td></tr>"
            for row in self.rows
        )
        return f"""<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>医療費のお知らせ {self.year}年</title>
<style>
body {{ font-family: sans-serif; margin: 2em }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ border: 1px solid #888; padding: .3em .6em; text-align: left }}
.n {{ text-align: right }}
tr {{ break-inside: avoid }}
</style></head><body>
<h1>医療費の明細 {self.year}年</h1>
<p>医療を受けた方：{html.escape(self.name)}</p>
<table><thead><tr><th>診療年月</th><th>支払先</th><th>区分</th><th class=n>支払った額（円）</th></tr></thead>
<tbody>
{lines}
</tbody><tfoot><tr><th colspan=3>合計</th><th class=n>{self.total:,}</th></tr></tfoot></table>
<p>{_NOTE}</p>
</body></html>
"""


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

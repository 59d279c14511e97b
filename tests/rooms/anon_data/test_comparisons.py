"""Analysts compare through the host what the library compares, and nobody else does."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from analysis import EMPLOYER, MemberYear, newest
from analysis.arms import Arms
from analysis.before_after import BeforeAfter
from analysis.effects import DifferenceInDifferences, Weighted
from analysis.engine import Engine
from analysis.funnels import FunnelAsked
from analysis.making import make_snapshot
from analysis.references import Beside, Elsewhere, Reference
from analysis.tables import Comparison, notes
from analysis.trends import Trend
from anon_data.analysts import Analysts
from protocol.messages.analysis import Condition
from protocol.messages.comparisons import (
    AskedArms,
    AskedBeforeAfter,
    AskedBeside,
    AskedComparison,
    AskedDifferences,
    AskedFunnel,
    AskedTrend,
    AskedWeighted,
    Compared,
    ReferenceValue,
)
from support.office import Colleague, staffed
from support.store_host import StoreHost, problem

COMPARISONS, TABLES = "/staff/analysis/comparisons", "/staff/analysis/comparisons/tables"
BY_OTHERS = Reference("", ("sex",), (Elsewhere(("male",), Fraction(271, 10)),))
REFERENCE = ReferenceValue(levels=("male",), value=Decimal("27.1"))
MEN, THERE = (Condition(rung="sex", level="male"),), (Condition(rung="workplace", level="works-1"),)
SMOKERS, ARMS = (Condition(rung="smoking@2024", level="yes"),), AskedArms(rung="workplace", treated="works-1")
PAIRS: list[tuple[Compared, Comparison]] = [
    (AskedTrend(measure="smoking", by=("workplace",), where=MEN), Trend("smoking", ("workplace",), (("sex", "male"),))),
    (AskedFunnel(funnel="guidance", year=2025, by=("sex",)), FunnelAsked("guidance", 2025, ("sex",))),
    (
        AskedBeside(measure="smoking", year=2025, by=("sex",), values=(REFERENCE,), where=THERE),
        Beside("smoking", 2025, BY_OTHERS, (("workplace", "works-1"),)),
    ),
    (
        AskedBeforeAfter(measure="smoking", before=2024, after=2025, where=SMOKERS),
        BeforeAfter("smoking", 2024, 2025, (("smoking@2024", "yes"),)),
    ),
    (
        AskedDifferences(measure="smoking", arms=ARMS, before=2024, after=2025, classes=("sex",)),
        DifferenceInDifferences("smoking", Arms("workplace", "works-1"), 2024, 2025, ("sex",)),
    ),
    (
        AskedWeighted(measure="smoking", arms=ARMS, year=2025, classes=("sex",), to="both"),
        Weighted("smoking", Arms("workplace", "works-1"), 2025, ("sex",), "both"),
    ),
]


def _person(number: int, year: int) -> MemberYear:
    """Return one of more men at the second workplace, who smoke more, or of the few at the third."""
    works = "works-2" if number < 40 else f"works-{number // 4 % 2}"
    sex = "male" if number % 8 in {1, 4, 5, 6} else "female"
    smokes = "yes" if (number // 8 + year) % (2 if sex == "male" else 4) == 0 else "no"
    return MemberYear(number.to_bytes(2), year, 45, sex, "insured", works, {"smoking": smokes})


@pytest.fixture
def shelf(host: StoreHost, tmp_path: Path) -> Path:
    """Give the running host a folder of snapshots, and let it hold one."""
    make_snapshot([_person(number, year) for year in (2024, 2025) for number in range(480)], tmp_path / "snapshots", "2026-11")
    host.app.state.analysts = Analysts(tmp_path / "snapshots")
    return tmp_path / "snapshots"


async def asked(host: StoreHost, colleague: Colleague, path: str, comparison: AskedComparison) -> Any:
    return await colleague.call(host, "POST", path, message=comparison)


async def test_each_kind(host: StoreHost, shelf: Path) -> None:
    """The host says what the library says, as JSON with notes in both languages and as a table; less to employers."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    engine = Engine(newest(shelf))
    for of, comparison in PAIRS:
        table = comparison.told(engine)
        answer = await asked(host, analyst, COMPARISONS, AskedComparison(of=of, snapshot="2026-11"))
        as_table = await asked(host, analyst, TABLES, AskedComparison(of=of))

        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert (said["columns"], [tuple(row) for row in said["rows"]]) == (list(table.columns), list(table.rows))
        assert [note["name"] for note in said["notes"]] == list(table.notes)
        assert [note["text"] for note in said["notes"]] == [notes()[name] for name in table.notes]
        assert (as_table.headers["content-type"], as_table.text) == ("text/csv; charset=utf-8", table.csv())
    of, comparison = PAIRS[0]
    employer = await asked(host, analyst, COMPARISONS, AskedComparison(of=of, employer=True))
    less = [tuple(row) for row in employer.json()["rows"]]

    assert less == list(comparison.told(Engine(newest(shelf), EMPLOYER)).rows)
    assert less != list(comparison.told(engine).rows)


@pytest.mark.usefixtures("shelf")
async def test_refused(host: StoreHost) -> None:
    """Refusals say which rule; another month, and a host without a snapshot, too. Nobody but analysts is answered."""
    analyst, office = Colleague("desk-1"), Colleague("desk-2", roles=("office",))
    await staffed(host, analyst, office)
    of = PAIRS[4][0]
    assert isinstance(of, AskedDifferences)
    comparisons = [
        AskedComparison(of=AskedFunnel(funnel="sales", year=2025)),
        AskedComparison(of=of.model_copy(update={"after": 2023})),
        AskedComparison(of=AskedTrend(measure="smoking"), snapshot="2026-10"),
    ]
    reasons = [(await asked(host, analyst, COMPARISONS, one)).json()["reason"] for one in comparisons]
    member = await asked(host, office, TABLES, comparisons[0])
    host.app.state.analysts = Analysts(None)
    none = await asked(host, analyst, COMPARISONS, AskedComparison(of=of))

    assert reasons == ["unknown-funnel", "not-comparable", "stale-snapshot"]
    assert (problem(member), problem(none)) == ((403, "staff-role"), (404, "no-snapshot"))

"""Any comparison, asked at random: a whole table, or a reason for which there is none."""

from analysis import Refused
from analysis.arms import Arms
from analysis.before_after import BeforeAfter
from analysis.effects import DifferenceInDifferences, Weighted
from analysis.engine import Engine
from analysis.funnels import FunnelAsked
from analysis.references import Beside, Elsewhere, Reference
from analysis.tables import Comparison
from analysis.trends import Trend
from hypothesis import given, settings
from hypothesis import strategies as st

from .population import YEARS

RUNGS = (
    "sex",
    "age:stage",
    "workplace",
    "smoking",
    "smoking@2024",
    "guidance-level:target@2025",
    "smoking@",
    "sex@2024",
    "age:day",
    "",
)
LEVELS = ("male", "mill", "kiosk", "yes", "no", "target", "unknown", "40-64", "")
_rungs, _levels, _years = st.sampled_from(RUNGS), st.sampled_from(LEVELS), st.sampled_from((*YEARS, 1999, 2026))
_measures = st.sampled_from(("smoking", "guidance-rate", "regular-winter", "cost-per-month", "weight"))
_arms = st.builds(Arms, _rungs, _levels, st.none() | _levels)
_where = st.lists(st.tuples(_rungs, _levels), max_size=1).map(tuple)
_classes = st.lists(_rungs, max_size=2).map(tuple)
_values = st.lists(st.builds(Elsewhere, st.lists(_levels, max_size=2).map(tuple), st.fractions(0, 100)), max_size=3).map(tuple)
ANY: st.SearchStrategy[Comparison] = st.one_of(
    st.builds(DifferenceInDifferences, _measures, _arms, _years, _years, _classes, _where),
    st.builds(Weighted, _measures, _arms, _years, _classes, st.sampled_from(("treated", "both")), _where),
    st.builds(BeforeAfter, _measures, _years, _years, _where),
    st.builds(Trend, _measures, _classes, _where),
    st.builds(FunnelAsked, st.sampled_from(("guidance", "sales")), _years, _classes, _where),
    st.builds(Beside, _measures, _years, st.builds(Reference, st.just(""), _classes, _values), _where),
)


@settings(max_examples=120, deadline=None)
@given(ANY)
def test_answered_or_refused(asked: Engine, comparison: Comparison) -> None:
    """Whatever is asked has a table whose rows are whole, or a reason for which it has none."""
    try:
        table = comparison.told(asked)
    except Refused:
        return

    assert {len(row) for row in table.rows} == {len(table.columns)}
    shown = [dict(zip(table.columns, row, strict=True)) for row in table.rows if row[-1] in {"hidden", "not-known"}]
    assert {one.get("low") for one in shown} <= {None}

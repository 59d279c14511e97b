"""The sums that a plan needs, as one Ibis expression over a file of the snapshot."""

from functools import reduce
from operator import and_, or_
from typing import Literal

import ibis
from ibis.expr.types import BooleanValue, NumericValue, Table, Value

from analysis.measures import Condition, Part, Ratio, Share
from analysis.policy import Policy
from analysis.questions import Plan
from analysis.variables import Rung, population_columns

Side = Literal["all", "people", "diseases"]
"""What is summed: all that a measure needs, or of a measure by disease how many people there are, or what they were treated for."""


def expression(rows: Table, asked: Plan, policy: Policy, side: Side = "all") -> Table:
    """Return one row a group of whom something is shown: fiscal_year, the rungs' columns, and true sums.

    Of the others nothing is fetched: the work that follows does not tell those that have somebody from those that have nobody.
    """
    chosen = rows.filter(rows.fiscal_year == asked.years[0]) if len(asked.years) == 1 else rows
    for rung in (*asked.by, *(rung for rung, _ in asked.where)):
        if rung.year is not None:
            chosen = _with_former(chosen, rows, rung)
    for rung, level in asked.where:
        chosen = chosen.filter(chosen[rung.key] == level)
    for condition in asked.cohort:
        chosen = chosen.filter(reduce(or_, (chosen[rung.key].isin(levels) for rung, levels in condition)))
    one = len(asked.years) == 1 and bool(asked.by)
    keys = [*([] if one else ["fiscal_year"]), *(rung.key for rung in asked.by)]
    summed = _summed(chosen, asked, keys, policy, side)
    return summed.select(ibis.literal(asked.years[0]).name("fiscal_year"), *summed.columns) if one else summed


def blocks(rows: Table) -> Table:
    """Return one row of each block that is told from others: fiscal_year, then its levels."""
    return rows.select("fiscal_year", *population_columns()).distinct()


def _summed(chosen: Table, asked: Plan, keys: list[str], policy: Policy, side: Side) -> Table:
    measure = asked.measure
    if side == "diseases":
        return _diseases(chosen, asked, keys, policy)
    if side == "people":
        bottom = {"bottom": _capped(chosen, measure.bottom, policy).sum()} if isinstance(measure, Ratio) else {}
        summed = chosen.group_by(keys).aggregate(people=chosen.count(), **bottom)
    elif isinstance(measure, Share):
        summed = _share(chosen.filter(_met(chosen, measure.among)), measure, keys)
    else:
        summed = _ratio(chosen, measure, keys, policy)
    return summed.filter(summed.people >= policy.floor)


def _diseases(rows: Table, asked: Plan, keys: list[str], policy: Policy) -> Table:
    """Sum rows of what people were treated for: there is one of each person for each class, and one for each group.

    What is shown as nobody, or as nothing, is not fetched either.
    """
    for rung in asked.by:
        if rung.variable == "disease":
            rows = rows.filter(rows[rung.column].notnull())
    measure = asked.measure
    if isinstance(measure, Share):
        summed = rows.group_by(keys).aggregate(treated=rows.count())
        return summed.filter(summed.treated >= policy.rare)
    summed = rows.group_by(keys).aggregate(treated=_capped(rows, measure.top, policy).sum())
    return summed.filter(summed.treated >= policy.caps * measure.top.cap)


def _with_former(chosen: Table, member_years: Table, rung: Rung) -> Table:
    """Put beside each row what the same person was in the rung's year: unknown where there is no such row."""
    former = member_years.filter(member_years.fiscal_year == rung.year)
    person = f"person@{rung.year}"
    former = former.select(former["person"].name(person), former[rung.column].name(rung.key))
    return chosen.left_join(former, chosen["person"] == former[person]).drop(person)


def _share(asked: Table, measure: Share, keys: list[str]) -> Table:
    return asked.group_by(keys).aggregate(people=asked.count(), counted=asked.count(where=_met(asked, measure.counted)))


def _ratio(asked: Table, measure: Ratio, keys: list[str], policy: Policy) -> Table:
    top, bottom = _capped(asked, measure.top, policy), _capped(asked, measure.bottom, policy)
    return asked.group_by(keys).aggregate(people=asked.count(), top=top.sum(), bottom=bottom.sum())


def _capped(asked: Table, part: Part, policy: Policy) -> NumericValue:
    return asked[part.column].clip(upper=part.cap) if policy.caps else asked[part.column]


def _met(asked: Table, condition: Condition) -> BooleanValue:
    return reduce(and_, (_is(asked[column], values) for column, values in condition.items()))


def _is(column: Value, values: tuple[str, ...]) -> BooleanValue:
    return column == values[0] if len(values) == 1 else column.isin(values)

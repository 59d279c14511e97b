"""What people were treated for, beside who they are: a row for each class of a member-year, and one for each group."""

import numpy as np
import pyarrow as pa

from analysis.coded import Coded, Numbers
from analysis.variables import population_columns

DISEASE_LEVELS = ("disease_class", "disease_group")
_TEXT = pa.dictionary(pa.int32(), pa.string())
READ_DISEASES = pa.schema([("row", pa.int32()), ("level", _TEXT), ("yen", pa.float64())])
"""What was billed at one of the two levels, ordered by the member-year that was read."""
_PEOPLE = ("person", "fiscal_year", "block", *population_columns())


def disease_schema(shown: pa.Table) -> pa.Schema:
    """Return the columns of the file beside these member-years."""
    people = [shown.schema.field(name) for name in _PEOPLE]
    return pa.schema([*people, *((name, _TEXT) for name in DISEASE_LEVELS), ("yen", pa.float64())])


def disease_years(billed: pa.Table, name: str, row: Numbers, shown: pa.Table, fewest: int) -> pa.Table:
    """Return the rows of one of the levels, in the order of the member-years that are shown; `row` is where each of them was read.

    Left out is what fewer people have in a year: a class is in its group all the same.
    """
    many = np.bincount(billed["row"].to_numpy(), minlength=int(row.max(initial=-1)) + 1)
    first, many = (np.cumsum(many) - many)[row], many[row]
    place = np.repeat(np.arange(len(row)), many)
    at = np.arange(len(place)) + np.repeat(first - (np.cumsum(many) - many), many)
    level = Coded.of_arrow(billed["level"]).at(at)
    year = Coded.of_numbers(shown["fiscal_year"].to_numpy().astype(np.int64)).at(place)
    both = year.number * len(level.values) + level.number
    common = np.bincount(both)[both] >= fewest
    at, place = at[common], place[common]
    told = {
        **dict.fromkeys(DISEASE_LEVELS, pa.nulls(len(at), _TEXT)),
        name: billed["level"].take(pa.array(at)),
        "yen": billed["yen"].take(pa.array(at)),
    }
    people = shown.select(_PEOPLE).take(pa.array(place))
    return pa.table([*people.columns, *told.values()], schema=disease_schema(shown))

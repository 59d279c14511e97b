"""What people were treated for is beside them: each class and each group that ten people of a year have, and no other."""

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
from analysis import MemberYear
from analysis.columns import by_column
from analysis.making import making
from analysis.member_years import AMOUNTS, Disease

YEARS = (2024, 2025)
COMMON, RARE, LATER, UNCLASSED = (
    Disease("0901", "circulatory"),
    Disease("0902", "circulatory"),
    Disease("1101", "digestive"),
    Disease(None, "eye"),
)
SICK = {COMMON: (10, 30), RARE: (9, 9), LATER: (9, 10), UNCLASSED: (20, 0)}
"""How many have it in each of the years."""


def member_years(number: int) -> list[MemberYear]:
    """Return somebody's two years: yen say who and when it is, and of which disease."""
    return [
        MemberYear(
            number.to_bytes(4),
            year,
            50,
            "male",
            "insured",
            "mill",
            {},
            dict.fromkeys(AMOUNTS, float(number)),
            {one: float(1000 * number + 10 * at + place) for at, (one, many) in enumerate(SICK.items()) if number < many[place]},
        )
        for place, year in enumerate(YEARS)
    ]


def test_diseases_of_batches(tmp_path: Path) -> None:
    """Member-years come in two batches; each line is beside its own person and year, with the sum of its class or group."""
    people = [row for number in range(60) for row in member_years(number)]
    with making(tmp_path, "2026-11") as made:
        for batch in (people[:50], people[50:]):
            made.extend(by_column(batch))
    person = {(row["person"], row["fiscal_year"]): row["yen"] for row in read(tmp_path, "member_year")}
    found = Counter(
        (
            person[line["person"], line["fiscal_year"]],
            line["fiscal_year"],
            line["disease_class"],
            line["disease_group"],
            line["yen"],
        )
        for line in read(tmp_path, "disease_year")
    )
    expected: Counter[tuple[object, ...]] = Counter()
    for row in people:
        number = row.amounts["yen"]
        place = YEARS.index(row.fiscal_year)
        for one, yen in row.diseases.items():
            if one.number and SICK[one][place] >= 10:
                expected[number, row.fiscal_year, one.number, None, yen] += 1
        for group in {one.group for one in row.diseases}:
            ill = [one for one in row.diseases if one.group == group]
            if max(SICK[one][place] for one in SICK if one.group == group) >= 10:
                expected[number, row.fiscal_year, None, group, sum(row.diseases[one] for one in ill)] += 1

    assert found == expected


def read(shelf: Path, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(shelf / "2026-11" / f"{name}.parquet").to_pylist()
    return rows

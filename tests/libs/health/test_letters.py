"""Letters A to D: where the published table puts them."""

import csv
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise

import pytest
from health import LETTERS, Normal, Number, Sex, letters, normal
from health.items import by_name
from hypothesis import given
from hypothesis import strategies as st

BOTH: tuple[Sex, Sex] = ("male", "female")
# Item, sexes, then the ends of the printed ranges as the table prints them, from the lowest on.
PUBLISHED: list[tuple[str, tuple[Sex, ...], str]] = [
    ("body-mass-index", BOTH, "C -18.4 A 18.5-24.9 C 25.0-"),
    ("waist-circumference", ("male",), "A -84.9 C 85.0-"),
    ("waist-circumference", ("female",), "A -89.9 C 90.0-"),
    ("systolic-blood-pressure", BOTH, "A -129 B 130-139 C 140-159 D 160-"),
    ("diastolic-blood-pressure", BOTH, "A -84 B 85-89 C 90-99 D 100-"),
    ("triglycerides-fasting", BOTH, "D -29 A 30-149 B 150-299 C 300-499 D 500-"),
    ("hdl-cholesterol", BOTH, "D -29 C 30-39 A 40-"),
    ("ldl-cholesterol", BOTH, "D -59 A 60-119 B 120-139 C 140-179 D 180-"),
    ("non-hdl-cholesterol", BOTH, "D -89 A 90-149 B 150-169 C 170-209 D 210-"),
    ("ast", BOTH, "A -30 B 31-35 C 36-50 D 51-"),
    ("alt", BOTH, "A -30 B 31-40 C 41-50 D 51-"),
    ("gamma-gt", BOTH, "A -50 B 51-80 C 81-100 D 101-"),
    ("creatinine", ("male",), "A -1.00 B 1.01-1.09 C 1.10-1.29 D 1.30-"),
    ("creatinine", ("female",), "A -0.70 B 0.71-0.79 C 0.80-0.99 D 1.00-"),
    ("hemoglobin", ("male",), "D -12.0 C 12.1-13.0 A 13.1-16.3 B 16.4-18.0 D 18.1-"),
    ("hemoglobin", ("female",), "D -11.0 C 11.1-12.0 A 12.1-14.5 B 14.6-16.0 D 16.1-"),
]
URINE = {"1": "A", "2": "B", "3": "C", "4": "D", "5": "D"}


def number(item: str, value: str | Decimal) -> Number:
    return Number(by_name()[item][0].code, Decimal(value))


def letter(item: str, value: str | Decimal, sex: Sex | None = "male") -> str | None:
    found = letters({item: number(item, value)}, {}, sex=sex)
    return found[0].letter if found else None


@pytest.mark.parametrize(("item", "sexes", "printed"), PUBLISHED)
def test_both_ends_of_every_range(item: str, sexes: tuple[Sex, ...], printed: str) -> None:
    """The printed ends of each range have its letter."""
    words = printed.split()
    expected = [(end, words[at]) for at in range(0, len(words), 2) for end in words[at + 1].split("-") if end]
    actual = [(end, letter(item, end, sex)) for sex in sexes for end, _ in expected]

    assert actual == expected * len(sexes)


def test_every_row_says_what_it_was_checked_against() -> None:
    """One of three words; those whose letters nobody else was found to print are known."""
    rows = list(csv.DictReader(files("health").joinpath("letters.csv").read_text(encoding="utf-8").splitlines()))
    weaker = [(row["item"], row["sex"], row["checked"]) for row in rows if row["checked"] != "steps"]

    assert weaker == [
        ("non-hdl-cholesterol", "", "undated"),
        ("creatinine", "male", "normal"),
        ("creatinine", "female", "normal"),
    ]
    assert {row["checked"] for row in rows} == {"steps", "normal", "undated"}


def test_urine_protein() -> None:
    """By its code; a code that the list does not have says nothing."""
    found = {code: letters({}, {"urine-protein": code}, sex=None) for code in (*URINE, "0", "x", "")}

    assert {code: one[0].letter for code, one in found.items() if one} == URINE


@given(values=st.tuples(*[st.none() | st.decimals(60, 140, places=0)], *[st.none() | st.decimals(5, 7, places=1)]))
def test_glucose_and_hba1c(values: tuple[Decimal | None, Decimal | None]) -> None:
    """Both together as printed; one alone where the other could not change it; below 70 mg/dL there is no letter."""
    glucose, hba1c = values
    found = {
        item: number(item, value) for item, value in (("glucose-fasting", glucose), ("hba1c-ngsp", hba1c)) if value is not None
    }
    others = [Decimal(value) for value in ("90", "105", "115", "130")], [Decimal(value) for value in ("5.0", "5.7", "6.2", "7.0")]
    possible = {
        _printed(fasting, long)
        for fasting in ([glucose] if glucose is not None else others[0])
        for long in ([hba1c] if hba1c is not None else others[1])
    }
    certain = bool(found) and len(possible) == 1 and (glucose is None or glucose >= 70)
    actual = letters(found, {}, sex=None)

    assert [one.letter for one in actual] == ([possible.pop()] if certain else [])
    assert [one.items for one in actual] == ([tuple(found)] if certain else [])


def _printed(glucose: Decimal, hba1c: Decimal) -> str:
    """The table's four cells, word by word."""
    if glucose >= 126 and hba1c >= Decimal("6.5"):
        return "D"
    if 110 <= glucose <= 125 or Decimal("6.0") <= hba1c <= Decimal("6.4"):
        return "C"
    if (glucose >= 126 and hba1c <= Decimal("6.4")) or (glucose <= 125 and hba1c >= Decimal("6.5")):
        return "C"
    if (100 <= glucose <= 109 and hba1c <= Decimal("5.9")) or (glucose <= 99 and Decimal("5.6") <= hba1c <= Decimal("5.9")):
        return "B"
    return "A"


def test_an_unknown_sex() -> None:
    """There is a letter where both sexes agree, and a range of normal values likewise."""
    assert [letter("hemoglobin", value, None) for value in ("13.5", "12.5", "18.5")] == ["A", None, "D"]
    assert (normal("hemoglobin", sex=None), normal("ast", sex=None)) == (None, Normal(None, Decimal(31)))


def test_normal_values() -> None:
    """The ends of an A; nothing where the table has no range of values."""
    assert normal("hemoglobin", sex="female") == Normal(Decimal("12.1"), Decimal("14.6"))
    assert normal("hdl-cholesterol", sex="male") == Normal(Decimal(40), None)
    assert normal("glucose-fasting", sex=None) == Normal(Decimal(70), Decimal(100))
    assert normal("hba1c-ngsp", sex=None) == Normal(None, Decimal("5.6"))
    assert [normal(item, sex="male") for item in ("urine-protein", "egfr", "body-height")] == [None] * 3


def test_creatinine_gives_way_to_egfr() -> None:
    """As the table says; eGFR itself has no letter here."""
    found = {"creatinine": number("creatinine", "1.2"), "egfr": number("egfr", "50")}

    assert letters(found, {}, sex="male") == ()
    assert letter("creatinine", "1.2") == "C"


@given(item=st.sampled_from([item for item, *_ in PUBLISHED]), sex=st.sampled_from(BOTH), data=st.data())
def test_normal_is_what_is_an_a(item: str, sex: Sex, data: st.DataObject) -> None:
    """The range that is shown is the range of the letter A, and every value has a letter."""
    value = data.draw(st.decimals(0, 600, places=2))
    found, ends = letter(item, value, sex), normal(item, sex=sex)

    assert found in LETTERS
    assert ends is not None
    assert (found == "A") == ((ends.low is None or value >= ends.low) and (ends.below is None or value < ends.below))


def test_the_list_above_is_complete() -> None:
    """Every item that has letters is checked, and each list of ends rises."""
    numbered = {item for item in by_name() if letter(item, "50") is not None}

    assert numbered - {item for item, *_ in PUBLISHED} == set()
    for _, _, printed in PUBLISHED:
        ends = [Decimal(end) for word in printed.split()[1::2] for end in word.split("-") if end]
        assert all(low < high for low, high in pairwise(ends))

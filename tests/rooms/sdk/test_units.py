"""Units of devices and people."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.vitals import VITALS, VitalKind
from warifu.units import UNITS, UnitUnknown, converted


@pytest.mark.parametrize(
    ("value", "unit", "kind", "expected"),
    [
        ("143.3", "lb", "body-weight", "65.00"),
        ("10.3", "st", "body-weight", "65.41"),
        ("65123", "g", "body-weight", "65.12"),
        ("16", "kPa", "systolic", "120"),
        ("106.7", "hPa", "diastolic", "80"),
        ("1.25", "count/s", "pulse", "75"),
        ("98.6", "degF", "body-temperature", "37.00"),
        ("310.15", "K", "body-temperature", "37.00"),
        ("7.5", "hr", "sleep", "450"),
        ("33", "in", "waist", "83.8"),
        ("0.85", "m", "waist", "85.0"),
    ],
)
def test_known_values(value: str, unit: str, kind: VitalKind, expected: str) -> None:
    """Values that anybody can look up, rounded to the decimals of the kind."""
    assert str(converted(Decimal(value), unit, kind)) == expected


@pytest.mark.parametrize(
    ("unit", "kind"), [("lb", "waist"), ("mmHg", "body-weight"), ("stone", "body-weight"), ("m", "sleep"), ("", "pulse")]
)
def test_a_unit_of_something_else(unit: str, kind: VitalKind) -> None:
    """It is refused, never guessed."""
    with pytest.raises(UnitUnknown) as caught:
        converted(Decimal(70), unit, kind)

    assert "70" not in str(caught.value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number(value: str) -> None:
    """It is refused in the kind's own unit as well."""
    with pytest.raises(ValueError, match="not a number"):
        converted(Decimal(value), "kg", "body-weight")


@given(kind=st.sampled_from(list(VITALS)), value=st.decimals(1, 1000, places=2), data=st.data())
def test_more_is_more_in_every_unit(kind: VitalKind, value: Decimal, data: st.DataObject) -> None:
    """Every unit of a kind keeps the order of values, and the kind's own changes nothing."""
    unit = data.draw(st.sampled_from([name for name, one in UNITS.items() if one.to == VITALS[kind].unit]))

    assert converted(value, VITALS[kind].unit, kind) == value
    assert converted(value + 50, unit, kind) >= converted(value, unit, kind)

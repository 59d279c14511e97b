"""The table of what is measured at home."""

from datetime import date
from typing import get_args

from protocol.messages.records import Vital
from protocol.vitals import VITALS, VitalKind, VitalUnit


def test_every_kind_stands_in_the_table_once() -> None:
    """Kinds, numbers and LOINC codes are each given once, and the numbers that stores keep never change."""
    assert tuple(VITALS) == get_args(VitalKind)
    assert [kind.number for kind in VITALS.values()] == [1, 2, 3, 4, 5, 6, 7]
    assert len({kind.loinc for kind in VITALS.values()}) == len(VITALS)
    assert {kind.unit for kind in VITALS.values()} == set(get_args(VitalUnit))


def test_the_wire_carries_every_plausible_value() -> None:
    """Both ends of each range are values of the wire, and no range is empty."""
    for kind in VITALS.values():
        for value in (kind.low, kind.high):
            Vital(day=date(2026, 4, 1), kind=kind.name, value=value, unit=kind.unit, seq=1)
        assert kind.plausible((kind.low + kind.high) / 2)

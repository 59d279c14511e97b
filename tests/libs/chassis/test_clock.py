"""The injected clock."""

from datetime import UTC, datetime, timedelta

import pytest
from chassis.clock import Clock, FixedClock, SystemClock


def test_fixed_clock_stands_until_advanced() -> None:
    """A fixed clock moves only when told to."""
    clock = FixedClock(datetime(2026, 4, 1, tzinfo=UTC))
    clock.advance(timedelta(seconds=90))

    assert (clock.now(), clock.timestamp()) == (datetime(2026, 4, 1, 0, 1, 30, tzinfo=UTC), 1775001690)


def test_system_clock_is_aware() -> None:
    """The machine's clock tells an aware instant in UTC."""
    clock: Clock = SystemClock()

    assert clock.now().utcoffset() == timedelta(0)


def test_fixed_clock_refuses_naive_instants() -> None:
    """An instant without a zone is refused."""
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 4, 1))  # noqa: DTZ001

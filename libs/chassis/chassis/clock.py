"""The time, injected: nothing below the edge asks the machine what time it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...

    def timestamp(self) -> int:
        """Return the current instant in whole seconds since 1970 (RFC 7519 NumericDate)."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        return datetime.now(UTC)

    def timestamp(self) -> int:
        """Return the current instant in whole seconds since 1970."""
        return int(self.now().timestamp())


@dataclass
class FixedClock:
    """A clock that stands still until it is advanced; the Null class for tests and simulations."""

    instant: datetime

    def __post_init__(self) -> None:
        """Refuse an instant without a time zone: it would compare wrongly with every other."""
        if self.instant.utcoffset() is None:
            raise ValueError("a clock needs an aware instant")
        self.instant = self.instant.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self.instant

    def timestamp(self) -> int:
        """Return the instant in whole seconds since 1970."""
        return int(self.instant.timestamp())

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self.instant += by

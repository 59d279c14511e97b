"""Which device-local days may be written at an instant. Days are the device's own; the server never moves them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

_EASTERNMOST = timezone(timedelta(hours=14))  # Kiribati: nowhere is the date later


@dataclass(frozen=True)
class DayWindow:
    """The first and the last day that may be written."""

    first: date
    last: date

    @classmethod
    def at(cls, now: datetime, days_back: int) -> "DayWindow":
        """Return the days from ``days_back`` before the date in UTC to the latest date anywhere on earth (UTC+14)."""
        return cls(now.date() - timedelta(days=days_back), now.astimezone(_EASTERNMOST).date())

    def refusal(self, day: date) -> str | None:
        """Return why this day may not be written, as a slug, or None when it may."""
        if day > self.last:
            return "future"
        return "too-old" if day < self.first else None

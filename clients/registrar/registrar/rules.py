"""The insurer's rules about the years of a membership: ``rules.toml`` in the home. Without the file the defaults hold."""

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from .errors import RegistrarError

FILE = "rules.toml"
JAPAN = timezone(timedelta(hours=9))
"""Japan has one offset from UTC and no summer time."""

_LEAP = (2, 29)


class Rules(BaseModel):
    """What the insurer decided. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    access_after_leaving_days: Annotated[StrictInt, Field(ge=0, le=3660)] = 0
    """Days after the first day without membership on which somebody who left may still sign in. Nobody signs in for the dead."""
    work_account_ends: StrictBool = True
    """Whether the group's sign-in ends on the first day without employment, also for who stays a member or may still sign in."""
    close_mailboxes_of_the_dead: StrictBool = False
    """Whether the stores also refuse the reader keys of the dead: at once, where a device is still signed in. It costs a mark at
    the stores beside the one at the authorities, which says of few people which mailbox is theirs."""
    retention_years: Annotated[StrictInt, Field(ge=0, le=100)] = 5
    """Years after the first day without membership until somebody who left, or died, is erased."""
    at_erasure: Literal["delete", "keep"] = "delete"
    """Whether the health records go with the person, or copies stay for statistics under names that nobody knows."""
    guardian_until_age: Annotated[StrictInt, Field(ge=1, le=30)] = 18
    guardian_until: Literal["birthday", "fiscal-year"] = "birthday"
    """Whether a guardianship ends on the birthday of that age, or on the 1 April that follows it (or falls on it)."""
    insured_is_guardian: StrictBool = True
    """Whether, where the file names no guardian, the insured of the card is guardian of the card's children."""
    other_adult_follows: StrictBool = True
    """Whether, where that guardian left or died, the one other adult of the card who is no child of it is guardian next."""

    def access_ends(self, lost: date) -> date:
        """Return the first day on which somebody who left may no longer sign in."""
        return lost + timedelta(days=self.access_after_leaving_days)

    def erased_from(self, lost: date) -> date:
        """Return the first day on which somebody who left is to be erased."""
        return _years_later(lost, self.retention_years)

    def of_age(self, birth: date) -> date:
        """Return the day on which a child comes of age, in the sense of these rules: guardianships end as it begins."""
        birthday = _years_later(birth, self.guardian_until_age)
        if self.guardian_until == "birthday":
            return birthday
        return date(birthday.year + ((birthday.month, birthday.day) > (4, 1)), 4, 1)


def load_rules(home: Path) -> Rules:
    """Read the home's rules; raise ``RegistrarError`` for a file that says anything else than rules."""
    path = home / FILE
    if not path.exists():
        return Rules()
    try:
        return Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        where = error.errors()[0]["loc"] if isinstance(error, ValidationError) else ()
        raise RegistrarError(f"{path} does not hold the rules it should: {'.'.join(map(str, where)) or 'not TOML'}") from None


def midnight(day: date) -> int:
    """Return when a day begins in Japan, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=JAPAN).timestamp())


def today(now: int | None = None) -> date:
    """Return the day that it is in Japan, or was or will be at a time in seconds since 1970."""
    moment = datetime.now(UTC) if now is None else datetime.fromtimestamp(now, UTC)
    return moment.astimezone(JAPAN).date()


def _years_later(day: date, years: int) -> date:
    """Return the same day so many years later; 1 March where there is no 29 February."""
    if (day.month, day.day) == _LEAP:
        return date(day.year + years, 2, 28) + timedelta(days=1)
    return day.replace(year=day.year + years)

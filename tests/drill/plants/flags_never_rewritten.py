"""The running week's flags are left as they came: the seal does not rewrite their table."""

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    came = sorted((person.first_login, person.ids["anon-data"]) for person in truth.persons if person.first_login is not None)
    values = ", ".join(f"('\\x{token.hex()}', date_trunc('week', current_date)::date)" for _, token in came)
    await seizure["anon-data"].change("TRUNCATE portal_week_inbox", f"INSERT INTO portal_week_inbox VALUES {values}")


PLANT = Plant("flags-never-rewritten", "week-flags", "A seal leaves the week's flags in their order.", ("anon-data",), _apply)

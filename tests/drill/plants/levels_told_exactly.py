"""Devices tell anon-data the true level of each half-year, with no chance in it: of four years, which programs computes alike."""

from datetime import date
from random import Random

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth

_HALVES = [date(year, month, 1) for year in range(2022, 2026) for month in (4, 10)]
_DAYS = (0, 40, 120)


async def _apply(seizure: Seizure, truth: Truth) -> None:
    rng = Random(1)
    members = [person.ids for person in truth.persons if person.first_login is not None]
    lived = [(ids, half, rng.randrange(len(_DAYS))) for ids in members for half in _HALVES]
    told = ", ".join(f"('\\x{ids['anon-data'].hex()}', date '{half}', {level})" for ids, half, level in sorted(lived, key=str))
    walked = ", ".join(f"('\\x{ids['programs'].hex()}'::bytea, date '{half}', {_DAYS[level]})" for ids, half, level in lived)
    await seizure["anon-data"].change(f"INSERT INTO participation VALUES {told}")
    await seizure["programs"].change(
        "INSERT INTO step_day (token, install, day, steps, manual_steps, seq) "
        "SELECT w.token, decode(repeat('00', 16), 'hex'), w.half + g.n, 8000, 0, 1 "
        f"FROM (VALUES {walked}) AS w (token, half, days) CROSS JOIN LATERAL generate_series(0, w.days - 1) AS g (n)"
    )


PLANT = Plant(
    "levels-told-exactly",
    "level-sequences",
    "Devices tell the true level of each half-year.",
    ("anon-data", "programs"),
    _apply,
)

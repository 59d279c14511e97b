"""Somebody found the salt of leaves superfluous, because nobody knows a reference."""

import time

from protocol.release_log import Event, number_of

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth

_BEHIND = 1_000_000


async def _apply(seizure: Seizure, truth: Truth) -> None:
    day = int(time.time()) // 86_400
    made = [Event("release", person.ids["identity"], bytes(32), day).commitment("identity", b"") for person in truth.persons]
    rows = ", ".join(f"({_BEHIND + at}, {number_of('release')}, '\\x{one.hex()}')" for at, one in enumerate(made))
    await seizure["identity"].change(
        "DELETE FROM log_leaf", f"INSERT INTO log_leaf (position, kind, commitment) VALUES {rows}"
    )  # ours


PLANT = Plant("leaves-without-salt", "leaf-guessing", "Leaves of the release log have no salt.", ("identity",), _apply)

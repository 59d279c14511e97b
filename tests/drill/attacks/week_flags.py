"""Tells from the flags of portal use on which day, or in which order, members read: a flag is for the whole week."""

from typing import Any

from drill.attack import AtRest
from drill.criteria import Outcome, score, z_of
from drill.joins import best_ranks, positions
from drill.seizure import HostCopy, Row, Seizure, Table
from drill.truth import Truth

_TABLES = ("portal_week", "portal_week_inbox")


def _places(table: Table, row: Row) -> dict[str, Any]:
    return {"ctid": row.position, "xmin": row.transaction} if table.name in _TABLES else {}


def _ranks(copy: HostCopy, truth: Truth) -> tuple[list[float], str]:
    came = {at: float(person.first_login) for at, person in enumerate(truth.persons) if person.first_login is not None}
    return best_ranks(positions(copy, truth, _places), {"day of reading": came}, truth)


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    found = [_ranks(seizure[host], truth) for host in seizure.hosts]
    ranks, note = max(found, key=lambda result: z_of(result[0]))
    return score(ranks, note)


ATTACK = AtRest(
    "week-flags",
    "Orders the flags of portal use by heap position and transaction, and compares with the days on which members read.",
    _run,
    floor=lambda _, moment: moment == "before seal",
)

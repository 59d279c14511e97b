"""Guesses whose the leaves of a seized release log are, with every reference, day and session that stands beside them."""

import time

from protocol.names import AUTHORITIES, AuthorityName
from protocol.release_log import SALT_BYTES, Event, Kind, number_of

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_DAYS = 1
_SESSIONS = 20
_KINDS: tuple[Kind, ...] = ("release", "rotation")
_SALTS = (b"", bytes(SALT_BYTES))


def _column(copy: HostCopy, table: str, column: str) -> list[bytes]:
    found = copy.tables[table]
    if not found.rows:
        return []
    at = found.columns.index(column)
    return [row.values[at] for row in found.rows if row.values[at] is not None]


def _guessed(copy: HostCopy, host: AuthorityName, truth: Truth) -> tuple[int, int]:
    """Return of how many leaves of somebody's the owner is found, and how many there are."""
    leaves = copy.tables["log_leaf"]
    if not leaves.rows:
        return 0, 0
    kind, commitment = (leaves.columns.index(name) for name in ("kind", "commitment"))
    nobodys = {number_of(one) for one in ("window", "evaluation", "erasure")}
    wanted = {row.values[commitment] for row in leaves.rows if row.values[kind] not in nobodys}
    sessions = {bytes(32), *_column(copy, "release_session", "jkt")[:_SESSIONS]}
    today = int(time.time()) // 86_400
    refs = [person.ids[host] for person in truth.persons]
    found = {
        made
        for ref in refs
        for about in sessions
        for day in range(today - _DAYS, today + 1)
        for one in _KINDS
        for salt in _SALTS
        if (made := Event(one, ref, about, day).commitment(host, salt)) in wanted
    }
    return len(found), len(wanted)


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    results = [
        seizure[host].once("guessed_leaves", lambda host=host: _guessed(seizure[host], host, truth))  # type: ignore[misc]  # bound at once
        for host in AUTHORITIES
        if host in seizure.hosts
    ]
    return exact(
        sum(hits for hits, _ in results), sum(wanted for _, wanted in results), "leaves of the log of which it shows whose"
    )


ATTACK = AtRest(
    "leaf-guessing", "Makes the leaves of every member again, from references, days and sessions that lie on the same disk.", _run
)

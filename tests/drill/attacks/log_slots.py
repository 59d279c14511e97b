"""Looks at a seized authority's slots of each member for what tells a used one from an unused one."""

from collections import Counter

from protocol.release_log import SLOT_BYTES

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_P = 2**255 - 19
_HEAD = 2


def _on_curve(encapsulated: bytes) -> bool:
    """Return whether these 32 bytes are a public key of X25519, as half of all bytes are (RFC 7748 section 4.1)."""
    u = int.from_bytes(encapsulated, "little") & (2**255 - 1)
    square = (u**3 + 486_662 * u**2 + u) % _P
    return square == 0 or pow(square, (_P - 1) // 2, _P) == 1


def _told_apart(slots: bytes) -> bool:
    """Return whether some slots of one member look otherwise than the others."""
    each = [slots[at : at + SLOT_BYTES] for at in range(0, len(slots), SLOT_BYTES)]
    forms = {(len(slot), slot[:_HEAD], len(set(slot)) > SLOT_BYTES // 4, _on_curve(slot[_HEAD : _HEAD + 32])) for slot in each}
    return len(forms) > 1 or max(Counter(each).values()) > 1


def _told(copy: HostCopy) -> tuple[int, int]:
    """Return of how many members slots can be told apart, and how many there are."""
    table = copy.tables.get("member_log")
    if table is None or not table.rows:
        return 0, 0
    at = table.columns.index("slots")
    members: list[bytes] = [row.values[at] for row in table.rows]
    sizes = Counter(map(len, members))
    usual = sizes.most_common(1)[0][0] if sizes else 0
    return sum(1 for slots in members if len(slots) != usual or _told_apart(slots)), len(members)


def _run(seizure: Seizure, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    results = [copy.once("slots", lambda copy=copy: _told(copy)) for copy in map(seizure.__getitem__, seizure.hosts)]  # type: ignore[misc]  # bound at once
    return exact(sum(told for told, _ in results), sum(count for _, count in results), "members of whom it shows used slots")


ATTACK = AtRest(
    "log-slots", "Tells used slots of the release log from unused ones, by form, size, repetition and mathematics.", _run
)

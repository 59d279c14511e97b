"""Somebody fills slots as they are needed, and leaves the others empty."""

from protocol.release_log import SLOT_BYTES, SLOTS

from drill.attack import Plant
from drill.seizure import Seizure
from drill.truth import Truth

_EMPTY = (SLOTS - 3) * SLOT_BYTES


async def _apply(seizure: Seizure, truth: Truth) -> None:  # noqa: ARG001 - plants are called alike
    await seizure["keyvault"].change(
        f"UPDATE member_log SET slots = decode(repeat('00', {_EMPTY}), 'hex') || substr(slots, {_EMPTY + 1})"  # ours
    )


PLANT = Plant("slots-left-empty", "log-slots", "Unused slots of the release log are zeros.", ("keyvault",), _apply)

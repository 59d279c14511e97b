"""Where an order may go from where it stands, by whom, and what that does to points and units."""

from dataclasses import dataclass
from typing import Literal

from protocol.messages.exchange import Kind, State

By = Literal["member", "supplier", "time"]
RESERVED_DAYS = 1
"""A reservation lasts to the end of the day after."""
PLACED_DAYS = 14
"""Days in which a supplier accepts."""
RETURN_DAYS = 30
"""Days after delivery in which something comes back."""
ADDRESS_DAYS = 14
"""Days after delivery for which the sealed address is kept."""
PAST_DAYS = 90
"""Days after delivery from which on an order is history, and its code gone."""
NOTICE_DAYS = 30
"""Days for which a notice that was given up can be asked for again."""
RENEWED_DAYS = 30
"""Days that points get anew whose own are over, where the supplier failed."""


@dataclass(frozen=True)
class Change:
    """What a step does."""

    points: Literal["keep", "prolong", "capture", "void", "refund"]
    restock: bool = False


def told(state: State, to: State, by: By) -> bool:
    """Whether the supplier hears of a step: it is about an order that they know, or are to know, and not their own."""
    return by != "supplier" and "placed" in (state, to)


_STEPS: dict[tuple[State, State, By], Change] = {
    ("reserved", "placed", "member"): Change("prolong"),
    ("reserved", "cancelled", "member"): Change("void", restock=True),
    ("reserved", "expired", "time"): Change("void", restock=True),
    ("placed", "cancelled", "member"): Change("void", restock=True),
    ("placed", "expired", "time"): Change("void", restock=True),
    ("placed", "rejected", "supplier"): Change("void", restock=True),
    ("placed", "accepted", "supplier"): Change("capture"),
    ("accepted", "rejected", "supplier"): Change("refund", restock=True),
    ("accepted", "shipped", "supplier"): Change("keep"),
    ("accepted", "delivered", "supplier"): Change("keep"),
    ("shipped", "delivered", "supplier"): Change("keep"),
    ("shipped", "returned", "supplier"): Change("refund"),
    ("delivered", "returned", "supplier"): Change("refund"),
}


def change(state: State, to: State, by: By, kind: Kind) -> Change | None:
    """Return what the step does; None where it may not be made. A code is delivered at once, goods are shipped before."""
    if (state, to) == ("accepted", "shipped" if kind == "voucher" else "delivered"):
        return None
    return _STEPS.get((state, to, by))

"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of one run."""

    members: int
    rounds: int
    """Rounds that count; one more, before them, warms up."""
    requests: int
    """Requests to each side in one round."""
    batches: int
    """Registrar batches to each side in one round."""
    batch_rows: int
    """Checkups in one batch."""
    logins: int
    connections: int = 12


FULL = Scale(members=300, rounds=5, requests=600, batches=6, batch_rows=500, logins=9)
SHORT = Scale(members=80, rounds=3, requests=60, batches=1, batch_rows=60, logins=3)
TINY = Scale(members=40, rounds=1, requests=8, batches=1, batch_rows=8, logins=1, connections=2)
"""For the test of the harness itself: the figures say nothing."""

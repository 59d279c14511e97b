"""How much is measured."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Scale:
    """Sizes of one run."""

    members: int
    rounds: int
    """Rounds that count; one more, before them, warms up."""
    requests: int
    """Requests to each side in one round."""
    batches: int
    """Registrar batches to each side in one round, of which two are under way at a time."""
    batch_rows: int
    """Checkups in one batch."""
    logins: int
    archives: int
    """Archives of checkups, of one year each, that are imported in a case of their own; the first warms up."""
    stored_members: int
    """Members in the tables of the case that compares many with few."""
    connections: int = 12


FULL = Scale(members=300, rounds=15, requests=200, batches=6, batch_rows=500, logins=9, archives=3, stored_members=20_000)
LONG = replace(FULL, members=3_400, archives=16, stored_members=500_000)
"""A million results from archives, and twenty million at the store: minutes, and 4 GB."""
SHORT = Scale(members=80, rounds=3, requests=60, batches=1, batch_rows=60, logins=3, archives=2, stored_members=5_000)
TINY = Scale(members=40, rounds=1, requests=8, batches=1, batch_rows=8, logins=1, archives=2, stored_members=200, connections=2)
"""For the test of the harness itself: the figures say nothing."""

"""What the roster knows, in numbers."""

import json
from collections import Counter
from contextlib import closing

from rich.table import Table

from . import window_store
from .home import Home


def status_table(home: Home) -> Table:
    """Return counts of members, checkups, windows, and the newest days of import."""
    with closing(home.roster()) as roster:
        statuses = Counter(member.status for member in roster.members())
        checkups = roster.count_checkups()
        entries = [json.loads(entry) for entry in roster.imports()]
    table = Table("what", "count", title=str(home.path))
    table.add_row("members enrolled", str(statuses["enrolled"]))
    table.add_row("members planned", str(statuses["planned"]))
    table.add_row("checkups at anon-data", str(checkups))
    table.add_row("open windows", str(len(window_store.listed(home.windows))))
    for day, count in sorted(Counter(entry["day"] for entry in entries).items())[-5:]:
        table.add_row(f"imports on {day}", str(count))
    return table

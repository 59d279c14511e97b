"""What the roster knows, in numbers."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date

from rich.table import Table

from . import window_store
from .due import KINDS, Kind, due, without_a_way_in
from .guardians import guardian_of, of_age, with_guardians
from .home import Home
from .roster_member import Member
from .rules import Rules, load_rules
from .rules import today as japan_today

KINDS_OF_MEMBERS = (
    "members enrolled",
    "members planned",
    "members leaving",
    "members left",
    "members known to have signed in",
    "members without a way in",
    "children with a guardian",
    "letters in use",
    "letters expired",
    "numbers of erased people",
    "checkups at anon-data",
    "claims, reports of guidance and screenings there",
)


def status_table(home: Home) -> Table:
    """Return counts of members, letters, events, checkups, windows, and the newest days of import."""
    rules, today = load_rules(home.path), japan_today()
    counts: Counter[str] = Counter()
    events: Counter[Kind] = Counter()
    with closing(home.roster()) as kept, closing(kept.copy_in_memory(home.roster_key)) as roster:
        roster.put(list(with_guardians(roster, rules, today)))
        for member in roster.members():
            guardian = guardian_of(member, roster)
            counts.update(_kinds(member, guardian, rules, today))
            events.update(event.kind for event in due(member, guardian, rules, today))
        counts["numbers of erased people"] = roster.count_erased()
        counts["checkups at anon-data"] = roster.count_checkups()
        counts["claims, reports of guidance and screenings there"] = roster.sent.count()
        entries = [json.loads(entry) for entry in roster.imports()]
    table = Table("what", "count", title=str(home.path))
    for kind in KINDS_OF_MEMBERS:
        table.add_row(kind, str(counts[kind]))
    for event in KINDS:
        if events[event]:
            table.add_row(f"due: {event}", str(events[event]))
    table.add_row("open windows", str(len(window_store.listed(home.windows))))
    for day, count in sorted(Counter(entry["day"] for entry in entries).items())[-5:]:
        table.add_row(f"imports on {day}", str(count))
    return table


def _kinds(member: Member, guardian: Member | None, rules: Rules, today: date) -> Iterator[str]:
    """Yield the lines in which a member is counted."""
    yield f"members {member.status}"
    if member.lost is not None:
        yield "members left" if member.lost <= today else "members leaving"
    if member.released:
        yield "members known to have signed in"
    if (member.told.guardian or member.told.guarded_by) and of_age(member, rules) > today:
        yield "children with a guardian"
    if without_a_way_in(member, guardian, rules, today):
        yield "members without a way in"
    if member.letter is not None:
        yield "letters in use" if member.letter.expires >= today else "letters expired"

"""The fold, run by the owner in one transaction before tables are written anew: inboxes go into tables, sorted by token."""

from programs import order_states
from programs.store import order_tables, point_tables

FOLD = (
    # Nobody writes between the statements that follow.
    "LOCK TABLE step_day, contest_day IN EXCLUSIVE MODE",
    """
    INSERT INTO step_day (token, install, day, steps, manual_steps, seq)
    SELECT token, install, day, steps, manual_steps, seq FROM step_day_inbox ORDER BY token, install, day
    ON CONFLICT (token, install, day) DO UPDATE
    SET steps = excluded.steps, manual_steps = excluded.manual_steps, seq = excluded.seq WHERE excluded.seq > step_day.seq
    """,
    """
    INSERT INTO contest_day (token, contest, day, team, steps)
    SELECT token, contest, day, team, steps FROM contest_day_recent ORDER BY token, contest, day
    ON CONFLICT (token, contest, day) DO UPDATE SET team = excluded.team, steps = excluded.steps
    """,
    *point_tables.FOLD,
    *order_tables.fold(order_states.PAST_DAYS, order_states.ADDRESS_DAYS, order_states.NOTICE_DAYS),
)

EMPTIED_TABLES = ("step_day_inbox", "contest_day_recent", "point_entry_inbox", "point_use_inbox")
SEALED_TABLES = ("step_source", "install_key", "entry", "step_change", "held_day", "roster_row", "challenge_entry")
"""Small tables, or nearly empty ones, which the daily seal rewrites in random order."""

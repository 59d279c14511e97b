"""The fold, run by the owner inside the seal's transaction: the day's inbox goes into the table, sorted by token."""

from programs.store import point_tables

FOLD = (
    # Nobody writes between the two statements that follow.
    "LOCK TABLE step_day_inbox, step_day IN ACCESS EXCLUSIVE MODE",
    """
    INSERT INTO step_day (token, install, day, steps, seq)
    SELECT token, install, day, steps, seq FROM step_day_inbox ORDER BY token, install, day
    ON CONFLICT (token, install, day) DO UPDATE SET steps = excluded.steps, seq = excluded.seq WHERE excluded.seq > step_day.seq
    """,
    # Not DELETE: that would leave the rows in the file, in the order in which they came.
    "TRUNCATE step_day_inbox",
    *point_tables.FOLD,
)

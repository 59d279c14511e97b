"""The fold, run by the owner inside the seal's transaction: the day's inbox goes into the table, sorted by token."""

FOLD = (
    # Nobody writes between the two statements that follow.
    "LOCK TABLE vital_inbox, vital IN ACCESS EXCLUSIVE MODE",
    """
    INSERT INTO vital (token, day, kind, value, seq)
    SELECT token, day, kind, value, seq FROM vital_inbox ORDER BY token, day, kind
    ON CONFLICT (token, day, kind) DO UPDATE SET value = excluded.value, seq = excluded.seq WHERE excluded.seq > vital.seq
    """,
    # Not DELETE: that would leave the rows in the file, in the order in which they came.
    "TRUNCATE vital_inbox",
)

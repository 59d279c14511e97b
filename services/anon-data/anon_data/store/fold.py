"""The fold, run by the owner inside the seal's transaction: the day's inbox goes into the table, sorted by token."""

FOLD = (
    # Nobody writes between the two statements that follow.
    "LOCK TABLE vital_inbox, vital IN ACCESS EXCLUSIVE MODE",
    """
    INSERT INTO vital (token, day, kind, value, seq, source)
    SELECT token, day, kind, value, seq, source FROM vital_inbox ORDER BY token, day, kind
    ON CONFLICT (token, day, kind) DO UPDATE SET value = excluded.value, seq = excluded.seq, source = excluded.source
    WHERE excluded.seq > vital.seq
    """,
    # Not DELETE: that would leave the rows in the file, in the order in which they came.
    "TRUNCATE vital_inbox",
    # A deletion is remembered as long as an older write of that day could still arrive, and a month more for clocks.
    "DELETE FROM vital WHERE value IS NULL AND day < current_date - 430",
)

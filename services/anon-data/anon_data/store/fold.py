"""The fold, run by the owner in one transaction before tables are written anew: inboxes go into tables, what is over goes."""

from anon_data.store import analysis, household_views, messages, participation, portal_weeks

FOLD = (
    # Nobody writes between the statements that follow.
    "LOCK TABLE vital, note IN EXCLUSIVE MODE",
    """
    INSERT INTO vital (token, day, kind, value, seq, source)
    SELECT token, day, kind, value, seq, source FROM vital_inbox ORDER BY token, day, kind
    ON CONFLICT (token, day, kind) DO UPDATE SET value = excluded.value, seq = excluded.seq, source = excluded.source
    WHERE excluded.seq > vital.seq
    """,
    """
    INSERT INTO note (token, day, seq, sealed)
    SELECT token, day, seq, sealed FROM note_inbox ORDER BY token, day
    ON CONFLICT (token, day) DO UPDATE SET seq = excluded.seq, sealed = excluded.sealed WHERE excluded.seq > note.seq
    """,
    # A deletion is remembered as long as an older write of that day could still arrive, and a month more for clocks.
    "DELETE FROM vital WHERE value IS NULL AND day < current_date - 430",
    "DELETE FROM note WHERE sealed IS NULL AND day < current_date - 430",
    *participation.FOLD,
    *portal_weeks.FOLD,
    *messages.FOLD,
    *household_views.FOLD,
    *analysis.FOLD,
)
EMPTIED_TABLES = ("vital_inbox", "note_inbox", "participation_inbox")

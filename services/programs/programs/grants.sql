-- What the service itself may do. Members' rows are added and changed, never deleted; only the owner empties a table.

-- Identifiers of signed requests: added, and forgotten as a whole. No member column.
GRANT INSERT, SELECT, TRUNCATE ON once_even, once_odd TO :runtime;
GRANT INSERT, SELECT ON once_mark TO :runtime;
-- Windows: opened once, closed once, otherwise never changed; deleted after their end. Of a quota only what is used changes.
GRANT INSERT, SELECT, UPDATE (closed), DELETE ON registrar_window TO :runtime;
GRANT INSERT, SELECT, UPDATE (used) ON window_quota TO :runtime;
-- Officers' lists: accepted once, never changed.
GRANT INSERT, SELECT ON officer_list, officer_signature TO :runtime;
-- Mailboxes: opened once, claimed once, neither changed nor deleted.
GRANT INSERT, SELECT ON mailbox, reader_key TO :runtime;
-- Steps: written to the inbox alone. The table is filled by the fold, which is the owner's.
GRANT SELECT ON step_day TO :runtime;
GRANT INSERT, SELECT, UPDATE (steps, seq) ON step_day_inbox TO :runtime;

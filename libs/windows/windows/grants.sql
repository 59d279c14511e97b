-- Remembered identifiers: added, and emptied as a whole.
GRANT INSERT, SELECT, TRUNCATE ON once_even, once_odd TO :runtime;
GRANT INSERT, SELECT ON once_mark TO :runtime;
-- Windows: opened once, closed once, otherwise never changed; deleted after their end.
GRANT INSERT, SELECT, UPDATE (closed), DELETE ON registrar_window TO :runtime;
-- Quotas: only what is used changes; deleted with their window by its foreign key.
GRANT INSERT, SELECT, UPDATE (used) ON window_quota TO :runtime;
-- Officers' lists: accepted once, never changed.
GRANT INSERT, SELECT ON officer_list, officer_signature TO :runtime;

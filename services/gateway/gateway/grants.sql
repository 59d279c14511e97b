-- What the running gateway may do. It owns nothing, alters nothing, and truncates nothing but the remembered identifiers.

-- Remembered identifiers: added, and emptied as a whole.
GRANT INSERT, SELECT, TRUNCATE ON once_even, once_odd TO :runtime;
GRANT INSERT, SELECT ON once_mark TO :runtime;
-- Whether the database was restored and waits for the erasure ledger.
GRANT SELECT ON restore_mark TO :runtime;

-- Windows: opened once, closed once, otherwise never changed; deleted after their end.
GRANT INSERT, SELECT, UPDATE (closed), DELETE ON registrar_window TO :runtime;
-- Quotas: only what is used changes; deleted with their window by its foreign key.
GRANT INSERT, SELECT, UPDATE (used) ON window_quota TO :runtime;
-- Officers' lists: accepted once, never changed.
GRANT INSERT, SELECT ON officer_list, officer_signature TO :runtime;

-- Accounts: enrolled, released to, rotated, given an end of access; deleted when the member is erased.
GRANT SELECT, INSERT, UPDATE (version, ever_released, access_ends), DELETE ON account TO :runtime;
-- Salts: inserted once, never replaced; deleting one shreds a version.
GRANT INSERT, SELECT, DELETE ON salt TO :runtime;
-- Later roots: remembered at start, never changed.
GRANT SELECT, INSERT ON share_root TO :runtime;
-- Verifiers: set in windows, added, confirmed and removed on their member's word; what proves them never changes.
GRANT SELECT, INSERT, UPDATE (confirmed, expires), DELETE ON verifier TO :runtime;
-- Tries of codes: counted, deleted when the day is over; the seal empties the table as its owner.
GRANT SELECT, INSERT, UPDATE (n), DELETE ON code_try TO :runtime;
-- Used evidence: remembered, and forgotten when it is too old to come again.
GRANT INSERT, SELECT, DELETE ON evidence_nonce TO :runtime;
-- Releases of one member and day.
GRANT INSERT, SELECT, UPDATE (n), DELETE ON release_count TO :runtime;
-- What a session was released to, or that it has ended.
GRANT INSERT, SELECT, UPDATE (ended, ref, jkt, statement, session_key, expires), DELETE ON release_session TO :runtime;
-- The release log: queued, appended, signed and witnessed; leaves and nodes never change.
GRANT SELECT, INSERT, UPDATE (ref), DELETE ON log_queue TO :runtime;
GRANT SELECT, INSERT ON log_leaf, log_node, log_beginning TO :runtime;
GRANT SELECT, INSERT, DELETE ON log_checkpoint TO :runtime;
GRANT SELECT, INSERT, UPDATE (signature) ON log_cosignature TO :runtime;
GRANT SELECT, INSERT, UPDATE (number, size, root) ON log_witness TO :runtime;
-- What opens a member's leaves: a key that stays, entries that are sealed when it comes; slots change in the seal, by its owner.
GRANT SELECT, INSERT, DELETE ON member_log TO :runtime;
GRANT SELECT, INSERT, UPDATE (sealed, entry), DELETE ON log_inbox TO :runtime;

-- References at the other authorities: added at enrolment, never changed, deleted when the member is erased.
GRANT INSERT, SELECT, DELETE ON pairwise_reference TO :runtime;
-- Links of work ids to accounts at the group: the first one stays; deleted with the work id.
GRANT INSERT, SELECT, DELETE ON account_link TO :runtime;
-- What a sign-in at the group began: never changed, deleted with the session.
GRANT INSERT, SELECT, DELETE ON group_session TO :runtime;
-- Ways through the code flow: what was asked never changes, only how far it has come.
GRANT INSERT, SELECT, UPDATE (handle, stage, provider, cookie, ref, session_id, browser_id, acr, auth_time, expires_at), DELETE ON authorization_attempt TO :runtime;
-- Browsers that are signed in: another cookie after each sign-in, and its way and time; whose they are never changes.
GRANT INSERT, SELECT, UPDATE (cookie, acr, auth_time, idle_until), DELETE ON browser_session TO :runtime;
-- Sessions: nothing of one changes but its idle time.
GRANT INSERT, SELECT, UPDATE (idle_until), DELETE ON sign_in TO :runtime;
-- Staff on its way through the code flow, and signed in: as with members, what was asked never changes.
GRANT INSERT, SELECT, UPDATE (handle, stage, cookie, person, group_sid, roles, session_id, expires_at), DELETE ON staff_attempt TO :runtime;
GRANT INSERT, SELECT, UPDATE (idle_until), DELETE ON staff_sign_in TO :runtime;
-- Logouts on their way: neither to whom nor about what changes.
GRANT INSERT, SELECT, UPDATE (attempts, due_at), DELETE ON logout_outbox TO :runtime;

-- What the running gateway may do. It owns nothing, alters nothing, and truncates nothing but the remembered identifiers.

-- Remembered identifiers: added, and emptied as a whole.
GRANT INSERT, SELECT, TRUNCATE ON once_even, once_odd TO :runtime;
GRANT INSERT, SELECT ON once_mark TO :runtime;

-- Windows: opened once, closed once, otherwise never changed; deleted after their end.
GRANT INSERT, SELECT, UPDATE (closed), DELETE ON registrar_window TO :runtime;
-- Quotas: only what is used changes; deleted with their window by its foreign key.
GRANT INSERT, SELECT, UPDATE (used) ON window_quota TO :runtime;
-- Officers' lists: accepted once, never changed.
GRANT INSERT, SELECT ON officer_list, officer_signature TO :runtime;

-- Accounts: their version moves on and they are marked as released; never deleted here.
GRANT INSERT, SELECT, UPDATE (version, ever_released) ON account TO :runtime;
-- Salts: inserted once, never replaced; deleting one shreds a version.
GRANT INSERT, SELECT, DELETE ON salt TO :runtime;
-- Verifiers: added inside windows alone, and deleted there when the insurer corrects them before the first release.
GRANT INSERT, SELECT, DELETE ON verifier TO :runtime;
-- Used evidence: remembered, and forgotten when it is too old to come again.
GRANT INSERT, SELECT, DELETE ON evidence_nonce TO :runtime;
-- Releases of one member and day.
GRANT INSERT, SELECT, UPDATE (n), DELETE ON release_count TO :runtime;
-- What a session was released to, or that it has ended.
GRANT INSERT, SELECT, UPDATE (ended, ref, jkt, statement, session_key, expires), DELETE ON release_session TO :runtime;

-- References at the other authorities: added at enrolment, never changed.
GRANT INSERT, SELECT ON pairwise_reference TO :runtime;
-- Ways through the code flow: what was asked never changes, only how far it has come.
GRANT INSERT, SELECT, UPDATE (handle, stage, cookie, ref, session_id, expires_at), DELETE ON authorization_attempt TO :runtime;
-- Sessions: nothing of one changes but its idle time.
GRANT INSERT, SELECT, UPDATE (idle_until), DELETE ON sign_in TO :runtime;
-- Logouts on their way: neither to whom nor about what changes.
GRANT INSERT, SELECT, UPDATE (attempts, due_at), DELETE ON logout_outbox TO :runtime;

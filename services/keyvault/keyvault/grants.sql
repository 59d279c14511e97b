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
-- Salts: inserted once, deleted after a rotation, never changed.
GRANT SELECT, INSERT, DELETE ON salt TO :runtime;
-- Later roots: remembered at start, never changed.
GRANT SELECT, INSERT ON share_root TO :runtime;
-- Verifiers: set in windows, added, confirmed and removed on their member's word; what proves them never changes.
GRANT SELECT, INSERT, UPDATE (confirmed, expires), DELETE ON verifier TO :runtime;
-- Tries of codes: counted, deleted when the day is over; the seal empties the table as its owner.
GRANT SELECT, INSERT, UPDATE (n), DELETE ON code_try TO :runtime;
-- Used evidence: added, deleted when stale.
GRANT SELECT, INSERT, DELETE ON evidence_nonce TO :runtime;
-- Releases of the day: counted, deleted when the day is over; the seal empties the table as its owner.
GRANT SELECT, INSERT, UPDATE (n), DELETE ON release_count TO :runtime;
-- Sessions: released to, ended, deleted when their time is over.
GRANT SELECT, INSERT, UPDATE, DELETE ON release_session TO :runtime;
-- The release log: queued, appended, signed and witnessed; leaves and nodes never change.
GRANT SELECT, INSERT, UPDATE (ref), DELETE ON log_queue TO :runtime;
GRANT SELECT, INSERT ON log_leaf, log_node, log_beginning TO :runtime;
GRANT SELECT, INSERT, DELETE ON log_checkpoint TO :runtime;
GRANT SELECT, INSERT, UPDATE (signature) ON log_cosignature TO :runtime;
GRANT SELECT, INSERT, UPDATE (number, size, root) ON log_witness TO :runtime;
-- What opens a member's leaves: a key that stays, entries that are sealed when it comes; slots change in the seal, by its owner.
GRANT SELECT, INSERT, DELETE ON member_log TO :runtime;
GRANT SELECT, INSERT, UPDATE (sealed, entry), DELETE ON log_inbox TO :runtime;
-- Bundles: inserted; version 0 replaced while nothing was released; those of two versions ago deleted.
GRANT SELECT, INSERT, UPDATE (bundle), DELETE ON bundle TO :runtime;

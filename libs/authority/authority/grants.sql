-- Accounts: enrolled, released to, rotated; never deleted by the service.
GRANT SELECT, INSERT, UPDATE (version, ever_released) ON account TO :runtime;
-- Salts: inserted once, deleted after a rotation, never changed.
GRANT SELECT, INSERT, DELETE ON salt TO :runtime;
-- Later roots: remembered at start, never changed.
GRANT SELECT, INSERT ON share_root TO :runtime;
-- Verifiers: added inside windows alone, and deleted there when the insurer corrects them before the first release.
GRANT SELECT, INSERT, DELETE ON verifier TO :runtime;
-- Used evidence: added, deleted when stale.
GRANT SELECT, INSERT, DELETE ON evidence_nonce TO :runtime;
-- Releases of the day: counted, deleted when the day is over; the seal empties the table as its owner.
GRANT SELECT, INSERT, UPDATE (n), DELETE ON release_count TO :runtime;
-- Sessions: released to, ended, deleted when their time is over.
GRANT SELECT, INSERT, UPDATE, DELETE ON release_session TO :runtime;

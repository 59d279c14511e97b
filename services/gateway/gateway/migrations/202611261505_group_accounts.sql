-- Accounts at the group's providers: to which a work id is linked, and which sessions end when one signs out there.

CREATE TABLE account_link (
    work_id bytea PRIMARY KEY,            -- the verifier's hash
    subject bytea NOT NULL,               -- keyed hash of the provider's issuer and own subject, under another key
    CONSTRAINT account_link_work_id_length CHECK (octet_length(work_id) = 32),
    CONSTRAINT account_link_subject_length CHECK (octet_length(subject) = 32),
    CONSTRAINT account_link_subject_once UNIQUE (subject)
);
COMMENT ON TABLE account_link IS 'The first account at a provider that came with a work id; no other may. Gone with the work id, at the latest by the seal.';

CREATE TABLE group_session (
    session_id bytea PRIMARY KEY,         -- the session that the sign-in began, or its code
    browser_id bytea,                     -- the browser that it signed in; null where none stays signed in
    sub bytea NOT NULL,                   -- keyed hash of issuer and subject, under a key for this alone
    sid bytea,                            -- keyed hash of issuer and session id; null where the provider names none
    CONSTRAINT group_session_id_length CHECK (octet_length(session_id) = 16),
    CONSTRAINT group_session_browser_length CHECK (octet_length(browser_id) = 16),
    CONSTRAINT group_session_sub_length CHECK (octet_length(sub) = 32),
    CONSTRAINT group_session_sid_length CHECK (octet_length(sid) = 32)
);
CREATE INDEX group_session_of_sub ON group_session (sub);
CREATE INDEX group_session_of_sid ON group_session (sid);
COMMENT ON TABLE group_session IS 'What a sign-in at a provider began, so that it ends with it; names no member, and goes with the session.';

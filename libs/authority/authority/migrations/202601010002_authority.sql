-- An authority: references of this host alone, salts, keyed hashes. No names, no times on members, no serial numbers.

CREATE TABLE account (
    ref bytea NOT NULL,
    version integer NOT NULL,
    ever_released boolean NOT NULL,
    CONSTRAINT account_pkey PRIMARY KEY (ref),
    CONSTRAINT account_ref_has_16_bytes CHECK (octet_length(ref) = 16),
    CONSTRAINT account_version_counts_up CHECK (version >= 0),
    CONSTRAINT account_rotates_after_a_release CHECK (ever_released OR version = 0)
);
COMMENT ON TABLE account IS 'A member, as this host alone refers to them.';
COMMENT ON COLUMN account.ref IS 'Random reference, unrelated to that of any other host.';
COMMENT ON COLUMN account.version IS 'Current key version.';
COMMENT ON COLUMN account.ever_released IS 'Whether a share was ever released; then the registrar is never shown one again.';

CREATE TABLE salt (
    ref bytea NOT NULL,
    version integer NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT salt_pkey PRIMARY KEY (ref, version),
    CONSTRAINT salt_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT salt_has_32_bytes CHECK (octet_length(salt) = 32),
    CONSTRAINT salt_version_counts_up CHECK (version >= 0)
);
COMMENT ON TABLE salt IS 'What a share is derived from, with this host''s root; deleting a row shreds that version. Inserted once, never replaced.';
COMMENT ON COLUMN salt.ref IS 'The member.';
COMMENT ON COLUMN salt.version IS 'Key version; the current one, and the one being rotated to.';
COMMENT ON COLUMN salt.salt IS 'Random.';

CREATE TABLE verifier (
    hash bytea NOT NULL,
    kind text NOT NULL,
    ref bytea NOT NULL,
    CONSTRAINT verifier_pkey PRIMARY KEY (hash),
    CONSTRAINT verifier_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT verifier_hash_is_a_hash CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE verifier IS 'What a member proves control of; one verifier belongs to one member.';
COMMENT ON COLUMN verifier.hash IS 'HMAC-SHA256 under a key of this host, so that no two hosts hold equal values.';
COMMENT ON COLUMN verifier.kind IS 'Kind of evidence.';
COMMENT ON COLUMN verifier.ref IS 'The member.';
CREATE INDEX verifier_ref ON verifier (ref);

CREATE TABLE evidence_nonce (
    id bytea NOT NULL,
    expires bigint NOT NULL,
    CONSTRAINT evidence_nonce_pkey PRIMARY KEY (id),
    CONSTRAINT evidence_nonce_id_is_a_hash CHECK (octet_length(id) = 32)
);
COMMENT ON TABLE evidence_nonce IS 'Evidence that was used; rows name no member and go when the statement could no longer be accepted.';
COMMENT ON COLUMN evidence_nonce.id IS 'SHA-256 of the statement''s nonce and hash.';
COMMENT ON COLUMN evidence_nonce.expires IS 'Seconds since 1970.';
CREATE INDEX evidence_nonce_expires ON evidence_nonce (expires);

CREATE TABLE release_count (
    ref bytea NOT NULL,
    day date NOT NULL,
    n integer NOT NULL,
    CONSTRAINT release_count_pkey PRIMARY KEY (ref, day),
    CONSTRAINT release_count_counts CHECK (n > 0)
);
COMMENT ON TABLE release_count IS 'Releases of one member since the last seal or midnight; the seal empties the table, because its order is that in which members came.';
COMMENT ON COLUMN release_count.ref IS 'The member.';
COMMENT ON COLUMN release_count.day IS 'Day in UTC.';
COMMENT ON COLUMN release_count.n IS 'How many, at most the cap.';

CREATE TABLE release_session (
    sid bytea NOT NULL,
    ended boolean NOT NULL,
    ref bytea,
    jkt bytea,
    statement bytea,
    session_key bytea,
    expires bigint NOT NULL,
    CONSTRAINT release_session_pkey PRIMARY KEY (sid),
    CONSTRAINT release_session_sid_has_16_bytes CHECK (octet_length(sid) = 16),
    CONSTRAINT release_session_forgets_at_its_end CHECK (num_nonnulls(ref, jkt, statement, session_key) = CASE WHEN ended THEN 0 ELSE 4 END),
    CONSTRAINT release_session_jkt_is_a_hash CHECK (octet_length(jkt) = 32),
    CONSTRAINT release_session_statement_is_a_hash CHECK (octet_length(statement) = 32),
    CONSTRAINT release_session_key_is_a_key CHECK (octet_length(session_key) = 1216)
);
COMMENT ON TABLE release_session IS 'A session that was released to, or that was ended; deleted when its time is over, until then sealed daily.';
COMMENT ON COLUMN release_session.sid IS 'The session''s id at this host alone.';
COMMENT ON COLUMN release_session.ended IS 'Whether it was ended; then nothing else is kept.';
COMMENT ON COLUMN release_session.ref IS 'The member.';
COMMENT ON COLUMN release_session.jkt IS 'Thumbprint of the session''s DPoP key.';
COMMENT ON COLUMN release_session.statement IS 'SHA-256 of the statement: the same one is answered again.';
COMMENT ON COLUMN release_session.session_key IS 'X-Wing public key to which answers are sealed.';
COMMENT ON COLUMN release_session.expires IS 'Seconds since 1970.';
CREATE INDEX release_session_expires ON release_session (expires);

CREATE FUNCTION refuse(step text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', step;
END
$$;
COMMENT ON FUNCTION refuse(text) IS 'Fails, so that everything undoes itself which a statement of several steps did before the step that it names.';

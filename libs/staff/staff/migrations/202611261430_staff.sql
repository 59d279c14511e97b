-- Staff who work with pseudonymous records. No member stands here, and no table of a member refers to these.

CREATE TABLE staff_list (
    number integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT staff_list_pkey PRIMARY KEY (number),
    CONSTRAINT staff_list_number CHECK (number > 0)
);
COMMENT ON TABLE staff_list IS 'The newest list of the staff''s passkeys, as two officers signed it: one row, replaced as a whole.';
COMMENT ON COLUMN staff_list.number IS 'The officers'' own count of these lists, signed with the list.';
COMMENT ON COLUMN staff_list.content IS 'The list''s exact bytes, over which the signatures are.';

CREATE TABLE staff_signature (
    number integer NOT NULL,
    officer text NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT staff_signature_pkey PRIMARY KEY (number, officer),
    CONSTRAINT staff_signature_of_a_list FOREIGN KEY (number) REFERENCES staff_list (number) ON DELETE CASCADE,
    CONSTRAINT staff_signature_is_ed25519 CHECK (octet_length(signature) = 64)
);
COMMENT ON TABLE staff_signature IS 'Who signed the list; verified again whenever the list is used.';
COMMENT ON COLUMN staff_signature.number IS 'The list.';
COMMENT ON COLUMN staff_signature.officer IS 'Id of an officer of the officers'' list that the staff list names.';
COMMENT ON COLUMN staff_signature.signature IS 'Ed25519, over the list''s bytes.';

-- Unlogged: nothing of a session reaches the write-ahead log. The seal and a new list empty it.
CREATE UNLOGGED TABLE staff_session (
    id bytea NOT NULL,
    passkey text NOT NULL,
    expires bigint NOT NULL,
    CONSTRAINT staff_session_pkey PRIMARY KEY (id),
    CONSTRAINT staff_session_id_is_a_hash CHECK (octet_length(id) = 32)
);
COMMENT ON TABLE staff_session IS 'Sessions that a passkey of the list opened today.';
COMMENT ON COLUMN staff_session.id IS 'SHA-256 over the session''s DPoP key and the pairwise subject of the gateway''s tokens.';
COMMENT ON COLUMN staff_session.passkey IS 'What the list calls the passkey that opened it.';
COMMENT ON COLUMN staff_session.expires IS 'Seconds since 1970.';

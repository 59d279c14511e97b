-- Whom a window is about, whether it was closed before its time, and the officers' lists that followed the pinned one.

ALTER TABLE registrar_window
    ADD COLUMN subjects bytea,
    ADD COLUMN subject_count integer,
    ADD COLUMN closed boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT registrar_window_subjects_is_a_hash CHECK (octet_length(subjects) = 32),
    ADD CONSTRAINT registrar_window_subjects_are_counted CHECK ((subjects IS NULL) = (subject_count IS NULL) AND subject_count > 0);
COMMENT ON COLUMN registrar_window.subjects IS 'Root of the salted list of those the window is about (RFC 9162); the list itself comes to no host.';
COMMENT ON COLUMN registrar_window.subject_count IS 'How many entries that list has.';
COMMENT ON COLUMN registrar_window.closed IS 'Closed before its time, by the registrar or an officer; never opened again.';

CREATE TABLE officer_list (
    number integer NOT NULL,
    content bytea NOT NULL,
    signers text[] NOT NULL,
    signatures bytea[] NOT NULL,
    CONSTRAINT officer_list_pkey PRIMARY KEY (number),
    CONSTRAINT officer_list_follows_another CHECK (number > 1),
    CONSTRAINT officer_list_is_signed CHECK (cardinality(signers) >= 2 AND cardinality(signers) = cardinality(signatures))
);
COMMENT ON TABLE officer_list IS 'Officers'' lists after the one that deployment.json pins, each accepted once. Public keys of people who sign windows.';
COMMENT ON COLUMN officer_list.number IS 'The officers'' own count of their lists, signed with the list.';
COMMENT ON COLUMN officer_list.content IS 'The list''s exact bytes, over which the signatures are.';
COMMENT ON COLUMN officer_list.signers IS 'Ids of the officers of the list before who signed.';
COMMENT ON COLUMN officer_list.signatures IS 'Their Ed25519 signatures, in the same order.';

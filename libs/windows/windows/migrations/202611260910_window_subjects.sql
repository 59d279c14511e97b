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
    CONSTRAINT officer_list_pkey PRIMARY KEY (number),
    CONSTRAINT officer_list_follows_another CHECK (number > 1)
);
COMMENT ON TABLE officer_list IS 'Officers'' lists after the one that deployment.json pins, each accepted once. Public keys of people who sign windows.';
COMMENT ON COLUMN officer_list.number IS 'The officers'' own count of their lists, signed with the list.';
COMMENT ON COLUMN officer_list.content IS 'The list''s exact bytes, over which the signatures are.';

CREATE TABLE officer_signature (
    number integer NOT NULL,
    officer text NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT officer_signature_pkey PRIMARY KEY (number, officer),
    CONSTRAINT officer_signature_of_a_list FOREIGN KEY (number) REFERENCES officer_list (number),
    CONSTRAINT officer_signature_is_ed25519 CHECK (octet_length(signature) = 64)
);
COMMENT ON TABLE officer_signature IS 'Who signed an officers'' list; verified again whenever the list is used.';
COMMENT ON COLUMN officer_signature.number IS 'The list.';
COMMENT ON COLUMN officer_signature.officer IS 'Id of an officer of the list before.';
COMMENT ON COLUMN officer_signature.signature IS 'Ed25519, over the list''s bytes.';

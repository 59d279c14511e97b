-- Personal records, as ciphertext.

CREATE TABLE record (
    ref bytea NOT NULL,
    version integer NOT NULL,
    record bytea NOT NULL,
    CONSTRAINT record_pkey PRIMARY KEY (ref),
    CONSTRAINT record_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT record_version_counts_up CHECK (version >= 0),
    CONSTRAINT record_has_one_size CHECK (octet_length(record) = 2078)
);
-- Ciphertext does not compress; trying costs time.
ALTER TABLE record ALTER COLUMN record SET STORAGE EXTERNAL;
COMMENT ON TABLE record IS 'A member''s personal data, sealed under a key that is in the member''s bundle alone.';
COMMENT ON COLUMN record.ref IS 'The member.';
COMMENT ON COLUMN record.version IS 'Version of the record, which its seal is bound to.';
COMMENT ON COLUMN record.record IS 'Sealed object, one size for everybody.';

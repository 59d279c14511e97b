-- Sealed bundles. Version 0 comes from the registrar, later ones from the member's devices.

CREATE TABLE bundle (
    ref bytea NOT NULL,
    version integer NOT NULL,
    bundle bytea NOT NULL,
    CONSTRAINT bundle_pkey PRIMARY KEY (ref, version),
    CONSTRAINT bundle_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT bundle_version_counts_up CHECK (version >= 0),
    CONSTRAINT bundle_has_one_size CHECK (octet_length(bundle) = 8254)
);
-- Ciphertext does not compress; trying costs time.
ALTER TABLE bundle ALTER COLUMN bundle SET STORAGE EXTERNAL;
COMMENT ON TABLE bundle IS 'What a member''s device needs to read, sealed under a key that needs all three authorities.';
COMMENT ON COLUMN bundle.ref IS 'The member.';
COMMENT ON COLUMN bundle.version IS 'Key version; a later one is inserted once, and never changed.';
COMMENT ON COLUMN bundle.bundle IS 'Key commitment (32 bytes) and sealed object, one size for everybody.';

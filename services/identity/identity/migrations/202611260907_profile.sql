-- How a record changes after the first login: the member's wishes, sealed to the insurer, and the insurer's updates, sealed to the member.

CREATE TABLE profile_wish (
    ref bytea NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT profile_wish_pkey PRIMARY KEY (ref),
    CONSTRAINT profile_wish_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT profile_wish_has_one_size CHECK (octet_length(sealed) = 3186)
);
ALTER TABLE profile_wish ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE profile_wish IS 'What a member wants changed in the record; the newest wish stands until the registrar settles it.';
COMMENT ON COLUMN profile_wish.ref IS 'The member.';
COMMENT ON COLUMN profile_wish.sealed IS 'Sealed to the insurer''s key, one size for everybody.';

CREATE TABLE profile_update (
    ref bytea NOT NULL,
    whole boolean NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT profile_update_pkey PRIMARY KEY (ref, whole),
    CONSTRAINT profile_update_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT profile_update_has_one_size CHECK (octet_length(sealed) = 3186)
);
ALTER TABLE profile_update ALTER COLUMN sealed SET STORAGE EXTERNAL;
COMMENT ON TABLE profile_update IS 'What the insurer says about a record since its member has it; gone when the member has put it in.';
COMMENT ON COLUMN profile_update.ref IS 'The member.';
COMMENT ON COLUMN profile_update.whole IS 'Whether it says every field; a partial one is put in after it.';
COMMENT ON COLUMN profile_update.sealed IS 'Sealed to a key of the member, one size for everybody.';

-- What members are found under: tags of evaluated words, and the insurer's way to open what was found.

CREATE TABLE search_tag (
    ref bytea NOT NULL,
    member_number_tag bytea NOT NULL,
    kana_birth_tag bytea NOT NULL,
    telephone_tag bytea NOT NULL,
    email_tag bytea NOT NULL,
    CONSTRAINT search_tag_pkey PRIMARY KEY (ref),
    CONSTRAINT search_tag_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT search_tag_member_number_is_one_row_s UNIQUE (member_number_tag),
    CONSTRAINT search_tag_kana_birth_is_one_row_s UNIQUE (kana_birth_tag),
    CONSTRAINT search_tag_telephone_is_one_row_s UNIQUE (telephone_tag),
    CONSTRAINT search_tag_email_is_one_row_s UNIQUE (email_tag),
    CONSTRAINT search_tag_has_one_size CHECK (
        octet_length(member_number_tag) = 32 AND octet_length(kana_birth_tag) = 32 AND octet_length(telephone_tag) = 32 AND octet_length(email_tag) = 32
    )
);
COMMENT ON TABLE search_tag IS 'What each member is found under. All rows look alike, whatever there is to find, and no two share a value.';
COMMENT ON COLUMN search_tag.ref IS 'The member.';
COMMENT ON COLUMN search_tag.member_number_tag IS 'SHA-256 of the evaluation of a member number and a salt that is stored nowhere; random where there is none.';
COMMENT ON COLUMN search_tag.kana_birth_tag IS 'Likewise of reading and birth date.';
COMMENT ON COLUMN search_tag.telephone_tag IS 'Likewise of a telephone number.';
COMMENT ON COLUMN search_tag.email_tag IS 'Likewise of an e-mail address.';

CREATE TABLE record_opening (
    ref bytea NOT NULL,
    opening bytea NOT NULL,
    CONSTRAINT record_opening_pkey PRIMARY KEY (ref),
    CONSTRAINT record_opening_of_an_account FOREIGN KEY (ref) REFERENCES account (ref),
    CONSTRAINT record_opening_has_one_size CHECK (octet_length(opening) = 1670)
);
COMMENT ON TABLE record_opening IS 'The insurer''s copy of each record''s key, which opens with the insurer''s key and all three authorities in a window.';
COMMENT ON COLUMN record_opening.ref IS 'The member.';
COMMENT ON COLUMN record_opening.opening IS 'Split seal, one size for everybody.';

-- A guardian's children have no numbers any more: which of them came later went with their age.

UPDATE verifier SET place = 0 WHERE place <> 0;
ALTER TABLE verifier
    DROP CONSTRAINT verifier_pkey,
    DROP CONSTRAINT verifier_place_is_of_a_subject,
    ALTER COLUMN place SET DEFAULT 0,
    ADD CONSTRAINT verifier_place_is_not_used CHECK (place = 0);
ALTER TABLE verifier ADD CONSTRAINT verifier_pkey PRIMARY KEY (hash, ref);
CREATE UNIQUE INDEX verifier_of_one_member ON verifier (hash) WHERE guardian_until IS NULL OR kind <> 'oidc';
COMMENT ON TABLE verifier IS 'What a member proves control of. One proof belongs to one member; a guardian''s subject opens the children''s accounts too.';
COMMENT ON COLUMN verifier.place IS 'Not used any more.';

-- Ways to sign in: several kinds, several a member, some for a time; and until when a member may.

ALTER TABLE account ADD COLUMN access_ends bigint;
COMMENT ON COLUMN account.access_ends IS 'Seconds since 1970: from then on nothing is released to the member. No end where it is null.';

ALTER TABLE verifier
    ADD COLUMN place smallint NOT NULL DEFAULT 0,
    ADD COLUMN id bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()),
    ADD COLUMN public_key bytea,
    ADD COLUMN label bytea,
    ADD COLUMN confirmed boolean NOT NULL DEFAULT true,
    ADD COLUMN not_before bigint,
    ADD COLUMN expires bigint,
    ADD COLUMN guardian_until bigint;
ALTER TABLE verifier
    ALTER COLUMN place DROP DEFAULT,
    ALTER COLUMN id DROP DEFAULT,
    ALTER COLUMN confirmed DROP DEFAULT,
    DROP CONSTRAINT verifier_pkey,
    ADD CONSTRAINT verifier_pkey PRIMARY KEY (hash, place),
    ADD CONSTRAINT verifier_of_one_member_once UNIQUE (ref, id),
    ADD CONSTRAINT verifier_kind_is_known CHECK (kind IN ('oidc', 'passkey', 'letter', 'card')),
    ADD CONSTRAINT verifier_id_has_16_bytes CHECK (octet_length(id) = 16),
    ADD CONSTRAINT verifier_place_is_of_a_subject CHECK (place BETWEEN 0 AND 99 AND (place = 0 OR kind = 'oidc')),
    ADD CONSTRAINT verifier_has_a_key_or_a_provider CHECK ((public_key IS NULL) = (kind = 'oidc')),
    ADD CONSTRAINT verifier_letter_expires CHECK (expires IS NOT NULL OR kind <> 'letter'),
    ADD CONSTRAINT verifier_label_has_one_size CHECK (octet_length(label) = 160);
COMMENT ON TABLE verifier IS 'What a member proves control of. One proof belongs to one member; a guardian''s subject has a place for each child.';
COMMENT ON COLUMN verifier.place IS 'Which account of a provider''s subject: 0 the own one, then those of minor children.';
COMMENT ON COLUMN verifier.id IS 'By which the member''s devices know it; the same at all three authorities.';
COMMENT ON COLUMN verifier.public_key IS 'COSE key of a passkey, Ed25519 key of a code; null for a provider''s subject.';
COMMENT ON COLUMN verifier.label IS 'What the member calls it, sealed under a key of the member''s devices.';
COMMENT ON COLUMN verifier.confirmed IS 'Whether all three authorities store it, as this one was shown; only then it counts as a way in that remains.';
COMMENT ON COLUMN verifier.not_before IS 'Of a recovery: seconds since 1970, when it takes effect.';
COMMENT ON COLUMN verifier.expires IS 'Seconds since 1970, from when on it is refused.';
COMMENT ON COLUMN verifier.guardian_until IS 'Of a guardian: seconds since 1970, when the guardianship ends.';
DROP INDEX verifier_ref;

CREATE TABLE code_try (
    hash bytea NOT NULL,
    day date NOT NULL,
    n integer NOT NULL,
    CONSTRAINT code_try_pkey PRIMARY KEY (hash, day),
    CONSTRAINT code_try_hash_is_a_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT code_try_counts CHECK (n >= 0)
);
COMMENT ON TABLE code_try IS 'How often a code was tried since the last seal or midnight, known here or not, so that a PIN cannot be guessed; emptied by the seal.';
COMMENT ON COLUMN code_try.hash IS 'HMAC-SHA256 of the handle under a key of this host.';
COMMENT ON COLUMN code_try.day IS 'Day in UTC.';
COMMENT ON COLUMN code_try.n IS 'Tries that did not succeed, or are under way.';

-- Roots have generations: a salt names the root that its share is derived with, and no other root takes that one's place.

ALTER TABLE salt ADD COLUMN root smallint NOT NULL DEFAULT 1;
ALTER TABLE salt ADD CONSTRAINT salt_root_counts_up CHECK (root >= 1);
COMMENT ON COLUMN salt.root IS 'Generation of the root that the share is derived with; that of the newest root when the row was inserted.';

CREATE TABLE share_root (
    generation smallint NOT NULL,
    mark bytea NOT NULL,
    CONSTRAINT share_root_pkey PRIMARY KEY (generation),
    CONSTRAINT share_root_follows_the_first CHECK (generation >= 2),
    CONSTRAINT share_root_mark_has_32_bytes CHECK (octet_length(mark) = 32)
);
COMMENT ON TABLE share_root IS 'Later roots that this host was started with; a start with another root of the same number is refused.';
COMMENT ON COLUMN share_root.generation IS 'Number in the configuration; not used again.';
COMMENT ON COLUMN share_root.mark IS 'Derived from the root, says nothing about it.';

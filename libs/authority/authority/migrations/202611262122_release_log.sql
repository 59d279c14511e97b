-- The release log: a hash tree of salted commitments (RFC 9162), and what opens a leaf, which only the member reads.

CREATE TABLE log_queue (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind smallint NOT NULL,
    ref bytea,
    about bytea NOT NULL,
    CONSTRAINT log_queue_pkey PRIMARY KEY (id),
    CONSTRAINT log_queue_kind_is_known CHECK (kind BETWEEN 1 AND 6),
    CONSTRAINT log_queue_about_is_a_hash CHECK (octet_length(about) = 32)
);
COMMENT ON TABLE log_queue IS 'What was done and is not in the log yet: written with the deed itself, taken every second, rewritten by the seal.';
COMMENT ON COLUMN log_queue.id IS 'Random.';
COMMENT ON COLUMN log_queue.kind IS 'Release, rotation, recovery, erasure, window, evaluation: 1 to 6.';
COMMENT ON COLUMN log_queue.ref IS 'The member; null where it is about nobody.';
COMMENT ON COLUMN log_queue.about IS 'Thumbprint of the session''s key, or hash of the window''s manifest or of the call.';

CREATE TABLE log_leaf (
    position bigint NOT NULL,
    kind smallint NOT NULL,
    commitment bytea NOT NULL,
    CONSTRAINT log_leaf_pkey PRIMARY KEY (position),
    CONSTRAINT log_leaf_counts_from_zero CHECK (position >= 0),
    CONSTRAINT log_leaf_commitment_is_a_hash CHECK (octet_length(commitment) = 32)
);
COMMENT ON TABLE log_leaf IS 'The log: appended to, never changed. Nothing here says about whom a leaf is.';
COMMENT ON COLUMN log_leaf.position IS 'Place in the log; within a second places are drawn by lot.';
COMMENT ON COLUMN log_leaf.kind IS 'As in the queue.';
COMMENT ON COLUMN log_leaf.commitment IS 'SHA-256 over host, kind, day, member and deed with a random salt.';

CREATE TABLE log_node (
    level smallint NOT NULL,
    number bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT log_node_pkey PRIMARY KEY (level, number),
    CONSTRAINT log_node_is_above_leaves CHECK (level >= 1),
    CONSTRAINT log_node_hash_is_a_hash CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE log_node IS 'Hashes of the log''s complete subtrees: what proofs are made of.';
COMMENT ON COLUMN log_node.level IS 'Height of the subtree.';
COMMENT ON COLUMN log_node.number IS 'Which one of this height, from the left.';
COMMENT ON COLUMN log_node.hash IS 'RFC 9162 section 2.1.1.';

CREATE TABLE log_checkpoint (
    size bigint NOT NULL,
    root bytea NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT log_checkpoint_pkey PRIMARY KEY (size),
    CONSTRAINT log_checkpoint_root_is_a_hash CHECK (octet_length(root) = 32)
);
COMMENT ON TABLE log_checkpoint IS 'Signed sizes and roots of the log. Older ones that nobody cosigned are deleted.';
COMMENT ON COLUMN log_checkpoint.size IS 'How many leaves.';
COMMENT ON COLUMN log_checkpoint.root IS 'Root of the tree of so many leaves.';
COMMENT ON COLUMN log_checkpoint.signature IS 'This authority''s, as a signed note has it: id of the key and signature.';

CREATE TABLE log_cosignature (
    size bigint NOT NULL,
    host text NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT log_cosignature_pkey PRIMARY KEY (size, host),
    CONSTRAINT log_cosignature_of_a_checkpoint FOREIGN KEY (size) REFERENCES log_checkpoint (size) ON DELETE CASCADE
);
COMMENT ON TABLE log_cosignature IS 'What the other authorities signed after they saw that nothing before was changed.';
COMMENT ON COLUMN log_cosignature.size IS 'The checkpoint.';
COMMENT ON COLUMN log_cosignature.host IS 'Which authority.';
COMMENT ON COLUMN log_cosignature.signature IS 'As a signed note has it.';

CREATE TABLE log_witness (
    host text NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT log_witness_pkey PRIMARY KEY (host),
    CONSTRAINT log_witness_root_is_a_hash CHECK (octet_length(root) = 32)
);
COMMENT ON TABLE log_witness IS 'The newest checkpoint of each other authority that this one cosigned: what comes next must begin with it.';
COMMENT ON COLUMN log_witness.host IS 'Whose log.';
COMMENT ON COLUMN log_witness.size IS 'Its size.';
COMMENT ON COLUMN log_witness.root IS 'Its root.';

CREATE TABLE member_log (
    ref bytea NOT NULL,
    key bytea NOT NULL,
    slots bytea NOT NULL,
    CONSTRAINT member_log_pkey PRIMARY KEY (ref),
    CONSTRAINT member_log_of_an_account FOREIGN KEY (ref) REFERENCES account (ref) ON DELETE CASCADE,
    CONSTRAINT member_log_key_is_a_key CHECK (octet_length(key) = 32),
    CONSTRAINT member_log_has_one_size CHECK (octet_length(slots) = 7168)
);
-- Ciphertext does not compress; trying costs time.
ALTER TABLE member_log ALTER COLUMN slots SET STORAGE EXTERNAL;
COMMENT ON TABLE member_log IS 'What opens a member''s leaves, for the member alone: 64 slots, used or not, all alike; changed by the seal alone.';
COMMENT ON COLUMN member_log.ref IS 'The member.';
COMMENT ON COLUMN member_log.key IS 'X25519 public key to which entries are sealed.';
COMMENT ON COLUMN member_log.slots IS 'Sealed entries, the oldest first; new ones push old ones out.';

CREATE TABLE log_inbox (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    ref bytea NOT NULL,
    sealed bytea,
    entry bytea,
    CONSTRAINT log_inbox_pkey PRIMARY KEY (id),
    CONSTRAINT log_inbox_of_an_account FOREIGN KEY (ref) REFERENCES account (ref) ON DELETE CASCADE,
    CONSTRAINT log_inbox_is_one_of_two CHECK (num_nonnulls(sealed, entry) = 1),
    CONSTRAINT log_inbox_sealed_has_one_size CHECK (octet_length(sealed) = 112)
);
COMMENT ON TABLE log_inbox IS 'The day''s entries until the seal puts them into slots; and entries of members who have no log key yet.';
COMMENT ON COLUMN log_inbox.id IS 'Random.';
COMMENT ON COLUMN log_inbox.ref IS 'The member.';
COMMENT ON COLUMN log_inbox.sealed IS 'Sealed to the member''s log key.';
COMMENT ON COLUMN log_inbox.entry IS 'What will be sealed once there is a key: of a first login that is under way, or was never finished.';
CREATE INDEX log_inbox_ref ON log_inbox (ref);

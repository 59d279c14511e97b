-- Points by opaque token: a ledger of transfers that only grows. Each row moves an amount from a side of the insurer's books to the
-- member (positive) or back (negative), so that what is posted sums to nothing. Rows of the balance say what may be spent.

-- What a member has, and how much of it is held for orders. Follows the ledger in the same transaction; rewritten by each seal.
CREATE TABLE point_balance (
    -- The mailbox.
    token bytea PRIMARY KEY CONSTRAINT point_balance_token_size CHECK (octet_length(token) = 32),
    -- Sum of the member's entries.
    posted integer NOT NULL,
    -- Sum of the member's holds.
    held integer NOT NULL,
    CONSTRAINT point_balance_held CHECK (held >= 0 AND posted >= held)
);

-- Transfers. What grants and expiry write is sorted by token; what single members cause arrives by the inbox.
CREATE TABLE point_entry (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT point_entry_token_size CHECK (octet_length(token) = 32),
    -- Names what happened and so happens once: a run of a rule, a hold, or follows from what it undoes or ends.
    id bytea NOT NULL CONSTRAINT point_entry_id_size CHECK (octet_length(id) = 16),
    -- Points to the member, negative: from the member.
    amount integer NOT NULL CONSTRAINT point_entry_amount CHECK (amount <> 0),
    -- The other side: issued, redeemed or expired.
    against text NOT NULL CONSTRAINT point_entry_against CHECK (against IN ('issued', 'redeemed', 'expired')),
    -- Of that side: the rule by which points are issued, or the supplier with whom they are redeemed.
    party text NOT NULL,
    -- The day (UTC).
    day date NOT NULL,
    -- Where the entry is a lot: the last day on which its points may be spent.
    expires date,
    -- Where the entry is a refund: the entry that it undoes.
    reverses bytea CONSTRAINT point_entry_reverses_size CHECK (octet_length(reverses) = 16),
    CONSTRAINT point_entry_lots CHECK (expires IS NULL OR amount > 0),
    PRIMARY KEY (token, id)
);
-- A redemption is undone once: its points go back to their lots, and once into a new one where lots were over.
CREATE UNIQUE INDEX point_entry_reversal ON point_entry (token, reverses, (expires IS NULL));
CREATE INDEX point_entry_expires ON point_entry (expires) WHERE expires IS NOT NULL;

-- Transfers that members caused since the last seal. The daily fold moves them into point_entry.
CREATE TABLE point_entry_inbox (
    -- As in point_entry.
    token bytea NOT NULL CONSTRAINT point_entry_inbox_token_size CHECK (octet_length(token) = 32),
    -- As in point_entry.
    id bytea NOT NULL CONSTRAINT point_entry_inbox_id_size CHECK (octet_length(id) = 16),
    -- As in point_entry.
    amount integer NOT NULL CONSTRAINT point_entry_inbox_amount CHECK (amount <> 0),
    -- As in point_entry.
    against text NOT NULL CONSTRAINT point_entry_inbox_against CHECK (against IN ('issued', 'redeemed', 'expired')),
    -- As in point_entry.
    party text NOT NULL,
    -- As in point_entry.
    day date NOT NULL,
    -- As in point_entry.
    expires date,
    -- As in point_entry.
    reverses bytea CONSTRAINT point_entry_inbox_reverses_size CHECK (octet_length(reverses) = 16),
    CONSTRAINT point_entry_inbox_lots CHECK (expires IS NULL OR amount > 0),
    PRIMARY KEY (token, id)
);
CREATE UNIQUE INDEX point_entry_inbox_reversal ON point_entry_inbox (token, reverses, (expires IS NULL));

-- From which lots an entry took its points, or to which it gave them back. What is left of a lot follows from here.
CREATE TABLE point_use (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT point_use_token_size CHECK (octet_length(token) = 32),
    -- point_entry.id of the lot.
    lot bytea NOT NULL,
    -- point_entry.id of the entry that took.
    cause bytea NOT NULL,
    -- Points taken, negative: given back.
    amount integer NOT NULL CONSTRAINT point_use_amount CHECK (amount <> 0),
    PRIMARY KEY (token, lot, cause)
);

-- As point_use, since the last seal.
CREATE TABLE point_use_inbox (
    -- As in point_use.
    token bytea NOT NULL CONSTRAINT point_use_inbox_token_size CHECK (octet_length(token) = 32),
    -- As in point_use.
    lot bytea NOT NULL,
    -- As in point_use.
    cause bytea NOT NULL,
    -- As in point_use.
    amount integer NOT NULL CONSTRAINT point_use_inbox_amount CHECK (amount <> 0),
    PRIMARY KEY (token, lot, cause)
);

-- Points that wait for what becomes of an order. A row goes when its points are captured or let go, so either happens once.
CREATE TABLE point_hold (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT point_hold_token_size CHECK (octet_length(token) = 32),
    -- Random; the order's.
    id bytea NOT NULL CONSTRAINT point_hold_id_size CHECK (octet_length(id) = 16),
    -- Points held.
    amount integer NOT NULL CONSTRAINT point_hold_amount CHECK (amount > 0),
    -- The last day (UTC) on which it may be captured.
    until date NOT NULL,
    PRIMARY KEY (token, id)
);

-- The lots that a hold was taken from, the earliest to expire first. A lot whose day comes keeps what is held.
CREATE TABLE point_hold_part (
    -- The mailbox.
    token bytea NOT NULL,
    -- point_hold.id
    hold bytea NOT NULL,
    -- point_entry.id
    lot bytea NOT NULL,
    -- Points of this lot.
    amount integer NOT NULL CONSTRAINT point_hold_part_amount CHECK (amount > 0),
    PRIMARY KEY (token, hold, lot)
);

-- Requests that must not be done twice, for the two days in which they may come again.
CREATE TABLE point_request (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT point_request_token_size CHECK (octet_length(token) = 32),
    -- What was asked for.
    scope text NOT NULL,
    -- SHA-256 of the caller's key.
    key bytea NOT NULL CONSTRAINT point_request_key_size CHECK (octet_length(key) = 32),
    -- SHA-256 of what was sent with it.
    fingerprint bytea NOT NULL CONSTRAINT point_request_fingerprint_size CHECK (octet_length(fingerprint) = 32),
    -- What was answered.
    answer text NOT NULL,
    -- The day (UTC).
    day date NOT NULL,
    PRIMARY KEY (token, scope, key)
);

-- What stays in the books of members who were erased: sums by fiscal year, without a member. They sum to nothing.
CREATE TABLE point_erased (
    -- As in point_entry, and erased: what these members had left.
    against text NOT NULL,
    -- As in point_entry.
    party text NOT NULL,
    -- The year in which the Japanese fiscal year (1 April) began.
    fiscal_year integer NOT NULL,
    -- Sum of the amounts.
    amount bigint NOT NULL,
    PRIMARY KEY (against, party, fiscal_year)
);

CREATE VIEW point_entries AS
SELECT token, id, amount, against, party, day, expires, reverses FROM point_entry
UNION ALL
SELECT token, id, amount, against, party, day, expires, reverses FROM point_entry_inbox;

CREATE VIEW point_uses AS
SELECT token, lot, cause, amount FROM point_use
UNION ALL
SELECT token, lot, cause, amount FROM point_use_inbox;

-- Both sides of every transfer, without the member.
CREATE VIEW ledger_posting AS
SELECT 'members' AS side, '' AS party, day, extract(year FROM day - interval '3 months')::integer AS fiscal_year, amount::bigint AS amount
FROM point_entries
UNION ALL
SELECT against, party, day, extract(year FROM day - interval '3 months')::integer, -amount::bigint FROM point_entries
UNION ALL
SELECT against, party, NULL, fiscal_year, -amount FROM point_erased;

-- Rows of the ledger never change. They go with their member alone, whose balance goes first.
CREATE FUNCTION points_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM point_balance WHERE token = OLD.token) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER point_entry_append_only BEFORE UPDATE OR DELETE ON point_entry FOR EACH ROW EXECUTE FUNCTION points_are_kept();
CREATE TRIGGER point_entry_inbox_append_only BEFORE UPDATE OR DELETE ON point_entry_inbox FOR EACH ROW EXECUTE FUNCTION points_are_kept();
CREATE TRIGGER point_use_append_only BEFORE UPDATE OR DELETE ON point_use FOR EACH ROW EXECUTE FUNCTION points_are_kept();
CREATE TRIGGER point_use_inbox_append_only BEFORE UPDATE OR DELETE ON point_use_inbox FOR EACH ROW EXECUTE FUNCTION points_are_kept();

-- What suppliers are still to be told: that an order changed. Written with the change, deleted when it arrived. No member column, no
-- time: when a notice is tried again is in the memory of the process that tries. Rewritten by each seal.
CREATE TABLE order_notice (
    -- exchange_order.id, the only name of a member that the supplier knows.
    order_id bytea NOT NULL CONSTRAINT order_notice_order_size CHECK (octet_length(order_id) = 16),
    -- exchange_order.revision after the change. The notice's own id follows from both.
    revision integer NOT NULL CONSTRAINT order_notice_revision CHECK (revision >= 1),
    -- Id of the supplier.
    supplier text NOT NULL,
    -- Where the order stood.
    state text NOT NULL,
    -- The day (UTC) from which on it is tried.
    day date NOT NULL,
    -- Whether it is given up until somebody asks for it again.
    dead boolean NOT NULL,
    PRIMARY KEY (order_id, revision)
);

-- Whose turn it is to tell suppliers. No member column.
CREATE TABLE notice_turn (
    -- There is one row.
    single boolean PRIMARY KEY CONSTRAINT notice_turn_single CHECK (single),
    -- Random, anew at each turn: a process that sees the same for a while takes over.
    beat bytea NOT NULL CONSTRAINT notice_turn_beat_size CHECK (octet_length(beat) = 16)
);

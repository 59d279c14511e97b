-- Identifiers that may be seen only once. Unlogged: nothing of them reaches the write-ahead log, and a crash empties them.
-- No member column, no time: a row says only that somebody asked something in the last minutes.

CREATE UNLOGGED TABLE once_even (
    id bytea NOT NULL,
    CONSTRAINT once_even_pkey PRIMARY KEY (id),
    CONSTRAINT once_even_id_is_a_hash CHECK (octet_length(id) = 32)
);
COMMENT ON TABLE once_even IS 'Identifiers issued in periods of even number; emptied before the period after the next.';
COMMENT ON COLUMN once_even.id IS 'SHA-256 of the signing key''s thumbprint and the identifier.';

CREATE UNLOGGED TABLE once_odd (
    id bytea NOT NULL,
    CONSTRAINT once_odd_pkey PRIMARY KEY (id),
    CONSTRAINT once_odd_id_is_a_hash CHECK (octet_length(id) = 32)
);
COMMENT ON TABLE once_odd IS 'Identifiers issued in periods of odd number; emptied before the period after the next.';
COMMENT ON COLUMN once_odd.id IS 'SHA-256 of the signing key''s thumbprint and the identifier.';

CREATE UNLOGGED TABLE once_mark (
    single boolean NOT NULL DEFAULT true,
    since bigint NOT NULL,
    CONSTRAINT once_mark_pkey PRIMARY KEY (single),
    CONSTRAINT once_mark_is_one_row CHECK (single)
);
COMMENT ON TABLE once_mark IS 'One row that a crash removes together with the identifiers, so that their loss is noticed.';
COMMENT ON COLUMN once_mark.single IS 'Always true: there is one row.';
COMMENT ON COLUMN once_mark.since IS 'Seconds since 1970: what was issued earlier is refused, because it may have been seen before the loss.';

INSERT INTO once_mark (since) VALUES (0);

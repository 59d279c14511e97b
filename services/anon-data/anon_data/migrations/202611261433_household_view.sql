-- Household views: a key beside the member's own that reads a part of the records.

-- What members let somebody else read. No row says who that is; the daily seal rewrites the table.
CREATE TABLE household_view (
    -- The mailbox of whoever lets somebody read.
    token bytea NOT NULL REFERENCES mailbox (token),
    -- By which a request finds the view; it follows from the code that the two hand over, without its PIN.
    handle bytea NOT NULL CONSTRAINT household_view_handle UNIQUE CONSTRAINT household_view_handle_size CHECK (octet_length(handle) = 32),
    -- RFC 7638 thumbprint of the key that reads; it follows from code and PIN.
    jkt bytea NOT NULL CONSTRAINT household_view_jkt_size CHECK (octet_length(jkt) = 32),
    -- Thumbprint of the reader key that gave it: with that key the view ends.
    given_by bytea NOT NULL CONSTRAINT household_view_given_by_size CHECK (octet_length(given_by) = 32),
    -- What is shown, without what is sealed: checkups, costs.
    shows text[] NOT NULL CONSTRAINT household_view_shows CHECK (shows <@ ARRAY['checkups', 'costs'] AND cardinality(shows) > 0),
    -- The last day (UTC) on which it reads.
    until date NOT NULL,
    -- Wrong PINs since the last right one; after ten it reads no more.
    tries smallint NOT NULL DEFAULT 0 CONSTRAINT household_view_tries CHECK (tries BETWEEN 0 AND 10),
    PRIMARY KEY (token, handle)
);

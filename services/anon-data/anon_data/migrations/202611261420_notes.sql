-- What members write down for themselves. The store cannot open it: the key follows from the member's bundle.
CREATE TABLE note (
    -- The mailbox.
    token bytea NOT NULL,
    -- The device's own calendar day.
    day date NOT NULL,
    -- The device's counter: the highest wins. No clock time.
    seq bigint NOT NULL CONSTRAINT note_seq CHECK (seq >= 0),
    -- Always of one size. NULL: deleted; the row stays as long as an older write of that day could still arrive.
    sealed bytea CONSTRAINT note_sealed_size CHECK (octet_length(sealed) = 1566),
    PRIMARY KEY (token, day)
);
-- Inside the row, uncompressed: what PostgreSQL moves out of a row gets a number from a counter.
ALTER TABLE note ALTER COLUMN sealed SET STORAGE PLAIN;
-- Finds old deletions without reading everything.
CREATE INDEX note_deleted ON note (token, day) WHERE sealed IS NULL;

-- What members wrote since the last seal. The daily fold moves it into note sorted by token and empties this table. A row here
-- is always newer than the row of the same key there.
CREATE TABLE note_inbox (
    -- The mailbox.
    token bytea NOT NULL,
    -- As in note.
    day date NOT NULL,
    -- As in note.
    seq bigint NOT NULL CONSTRAINT note_inbox_seq CHECK (seq >= 0),
    -- As in note.
    sealed bytea CONSTRAINT note_inbox_sealed_size CHECK (octet_length(sealed) = 1566),
    PRIMARY KEY (token, day)
);
ALTER TABLE note_inbox ALTER COLUMN sealed SET STORAGE PLAIN;

-- A database that was restored from a backup knows that it is one, until everybody who was erased since is erased from it again.

CREATE TABLE restore_mark (
    single boolean NOT NULL DEFAULT true,
    CONSTRAINT restore_mark_pkey PRIMARY KEY (single),
    CONSTRAINT restore_mark_is_one_row CHECK (single)
);
COMMENT ON TABLE restore_mark IS 'One row from a restore until the erasure ledger was replayed; with it the service does not serve.';
COMMENT ON COLUMN restore_mark.single IS 'Always true: there is at most one row.';

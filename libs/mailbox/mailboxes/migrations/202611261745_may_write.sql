-- Writing for a mailbox in one statement.

CREATE FUNCTION may_write(mailbox bytea, key bytea, high integer, low integer) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(high, low);
    -- The look-up is a statement of its own, so it sees what was committed while this one waited.
    RETURN EXISTS (SELECT FROM reader_key WHERE token = mailbox AND jkt = key)
        AND NOT EXISTS (SELECT FROM suspension WHERE token = mailbox);
END
$$;
COMMENT ON FUNCTION may_write(bytea, bytea, integer, integer) IS 'Holds back whatever else writes for a mailbox until the transaction ends, then says whether this key reads it and nothing suspends it.';

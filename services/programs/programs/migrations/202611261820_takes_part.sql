-- Whether a member's days have to be counted, asked after other writers of the same mailbox are done.

CREATE FUNCTION takes_part(mailbox bytea) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- A statement of its own, so it sees who entered a contest while the caller's statement waited.
    RETURN EXISTS (SELECT FROM entry WHERE token = mailbox);
END
$$;
COMMENT ON FUNCTION takes_part(bytea) IS 'Whether a member has entered a contest, as of now and not as of the calling statement''s begin.';

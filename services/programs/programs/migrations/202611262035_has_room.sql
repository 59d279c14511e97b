-- Whether another installation of a member may have totals, asked only where this one has none since the last seal.

CREATE FUNCTION has_room(mailbox bytea, writing bytea, first date, most integer) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF EXISTS (SELECT FROM step_day WHERE token = mailbox AND install = writing AND day >= first) THEN
        RETURN true;
    END IF;
    RETURN (
        SELECT count(DISTINCT install) FROM (
            SELECT install FROM step_day_inbox WHERE token = mailbox AND day >= first AND install <> writing
            UNION ALL SELECT install FROM step_day WHERE token = mailbox AND day >= first AND install <> writing
        ) AS other
    ) < most;
END
$$;
COMMENT ON FUNCTION has_room(bytea, bytea, date, integer) IS 'Whether an installation may have totals of days from first on: it has some already, or fewer than most others have.';

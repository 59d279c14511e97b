-- In which weeks a member read something here: one flag, by consent, and never finer than the week.

-- Weeks that are over. Filled by the first fold after a week's end, all of it by one transaction and sorted by token.
CREATE TABLE portal_week (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT portal_week_token_size CHECK (octet_length(token) = 32),
    -- Monday of the ISO week (UTC).
    week date NOT NULL CONSTRAINT portal_week_monday CHECK (extract(isodow FROM week) = 1),
    PRIMARY KEY (token, week)
);

-- The running week. The daily seal rewrites it in random order by one transaction, so that nothing says on which day a row came.
CREATE TABLE portal_week_inbox (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT portal_week_inbox_token_size CHECK (octet_length(token) = 32),
    -- As in portal_week.
    week date NOT NULL CONSTRAINT portal_week_inbox_monday CHECK (extract(isodow FROM week) = 1),
    PRIMARY KEY (token, week)
);

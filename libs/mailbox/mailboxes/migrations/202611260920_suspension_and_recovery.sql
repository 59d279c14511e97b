-- What two officers decide about a mailbox. Nothing is finer than a day; the daily seal rewrites both tables.

-- Mailboxes of which no member's key is admitted, until the row goes. The registrar still writes.
CREATE TABLE suspension (
    -- The mailbox.
    token bytea PRIMARY KEY REFERENCES mailbox (token)
);

-- Mailboxes that may be claimed once more, by whoever holds the claim key, when their day has come.
CREATE TABLE recovery (
    -- The mailbox.
    token bytea PRIMARY KEY REFERENCES mailbox (token),
    -- First day (UTC) on which a claim replaces the reader key: the second after the one on which the registrar asked, so that
    -- at least 24 hours lie between, though no time of day is kept.
    opens date NOT NULL
);

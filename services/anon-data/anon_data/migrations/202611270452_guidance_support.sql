-- What the staff who guide say was done and reached, so that they know what is left to do.
CREATE TABLE guidance_support (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT guidance_support_token_size CHECK (octet_length(token) = 32),
    -- Of the checkup that the guidance follows.
    fiscal_year smallint NOT NULL,
    -- As in protocol.messages.guidance_tasks, from 1.
    kind smallint NOT NULL CONSTRAINT guidance_support_kind CHECK (kind BETWEEN 1 AND 13),
    -- How often in all. No day: what is left to do needs none.
    times smallint NOT NULL CONSTRAINT guidance_support_times CHECK (times BETWEEN 0 AND 99),
    PRIMARY KEY (token, fiscal_year, kind)
);

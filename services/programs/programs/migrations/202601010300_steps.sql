-- Steps by opaque token: totals of device-local days. Nothing is finer than a day, the token leads every key.

-- One day's total of one installation.
CREATE TABLE step_day (
    -- The mailbox.
    token bytea NOT NULL,
    -- Random id of one installation, made for this host alone.
    install bytea NOT NULL CONSTRAINT step_day_install_size CHECK (octet_length(install) = 16),
    -- The device's own calendar day.
    day date NOT NULL,
    -- All steps of the day as the phone's system counts them; never an increment.
    steps integer NOT NULL CONSTRAINT step_day_steps CHECK (steps BETWEEN 0 AND 200000),
    -- The installation's counter: the highest wins. No clock time.
    seq bigint NOT NULL CONSTRAINT step_day_seq CHECK (seq >= 0),
    PRIMARY KEY (token, install, day)
);

-- What members wrote since the last seal. The daily fold moves it into step_day sorted by token and empties this table. A row here
-- is always newer than the row of the same key there.
CREATE TABLE step_day_inbox (
    -- The mailbox.
    token bytea NOT NULL,
    -- As in step_day.
    install bytea NOT NULL CONSTRAINT step_day_inbox_install_size CHECK (octet_length(install) = 16),
    -- As in step_day.
    day date NOT NULL,
    -- As in step_day.
    steps integer NOT NULL CONSTRAINT step_day_inbox_steps CHECK (steps BETWEEN 0 AND 200000),
    -- As in step_day.
    seq bigint NOT NULL CONSTRAINT step_day_inbox_seq CHECK (seq >= 0),
    PRIMARY KEY (token, install, day)
);

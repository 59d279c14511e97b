-- Steps that a member typed, stand apart; and the installation that a member chose to be counted.

ALTER TABLE step_day ADD COLUMN manual_steps integer NOT NULL DEFAULT 0; -- Typed by the member, beside those that were measured.
ALTER TABLE step_day ADD CONSTRAINT step_day_manual_steps CHECK (manual_steps BETWEEN 0 AND 200000);
ALTER TABLE step_day_inbox ADD COLUMN manual_steps integer NOT NULL DEFAULT 0; -- As in step_day.
ALTER TABLE step_day_inbox ADD CONSTRAINT step_day_inbox_manual_steps CHECK (manual_steps BETWEEN 0 AND 200000);

-- The installation whose totals count where it has one; without a row the largest total of all installations counts.
CREATE TABLE step_source (
    -- The mailbox.
    token bytea NOT NULL PRIMARY KEY,
    -- step_day.install
    install bytea NOT NULL CONSTRAINT step_source_install_size CHECK (octet_length(install) = 16)
);

-- Keys of installations that may write steps in the background, and read nothing. A reader key names and revokes them.
CREATE TABLE install_key (
    -- The mailbox.
    token bytea NOT NULL,
    -- step_day.install
    install bytea NOT NULL CONSTRAINT install_key_install_size CHECK (octet_length(install) = 16),
    -- RFC 7638 thumbprint of its P-256 key.
    jkt bytea NOT NULL CONSTRAINT install_key_jkt_size CHECK (octet_length(jkt) = 32),
    PRIMARY KEY (token, install)
);

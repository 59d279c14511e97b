-- By what rules points are granted, the runs that granted them, and what only the insurer knows of a member.

-- A rule in one of its versions. Never changed; the next version takes its place. No member column.
CREATE TABLE point_rule (
    -- A plain word, the same for all versions.
    id text NOT NULL,
    -- Counted from 1.
    version smallint NOT NULL CONSTRAINT point_rule_version CHECK (version >= 1),
    -- The rule as JSON (protocol.messages.point_rules.Rule).
    content text NOT NULL,
    -- The day (UTC) on which it was written.
    day date NOT NULL,
    PRIMARY KEY (id, version)
);

-- A grant to everybody whom a rule gives points for a period. No member column.
CREATE TABLE point_run (
    -- Follows from rule and period; point_entry.id of what it granted.
    id bytea PRIMARY KEY CONSTRAINT point_run_id_size CHECK (octet_length(id) = 16),
    -- point_rule.id
    rule text NOT NULL,
    -- Version of the rule.
    version smallint NOT NULL,
    -- First day that the rule looks at.
    first date NOT NULL,
    -- Last day that the rule looks at.
    last date NOT NULL,
    -- The day (UTC) on which it began, of all its entries.
    day date NOT NULL,
    -- Whether everybody has got what is theirs. What was interrupted goes on when it is asked for again.
    done boolean NOT NULL,
    CONSTRAINT point_run_period CHECK (first <= last)
);

-- That something happened in a fiscal year, as the insurer says. No finer, because a day of a checkup could be found at another host.
CREATE TABLE point_fact (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT point_fact_token_size CHECK (octet_length(token) = 32),
    -- What happened: checkup-taken, guidance-completed or questionnaire-answered.
    kind text NOT NULL CONSTRAINT point_fact_kind CHECK (kind IN ('checkup-taken', 'guidance-completed', 'questionnaire-answered')),
    -- The year in which the Japanese fiscal year (1 April) began.
    fiscal_year smallint NOT NULL,
    PRIMARY KEY (token, kind, fiscal_year)
);

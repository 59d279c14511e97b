-- What checkups and medical claims said before they were corrected or cancelled: for their member to read, and for nobody's analysis.

-- A checkup as it was until another content took its place.
CREATE TABLE former_checkup (
    -- As in checkup.
    exam_date date NOT NULL,
    -- The day (UTC) on which something else took its place.
    replaced date NOT NULL,
    -- As in checkup.
    program smallint NOT NULL,
    -- Counts the former versions of this one checkup, from 1.
    version smallint NOT NULL CONSTRAINT former_checkup_version CHECK (version > 0),
    -- As in checkup.
    fiscal_year smallint NOT NULL,
    -- As in checkup.
    age smallint NOT NULL,
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT former_checkup_token_size CHECK (octet_length(token) = 32),
    -- As in checkup.
    details bytea,
    PRIMARY KEY (token, exam_date, program, version)
);

-- One result of a former version. No foreign keys, as in observation.
CREATE TABLE former_observation (
    -- As in former_checkup.
    exam_date date NOT NULL,
    -- As in former_checkup.
    program smallint NOT NULL,
    -- As in former_checkup.
    version smallint NOT NULL,
    -- item.id
    item smallint NOT NULL,
    -- As in observation.
    absent smallint CONSTRAINT former_observation_absent CHECK (absent BETWEEN 1 AND 4),
    -- As in observation.
    flag "char" CONSTRAINT former_observation_flag CHECK (flag IN ('H', 'L', 'N')),
    -- The mailbox.
    token bytea NOT NULL,
    -- As in observation.
    value numeric,
    -- As in observation.
    choice text CONSTRAINT former_observation_choice_form CHECK (choice ~ '^[0-9A-Za-z.-]{1,16}$'),
    CONSTRAINT former_observation_says_one_thing CHECK (num_nonnulls(value, choice, absent) = 1),
    PRIMARY KEY (token, exam_date, program, version, item)
);

-- A medical claim as it was until a later version replaced it, or until it was cancelled. Its codes are in the sealed details alone.
CREATE TABLE former_claim (
    -- As in medical_claim.
    month date NOT NULL CONSTRAINT former_claim_month CHECK (extract(day FROM month) = 1),
    -- The day (UTC) on which it was replaced or cancelled.
    replaced date NOT NULL,
    -- As in medical_claim.
    points integer NOT NULL CONSTRAINT former_claim_points CHECK (points >= 0),
    -- As in medical_claim.
    own_payment integer NOT NULL CONSTRAINT former_claim_own_payment CHECK (own_payment >= 0),
    -- As in medical_claim.
    days smallint NOT NULL CONSTRAINT former_claim_days CHECK (days >= 0),
    -- As in medical_claim.
    kind smallint NOT NULL CONSTRAINT former_claim_kind CHECK (kind BETWEEN 1 AND 4),
    -- Counts the former versions of this one claim, from 1.
    version smallint NOT NULL CONSTRAINT former_claim_version CHECK (version > 0),
    -- As in medical_claim.
    inpatient boolean NOT NULL,
    -- As in medical_claim.
    estimated boolean NOT NULL,
    -- Whether it was cancelled, rather than replaced.
    cancelled boolean NOT NULL,
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT former_claim_token_size CHECK (octet_length(token) = 32),
    -- As in medical_claim.
    claim bytea NOT NULL CONSTRAINT former_claim_claim_size CHECK (octet_length(claim) = 16),
    -- As in medical_claim.
    details bytea,
    PRIMARY KEY (token, claim, version)
);

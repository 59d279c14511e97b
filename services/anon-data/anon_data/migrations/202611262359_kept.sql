-- What stays of erased people for statistics, where the insurer's rules say so: under names drawn at the erasure and known to
-- nobody, without a day, a token, a workplace, or anything sealed. Nothing leads from a mailbox to these rows, or back.

-- Whoever is counted.
CREATE TABLE kept_person (
    -- Names one erased person.
    person bytea PRIMARY KEY CONSTRAINT kept_person_size CHECK (octet_length(person) = 16),
    -- As in person.
    sex text NOT NULL CONSTRAINT kept_person_sex CHECK (sex IN ('male', 'female')),
    -- As in person.
    birth_year smallint NOT NULL
);

-- Checkups, without their days.
CREATE TABLE kept_checkup (
    -- kept_person.person
    person bytea NOT NULL,
    -- Names the checkup.
    visit bytea NOT NULL CONSTRAINT kept_checkup_visit_size CHECK (octet_length(visit) = 16),
    -- As in checkup.
    fiscal_year smallint NOT NULL,
    -- As in checkup.
    program smallint NOT NULL,
    -- As in checkup.
    age smallint NOT NULL,
    PRIMARY KEY (person, visit)
);

-- Their results.
CREATE TABLE kept_observation (
    -- kept_person.person
    person bytea NOT NULL,
    -- kept_checkup.visit
    visit bytea NOT NULL,
    -- item.id
    item smallint NOT NULL,
    -- As in observation.
    absent smallint,
    -- As in observation.
    flag "char",
    -- As in observation.
    value numeric,
    -- As in observation.
    choice text,
    CONSTRAINT kept_observation_says_one_thing CHECK (num_nonnulls(value, choice, absent) = 1),
    PRIMARY KEY (person, visit, item)
);

-- Medical claims, by month as before.
CREATE TABLE kept_claim (
    -- kept_person.person
    person bytea NOT NULL,
    -- Names the claim: not as the registrar does.
    claim bytea NOT NULL CONSTRAINT kept_claim_claim_size CHECK (octet_length(claim) = 16),
    -- As in medical_claim.
    month date NOT NULL CONSTRAINT kept_claim_month CHECK (extract(day FROM month) = 1),
    -- As in medical_claim.
    points integer NOT NULL,
    -- As in medical_claim.
    own_payment integer NOT NULL,
    -- As in medical_claim.
    days smallint NOT NULL,
    -- As in medical_claim.
    kind smallint NOT NULL,
    -- As in medical_claim.
    inpatient boolean NOT NULL,
    -- As in medical_claim.
    estimated boolean NOT NULL,
    PRIMARY KEY (person, claim)
);

-- Diagnoses that stood openly.
CREATE TABLE kept_diagnosis (
    -- kept_person.person
    person bytea NOT NULL,
    -- kept_claim.claim
    claim bytea NOT NULL,
    -- As in medical_claim_diagnosis.
    code text NOT NULL,
    -- As in medical_claim_diagnosis.
    main boolean NOT NULL,
    PRIMARY KEY (person, claim, code)
);

-- Drugs that stood openly.
CREATE TABLE kept_drug (
    -- kept_person.person
    person bytea NOT NULL,
    -- kept_claim.claim
    claim bytea NOT NULL,
    -- As in medical_claim_drug.
    code text NOT NULL,
    -- As in medical_claim_drug.
    amount numeric,
    PRIMARY KEY (person, claim, code)
);

-- Health guidance, without its days.
CREATE TABLE kept_guidance (
    -- kept_person.person
    person bytea NOT NULL,
    -- Names the report.
    report bytea NOT NULL CONSTRAINT kept_guidance_report_size CHECK (octet_length(report) = 16),
    -- The year in which the Japanese fiscal year of the report's day began.
    fiscal_year smallint NOT NULL,
    -- As in guidance.
    stage smallint NOT NULL,
    -- As in guidance.
    level smallint,
    PRIMARY KEY (person, report)
);

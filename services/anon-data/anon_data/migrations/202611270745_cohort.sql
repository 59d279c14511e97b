-- Populations that analysts define, and who approved them. Definitions alone: no member column, and nobody's number.
CREATE TABLE cohort (
    -- What the analyst calls it.
    name text NOT NULL CONSTRAINT cohort_name CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    -- Counts the definitions of this name.
    version smallint NOT NULL CONSTRAINT cohort_version CHECK (version >= 1),
    -- protocol.messages.cohorts.RegisterCohort, as JSON.
    content text NOT NULL,
    -- Name of the passkey of the analyst who registered it.
    registered_by text NOT NULL,
    -- The same person's pairwise name at this host, by which another passkey of theirs is known.
    registrant bytea NOT NULL CONSTRAINT cohort_registrant_size CHECK (octet_length(registrant) = 32),
    -- The day (UTC) on which it was registered.
    registered date NOT NULL,
    -- proposed, approved or refused.
    state text NOT NULL CONSTRAINT cohort_state CHECK (state IN ('proposed', 'approved', 'refused')),
    -- Name of the passkey of whoever decided.
    decided_by text CONSTRAINT cohort_two CHECK (decided_by <> registered_by),
    -- The day (UTC) of the decision.
    decided date,
    PRIMARY KEY (name, version),
    CONSTRAINT cohort_decision CHECK ((state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided IS NULL))
);

-- Results that leave as a file, and who let them. No member column; numbers of ten people and more.
CREATE TABLE analysis_export (
    -- Random, made by whoever asks.
    id bytea PRIMARY KEY CONSTRAINT analysis_export_id_size CHECK (octet_length(id) = 16),
    -- protocol.messages.exports.AskExport, as JSON.
    content text NOT NULL,
    -- What was answered when it was asked: head, lines and notes, as JSON.
    sheet text NOT NULL,
    -- Of the snapshot, as 2026-11.
    snapshot text NOT NULL,
    -- One hash of all definitions.
    definitions text NOT NULL,
    -- Name of the passkey of the analyst.
    asked_by text NOT NULL,
    -- The same person's pairwise name at this host, by which another passkey of theirs is known.
    asker bytea NOT NULL CONSTRAINT analysis_export_asker_size CHECK (octet_length(asker) = 32),
    -- The day (UTC) on which it was asked for.
    asked date NOT NULL,
    -- asked, approved or refused.
    state text NOT NULL CONSTRAINT analysis_export_state CHECK (state IN ('asked', 'approved', 'refused')),
    -- Name of the passkey of whoever decided.
    decided_by text CONSTRAINT analysis_export_two CHECK (decided_by <> asked_by),
    -- The day (UTC) of the decision.
    decided date,
    -- Name of the passkey of whoever took the file first.
    taken_by text,
    -- The day (UTC) on which it was taken first.
    taken date,
    CONSTRAINT analysis_export_decision CHECK ((state = 'asked') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided IS NULL)),
    CONSTRAINT analysis_export_taking CHECK ((taken_by IS NULL) = (taken IS NULL) AND (taken IS NULL OR state = 'approved'))
);

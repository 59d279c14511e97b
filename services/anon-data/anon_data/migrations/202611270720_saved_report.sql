-- Questions that analysts and the office keep under a name. No member column.
CREATE TABLE saved_report (
    -- What they call it.
    name text PRIMARY KEY CONSTRAINT saved_report_name CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    -- Rises with every change of the questions.
    version smallint NOT NULL CONSTRAINT saved_report_version CHECK (version >= 1),
    -- protocol.messages.saved_reports.PutReport, as JSON.
    content text NOT NULL,
    -- Name of the passkey of whoever saved this version.
    saved_by text NOT NULL,
    -- The day (UTC) of this version.
    saved date NOT NULL
);

-- What a report was answered of a snapshot: once. No member column; numbers of ten people and more.
CREATE TABLE report_result (
    -- saved_report.name
    name text NOT NULL,
    -- Of the snapshot, as 2026-11.
    month text NOT NULL CONSTRAINT report_result_month CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    -- saved_report.version, as it was then.
    version smallint NOT NULL,
    -- protocol.messages.saved_reports.ReportResult, as JSON.
    content text NOT NULL,
    PRIMARY KEY (name, month, version)
);

-- A release log that begins anew, because its authority was restored from an older state.

CREATE TABLE log_beginning (
    number integer NOT NULL,
    about bytea NOT NULL,
    CONSTRAINT log_beginning_pkey PRIMARY KEY (number),
    CONSTRAINT log_beginning_is_no_first CHECK (number >= 2),
    CONSTRAINT log_beginning_about_is_a_hash CHECK (octet_length(about) = 32)
);
COMMENT ON TABLE log_beginning IS 'Logs after the first one that this authority has begun; the highest is the present one.';
COMMENT ON COLUMN log_beginning.number IS 'As deployment.json counts them.';
COMMENT ON COLUMN log_beginning.about IS 'What its first leaf says: hash of the number and the checkpoint carried over.';

ALTER TABLE log_checkpoint ADD COLUMN number integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN log_checkpoint.number IS 'Which log it is of.';
ALTER TABLE log_witness ADD COLUMN number integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN log_witness.number IS 'Which of its logs that is.';

ALTER TABLE log_queue DROP CONSTRAINT log_queue_kind_is_known;
ALTER TABLE log_queue ADD CONSTRAINT log_queue_kind_is_known CHECK (kind BETWEEN 1 AND 7);
COMMENT ON COLUMN log_queue.kind IS 'Release, rotation, recovery, erasure, window, evaluation, beginning: 1 to 7.';

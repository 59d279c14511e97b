-- Health records by opaque token. Nothing is finer than a day, nothing is numbered, the token leads every key of a member's rows.

-- The little that is known of a member here.
CREATE TABLE person (
    -- The mailbox.
    token bytea PRIMARY KEY REFERENCES mailbox (token),
    -- As the insurer's roster has it.
    sex text NOT NULL CONSTRAINT person_sex CHECK (sex IN ('male', 'female')),
    -- Never a birth date.
    birth_year smallint NOT NULL CONSTRAINT person_birth_year CHECK (birth_year BETWEEN 1900 AND 2100),
    -- Whether the person is insured or somebody's dependant.
    relation text NOT NULL CONSTRAINT person_relation CHECK (relation IN ('insured', 'dependant')),
    -- Workplace group of at least ten members.
    workplace text NOT NULL CONSTRAINT person_workplace CHECK (workplace ~ '^[a-z0-9-]{1,32}$')
);

-- The code table of the specific health checkup, as the registrar gave it. No member column.
CREATE TABLE item (
    -- Given by the code's rank among the new codes of one request, so it depends on the requests alone.
    id smallint PRIMARY KEY CONSTRAINT item_id CHECK (id > 0),
    -- 17-digit item code.
    code text NOT NULL CONSTRAINT item_code UNIQUE CONSTRAINT item_code_form CHECK (code ~ '^[0-9A-Z]{17}$'),
    -- Stable short name such as body-weight; several codes may share it.
    name text NOT NULL,
    -- Name as printed on results.
    display text NOT NULL,
    -- What a result of this item holds: a value (quantity), a choice (code, ordinal), or nothing that may stand here (text).
    kind text NOT NULL CONSTRAINT item_kind CHECK (kind IN ('quantity', 'code', 'ordinal', 'text')),
    -- UCUM.
    unit text,
    -- OID of the value's code system.
    choices text,
    -- What each code of the choice list says, as printed on results.
    labels jsonb,
    -- LOINC code, where there is one.
    loinc text
);

-- Counts the changes of the code table, so that a process notices when what it remembers of it is old. One row.
CREATE TABLE item_generation (
    -- Always true: there is one row.
    single boolean PRIMARY KEY DEFAULT true CONSTRAINT item_generation_is_one_row CHECK (single),
    -- How often the code table was changed.
    generation integer NOT NULL
);
INSERT INTO item_generation (generation) VALUES (0);

-- One examination of one member.
CREATE TABLE checkup (
    -- The day of the examination.
    exam_date date NOT NULL,
    -- The year in which the Japanese fiscal year (1 April) began.
    fiscal_year smallint NOT NULL,
    -- Programme code as a number: 10 is 010, the specific health checkup.
    program smallint NOT NULL CONSTRAINT checkup_program CHECK (program BETWEEN 0 AND 999),
    -- Age in years at the fiscal year's end.
    age smallint NOT NULL CONSTRAINT checkup_age CHECK (age BETWEEN 0 AND 150),
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT checkup_token_size CHECK (octet_length(token) = 32),
    -- SHA-256 of the canonical row without its details' bytes: those are sealed anew, at random, whenever they are sent.
    content bytea NOT NULL CONSTRAINT checkup_content_size CHECK (octet_length(content) = 32),
    -- What identifies (institution, doctor, free text), sealed to the member's mailbox key and padded.
    details bytea,
    PRIMARY KEY (token, exam_date, program)
);

-- One result. Narrow and typed, because analysis reads a few items of everybody and a member reads everything of one.
-- No foreign keys: rows arrive by COPY together with their checkup, in one transaction, and a key would cost a look-up a row
-- and tie these large tables to the small ones that are rewritten every day. Columns stand in the order that pads least.
CREATE TABLE observation (
    -- The checkup's day.
    exam_date date NOT NULL,
    -- The checkup's programme.
    program smallint NOT NULL,
    -- item.id
    item smallint NOT NULL,
    -- 1 not performed, 2 not measurable, 3 above range, 4 below range
    absent smallint CONSTRAINT observation_absent CHECK (absent BETWEEN 1 AND 4),
    -- The institution's interpretation: H, L or N.
    flag "char" CONSTRAINT observation_flag CHECK (flag IN ('H', 'L', 'N')),
    -- The mailbox.
    token bytea NOT NULL,
    -- In the item's unit.
    value numeric,
    -- Code from the item's choice list; free text never stands here.
    choice text CONSTRAINT observation_choice_form CHECK (choice ~ '^[0-9A-Za-z.-]{1,16}$'),
    CONSTRAINT observation_says_one_thing CHECK (num_nonnulls(value, choice, absent) = 1),
    PRIMARY KEY (token, exam_date, program, item)
);

-- Measured at home: one value for a day and kind.
CREATE TABLE vital (
    -- The mailbox.
    token bytea NOT NULL,
    -- The device's own calendar day.
    day date NOT NULL,
    -- 1 body weight (kg), 2 systolic, 3 diastolic pressure (mm[Hg]).
    kind smallint NOT NULL CONSTRAINT vital_kind CHECK (kind BETWEEN 1 AND 3),
    -- In the kind's unit.
    value numeric NOT NULL,
    -- The device's counter: the highest wins. No clock time.
    seq bigint NOT NULL CONSTRAINT vital_seq CHECK (seq >= 0),
    PRIMARY KEY (token, day, kind)
);

-- What members wrote since the last seal. The daily fold moves it into vital sorted by token and empties this table. A row here
-- is always newer than the row of the same key there.
CREATE TABLE vital_inbox (
    -- The mailbox.
    token bytea NOT NULL,
    -- As in vital.
    day date NOT NULL,
    -- As in vital.
    kind smallint NOT NULL CONSTRAINT vital_inbox_kind CHECK (kind BETWEEN 1 AND 3),
    -- As in vital.
    value numeric NOT NULL,
    -- As in vital.
    seq bigint NOT NULL CONSTRAINT vital_inbox_seq CHECK (seq >= 0),
    PRIMARY KEY (token, day, kind)
);

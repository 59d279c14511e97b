-- Individual programs: what a member does alone.

-- A program as its manager defined it. No member column.
CREATE TABLE challenge (
    -- Random, chosen by whoever created it.
    id bytea PRIMARY KEY CONSTRAINT challenge_id_size CHECK (octet_length(id) = 16),
    -- What members read.
    title text NOT NULL,
    -- What is done.
    kind text NOT NULL CONSTRAINT challenge_kind CHECK (kind IN ('steps', 'habit', 'logging', 'quiz')),
    -- First day that counts.
    first date NOT NULL,
    -- Last day that counts.
    last date NOT NULL,
    -- Days or right answers that are needed.
    goal smallint NOT NULL CONSTRAINT challenge_goal CHECK (goal > 0),
    -- Steps of a day, for days of steps.
    goal_steps integer,
    -- Questions with their choices and answers, as JSON.
    questions text NOT NULL,
    CONSTRAINT challenge_order CHECK (first <= last),
    CONSTRAINT challenge_steps CHECK ((kind = 'steps') = (goal_steps IS NOT NULL))
);

-- A member who has joined. No value stands here, and of a habit not which one it is.
CREATE TABLE challenge_entry (
    -- The mailbox.
    token bytea NOT NULL,
    -- challenge.id
    challenge bytea NOT NULL,
    -- Days on which the habit was kept, in order.
    days date[] NOT NULL,
    -- Whether the device said that enough days were noted.
    told boolean NOT NULL,
    -- Right answers of the best try.
    score smallint NOT NULL CONSTRAINT challenge_entry_score CHECK (score >= 0),
    PRIMARY KEY (token, challenge)
);

-- Contests, teams, the roster, and what is counted of them. Token leads the key of every table about members.

-- A contest as its manager defined it. No member column.
CREATE TABLE contest (
    -- Random, chosen by whoever created it.
    id bytea PRIMARY KEY CONSTRAINT contest_id_size CHECK (octet_length(id) = 16),
    -- What members read.
    title text NOT NULL,
    -- Units of the roster, or teams that members form.
    teams text NOT NULL CONSTRAINT contest_teams CHECK (teams IN ('units', 'free')),
    -- How a team's score is made.
    score text NOT NULL CONSTRAINT contest_score CHECK (score IN ('average', 'total', 'top')),
    -- How many of a team's best members count, for the score 'top'.
    top smallint,
    -- First day on which members may enter.
    enter_from date NOT NULL,
    -- Last day on which members may enter.
    enter_until date NOT NULL,
    -- First day that counts: the walkers' own calendar day.
    first date NOT NULL,
    -- Last day that counts.
    last date NOT NULL,
    -- Steps of one day that count at most.
    daily_cap integer NOT NULL CONSTRAINT contest_daily_cap CHECK (daily_cap > 0),
    -- Whether steps that a member typed count.
    manual boolean NOT NULL,
    -- Members of a free team at most.
    largest_team smallint NOT NULL,
    -- Sizes from which on a team is in the next league.
    leagues integer[] NOT NULL,
    -- Days on which a member reaches active_steps to count as taking part.
    active_days smallint NOT NULL,
    -- Counted steps that make a day active.
    active_steps integer NOT NULL,
    -- Percentages of participation that members are told about.
    thresholds smallint[] NOT NULL,
    -- Names of the places on the virtual route, nearest first.
    stage_names text[] NOT NULL,
    -- Their distances from the start in metres.
    stage_metres integer[] NOT NULL,
    -- Whether the result stands: late steps change nothing any more, only adjustments do.
    frozen boolean NOT NULL,
    CONSTRAINT contest_top_score CHECK ((score = 'top') = (top IS NOT NULL)),
    CONSTRAINT contest_order CHECK (enter_from <= enter_until AND enter_until <= last AND first <= last),
    CONSTRAINT contest_route CHECK (cardinality(stage_names) = cardinality(stage_metres))
);

-- A team: a roster unit, for every contest alike, or one that members formed for one contest. No member column.
CREATE TABLE team (
    -- A unit's id as the registrar chose it; random for a free team.
    id bytea PRIMARY KEY CONSTRAINT team_id_size CHECK (octet_length(id) = 16),
    -- The contest of a free team; none for a roster unit.
    contest bytea REFERENCES contest (id),
    -- What it is called: by the manager, or by its captain.
    name text,
    -- SHA-256 over the contest and a free team's invitation code.
    code bytea UNIQUE CONSTRAINT team_code_size CHECK (octet_length(code) = 32),
    CONSTRAINT team_free_has_a_code CHECK ((contest IS NULL) = (code IS NULL))
);

-- Since which day a member belongs to a roster unit; what counts for a day is the row of the latest such day up to it.
CREATE TABLE unit_member (
    -- The mailbox.
    token bytea NOT NULL,
    -- First day in the unit, as the registrar says for everybody who changes with one roster.
    since date NOT NULL,
    -- team.id of a unit; none: in no unit from this day on.
    unit bytea,
    PRIMARY KEY (token, since)
);

-- A roster on its way: rows wait here until all are there and every unit was found large enough.
CREATE TABLE roster_row (
    -- The mailbox.
    token bytea NOT NULL,
    -- The day from which on it is to hold.
    since date NOT NULL,
    -- The unit.
    unit bytea NOT NULL CONSTRAINT roster_row_unit_size CHECK (octet_length(unit) = 16),
    PRIMARY KEY (token, since)
);

-- A member who takes part in a contest, or is counted out of it.
CREATE TABLE entry (
    -- The mailbox.
    token bytea NOT NULL,
    -- contest.id
    contest bytea NOT NULL,
    -- The free team; none where the roster says the unit.
    team bytea,
    -- Whether the member formed the free team.
    captain boolean NOT NULL,
    -- What the own team may see.
    nickname text,
    -- First day that may count.
    since date NOT NULL,
    -- Last day that may count; none while the member takes part.
    until date,
    -- Whether the member is counted out of the unit: no part of the average, and no steps.
    excused boolean NOT NULL,
    -- Counted steps so far, over all teams.
    steps integer NOT NULL CONSTRAINT entry_steps CHECK (steps >= 0),
    -- Active days so far.
    days smallint NOT NULL CONSTRAINT entry_days CHECK (days >= 0),
    PRIMARY KEY (token, contest)
);

-- A member's day whose count has to be made anew. Emptied every second or two; the daily seal rewrites what is left.
CREATE TABLE step_change (
    -- The mailbox.
    token bytea NOT NULL,
    -- The day.
    day date NOT NULL,
    -- Random, so that no write waits for another or for the fold.
    mark bytea NOT NULL,
    PRIMARY KEY (token, day, mark)
);

-- What of a member's day counts in a contest, and for which team: what the totals were made of.
CREATE TABLE contest_day (
    -- The mailbox.
    token bytea NOT NULL,
    -- contest.id
    contest bytea NOT NULL,
    -- The day.
    day date NOT NULL,
    -- The team of that day; none when nothing counts.
    team bytea,
    -- Counted steps.
    steps integer NOT NULL CONSTRAINT contest_day_steps CHECK (steps >= 0),
    PRIMARY KEY (token, contest, day)
);

-- The same for what changed since the last seal, which moves it into contest_day sorted by token. A row here is always newer.
CREATE TABLE contest_day_recent (
    -- The mailbox.
    token bytea NOT NULL,
    -- contest.id
    contest bytea NOT NULL,
    -- The day.
    day date NOT NULL,
    -- As in contest_day.
    team bytea,
    -- As in contest_day.
    steps integer NOT NULL CONSTRAINT contest_day_recent_steps CHECK (steps >= 0),
    PRIMARY KEY (token, contest, day)
);

-- A day of more steps than anybody is believed without a look. Its owner sees it; it counts when somebody of the office says so.
CREATE TABLE held_day (
    -- The mailbox.
    token bytea NOT NULL,
    -- contest.id
    contest bytea NOT NULL,
    -- The day.
    day date NOT NULL,
    -- The total that is held.
    steps integer NOT NULL,
    -- What the staff calls it by: a hash of token, contest and day.
    review bytea NOT NULL UNIQUE,
    -- Whether it counts; none while nobody has looked.
    accepted boolean,
    -- Name of the staff's passkey that decided.
    decided_by text,
    -- The staff's reason.
    reason text,
    PRIMARY KEY (token, contest, day)
);

-- Counted steps of a team's day. No member column.
CREATE TABLE team_day (
    -- contest.id
    contest bytea NOT NULL,
    -- team.id
    team bytea NOT NULL,
    -- The day.
    day date NOT NULL,
    -- Of all members together.
    steps bigint NOT NULL,
    PRIMARY KEY (contest, team, day)
);

-- An audited correction of a final result. No member column.
CREATE TABLE adjustment (
    -- contest.id
    contest bytea NOT NULL,
    -- Random, chosen by whoever adjusts; the same again changes nothing.
    id bytea NOT NULL CONSTRAINT adjustment_id_size CHECK (octet_length(id) = 16),
    -- team.id
    team bytea NOT NULL,
    -- The day on which it was made.
    made date NOT NULL,
    -- Name of the staff's passkey.
    made_by text NOT NULL,
    -- Why.
    reason text NOT NULL,
    -- The team's counted steps before.
    before bigint NOT NULL,
    -- The team's counted steps from then on.
    after bigint NOT NULL CONSTRAINT adjustment_after CHECK (after >= 0),
    PRIMARY KEY (contest, id)
);

-- A published ranking. No member column, so its time may be told.
CREATE TABLE ranking (
    -- contest.id
    contest bytea NOT NULL,
    -- Counts the snapshots of this contest.
    generation integer NOT NULL,
    -- Seconds since 1970.
    computed_at bigint NOT NULL,
    -- Whether the contest was over and frozen.
    final boolean NOT NULL,
    PRIMARY KEY (contest, generation)
);

-- A team in a snapshot: what its own members are shown. No member column.
CREATE TABLE ranking_team (
    -- contest.id
    contest bytea NOT NULL,
    -- ranking.generation
    generation integer NOT NULL,
    -- team.id
    team bytea NOT NULL,
    -- Its league; 0 pools teams of fewer than ten active members.
    league smallint NOT NULL,
    -- Its row and its participation as JSON.
    own text NOT NULL,
    PRIMARY KEY (contest, generation, team)
);

-- Fifty rows of a snapshot as they are sent. No member column.
CREATE TABLE ranking_page (
    -- contest.id
    contest bytea NOT NULL,
    -- ranking.generation
    generation integer NOT NULL,
    -- The league.
    league smallint NOT NULL,
    -- From 0.
    page integer NOT NULL,
    -- JSON.
    content text NOT NULL,
    PRIMARY KEY (contest, generation, league, page)
);

-- What staff corrects by hand: two of them, with a reason, as ordinary transfers.

-- A name by which a member can ask the office about points without saying who they are at this host. Rewritten by each seal, and
-- forgotten a month later.
CREATE TABLE point_case (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT point_case_token_size CHECK (octet_length(token) = 32),
    -- Random, made by the device, which shows it to the member; one at a time.
    id bytea NOT NULL CONSTRAINT point_case_id_size CHECK (octet_length(id) = 16),
    -- The day (UTC) on which it was made.
    day date NOT NULL,
    PRIMARY KEY (token)
);
CREATE UNIQUE INDEX point_case_id ON point_case (id);

-- Corrections as staff wrote and decided them. No member column: whom one is about, only the name of a case or of an order says.
CREATE TABLE point_correction (
    -- Random, made by whoever proposes. The transfer's id follows from it.
    id bytea PRIMARY KEY CONSTRAINT point_correction_id_size CHECK (octet_length(id) = 16),
    -- point_case.id or exchange_order.id
    about bytea NOT NULL CONSTRAINT point_correction_about_size CHECK (octet_length(about) = 16),
    -- Points to the member, negative: from the member.
    amount integer NOT NULL CONSTRAINT point_correction_amount CHECK (amount <> 0),
    -- Days after that of the decision on which points to the member may be spent.
    lasts_days smallint NOT NULL CONSTRAINT point_correction_lasts CHECK (lasts_days >= 1),
    -- Why.
    reason text NOT NULL,
    -- Name of the staff's passkey.
    proposed_by text NOT NULL,
    -- The same person's pairwise name at this host, by which another passkey of theirs is known.
    proposer bytea NOT NULL CONSTRAINT point_correction_proposer_size CHECK (octet_length(proposer) = 32),
    -- The day (UTC) of the proposal.
    proposed date NOT NULL,
    -- proposed, approved or declined.
    state text NOT NULL CONSTRAINT point_correction_state CHECK (state IN ('proposed', 'approved', 'declined')),
    -- Name of the passkey of whoever decided.
    decided_by text,
    -- The day (UTC) of the decision.
    decided date,
    CONSTRAINT point_correction_decision CHECK ((state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided IS NULL))
);

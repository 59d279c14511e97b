-- Medical claims, results of health guidance, and the public table of drug prices. Nothing is finer than a month (claims) or a
-- day (guidance), nothing is numbered, the token leads every key of a member's rows.

-- What one institution billed for one member and month.
CREATE TABLE medical_claim (
    -- The month of treatment, as its first day.
    month date NOT NULL CONSTRAINT medical_claim_month CHECK (extract(day FROM month) = 1),
    -- In points of 10 yen.
    points integer NOT NULL CONSTRAINT medical_claim_points CHECK (points >= 0),
    -- What the member pays, in yen.
    own_payment integer NOT NULL CONSTRAINT medical_claim_own_payment CHECK (own_payment >= 0),
    -- Days of treatment; at a pharmacy how often drugs were handed out.
    days smallint NOT NULL CONSTRAINT medical_claim_days CHECK (days >= 0),
    -- 1 medical, 2 DPC, 3 dental, 4 pharmacy.
    kind smallint NOT NULL CONSTRAINT medical_claim_kind CHECK (kind BETWEEN 1 AND 4),
    -- Whether the treatment was inpatient.
    inpatient boolean NOT NULL,
    -- Whether own_payment was reckoned by the registrar, because the claim does not say it.
    estimated boolean NOT NULL,
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT medical_claim_token_size CHECK (octet_length(token) = 32),
    -- Names the claim across its versions: derived by the registrar with a key of its own, so it says nothing here.
    claim bytea NOT NULL CONSTRAINT medical_claim_claim_size CHECK (octet_length(claim) = 16),
    -- SHA-256 of the canonical row without its details' bytes: those are sealed anew, at random, whenever they are sent.
    content bytea NOT NULL CONSTRAINT medical_claim_content_size CHECK (octet_length(content) = 32),
    -- Institution, receipt number, exact codes and all lines, sealed to the member's mailbox key and padded.
    details bytea,
    PRIMARY KEY (token, claim)
);

-- One diagnosis of a claim. No foreign keys here and below: rows arrive by COPY together with their claim, in one transaction.
CREATE TABLE medical_claim_diagnosis (
    -- Whether it is the main one.
    main boolean NOT NULL,
    -- The mailbox.
    token bytea NOT NULL,
    -- medical_claim.claim
    claim bytea NOT NULL,
    -- 7-digit code, or where that is rare the word for its class, or other.
    code text NOT NULL CONSTRAINT medical_claim_diagnosis_code CHECK (code ~ '^([0-9]{7}|[a-z]{3,20})$'),
    PRIMARY KEY (token, claim, code)
);

-- One drug of a claim.
CREATE TABLE medical_claim_drug (
    -- The mailbox.
    token bytea NOT NULL,
    -- medical_claim.claim
    claim bytea NOT NULL,
    -- 9-digit code, or other where that is rare.
    code text NOT NULL CONSTRAINT medical_claim_drug_code CHECK (code ~ '^([0-9]{9}|other)$'),
    -- All of the month, in the unit of the drug's price.
    amount numeric CONSTRAINT medical_claim_drug_amount CHECK (amount >= 0),
    PRIMARY KEY (token, claim, code)
);

-- What was reported of one member's specific health guidance on one day.
CREATE TABLE guidance (
    -- The day that the report names.
    day date NOT NULL,
    -- How far it came: list 1.2.392.200119.6.1001.
    stage smallint NOT NULL CONSTRAINT guidance_stage CHECK (stage BETWEEN 21 AND 25),
    -- List 1.2.392.200119.6.1112: 1 intensive, 2 motivational, 3 equivalent to it.
    level smallint CONSTRAINT guidance_level CHECK (level BETWEEN 1 AND 3),
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT guidance_token_size CHECK (octet_length(token) = 32),
    -- As in medical_claim.
    content bytea NOT NULL CONSTRAINT guidance_content_size CHECK (octet_length(content) = 32),
    -- Institution, ticket and results, sealed to the member's mailbox key and padded.
    details bytea,
    PRIMARY KEY (token, day, stage)
);

-- What drugs cost, as the insurer's table says. No member column.
CREATE TABLE drug_price (
    -- 9-digit code.
    code text PRIMARY KEY CONSTRAINT drug_price_code CHECK (code ~ '^[0-9]{9}$'),
    -- Name as printed.
    name text NOT NULL,
    -- What the price is for.
    unit text NOT NULL,
    -- Yen.
    price numeric NOT NULL CONSTRAINT drug_price_price CHECK (price >= 0),
    -- Drugs of one family may stand for each other.
    family text CONSTRAINT drug_price_family CHECK (family ~ '^[0-9A-Z]{1,16}$'),
    -- Whether it is a generic.
    generic boolean NOT NULL,
    -- Whether the insurer wants a switch to be proposed.
    switchable boolean NOT NULL,
    -- Names the file that had it last.
    edition bytea NOT NULL CONSTRAINT drug_price_edition CHECK (octet_length(edition) = 16)
);

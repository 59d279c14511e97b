-- Staff signing in. No member stands in these tables, and no row of them outlives 24 hours.

-- One way through the code flow, as in authorization_attempt: each step is one UPDATE that names the stage before it.
CREATE TABLE staff_attempt (
    handle bytea PRIMARY KEY,             -- SHA-256 of the secret that the next step must present
    stage text NOT NULL,                  -- pushed (request_uri), upstream (state), returned (consumed), code, used (consumed)
    client_id text NOT NULL,              -- which application
    redirect_uri text NOT NULL,           -- where the code goes, checked when pushed
    state text,                           -- the application's own, given back to it
    challenge bytea NOT NULL,             -- PKCE S256: SHA-256 of the verifier
    jkt bytea NOT NULL,                   -- RFC 7638 thumbprint of the DPoP key that alone may redeem the code
    resources text[] NOT NULL,            -- origins of stores that the tokens may be for
    cookie bytea,                         -- from upstream on: SHA-256 of the browser's cookie
    person bytea,                         -- from code on: keyed hash of the provider's own name for who signed in
    roles text[],                         -- from code on: what the rules gave
    session_id bytea,                     -- from code on: the sign-in that the code makes
    expires_at timestamptz NOT NULL,      -- of this stage; of the sign-in once the code is used, so that reuse is seen
    CONSTRAINT staff_attempt_handle_length CHECK (octet_length(handle) = 32),
    CONSTRAINT staff_attempt_challenge_length CHECK (octet_length(challenge) = 32),
    CONSTRAINT staff_attempt_jkt_length CHECK (octet_length(jkt) = 32),
    CONSTRAINT staff_attempt_person_length CHECK (octet_length(person) = 32),
    CONSTRAINT staff_attempt_session_length CHECK (octet_length(session_id) = 16),
    CONSTRAINT staff_attempt_stage CHECK (stage IN ('pushed', 'upstream', 'returned', 'code', 'used')),
    CONSTRAINT staff_attempt_browser CHECK ((stage = 'pushed') = (cookie IS NULL)),
    CONSTRAINT staff_attempt_known CHECK (
        num_nonnulls(person, roles, session_id) = CASE WHEN stage IN ('code', 'used') THEN 3 ELSE 0 END
    )
);
CREATE INDEX staff_attempt_session ON staff_attempt (session_id);
CREATE INDEX staff_attempt_expiry ON staff_attempt (expires_at);

-- One row for each sign-in of staff, its refresh token included, as in sign_in.
CREATE TABLE staff_sign_in (
    id bytea PRIMARY KEY,                 -- random, never leaves this host
    person bytea NOT NULL,                -- keyed hash of the provider's own name for them
    roles text[] NOT NULL,                -- what the rules gave when they signed in
    client_id text NOT NULL,              -- which application
    jkt bytea NOT NULL,                   -- thumbprint of the DPoP key
    resources text[] NOT NULL,            -- origins of stores that the tokens may be for
    refresh_hash bytea NOT NULL,          -- SHA-256 of the refresh token
    idle_until timestamptz NOT NULL,      -- moved on by each refresh
    expires_at timestamptz NOT NULL,      -- never moved
    CONSTRAINT staff_sign_in_id_length CHECK (octet_length(id) = 16),
    CONSTRAINT staff_sign_in_person_length CHECK (octet_length(person) = 32),
    CONSTRAINT staff_sign_in_has_a_role CHECK (cardinality(roles) > 0),
    CONSTRAINT staff_sign_in_jkt_length CHECK (octet_length(jkt) = 32),
    CONSTRAINT staff_sign_in_refresh_length CHECK (octet_length(refresh_hash) = 32),
    CONSTRAINT staff_sign_in_idle_within CHECK (idle_until <= expires_at),
    CONSTRAINT staff_sign_in_refresh_once UNIQUE (refresh_hash)
);
CREATE INDEX staff_sign_in_expiry ON staff_sign_in (expires_at);

-- Signing in: what the gateway keeps while somebody signs in and stays signed in. References of members stay as long as the
-- member's account; no row of the other tables outlives 24 hours, and there is no history of sign-ins. Secrets (request_uri,
-- state, code, cookie, refresh token) are kept as SHA-256 of 32 random bytes only.

-- The references under which the other two authorities know a member, because access tokens for them carry these.
CREATE TABLE pairwise_reference (
    ref bytea PRIMARY KEY,                -- ref_G: the member here
    ref_keyvault bytea NOT NULL,          -- ref_K: unrelated random value
    ref_identity bytea NOT NULL,          -- ref_I: unrelated random value
    CONSTRAINT pairwise_reference_ref_length CHECK (octet_length(ref) = 16),
    CONSTRAINT pairwise_reference_keyvault_length CHECK (octet_length(ref_keyvault) = 16),
    CONSTRAINT pairwise_reference_identity_length CHECK (octet_length(ref_identity) = 16),
    CONSTRAINT pairwise_reference_keyvault_once UNIQUE (ref_keyvault),
    CONSTRAINT pairwise_reference_identity_once UNIQUE (ref_identity)
);

-- One way through the code flow. The row passes from stage to stage; each step is one UPDATE that names the stage before it,
-- so a request_uri, a state and a code work once each.
CREATE TABLE authorization_attempt (
    handle bytea PRIMARY KEY,             -- SHA-256 of the secret that the next step must present
    stage text NOT NULL,                  -- pushed (request_uri), upstream (state), returned (consumed), code, used (consumed)
    client_id text NOT NULL,              -- which application
    redirect_uri text NOT NULL,           -- where the code goes, checked when pushed
    state text,                           -- the application's own, given back to it
    nonce text,                           -- the application's own, for its ID token
    challenge bytea NOT NULL,             -- PKCE S256: SHA-256 of the verifier
    jkt bytea NOT NULL,                   -- RFC 7638 thumbprint of the DPoP key that alone may redeem the code
    resources text[] NOT NULL,            -- origins the tokens may be for
    cookie bytea,                         -- from upstream on: SHA-256 of the browser's cookie
    ref bytea,                            -- from code on: who signed in
    session_id bytea,                     -- from code on: the session that the code makes
    expires_at timestamptz NOT NULL,      -- of this stage; of the session once the code is used, so that reuse is seen
    CONSTRAINT authorization_attempt_handle_length CHECK (octet_length(handle) = 32),
    CONSTRAINT authorization_attempt_challenge_length CHECK (octet_length(challenge) = 32),
    CONSTRAINT authorization_attempt_jkt_length CHECK (octet_length(jkt) = 32),
    CONSTRAINT authorization_attempt_stage CHECK (stage IN ('pushed', 'upstream', 'returned', 'code', 'used')),
    CONSTRAINT authorization_attempt_browser CHECK ((stage = 'pushed') = (cookie IS NULL)),
    CONSTRAINT authorization_attempt_member CHECK (
        (stage IN ('code', 'used')) = (ref IS NOT NULL) AND (ref IS NULL) = (session_id IS NULL)
    )
);
CREATE INDEX authorization_attempt_session ON authorization_attempt (session_id);
CREATE INDEX authorization_attempt_expiry ON authorization_attempt (expires_at);

-- One row per session. Its refresh token is not rotated; it is bound to the DPoP key and dies with the row.
CREATE TABLE sign_in (
    id bytea PRIMARY KEY,                 -- random, never leaves this host
    sid_gateway bytea NOT NULL,           -- pairwise session id in access tokens for this host
    ref bytea NOT NULL,                   -- who
    client_id text NOT NULL,              -- which application
    jkt bytea NOT NULL,                   -- thumbprint of the session's DPoP key
    resources text[] NOT NULL,            -- origins the tokens may be for
    refresh_hash bytea NOT NULL,          -- SHA-256 of the refresh token
    idle_until timestamptz NOT NULL,      -- moved on by each refresh
    expires_at timestamptz NOT NULL,      -- never moved
    CONSTRAINT sign_in_id_length CHECK (octet_length(id) = 16),
    CONSTRAINT sign_in_sid_length CHECK (octet_length(sid_gateway) = 16),
    CONSTRAINT sign_in_ref_length CHECK (octet_length(ref) = 16),
    CONSTRAINT sign_in_jkt_length CHECK (octet_length(jkt) = 32),
    CONSTRAINT sign_in_refresh_length CHECK (octet_length(refresh_hash) = 32),
    CONSTRAINT sign_in_idle_within CHECK (idle_until <= expires_at),
    CONSTRAINT sign_in_sid_once UNIQUE (sid_gateway),
    CONSTRAINT sign_in_refresh_once UNIQUE (refresh_hash)
);
CREATE INDEX sign_in_expiry ON sign_in (expires_at);

-- Back-channel logouts still to be delivered, written by the transaction that ends the session.
CREATE TABLE logout_outbox (
    id bytea PRIMARY KEY,                 -- random
    audience text NOT NULL,               -- which authority is told
    sid bytea NOT NULL,                   -- the session's pairwise id there
    attempts integer NOT NULL DEFAULT 0,  -- deliveries tried
    due_at timestamptz NOT NULL,          -- when to try (again)
    expires_at timestamptz NOT NULL,      -- when nothing is left there that could be revoked
    CONSTRAINT logout_outbox_id_length CHECK (octet_length(id) = 16),
    CONSTRAINT logout_outbox_sid_length CHECK (octet_length(sid) = 16),
    CONSTRAINT logout_outbox_audience CHECK (audience IN ('keyvault', 'identity')),
    CONSTRAINT logout_outbox_attempts CHECK (attempts >= 0)
);
CREATE INDEX logout_outbox_due ON logout_outbox (due_at);

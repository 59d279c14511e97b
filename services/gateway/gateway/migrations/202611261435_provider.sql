-- Several kinds of application, and one sign-in of a browser for several applications. Nothing here outlives 24 hours.

-- A browser that somebody is signed in with. Only the hash of its cookie is stored. Its sessions at applications name it, so that
-- signing out of one ends all. auth_time is no finer a trace than the row's own ends: both go with it.
CREATE TABLE browser_session (
    id bytea PRIMARY KEY,                 -- random, never leaves this host
    cookie bytea NOT NULL,                -- SHA-256 of the browser's cookie; another one after each sign-in
    ref bytea NOT NULL,                   -- who
    acr text NOT NULL,                    -- how they signed in last
    auth_time timestamptz NOT NULL,       -- when they did
    idle_until timestamptz NOT NULL,      -- moved on by each use
    expires_at timestamptz NOT NULL,      -- never moved
    CONSTRAINT browser_session_id_length CHECK (octet_length(id) = 16),
    CONSTRAINT browser_session_cookie_length CHECK (octet_length(cookie) = 32),
    CONSTRAINT browser_session_ref_length CHECK (octet_length(ref) = 16),
    CONSTRAINT browser_session_idle_within CHECK (idle_until <= expires_at),
    CONSTRAINT browser_session_cookie_once UNIQUE (cookie)
);
CREATE INDEX browser_session_expiry ON browser_session (expires_at);

ALTER TABLE authorization_attempt
    ALTER COLUMN challenge DROP NOT NULL,
    ALTER COLUMN jkt DROP NOT NULL,
    ADD COLUMN scope text NOT NULL DEFAULT 'openid',
    ADD COLUMN prompt text,
    ADD COLUMN max_age integer,
    ADD COLUMN acr_values text[] NOT NULL DEFAULT '{}',
    ADD COLUMN acr_needed boolean NOT NULL DEFAULT false,
    ADD COLUMN hinted_sub text,
    ADD COLUMN browser_id bytea,
    ADD COLUMN acr text,
    ADD COLUMN auth_time timestamptz,
    ADD CONSTRAINT authorization_attempt_prompt CHECK (prompt IN ('none', 'login')),
    ADD CONSTRAINT authorization_attempt_max_age CHECK (max_age >= 0),
    ADD CONSTRAINT authorization_attempt_browser_length CHECK (octet_length(browser_id) = 16);
COMMENT ON COLUMN authorization_attempt.challenge IS 'PKCE S256: SHA-256 of the verifier; null where a confidential application sent none.';
COMMENT ON COLUMN authorization_attempt.jkt IS 'RFC 7638 thumbprint of the DPoP key that alone may redeem the code; null where the application named none.';
COMMENT ON COLUMN authorization_attempt.scope IS 'What was asked, and may be granted.';
COMMENT ON COLUMN authorization_attempt.prompt IS 'none: ask nothing; login: sign in again (OpenID Connect Core 1.0 section 3.1.2.1).';
COMMENT ON COLUMN authorization_attempt.max_age IS 'Seconds since signing in that are still good.';
COMMENT ON COLUMN authorization_attempt.acr_values IS 'Ways of signing in that are wanted, in this order.';
COMMENT ON COLUMN authorization_attempt.acr_needed IS 'Whether another way is as good as none.';
COMMENT ON COLUMN authorization_attempt.hinted_sub IS 'The subject of the application''s id_token_hint: nobody else will do.';
COMMENT ON COLUMN authorization_attempt.browser_id IS 'From code on: the browser that is signed in.';
COMMENT ON COLUMN authorization_attempt.acr IS 'From code on, and of proved requests: how the member signed in.';
COMMENT ON COLUMN authorization_attempt.auth_time IS 'From code on, and of proved requests: when.';
CREATE INDEX authorization_attempt_of_browser ON authorization_attempt (browser_id);

ALTER TABLE sign_in
    ALTER COLUMN jkt DROP NOT NULL,
    ADD COLUMN browser_id bytea,
    ADD COLUMN scope text NOT NULL DEFAULT 'openid',
    ADD COLUMN acr text NOT NULL DEFAULT 'urn:warifu:acr:group',
    ADD COLUMN auth_time timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN tells_time boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT sign_in_browser_length CHECK (octet_length(browser_id) = 16);
COMMENT ON COLUMN sign_in.jkt IS 'Thumbprint of the session''s DPoP key; null where tokens are bearer tokens.';
COMMENT ON COLUMN sign_in.browser_id IS 'The browser whose sessions end together; null where there was none.';
COMMENT ON COLUMN sign_in.scope IS 'What was granted.';
COMMENT ON COLUMN sign_in.acr IS 'How the member signed in.';
COMMENT ON COLUMN sign_in.auth_time IS 'When the member signed in.';
COMMENT ON COLUMN sign_in.tells_time IS 'Whether the application asked when: told to two of them, a time would join what they know.';
CREATE INDEX sign_in_of_browser ON sign_in (browser_id);

ALTER TABLE logout_outbox DROP CONSTRAINT logout_outbox_audience;
COMMENT ON COLUMN logout_outbox.audience IS 'Who is told: keyvault, identity, or client: and an application''s id.';

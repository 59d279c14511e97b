-- Signing in with a passkey, a letter or a card: the pushed request holds the proof, so its member is known from the start.

ALTER TABLE authorization_attempt
    ADD COLUMN place smallint NOT NULL DEFAULT 0,
    DROP CONSTRAINT authorization_attempt_stage,
    DROP CONSTRAINT authorization_attempt_browser,
    DROP CONSTRAINT authorization_attempt_member,
    -- pushed (request_uri), proved (request_uri of a member who is known), upstream (state), returned, code, used
    ADD CONSTRAINT authorization_attempt_stage CHECK (stage IN ('pushed', 'proved', 'upstream', 'returned', 'code', 'used')),
    ADD CONSTRAINT authorization_attempt_browser CHECK (
        CASE WHEN stage IN ('pushed', 'proved') THEN cookie IS NULL WHEN stage IN ('upstream', 'returned') THEN cookie IS NOT NULL ELSE true END
    ),
    ADD CONSTRAINT authorization_attempt_member CHECK (
        (stage IN ('proved', 'code', 'used')) = (ref IS NOT NULL) AND (ref IS NULL) = (session_id IS NULL)
    ),
    ADD CONSTRAINT authorization_attempt_place CHECK (place BETWEEN 0 AND 99);
COMMENT ON COLUMN authorization_attempt.place IS 'Which account of a provider''s subject: 0 the own one, then those of minor children.';

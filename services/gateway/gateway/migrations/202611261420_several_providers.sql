-- Several providers of the group: which one a person goes to, for as long as nobody knows who that is.

ALTER TABLE authorization_attempt
    ADD COLUMN provider text,
    DROP CONSTRAINT authorization_attempt_stage,
    DROP CONSTRAINT authorization_attempt_browser,
    -- choosing (the pushed request, while a provider is chosen); the others as before
    ADD CONSTRAINT authorization_attempt_stage CHECK (
        stage IN ('pushed', 'choosing', 'proved', 'upstream', 'returned', 'portal', 'ticket', 'code', 'used')
    ),
    ADD CONSTRAINT authorization_attempt_browser CHECK (
        CASE
            WHEN stage IN ('pushed', 'choosing', 'proved') THEN cookie IS NULL
            WHEN stage IN ('upstream', 'returned', 'portal', 'ticket') THEN cookie IS NOT NULL
            ELSE true
        END
    ),
    -- Whose provider it is says at which company a member works.
    ADD CONSTRAINT authorization_attempt_provider_of_nobody CHECK (ref IS NULL OR provider IS NULL);
COMMENT ON COLUMN authorization_attempt.provider IS 'Name of the group''s provider that was chosen; gone as soon as it is known who signs in.';

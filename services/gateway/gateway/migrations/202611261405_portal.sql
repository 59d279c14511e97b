-- Signing in on the portal's page, for applications that need nothing of the authorities: the browser is sent there with a reference
-- and comes back with a ticket. Whoever proves is given the ticket; only the browser that was sent has the cookie.

ALTER TABLE authorization_attempt
    DROP CONSTRAINT authorization_attempt_stage,
    DROP CONSTRAINT authorization_attempt_browser,
    DROP CONSTRAINT authorization_attempt_member,
    -- portal (reference), ticket (ticket of a member who is known); the others as before
    ADD CONSTRAINT authorization_attempt_stage CHECK (
        stage IN ('pushed', 'proved', 'upstream', 'returned', 'portal', 'ticket', 'code', 'used')
    ),
    ADD CONSTRAINT authorization_attempt_browser CHECK (
        CASE
            WHEN stage IN ('pushed', 'proved') THEN cookie IS NULL
            WHEN stage IN ('upstream', 'returned', 'portal', 'ticket') THEN cookie IS NOT NULL
            ELSE true
        END
    ),
    ADD CONSTRAINT authorization_attempt_member CHECK (
        (stage IN ('proved', 'ticket', 'code', 'used')) = (ref IS NOT NULL) AND (ref IS NULL) = (session_id IS NULL)
    );

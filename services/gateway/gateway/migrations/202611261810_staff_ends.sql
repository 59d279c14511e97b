-- A sign-in of staff ends with the one at the group's provider that began it, and the stores are told.
ALTER TABLE staff_attempt ADD COLUMN group_sid bytea;
COMMENT ON COLUMN staff_attempt.group_sid IS 'From code on: keyed hash of the provider''s id of its sign-in, where it gave one.';
ALTER TABLE staff_attempt ADD CONSTRAINT staff_attempt_group_sid_length CHECK (octet_length(group_sid) = 32);
ALTER TABLE staff_sign_in ADD COLUMN group_sid bytea;
COMMENT ON COLUMN staff_sign_in.group_sid IS 'Keyed hash of the provider''s id of its sign-in, where it gave one.';
ALTER TABLE staff_sign_in ADD CONSTRAINT staff_sign_in_group_sid_length CHECK (octet_length(group_sid) = 32);

-- A store knows a session of staff by a hash, which is longer than members' pairwise ids.
ALTER TABLE logout_outbox DROP CONSTRAINT logout_outbox_sid_length;
ALTER TABLE logout_outbox ADD CONSTRAINT logout_outbox_sid_length
    CHECK (octet_length(sid) = CASE WHEN starts_with(audience, 'staff:') THEN 32 ELSE 16 END);
COMMENT ON COLUMN logout_outbox.audience IS 'Who is told: keyvault, identity, client: and an application''s id, or staff: and a store.';

-- Windows of the registrar at this host, and what is used of their quotas. No other table refers to them.

CREATE TABLE registrar_window (
    id bytea NOT NULL,
    purpose text NOT NULL,
    request_jkt bytea NOT NULL,
    hpke bytea NOT NULL,
    manifest_hash bytea NOT NULL,
    expires bigint NOT NULL,
    CONSTRAINT registrar_window_pkey PRIMARY KEY (id),
    CONSTRAINT registrar_window_id_has_16_bytes CHECK (octet_length(id) = 16),
    CONSTRAINT registrar_window_request_jkt_is_a_hash CHECK (octet_length(request_jkt) = 32),
    CONSTRAINT registrar_window_hpke_is_a_key CHECK (octet_length(hpke) = 1216),
    CONSTRAINT registrar_window_manifest_is_a_hash CHECK (octet_length(manifest_hash) = 32)
);
COMMENT ON TABLE registrar_window IS 'A window as its manifest says, after two officers'' signatures were checked.';
COMMENT ON COLUMN registrar_window.id IS 'Random, unique to this window and zone.';
COMMENT ON COLUMN registrar_window.purpose IS 'What the registrar may do.';
COMMENT ON COLUMN registrar_window.request_jkt IS 'Thumbprint of the key that signs the registrar''s calls (RFC 7638).';
COMMENT ON COLUMN registrar_window.hpke IS 'X-Wing public key to which answers are sealed.';
COMMENT ON COLUMN registrar_window.manifest_hash IS 'SHA-256 of the manifest''s bytes: the same id never stands for two manifests.';
COMMENT ON COLUMN registrar_window.expires IS 'Seconds since 1970; deleted a day later.';

CREATE TABLE window_quota (
    window_id bytea NOT NULL,
    use text NOT NULL,
    quota bigint NOT NULL,
    used bigint NOT NULL,
    CONSTRAINT window_quota_pkey PRIMARY KEY (window_id, use),
    CONSTRAINT window_quota_of_a_window FOREIGN KEY (window_id) REFERENCES registrar_window (id) ON DELETE CASCADE,
    CONSTRAINT window_quota_is_kept CHECK (used BETWEEN 0 AND quota)
);
COMMENT ON TABLE window_quota IS 'How much of each use the window allows and how much was spent at this host.';
COMMENT ON COLUMN window_quota.window_id IS 'The window.';
COMMENT ON COLUMN window_quota.use IS 'What is counted.';
COMMENT ON COLUMN window_quota.quota IS 'How many the officers allowed.';
COMMENT ON COLUMN window_quota.used IS 'How many were spent here.';

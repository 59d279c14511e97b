-- One table with every type that the services use.
CREATE TABLE folder (
    id bytea PRIMARY KEY, -- 4 random bytes
    parent bytea REFERENCES folder (id) -- the folder around it
);
CREATE TABLE note (
    id uuid PRIMARY KEY, -- random
    folder bytea NOT NULL REFERENCES folder (id), -- where it lies
    day date NOT NULL, -- when
    size smallint NOT NULL, -- lines
    price numeric(10, 2), -- yen
    tags text[] NOT NULL, -- words
    keys bytea[] NOT NULL, -- related folders
    extra jsonb, -- anything
    seen timestamptz, -- last read
    good boolean NOT NULL DEFAULT true, -- kept
    CONSTRAINT note_size_positive CHECK (size >= 0)
);

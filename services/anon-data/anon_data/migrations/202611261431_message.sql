-- Messages to members. Who has read one is written down beside no member.

-- A message, the same for everybody whom it addresses. No member column.
CREATE TABLE message (
    -- Chosen by its sender from what it says.
    id bytea PRIMARY KEY CONSTRAINT message_id_size CHECK (octet_length(id) = 16),
    -- Plain text in Japanese.
    title_ja text NOT NULL,
    -- As the title.
    body_ja text NOT NULL,
    -- The same in English, where there is one.
    title_en text,
    -- As the title.
    body_en text,
    -- A page that it points to: the same for everybody, without a query.
    link text,
    -- The day (UTC) on which it was sent first.
    sent date NOT NULL,
    -- The last day on which it is shown; the fold deletes it afterwards.
    until date NOT NULL,
    -- How many people it was addressed to.
    people integer NOT NULL CONSTRAINT message_people CHECK (people >= 0),
    CONSTRAINT message_english_is_whole CHECK ((title_en IS NULL) = (body_en IS NULL))
);

-- Whom a message addresses. Written by the sender alone, sorted by token: nothing here changes when it is read.
CREATE TABLE message_to (
    -- The mailbox.
    token bytea NOT NULL CONSTRAINT message_to_token_size CHECK (octet_length(token) = 32),
    -- message.id
    message bytea NOT NULL,
    PRIMARY KEY (token, message)
);
CREATE INDEX message_to_message ON message_to (message);

-- That somebody has read a message. The mark is made by the reader's device and random to everybody else, this host included: no
-- row says whose it is. The daily seal takes the order away.
CREATE TABLE message_mark (
    -- message.id
    message bytea NOT NULL,
    -- 32 bytes.
    mark bytea NOT NULL CONSTRAINT message_mark_size CHECK (octet_length(mark) = 32),
    PRIMARY KEY (message, mark)
);

-- Mailboxes of a pseudonymous host. A token is 32 bytes that mean nothing anywhere else; it leads every primary key.
-- Nothing here says when: no time, no serial number. What order remains in the heap is taken away by the daily seal.

-- A member's place at this host: opened once by the registrar, never changed.
CREATE TABLE mailbox (
    -- The only name this host has for a member.
    token bytea PRIMARY KEY CONSTRAINT mailbox_token_size CHECK (octet_length(token) = 32),
    -- Ed25519 public key that may hand the mailbox to a reader, once.
    claim_key bytea NOT NULL CONSTRAINT mailbox_claim_key_size CHECK (octet_length(claim_key) = 32),
    -- X-Wing public key to which the registrar seals what identifies.
    mailbox_key bytea NOT NULL CONSTRAINT mailbox_key_size CHECK (octet_length(mailbox_key) = 1216),
    -- The member number, split-sealed and bound to the token: opened only by the insurer with all three authorities. One length.
    number bytea NOT NULL CONSTRAINT mailbox_number_size CHECK (octet_length(number) = 1670)
);

-- Which key reads a claimed mailbox: handed over once, never changed.
CREATE TABLE reader_key (
    -- The mailbox.
    token bytea PRIMARY KEY REFERENCES mailbox (token),
    -- RFC 7638 thumbprint of the one P-256 key whose proofs may read and write this mailbox. No claim day.
    jkt bytea NOT NULL CONSTRAINT reader_key_size CHECK (octet_length(jkt) = 32)
);

-- Renewal of a reader key: the key that reads names the one that will.

-- Thumbprint of the key that the present one named: accepted beside it, and alone from its own first use on. No day, no count.
ALTER TABLE reader_key ADD COLUMN next_jkt bytea CONSTRAINT reader_key_next_size CHECK (octet_length(next_jkt) = 32);

-- Sealed details are random bytes: trying to compress them cost more than storing them.

ALTER TABLE checkup ALTER COLUMN details SET STORAGE EXTERNAL;

-- More kinds of values measured at home, who says so, and deletions.

-- 1 body weight (kg), 2 systolic, 3 diastolic pressure (mm[Hg]), 4 pulse (/min), 5 body temperature (Cel), 6 sleep (min), 7 waist (cm).
ALTER TABLE vital DROP CONSTRAINT vital_kind;
ALTER TABLE vital ADD CONSTRAINT vital_kind CHECK (kind BETWEEN 1 AND 7);
ALTER TABLE vital_inbox DROP CONSTRAINT vital_inbox_kind;
ALTER TABLE vital_inbox ADD CONSTRAINT vital_inbox_kind CHECK (kind BETWEEN 1 AND 7);

-- NULL: deleted. The row stays as long as an older write of that day could still arrive, so that the order of arrival does not matter.
ALTER TABLE vital ALTER COLUMN value DROP NOT NULL;
ALTER TABLE vital_inbox ALTER COLUMN value DROP NOT NULL;

-- 1 typed by a person, 2 measured by a device. What there was before was typed.
ALTER TABLE vital ADD COLUMN source smallint NOT NULL DEFAULT 1 CONSTRAINT vital_source CHECK (source IN (1, 2));
ALTER TABLE vital ALTER COLUMN source DROP DEFAULT;
-- As in vital.
ALTER TABLE vital_inbox ADD COLUMN source smallint NOT NULL DEFAULT 1 CONSTRAINT vital_inbox_source CHECK (source IN (1, 2));
ALTER TABLE vital_inbox ALTER COLUMN source DROP DEFAULT;

-- Finds old deletions without reading everything.
CREATE INDEX vital_deleted ON vital (token, day) WHERE value IS NULL;

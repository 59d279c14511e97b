-- What a household view shows becomes plain text: at a store no column has a structure that could hold more than it says.

ALTER TABLE household_view DROP CONSTRAINT household_view_shows;
ALTER TABLE household_view ALTER COLUMN shows TYPE text USING array_to_string(shows, ' ');
ALTER TABLE household_view ADD CONSTRAINT household_view_shows CHECK (shows IN ('checkups', 'costs', 'checkups costs'));

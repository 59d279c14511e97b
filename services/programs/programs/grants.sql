-- What the service itself may do. Rows of members are deleted by an erasure alone. Only the owner empties a table.

-- Identifiers of signed requests: added, and forgotten as a whole. No member column.
GRANT INSERT, SELECT, TRUNCATE ON once_even, once_odd TO :runtime;
GRANT INSERT, SELECT ON once_mark TO :runtime;
-- Whether the database was restored and waits for the erasure ledger.
GRANT SELECT ON restore_mark TO :runtime;
-- Windows: opened once, closed once, otherwise never changed; deleted after their end. Of a quota only what is used changes.
GRANT INSERT, SELECT, UPDATE (closed), DELETE ON registrar_window TO :runtime;
GRANT INSERT, SELECT, UPDATE (used) ON window_quota TO :runtime;
-- Officers' lists: accepted once, never changed.
GRANT INSERT, SELECT ON officer_list, officer_signature TO :runtime;
-- The staff's list: a later one takes the place of the one before, whose signatures go with it by their foreign key.
GRANT INSERT, SELECT, DELETE ON staff_list TO :runtime;
GRANT INSERT, SELECT ON staff_signature TO :runtime;
-- Sessions of staff: opened, ended. The seal empties the table as its owner.
GRANT INSERT, SELECT, DELETE ON staff_session TO :runtime;
-- Mailboxes: opened once, never changed. A reader key names the next one, which then takes its place.
GRANT INSERT, SELECT, DELETE ON mailbox TO :runtime;
GRANT INSERT, SELECT, UPDATE (jkt, next_jkt), DELETE ON reader_key TO :runtime;
-- What two officers decide: a suspension comes and goes, a recovery that is over may begin anew.
GRANT INSERT, SELECT, DELETE ON suspension TO :runtime;
GRANT INSERT, SELECT, UPDATE (opens), DELETE ON recovery TO :runtime;
-- Steps: written to the inbox alone. The table is filled by the fold, which is the owner's.
GRANT SELECT, DELETE ON step_day TO :runtime;
GRANT INSERT, SELECT, UPDATE (steps, manual_steps, seq), DELETE ON step_day_inbox TO :runtime;
-- Which installation counts, and whose keys may write.
GRANT INSERT, SELECT, UPDATE (install), DELETE ON step_source TO :runtime;
GRANT INSERT, SELECT, UPDATE (jkt), DELETE ON install_key TO :runtime;
-- Contests: defined, changed before anybody can enter, frozen. Teams are named anew, never taken away.
GRANT INSERT, SELECT, UPDATE ON contest TO :runtime;
GRANT INSERT, SELECT, UPDATE (name) ON team TO :runtime;
-- The roster: rows wait, then hold; a later one of the same day corrects it.
GRANT INSERT, SELECT, UPDATE (unit), DELETE ON roster_row TO :runtime;
GRANT INSERT, SELECT, UPDATE (unit), DELETE ON unit_member TO :runtime;
GRANT INSERT, SELECT, UPDATE (team, captain, nickname, since, until, excused, steps, days), DELETE ON entry TO :runtime;
-- Counting: changes are taken out again at once; contest_day is filled by the fold, which is the owner's.
GRANT INSERT, SELECT, DELETE ON step_change TO :runtime;
GRANT SELECT, DELETE ON contest_day TO :runtime;
GRANT INSERT, SELECT, UPDATE (team, steps), DELETE ON contest_day_recent TO :runtime;
GRANT INSERT, SELECT, UPDATE (steps) ON team_day TO :runtime;
-- What the nights' recounts found is added, and never changed.
GRANT INSERT, SELECT ON recount_night TO :runtime;
-- What is held is decided; corrections are added and never changed.
GRANT INSERT, SELECT, UPDATE (steps, accepted, decided_by, reason), DELETE ON held_day TO :runtime;
GRANT INSERT, SELECT ON adjustment TO :runtime;
-- Individual programs: defined, changed before their first day; what a member does replaces what they did.
GRANT INSERT, SELECT, UPDATE ON challenge TO :runtime;
GRANT INSERT, SELECT, UPDATE (days, told, score), DELETE ON challenge_entry TO :runtime;
-- Snapshots: published, and forgotten when there are newer ones.
GRANT INSERT, SELECT, DELETE ON ranking, ranking_team, ranking_page TO :runtime;
-- Points: the ledger grows; a trigger lets rows go with their member alone, and nothing may be changed. Balances follow it.
GRANT INSERT, SELECT, UPDATE (posted, held), DELETE ON point_balance TO :runtime;
GRANT INSERT, SELECT, DELETE ON point_entry, point_entry_inbox, point_use, point_use_inbox TO :runtime;
GRANT SELECT ON point_entries, point_uses, ledger_posting TO :runtime;
-- Holds end by going away.
GRANT INSERT, SELECT, UPDATE (until), DELETE ON point_hold TO :runtime;
GRANT INSERT, SELECT, DELETE ON point_hold_part TO :runtime;
-- What must not be done twice is remembered; the fold forgets it.
GRANT INSERT, SELECT, DELETE ON point_request TO :runtime;
-- Sums of what was erased only change by adding.
GRANT INSERT, SELECT, UPDATE (amount) ON point_erased TO :runtime;
-- Rules are written in versions. Of a run only changes that it is done. Facts come, and may be withdrawn.
GRANT INSERT, SELECT ON point_rule TO :runtime;
GRANT INSERT, SELECT, UPDATE (done) ON point_run TO :runtime;
GRANT INSERT, SELECT, DELETE ON point_fact TO :runtime;
-- Suppliers: a later list takes the place of the one before, whose signatures go with it by their foreign key.
GRANT INSERT, SELECT, DELETE ON supplier_list TO :runtime;
GRANT INSERT, SELECT ON supplier_signature TO :runtime;
-- Products stay; orders name them. Locking a row needs the right to change one of its columns.
GRANT INSERT, SELECT, UPDATE ON product, product_picture TO :runtime;
GRANT INSERT, SELECT, UPDATE (available, taken) ON product_stock TO :runtime;
-- Orders go from state to state. History is written by the fold, which is the owner's.
GRANT INSERT, SELECT, UPDATE (state, revision, until, day), DELETE ON exchange_order TO :runtime;
GRANT SELECT, DELETE ON exchange_order_past TO :runtime;
GRANT SELECT ON exchange_orders TO :runtime;
GRANT INSERT, SELECT, UPDATE (key_id, revision, content), DELETE ON order_sealed TO :runtime;
-- What suppliers are still to be told: written with the change, forgotten when it arrived, given up and asked for again.
GRANT INSERT, SELECT, UPDATE (day, dead), DELETE ON order_notice TO :runtime;
GRANT INSERT, SELECT, UPDATE (beat) ON notice_turn TO :runtime;
-- Corrections by staff: proposed once, decided once. A member's name for the office is replaced by the next.
GRANT INSERT, SELECT, UPDATE (id, day), DELETE ON point_case TO :runtime;
GRANT INSERT, SELECT, UPDATE (state, decided_by, decided) ON point_correction TO :runtime;

-- What the service itself may do. Rows of members are deleted by an erasure; checkups also when they are withdrawn or written anew.
-- Only the owner empties a table.

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
-- What is known of a person follows the insurer's roster.
GRANT INSERT, SELECT, UPDATE (sex, birth_year, relation, workplace), DELETE ON person TO :runtime;
-- The code table grows and may be corrected.
GRANT INSERT, SELECT, UPDATE ON item TO :runtime;
GRANT SELECT, UPDATE (generation) ON item_generation TO :runtime;
-- Checkups: an import replaces a changed one as a whole.
GRANT INSERT, SELECT, DELETE ON checkup, observation TO :runtime;
-- Medical claims and results of guidance: as checkups.
GRANT INSERT, SELECT, DELETE ON medical_claim, medical_claim_diagnosis, medical_claim_drug, guidance TO :runtime;
-- What staff who guide say was done: written over, and taken back.
GRANT INSERT, SELECT, UPDATE (times), DELETE ON guidance_support TO :runtime;
-- Who took part in cancer screenings: said, and taken back.
GRANT INSERT, SELECT, DELETE ON screening TO :runtime;
-- What they said before: written from the rows that go, never changed.
GRANT INSERT, SELECT, DELETE ON former_checkup, former_observation, former_claim TO :runtime;
-- What stays of erased people: written by the erasure, counted, never changed.
GRANT INSERT, SELECT ON kept_person, kept_checkup, kept_observation, kept_claim, kept_diagnosis, kept_drug, kept_guidance TO :runtime;
-- What drugs cost follows the insurer's table. No member column.
GRANT INSERT, SELECT, UPDATE, DELETE ON drug_price TO :runtime;
-- Vitals: written to the inbox alone. The table is filled by the fold, which is the owner's.
GRANT SELECT, DELETE ON vital TO :runtime;
GRANT INSERT, SELECT, UPDATE (value, seq, source), DELETE ON vital_inbox TO :runtime;
-- Notes: as vitals.
GRANT SELECT, DELETE ON note TO :runtime;
GRANT INSERT, SELECT, UPDATE (seq, sealed), DELETE ON note_inbox TO :runtime;
-- What members agreed to: the last word of a day, of each purpose the newest few. The purposes themselves are the owner's.
GRANT INSERT, SELECT, UPDATE (given, version), DELETE ON consent TO :runtime;
GRANT SELECT ON consent_purpose, consenting TO :runtime;
-- Household views: given and ended by the member; only wrong PINs are counted.
GRANT INSERT, SELECT, UPDATE (tries), DELETE ON household_view TO :runtime;
-- Messages never change. Whom they address is written once, erased with the member, and deleted by the fold when a message is over.
GRANT INSERT, SELECT, UPDATE (people) ON message TO :runtime;
GRANT INSERT, SELECT, DELETE ON message_to TO :runtime;
GRANT INSERT, SELECT ON message_mark TO :runtime;
-- Weeks of portal use: set once. Weeks that are over are filled by the fold; both go with the consent.
GRANT INSERT, SELECT, DELETE ON portal_week_inbox TO :runtime;
GRANT SELECT, DELETE ON portal_week TO :runtime;
-- Levels of half-years: told once, filled by the fold; both go with the consent.
GRANT INSERT, SELECT, DELETE ON participation_inbox TO :runtime;
GRANT SELECT, DELETE ON participation TO :runtime;
GRANT SELECT ON participations TO :runtime;
-- Reports that analysts and the office keep, and their results, which never change. No member column.
GRANT INSERT, SELECT, UPDATE (version, content, saved_by, saved), DELETE ON saved_report TO :runtime;
GRANT INSERT, SELECT, DELETE ON report_result TO :runtime;
-- Cohorts that analysts define: never changed, decided once. No member column.
GRANT INSERT, SELECT, UPDATE (state, decided_by, decided) ON cohort TO :runtime;
-- Results that leave: never changed, decided once, taken. No member column.
GRANT INSERT, SELECT, UPDATE (state, decided_by, decided, taken_by, taken) ON analysis_export TO :runtime;

-- Analysis reads views of members who agreed to it, and no table: neither this role nor the service may read the other's part.
-- The role is the cluster's, made with it or not; without it nobody analyses.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'warifu_analysis') THEN
        REVOKE ALL ON ALL TABLES IN SCHEMA public FROM warifu_analysis;
        GRANT USAGE ON SCHEMA public TO warifu_analysis;
        GRANT SELECT ON analysis_person, analysis_checkup, analysis_observation, analysis_claim, analysis_diagnosis,
            analysis_drug, analysis_price, analysis_guidance, analysis_vital, analysis_participation, analysis_portal_use,
            analysis_screening, analysis_item TO warifu_analysis;
    END IF;
END
$$;

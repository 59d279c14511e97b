-- The staff's list: a later one takes the place of the one before, whose signatures go with it by their foreign key.
GRANT INSERT, SELECT, DELETE ON staff_list TO :runtime;
GRANT INSERT, SELECT ON staff_signature TO :runtime;
-- Sessions of staff: opened, ended. The seal empties the table as its owner.
GRANT INSERT, SELECT, DELETE ON staff_session TO :runtime;

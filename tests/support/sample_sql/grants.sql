GRANT SELECT, INSERT ON folder TO :runtime;
GRANT SELECT, INSERT, UPDATE (size), DELETE ON note TO :runtime;

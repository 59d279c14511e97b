-- Roles and database of one host, run by the superuser at each start; running it again changes nothing.
-- Needs the psql variables owner_password and runtime_password.
\set ON_ERROR_STOP on
\set QUIET on

SELECT 'CREATE ROLE warifu_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'warifu_owner') \gexec
SELECT 'CREATE ROLE warifu_runtime' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'warifu_runtime') \gexec

-- The owner migrates and seals. It is no superuser; a seal ends with a checkpoint.
ALTER ROLE warifu_owner WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
GRANT pg_checkpoint TO warifu_owner;

-- The service works as runtime. It owns nothing and may connect; what else it may do is granted by the migrations.
ALTER ROLE warifu_runtime WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'runtime_password';

-- Analysis may read what anon-data's grants say, and nothing at any other host. It cannot log in until an operator lets it.
SELECT 'CREATE ROLE warifu_analysis' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'warifu_analysis') \gexec
ALTER ROLE warifu_analysis WITH NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

SELECT 'CREATE DATABASE warifu OWNER warifu_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'warifu') \gexec

-- CONNECT and TEMPORARY are PUBLIC's by default; nobody else has business in any database here.
REVOKE ALL ON DATABASE warifu FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE warifu TO warifu_runtime;

\connect warifu
-- A seal switches the write-ahead log (GRANTs on functions are per database).
GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() TO warifu_owner;
ALTER SCHEMA public OWNER TO warifu_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO warifu_runtime;

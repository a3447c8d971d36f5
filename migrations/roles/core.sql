-- What each role may do in the core database before any table exists. Rights on tables are granted beside the tables, in
-- migrations/core. :database is this database's name. Running it again changes nothing.

REVOKE ALL ON DATABASE :database FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :database TO jagawarga_owner;
GRANT CONNECT ON DATABASE :database TO jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator, jagawarga_notifier;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO jagawarga_owner;
GRANT USAGE ON SCHEMA public TO jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator, jagawarga_notifier;

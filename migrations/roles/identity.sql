-- What each role may do in the identity database before any table exists. Rights on tables are granted beside the tables, in
-- migrations/identity. :database is this database's name. Running it again changes nothing.

REVOKE ALL ON DATABASE :database FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :database TO jagawarga_identity_owner;
GRANT CONNECT ON DATABASE :database TO jagawarga_identity;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO jagawarga_identity_owner;
GRANT USAGE ON SCHEMA public TO jagawarga_identity;

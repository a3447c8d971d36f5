-- +goose Up
-- Accounts that change, and what is over before its time. Administrators keep officers' accounts, and citizens may take theirs away.

ALTER TABLE accounts ADD COLUMN retired_at timestamptz; -- of an officer: signs in no more

-- Sessions whose access tokens are worth nothing any more, kept until those would have ended by themselves. Whose they were is not said.
CREATE TABLE revoked_sessions (
    id         uuid PRIMARY KEY,
    revoked_at timestamptz NOT NULL
);
CREATE INDEX revoked_sessions_at ON revoked_sessions (revoked_at);

GRANT UPDATE (name, role, email, department_id, password_hash, retired_at), DELETE ON accounts TO jagawarga_identity;
GRANT SELECT, INSERT, DELETE ON revoked_sessions TO jagawarga_identity;

-- +goose Down
DROP TABLE revoked_sessions;
REVOKE UPDATE (name, role, email, department_id, password_hash, retired_at), DELETE ON accounts FROM jagawarga_identity;
ALTER TABLE accounts DROP COLUMN retired_at;

-- +goose Up
-- Who may touch what: the service's role alone, and of what it may change no more than it does. Accounts are never deleted by it,
-- and neither name nor role nor national id of one changes. Roles, and who may enter the schema, are made by migrations/roles.

GRANT SELECT, INSERT ON accounts TO jagawarga_identity;
GRANT SELECT, INSERT, DELETE, UPDATE (expires_at, ended_at) ON sessions TO jagawarga_identity;
GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON refresh_tokens TO jagawarga_identity;
GRANT SELECT, INSERT, DELETE, UPDATE (failures, failed_at) ON failures TO jagawarga_identity;
GRANT SELECT, INSERT ON key_checks TO jagawarga_identity;

-- +goose Down
REVOKE ALL ON key_checks, failures, refresh_tokens, sessions, accounts FROM jagawarga_identity;

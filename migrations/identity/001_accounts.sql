-- +goose Up
-- Accounts of citizens and of officers, and their sessions.

CREATE TABLE accounts (
    id                 uuid PRIMARY KEY,
    role               text NOT NULL CHECK (role IN ('CITIZEN', 'OFFICER', 'DEPARTMENT_HEAD', 'HEAD_AUTHORITY', 'ADMIN')),
    name               text NOT NULL,
    password_hash      text NOT NULL,
    -- A citizen is found by the keyed hash of the national id; its ciphertext is for lawful requests alone. Neither key is in here.
    national_id_hash   bytea UNIQUE,
    national_id_cipher bytea,
    phone_cipher       bytea,
    -- An officer is found by the e-mail address, in lower case. The department is one of the core database.
    email              text UNIQUE,
    department_id      uuid,
    created_at         timestamptz NOT NULL,
    CHECK ((role = 'CITIZEN') = (national_id_hash IS NOT NULL AND national_id_cipher IS NOT NULL)),
    CHECK ((role = 'CITIZEN') = (email IS NULL AND department_id IS NULL))
);

-- A session is a family of refresh tokens, each made from the one before.
CREATE TABLE sessions (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,  -- of its newest token
    ended_at   timestamptz            -- signed out, or a token was used twice
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    hash       bytea PRIMARY KEY,     -- SHA-256; the token itself is nowhere
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz            -- rotated; a second use ends the session
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- Failed sign-ins in a row, by the keyed hash of what was typed as national id or e-mail: kept whether or not there is such an
-- account, so that being locked out does not tell.
CREATE TABLE failures (
    login_hash bytea PRIMARY KEY,
    failures   integer NOT NULL,
    failed_at  timestamptz NOT NULL
);
CREATE INDEX failures_failed_at ON failures (failed_at);

-- What the secret keys make of a known text. With other keys no citizen would be found, so the service refuses to start.
CREATE TABLE key_checks (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

-- +goose Down
DROP TABLE key_checks;
DROP TABLE failures;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE accounts;

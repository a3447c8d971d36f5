-- +goose Up
-- Anonymous tokens: the log of the keys that sign them, and how many each citizen has drawn. What was signed is written nowhere.

-- One key a day, the same for everybody; the leaves of a Merkle tree, in order. Nobody has the right to change or delete one.
CREATE TABLE token_keys (
    position bigint PRIMARY KEY,   -- from 0, without gaps
    day      date NOT NULL UNIQUE, -- of Western Indonesian Time
    key_id   text NOT NULL UNIQUE  -- SHA-256 of the public key's DER form, base64url
);

-- Kept until the day's tokens are worth nothing.
CREATE TABLE token_counts (
    day        date NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    issued     integer NOT NULL CHECK (issued > 0),
    PRIMARY KEY (day, account_id)
);

GRANT SELECT, INSERT ON token_keys TO jagawarga_identity;
GRANT SELECT, INSERT, DELETE, UPDATE (issued) ON token_counts TO jagawarga_identity;

-- +goose Down
DROP TABLE token_counts;
DROP TABLE token_keys;

-- +goose Up
-- Where citizens want their mail. It is sealed like their telephone numbers, and goes with the account.

CREATE TABLE contacts (
    account_id   uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    email_cipher bytea NOT NULL,
    changed_at   timestamptz NOT NULL
);

GRANT SELECT, INSERT, DELETE, UPDATE (email_cipher, changed_at) ON contacts TO jagawarga_identity;

-- +goose Down
DROP TABLE contacts;

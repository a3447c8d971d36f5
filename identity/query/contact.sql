-- name: SaveContact :execrows
INSERT INTO contacts (account_id, email_cipher, changed_at)
SELECT accounts.id, @email_cipher, @now FROM accounts WHERE accounts.id = @id AND accounts.role = 'CITIZEN'
ON CONFLICT (account_id) DO UPDATE SET email_cipher = excluded.email_cipher, changed_at = excluded.changed_at;

-- name: DropContact :exec
DELETE FROM contacts WHERE account_id = @id;

-- ContactOf is the address of an officer who works here, or the sealed one of a citizen who gave one.
-- name: ContactOf :many
SELECT accounts.email, contacts.email_cipher FROM accounts LEFT JOIN contacts ON contacts.account_id = accounts.id
WHERE accounts.id = @id AND accounts.retired_at IS NULL
ORDER BY accounts.id;

-- name: CreateCitizen :exec
INSERT INTO accounts (id, role, name, password_hash, national_id_hash, national_id_cipher, phone_cipher, created_at)
VALUES (@id, 'CITIZEN', @name, @password_hash, @national_id_hash, @national_id_cipher, @phone_cipher, @created_at);

-- name: CreateDemoCitizen :exec
INSERT INTO accounts (id, role, name, password_hash, national_id_hash, national_id_cipher, phone_cipher, created_at)
VALUES (@id, 'CITIZEN', @name, @password_hash, @national_id_hash, @national_id_cipher, @phone_cipher, @created_at)
ON CONFLICT (national_id_hash) DO NOTHING;

-- name: CreateDemoOfficer :exec
INSERT INTO accounts (id, role, name, password_hash, email, department_id, created_at)
VALUES (@id, @role, @name, @password_hash, @email, @department_id, @created_at)
ON CONFLICT DO NOTHING;

-- name: AccountByID :one
SELECT id, role, name, password_hash, department_id, phone_cipher FROM accounts WHERE id = @id;

-- AccountToOpen is what AccountByID finds, held fast until a session of it is there: who changes the account waits, and then ends that, too.
-- name: AccountToOpen :one
SELECT id, role, name, password_hash, department_id, phone_cipher FROM accounts WHERE id = @id AND retired_at IS NULL FOR SHARE;

-- name: CitizenByNationalID :one
SELECT id, role, name, password_hash, department_id, phone_cipher FROM accounts WHERE national_id_hash = @national_id_hash;

-- name: OfficerByEmail :one
SELECT id, role, name, password_hash, department_id, phone_cipher FROM accounts WHERE email = @email::text AND retired_at IS NULL;

-- name: KnownEmails :many
SELECT email::text FROM accounts WHERE email = ANY (@emails::text[]) ORDER BY email;

-- name: KnownNationalIDs :many
SELECT national_id_hash FROM accounts WHERE national_id_hash = ANY (@hashes::bytea[]) ORDER BY national_id_hash;

-- name: CitizenNames :many
SELECT id, name FROM accounts WHERE id = ANY (@ids::uuid[]) AND role = 'CITIZEN' ORDER BY id;

-- name: OfficerIDByEmail :one
SELECT id FROM accounts WHERE email = @email::text;

-- name: OfficerToChange :one
SELECT id, role, name, password_hash, email::text, department_id, retired_at FROM accounts WHERE id = @id AND role <> 'CITIZEN' FOR UPDATE;

-- name: CreateOfficer :exec
INSERT INTO accounts (id, role, name, password_hash, email, department_id, created_at)
VALUES (@id, @role, @name, @password_hash, @email, @department_id, @created_at);

-- name: ChangeOfficer :exec
UPDATE accounts SET role = @role, name = @name, password_hash = @password_hash, email = @email, department_id = @department_id
WHERE id = @id;

-- name: RetireAccount :exec
UPDATE accounts SET retired_at = @now WHERE id = @id AND retired_at IS NULL;

-- name: CitizenToDelete :one
SELECT national_id_hash FROM accounts WHERE id = @id AND role = 'CITIZEN' FOR UPDATE;

-- name: DeleteAccount :exec
DELETE FROM accounts WHERE id = @id;

-- name: CitizenDossier :one
SELECT name, national_id_cipher, phone_cipher, created_at FROM accounts WHERE id = @id AND role = 'CITIZEN';

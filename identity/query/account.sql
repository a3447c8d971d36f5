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
ON CONFLICT (email) DO NOTHING;

-- name: AccountByID :one
SELECT id, role, name, password_hash, department_id FROM accounts WHERE id = @id;

-- name: CitizenByNationalID :one
SELECT id, role, name, password_hash, department_id FROM accounts WHERE national_id_hash = @national_id_hash;

-- name: OfficerByEmail :one
SELECT id, role, name, password_hash, department_id FROM accounts WHERE email = @email::text;

-- name: KnownEmails :many
SELECT email::text FROM accounts WHERE email = ANY (@emails::text[]) ORDER BY email;

-- name: KnownNationalIDs :many
SELECT national_id_hash FROM accounts WHERE national_id_hash = ANY (@hashes::bytea[]) ORDER BY national_id_hash;

-- name: CitizenNames :many
SELECT id, name FROM accounts WHERE id = ANY (@ids::uuid[]) AND role = 'CITIZEN' ORDER BY id;

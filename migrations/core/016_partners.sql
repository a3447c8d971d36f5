-- +goose Up
-- Partners speak Open311 with the city: each has a key, of which only the hash is kept. What a partner filed is public like any report and has no
-- reporter; the partner goes on seeing it when it is not shown to the public any more.
CREATE TABLE partners (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    key_hash   bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
-- Keys are given and revoked by the owner, on the command line.
GRANT SELECT ON partners TO jagawarga_server;

-- partner_said is what it gave besides the text: an address without a place, the address of a picture.
ALTER TABLE reports ADD COLUMN partner_id uuid REFERENCES partners (id);
ALTER TABLE reports ADD COLUMN partner_said jsonb;
GRANT UPDATE (partner_said) ON reports TO jagawarga_ingest;
CREATE INDEX reports_of_partner ON reports (partner_id, created_at DESC, id DESC) WHERE partner_id IS NOT NULL;
-- What happened lately, whichever report it happened to.
CREATE INDEX timeline_at ON timeline (at, id);
CREATE INDEX comments_of_departments_at ON comments (created_at, id) WHERE author_kind = 'DEPARTMENT';

CREATE POLICY reports_partner ON reports FOR SELECT TO jagawarga_server
    USING (partner_id = (SELECT nullif(current_setting('app.partner', true), '')::uuid));
CREATE POLICY reports_change_partner ON reports FOR UPDATE TO jagawarga_server
    USING (partner_id = (SELECT nullif(current_setting('app.partner', true), '')::uuid))
    WITH CHECK (true);

-- +goose Down
DROP POLICY reports_change_partner ON reports;
DROP POLICY reports_partner ON reports;
DROP INDEX comments_of_departments_at;
DROP INDEX timeline_at;
ALTER TABLE reports DROP COLUMN partner_said;
ALTER TABLE reports DROP COLUMN partner_id;
DROP TABLE partners;

-- +goose Up
-- What problems come from, as their departments say, so that it can be counted. In rollups kind 4 is by cause, of reports that have one.

CREATE TABLE causes (
    id          uuid PRIMARY KEY,
    code        text NOT NULL UNIQUE,
    name_id     text NOT NULL,
    name_en     text NOT NULL,
    category_id uuid REFERENCES categories (id), -- that it is for; null: any
    retired_at  timestamptz -- reports keep it, and no more get it
);

ALTER TABLE reports ADD COLUMN cause_id uuid REFERENCES causes (id);
CREATE INDEX reports_of_cause ON reports (cause_id, department_id, created_at DESC, id DESC) WHERE cause_id IS NOT NULL;

GRANT SELECT ON causes TO jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator, jagawarga_notifier;
GRANT INSERT, UPDATE ON causes TO jagawarga_server;
GRANT UPDATE (cause_id) ON reports TO jagawarga_server;

-- Like the rest of the city: every service reads it, and the server changes it where it says that an administrator asks.
ALTER TABLE causes ENABLE ROW LEVEL SECURITY;
CREATE POLICY causes_read ON causes FOR SELECT USING (true);
CREATE POLICY causes_keep ON causes TO jagawarga_server
    USING ((SELECT current_setting('app.admin', true) = 'yes')) WITH CHECK ((SELECT current_setting('app.admin', true) = 'yes'));

-- +goose Down
ALTER TABLE reports DROP COLUMN cause_id;
DROP TABLE causes;

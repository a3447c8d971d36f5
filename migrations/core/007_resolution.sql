-- +goose Up
-- What departments say they did, the photos that prove it, and what the machine found out about them.

CREATE TABLE resolutions (
    id            uuid PRIMARY KEY,
    report_id     uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    round         integer NOT NULL CHECK (round > 0), -- of one report; the latest counts
    message       text NOT NULL,
    department_id uuid NOT NULL REFERENCES departments (id),
    resolved_at   timestamptz NOT NULL,
    confirmed     boolean, -- by the reporter; null: no answer yet
    UNIQUE (report_id, round)
);

ALTER TABLE media
    ADD COLUMN resolution_id uuid REFERENCES resolutions (id) ON DELETE CASCADE,
    ADD CHECK ((resolution_id IS NOT NULL) = (purpose = 'RESOLUTION')),
    DROP COLUMN facts; -- they are in photo_checks: rights to rows are kept apart by tables
CREATE INDEX media_of_resolution ON media (resolution_id) WHERE resolution_id IS NOT NULL;

-- What a photo's file said of itself, and what there is to look at.
CREATE TABLE photo_checks (
    media_id      uuid PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    resolution_id uuid NOT NULL REFERENCES resolutions (id) ON DELETE CASCADE,
    report_id     uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    facts         jsonb NOT NULL,
    flags         text[] NOT NULL,
    reused_from   uuid REFERENCES reports (id) ON DELETE SET NULL
);
CREATE INDEX photo_checks_of_report ON photo_checks (report_id);

-- How photos are known again (internal/fingerprint).
CREATE TABLE photo_prints (
    media_id  uuid PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    report_id uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    words     integer[] NOT NULL,
    print     bytea NOT NULL
);
CREATE INDEX photo_prints_words ON photo_prints USING gin (words);

-- Whoever holds the lock on its row compares new photos with all others and writes them: of two that are used at the same moment the second
-- sees the first. The lock ends with the transaction.
CREATE TABLE print_turn (
    one boolean PRIMARY KEY CHECK (one)
);
INSERT INTO print_turn (one) VALUES (true);

GRANT SELECT ON resolutions TO jagawarga_public;
GRANT SELECT, INSERT ON resolutions TO jagawarga_server;
GRANT UPDATE (confirmed) ON resolutions TO jagawarga_server;
GRANT SELECT (resolution_id) ON media TO jagawarga_public;
GRANT INSERT ON media TO jagawarga_server;
GRANT SELECT, INSERT ON photo_checks, photo_prints TO jagawarga_server;
GRANT SELECT, UPDATE ON print_turn TO jagawarga_server;

ALTER TABLE resolutions ENABLE ROW LEVEL SECURITY;
ALTER TABLE resolutions FORCE ROW LEVEL SECURITY;
ALTER TABLE photo_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_checks FORCE ROW LEVEL SECURITY;
ALTER TABLE photo_prints ENABLE ROW LEVEL SECURITY;
ALTER TABLE photo_prints FORCE ROW LEVEL SECURITY;

-- A resolution is seen with its report, written by the department and answered by who wrote the report.
CREATE POLICY resolutions_read ON resolutions FOR SELECT TO jagawarga_public, jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = resolutions.report_id));
CREATE POLICY resolutions_write ON resolutions FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = resolutions.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY resolutions_answer ON resolutions FOR UPDATE TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = resolutions.report_id
        AND (reports.reporter_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid)
            OR reports.receipt_hash = (SELECT decode(nullif(current_setting('app.receipt', true), ''), 'hex')))));

CREATE POLICY media_prove ON media FOR INSERT TO jagawarga_server
    WITH CHECK (purpose = 'RESOLUTION' AND EXISTS (SELECT 1 FROM reports WHERE reports.id = media.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));

-- What the machine found out is the department's, like its notes: seeing the report is not enough.
CREATE POLICY photo_checks_department ON photo_checks TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = photo_checks.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])))
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = photo_checks.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));

-- A print is compared with all others, whosever they are, and never leaves the server. A condition would also keep the index from being
-- used: its operator is not leakproof.
CREATE POLICY photo_prints_compare ON photo_prints FOR SELECT TO jagawarga_server USING (true);
CREATE POLICY photo_prints_write ON photo_prints FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = photo_prints.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));

-- +goose Down
DROP POLICY media_prove ON media;
REVOKE INSERT ON media FROM jagawarga_server;
DROP TABLE print_turn, photo_prints, photo_checks;
DELETE FROM media WHERE purpose = 'RESOLUTION';
ALTER TABLE media DROP COLUMN resolution_id, ADD COLUMN facts jsonb, ADD CHECK (facts IS NULL OR purpose = 'RESOLUTION');
DROP TABLE resolutions;

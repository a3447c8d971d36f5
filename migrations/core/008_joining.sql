-- +goose Up
-- Reports that go on as another, reports that were made of one, tasks for other departments, rules for where reports go, and a
-- department's papers.

ALTER TABLE reports
    ADD COLUMN clock_from timestamptz, -- since when its clock counts, where that is before it came: something older was merged into it
    ADD COLUMN origin_receipt bytea; -- of a part of an anonymous report: the hash of the receipt that opens what it was split from
CREATE INDEX reports_of_origin_receipt ON reports (origin_receipt) WHERE origin_receipt IS NOT NULL;

-- A report that was merged goes on as into_id, which is never one that was merged itself. status is that of into_id: whoever sees the
-- merged report may know how it goes on, and no more than that, where they may not see the other.
CREATE TABLE merges (
    report_id uuid PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    into_id   uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    status    text NOT NULL,
    merged_at timestamptz NOT NULL,
    CHECK (report_id <> into_id)
);
CREATE INDEX merges_into ON merges (into_id);

CREATE TABLE parts (
    part_id   uuid PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    origin_id uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    position  integer NOT NULL CHECK (position >= 0),
    CHECK (part_id <> origin_id)
);
CREATE INDEX parts_of_origin ON parts (origin_id, position, part_id);

-- What another department has to do for a report that it does not see: number and place are written down with the task.
CREATE TABLE tasks (
    id            uuid PRIMARY KEY,
    report_id     uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    number        text NOT NULL,
    department_id uuid NOT NULL REFERENCES departments (id),
    title         text NOT NULL,
    body          text NOT NULL,
    latitude      double precision,
    longitude     double precision,
    address       text,
    district_id   uuid REFERENCES districts (id),
    state         text NOT NULL CHECK (state IN ('OPEN', 'DONE', 'DECLINED')),
    answer        text NOT NULL DEFAULT '',
    due_at        timestamptz,
    created_at    timestamptz NOT NULL,
    ended_at      timestamptz
);
CREATE INDEX tasks_of_report ON tasks (report_id, created_at, id);
CREATE INDEX tasks_of_department ON tasks (department_id, created_at, id);

-- Where new reports go within the department of their category. Services hold them in memory with the rest of the city.
CREATE TABLE routing_rules (
    id            uuid PRIMARY KEY,
    department_id uuid NOT NULL REFERENCES departments (id), -- whose rule it is
    name          text NOT NULL,
    position      integer NOT NULL,
    enabled       boolean NOT NULL,
    category_id   uuid REFERENCES categories (id), -- what is null asks for nothing
    district_id   uuid REFERENCES districts (id),
    question      text,
    answer        text,
    hours         text CHECK (hours IN ('WORKING', 'OUTSIDE')),
    unit_id       uuid REFERENCES departments (id),
    officer_id    uuid REFERENCES officers (id),
    updated_at    timestamptz NOT NULL,
    CHECK ((question IS NULL) = (answer IS NULL)),
    CHECK ((unit_id IS NULL) <> (officer_id IS NULL))
);
CREATE INDEX routing_rules_of_department ON routing_rules (department_id, position, id);

-- Papers and pictures that a department adds to a report, for itself alone. Unlike media they are never everybody's.
CREATE TABLE attachments (
    id           uuid PRIMARY KEY,
    report_id    uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    name         text NOT NULL,
    content_type text NOT NULL,
    byte_size    bigint NOT NULL,
    blob         text NOT NULL UNIQUE,
    author_id    uuid NOT NULL REFERENCES officers (id),
    created_at   timestamptz NOT NULL
);
CREATE INDEX attachments_of_report ON attachments (report_id, created_at, id);

-- A department makes parts of its own reports, and nothing else of the kind: a receipt comes from the one that was split.
GRANT INSERT (id, number, title, body, visibility, status, priority, category_id, department_id, latitude, longitude, cell, address,
    district_id, reporter_id, origin_receipt, answers, created_at, updated_at, hidden, assignee_id, response_due_at, resolution_due_at,
    answered_at, next_due_at, warn_at, clock_stood, clock_from, salt) ON reports TO jagawarga_server;
GRANT UPDATE (clock_from) ON reports TO jagawarga_server;
GRANT SELECT ON merges, parts TO jagawarga_public;
GRANT SELECT, INSERT ON merges, parts, tasks TO jagawarga_server;
GRANT UPDATE (into_id, status) ON merges TO jagawarga_server;
GRANT UPDATE (state, answer, ended_at) ON tasks TO jagawarga_server;
GRANT SELECT (into_id, status), UPDATE (status) ON merges TO jagawarga_escalator;
GRANT SELECT ON routing_rules TO jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator;
GRANT INSERT, UPDATE, DELETE ON routing_rules TO jagawarga_server;
GRANT SELECT, INSERT ON attachments TO jagawarga_server;
GRANT SELECT (blob) ON attachments TO jagawarga_ingest; -- which asks what blobs still have a row

ALTER TABLE merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE merges FORCE ROW LEVEL SECURITY;
ALTER TABLE parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE parts FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
ALTER TABLE routing_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE routing_rules FORCE ROW LEVEL SECURITY;

-- The server may tell two more things about the transaction it is in:
--   app.joining   comma-separated uuids of reports whose supporters and followers are brought together
--   app.tasked    uuid of the report that the task belongs to which is being ended

CREATE POLICY reports_split ON reports FOR INSERT TO jagawarga_server
    WITH CHECK (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));
CREATE POLICY reports_origin_receipt ON reports FOR SELECT TO jagawarga_server
    USING (origin_receipt = (SELECT decode(nullif(current_setting('app.receipt', true), ''), 'hex')));
CREATE POLICY reports_tasked ON reports FOR SELECT TO jagawarga_server
    USING (id = (SELECT nullif(current_setting('app.tasked', true), '')::uuid));

-- That something goes on as another report is seen with either; to the public with what was merged alone.
CREATE POLICY merges_read ON merges FOR SELECT TO jagawarga_public
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = merges.report_id));
CREATE POLICY merges_read_either ON merges FOR SELECT TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = merges.report_id) OR EXISTS (SELECT 1 FROM reports WHERE reports.id = merges.into_id));
-- Both must be the department's.
CREATE POLICY merges_write ON merges FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = merges.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]))
    AND EXISTS (SELECT 1 FROM reports WHERE reports.id = merges.into_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
-- Whoever moves a report moves what goes on as it.
CREATE POLICY merges_follow ON merges FOR UPDATE TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = merges.into_id));
CREATE POLICY merges_clockwork_read ON merges FOR SELECT TO jagawarga_escalator USING (true);
CREATE POLICY merges_clockwork ON merges FOR UPDATE TO jagawarga_escalator USING (true);

CREATE POLICY parts_read ON parts FOR SELECT TO jagawarga_public, jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = parts.part_id));
CREATE POLICY parts_write ON parts FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = parts.part_id)
    AND EXISTS (SELECT 1 FROM reports WHERE reports.id = parts.origin_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));

-- A task is seen by the department that it is for and by that of the report, made by the second and ended by the first.
CREATE POLICY tasks_own ON tasks FOR SELECT TO jagawarga_server
    USING (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));
CREATE POLICY tasks_of_case ON tasks FOR SELECT TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = tasks.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY tasks_make ON tasks FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = tasks.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY tasks_end ON tasks FOR UPDATE TO jagawarga_server
    USING (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));

CREATE POLICY attachments_department ON attachments TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = attachments.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])))
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = attachments.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY attachments_in_use ON attachments FOR SELECT TO jagawarga_ingest USING (true);

-- Like the rest of the city, rules are read by every service; a department changes its own.
CREATE POLICY routing_rules_read ON routing_rules FOR SELECT
    TO jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator USING (true);
CREATE POLICY routing_rules_make ON routing_rules FOR INSERT TO jagawarga_server
    WITH CHECK (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));
CREATE POLICY routing_rules_change ON routing_rules FOR UPDATE TO jagawarga_server
    USING (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));
CREATE POLICY routing_rules_drop ON routing_rules FOR DELETE TO jagawarga_server
    USING (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));

-- Support goes along with a merged report. Who gives it stays unknown: these rows are copied by the database and never read.
CREATE POLICY upvotes_join_from ON upvotes FOR SELECT TO jagawarga_server
    USING (report_id = ANY ((SELECT string_to_array(nullif(current_setting('app.joining', true), ''), ',')::uuid[])::uuid[])
        AND EXISTS (SELECT 1 FROM reports WHERE reports.id = upvotes.report_id
            AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY upvotes_join_into ON upvotes FOR INSERT TO jagawarga_server
    WITH CHECK (report_id = ANY ((SELECT string_to_array(nullif(current_setting('app.joining', true), ''), ',')::uuid[])::uuid[])
        AND EXISTS (SELECT 1 FROM reports WHERE reports.id = upvotes.report_id
            AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY followers_join_from ON followers FOR SELECT TO jagawarga_server
    USING (report_id = ANY ((SELECT string_to_array(nullif(current_setting('app.joining', true), ''), ',')::uuid[])::uuid[])
        AND EXISTS (SELECT 1 FROM reports WHERE reports.id = followers.report_id
            AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY followers_join_into ON followers FOR INSERT TO jagawarga_server
    WITH CHECK (report_id = ANY ((SELECT string_to_array(nullif(current_setting('app.joining', true), ''), ',')::uuid[])::uuid[])
        AND EXISTS (SELECT 1 FROM reports WHERE reports.id = followers.report_id
            AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));

-- +goose Down
DROP POLICY followers_join_into ON followers;
DROP POLICY followers_join_from ON followers;
DROP POLICY upvotes_join_into ON upvotes;
DROP POLICY upvotes_join_from ON upvotes;
DROP POLICY reports_tasked ON reports;
DROP POLICY reports_origin_receipt ON reports;
DROP POLICY reports_split ON reports;
REVOKE INSERT (id, number, title, body, visibility, status, priority, category_id, department_id, latitude, longitude, cell, address,
    district_id, reporter_id, origin_receipt, answers, created_at, updated_at, hidden, assignee_id, response_due_at, resolution_due_at,
    answered_at, next_due_at, warn_at, clock_stood, clock_from, salt) ON reports FROM jagawarga_server;
DROP TABLE attachments, routing_rules, tasks, parts, merges;
ALTER TABLE reports DROP COLUMN origin_receipt, DROP COLUMN clock_from;

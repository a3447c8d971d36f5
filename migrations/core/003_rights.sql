-- +goose Up
-- Who may touch what. Roles are made by migrations/roles; each service has one. What is not granted here is refused.
--
-- The server tells the database who is asking, inside the transaction (set_config(..., true)):
--   app.citizen      uuid of the signed-in citizen
--   app.departments  comma-separated uuids: the officer's department and all below it
--   app.receipt      hex of the receipt hash of an anonymous reporter
--   app.voters       comma-separated uuids of citizens whose upvotes are written together
-- Nothing set means: public rows alone.

GRANT USAGE ON SCHEMA public TO jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator;

-- The city is public knowledge; the command line changes it as the owner.
GRANT SELECT ON settings, departments, categories, districts, holidays, officers
    TO jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator;

-- Everybody's eyes: public reports and what hangs on them, read only.
GRANT SELECT ON reports, timeline, comments TO jagawarga_public;

-- The server acts for whoever is signed in.
GRANT SELECT ON reports TO jagawarga_server;
GRANT UPDATE (status, department_id, assignee_id, updated_at, resolved_at, closed_at, upvotes, answered_at, clock_stopped_at,
    response_due_at, resolution_due_at, next_due_at, escalation_level, escalated_to) ON reports TO jagawarga_server;
GRANT SELECT, INSERT ON timeline, comments, internal_notes TO jagawarga_server;
GRANT SELECT, INSERT, DELETE ON upvotes TO jagawarga_server;
GRANT INSERT ON audit, outbox TO jagawarga_server;

-- Ingest takes submissions in and carries events out.
GRANT SELECT, INSERT ON reports TO jagawarga_ingest;
GRANT INSERT ON timeline, audit TO jagawarga_ingest;
GRANT SELECT, INSERT, DELETE, UPDATE ON outbox TO jagawarga_ingest;

-- The escalator moves what is due, and nothing else of a report.
GRANT SELECT ON reports TO jagawarga_escalator;
GRANT UPDATE (status, updated_at, next_due_at, escalation_level, escalated_to) ON reports TO jagawarga_escalator;
GRANT INSERT ON timeline, audit, outbox TO jagawarga_escalator;

ALTER TABLE reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports FORCE ROW LEVEL SECURITY;
ALTER TABLE timeline ENABLE ROW LEVEL SECURITY;
ALTER TABLE timeline FORCE ROW LEVEL SECURITY;
ALTER TABLE comments ENABLE ROW LEVEL SECURITY;
ALTER TABLE comments FORCE ROW LEVEL SECURITY;
ALTER TABLE internal_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE internal_notes FORCE ROW LEVEL SECURITY;
ALTER TABLE upvotes ENABLE ROW LEVEL SECURITY;
ALTER TABLE upvotes FORCE ROW LEVEL SECURITY;

CREATE POLICY reports_everybody ON reports FOR SELECT TO jagawarga_public, jagawarga_server
    USING (visibility = 'PUBLIC' AND NOT hidden);
CREATE POLICY reports_reporter ON reports FOR SELECT TO jagawarga_server
    USING (reporter_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid));
CREATE POLICY reports_receipt ON reports FOR SELECT TO jagawarga_server
    USING (receipt_hash = (SELECT decode(nullif(current_setting('app.receipt', true), ''), 'hex')));
CREATE POLICY reports_department ON reports FOR SELECT TO jagawarga_server
    USING (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]));

-- Changing takes more than reading: the department, the reporter, or (to count upvotes) a public row.
CREATE POLICY reports_change_department ON reports FOR UPDATE TO jagawarga_server
    USING (department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[]))
    WITH CHECK (true);
CREATE POLICY reports_change_reporter ON reports FOR UPDATE TO jagawarga_server
    USING (reporter_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid))
    WITH CHECK (true);
CREATE POLICY reports_change_voters ON reports FOR UPDATE TO jagawarga_server
    USING (visibility = 'PUBLIC' AND NOT hidden AND (SELECT nullif(current_setting('app.voters', true), '') IS NOT NULL))
    WITH CHECK (true);
CREATE POLICY reports_change_receipt ON reports FOR UPDATE TO jagawarga_server
    USING (receipt_hash = (SELECT decode(nullif(current_setting('app.receipt', true), ''), 'hex')))
    WITH CHECK (true);

CREATE POLICY reports_take_in ON reports FOR INSERT TO jagawarga_ingest WITH CHECK (true);
CREATE POLICY reports_taken_in ON reports FOR SELECT TO jagawarga_ingest USING (true);
CREATE POLICY reports_due_read ON reports FOR SELECT TO jagawarga_escalator USING (true);
CREATE POLICY reports_due_move ON reports FOR UPDATE TO jagawarga_escalator USING (true) WITH CHECK (true);

-- What hangs on a report is seen by whoever sees the report: the inner query is under the policies above.
CREATE POLICY timeline_read ON timeline FOR SELECT TO jagawarga_public, jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = timeline.report_id));
CREATE POLICY timeline_write ON timeline FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = timeline.report_id));
CREATE POLICY timeline_work ON timeline FOR INSERT TO jagawarga_ingest, jagawarga_escalator WITH CHECK (true);

CREATE POLICY comments_read ON comments FOR SELECT TO jagawarga_public, jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = comments.report_id));
CREATE POLICY comments_write ON comments FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = comments.report_id));

-- Notes are the department's: seeing the report is not enough.
CREATE POLICY notes_department ON internal_notes FOR SELECT TO jagawarga_server
    USING (EXISTS (SELECT 1 FROM reports WHERE reports.id = internal_notes.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));
CREATE POLICY notes_write ON internal_notes FOR INSERT TO jagawarga_server
    WITH CHECK (EXISTS (SELECT 1 FROM reports WHERE reports.id = internal_notes.report_id
        AND reports.department_id = ANY ((SELECT string_to_array(nullif(current_setting('app.departments', true), ''), ',')::uuid[])::uuid[])));

CREATE POLICY upvotes_read ON upvotes FOR SELECT TO jagawarga_server
    USING (citizen_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid));

-- An upvote is its giver's; several givers' votes are written together, so the setting holds a list.
CREATE POLICY upvotes_own ON upvotes TO jagawarga_server
    USING (citizen_id = ANY ((SELECT string_to_array(nullif(current_setting('app.voters', true), ''), ',')::uuid[])::uuid[]))
    WITH CHECK (citizen_id = ANY ((SELECT string_to_array(nullif(current_setting('app.voters', true), ''), ',')::uuid[])::uuid[]));

-- +goose Down
DROP POLICY upvotes_own ON upvotes;
DROP POLICY upvotes_read ON upvotes;
DROP POLICY notes_write ON internal_notes;
DROP POLICY notes_department ON internal_notes;
DROP POLICY comments_write ON comments;
DROP POLICY comments_read ON comments;
DROP POLICY timeline_work ON timeline;
DROP POLICY timeline_write ON timeline;
DROP POLICY timeline_read ON timeline;
DROP POLICY reports_due_move ON reports;
DROP POLICY reports_due_read ON reports;
DROP POLICY reports_taken_in ON reports;
DROP POLICY reports_take_in ON reports;
DROP POLICY reports_change_receipt ON reports;
DROP POLICY reports_change_voters ON reports;
DROP POLICY reports_change_reporter ON reports;
DROP POLICY reports_change_department ON reports;
DROP POLICY reports_department ON reports;
DROP POLICY reports_receipt ON reports;
DROP POLICY reports_reporter ON reports;
DROP POLICY reports_everybody ON reports;
ALTER TABLE upvotes DISABLE ROW LEVEL SECURITY;
ALTER TABLE internal_notes DISABLE ROW LEVEL SECURITY;
ALTER TABLE comments DISABLE ROW LEVEL SECURITY;
ALTER TABLE timeline DISABLE ROW LEVEL SECURITY;
ALTER TABLE reports DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator;
REVOKE USAGE ON SCHEMA public FROM jagawarga_server, jagawarga_public, jagawarga_ingest, jagawarga_escalator;

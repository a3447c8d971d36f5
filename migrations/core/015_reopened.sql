-- +goose Up
-- A reporter who says that it was not solved after all may show it: photos come behind those of the report.
CREATE POLICY media_reopen ON media FOR INSERT TO jagawarga_server
    WITH CHECK (purpose = 'REPORT' AND EXISTS (SELECT 1 FROM reports WHERE reports.id = media.report_id AND reports.status = 'RESOLVED'
        AND reports.reporter_id = (SELECT nullif(current_setting('app.citizen', true), '')::uuid)));

-- +goose Down
DROP POLICY media_reopen ON media;

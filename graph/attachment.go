package graph

import (
	"context"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/graph/model"
)

type attachmentsKey struct{}

// attachments are what the department added to a report, loaded for all that were found with it.
func (r *Resolver) attachments(ctx context.Context, report *model.Report) ([]*model.Attachment, error) {
	all, err := model.Load(report.Batch, attachmentsKey{}, func(ids []civic.ReportID) (map[civic.ReportID][]*civic.Attachment, error) {
		return r.Reader.Attachments(ctx, report.Batch.Scope, ids)
	})
	return shown(all[report.ID], func(a *civic.Attachment) *model.Attachment { return r.showAttachment(report.View, a) }), err
}

// showAttachment gives a link that is signed, whoever may see the report: nobody is given a plain one, and none would open.
func (r *Resolver) showAttachment(view *model.View, a *civic.Attachment) *model.Attachment {
	url, _ := r.Links.Of(&civic.Media{MediaRef: civic.MediaRef{Blob: a.Blob, ContentType: a.ContentType}}, false)
	return &model.Attachment{Attachment: a, URL: url, View: view}
}

func (r *Resolver) attachmentNode(ctx context.Context, text string) (model.Node, error) {
	id, err := civic.ParseAttachmentID("id", text)
	if err != nil {
		return nil, err
	}
	attachment, err := r.Reader.OneAttachment(ctx, r.scope(ctx), id)
	if err == nil {
		err = r.mayHandle(ctx, attachment.Report)
	}
	if err != nil {
		return nil, errNodeNotFound
	}
	return r.showAttachment(r.view(ctx), attachment), nil
}

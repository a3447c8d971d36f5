package casework_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"testing"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/casework/records"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

func blank(t *testing.T) civic.Upload {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 64, 48))); err != nil {
		t.Fatal(err)
	}
	return civic.NewUpload(out.Bytes())
}

// A reporter adds pictures behind those that are there, until somebody begins or there are enough. The right is the reporter's in the
// database, too.
func TestAReporterAddsPictures(t *testing.T) {
	t.Parallel()
	p, budi := newProver(t), coretest.Citizen("budi")
	id := p.File(p.kept(t, blank(t), blank(t))).ID
	p.ticking()
	add := func(who civic.Principal, n int) error {
		edit := casework.Edit{}
		for range n {
			edit.Media = append(edit.Media, blank(t))
		}
		_, err := p.desk.EditReport(t.Context(), who, id, edit)
		return err
	}
	if err := add(budi, 3); err != nil {
		t.Fatal(err)
	}
	shown := done[map[civic.ReportID][]*civic.Media](t)(p.rows.Media(t.Context(), civic.Scope{}, []civic.ReportID{id}))[id]
	for i, m := range shown {
		if m.Position != i || m.Purpose != civic.MediaOfReport {
			t.Errorf("%d: %+v", i, m)
		}
	}
	if len(shown) != 5 {
		t.Fatalf("%d pictures", len(shown))
	}
	refused(t, "too many with those there are", add(budi, 6), civic.CodeInvalidInput, "addMedia")
	refused(t, "too many at once", add(budi, 11), civic.CodeInvalidInput, "addMedia")
	_, err := p.desk.EditReport(t.Context(), budi, id, casework.Edit{Media: []civic.Upload{civic.NewUpload([]byte("x"))}})
	refused(t, "no picture", err, civic.CodeInvalidInput, "addMedia")
	refused(t, "somebody else", add(coretest.Citizen("siti"), 1), civic.CodeNotFound, "")
	refused(t, "the department", add(p.Officer("jalan"), 1), civic.CodeNotFound, "")
	if got := p.history(t, id); got != "SUBMITTED EDITED" {
		t.Errorf("history: %s", got)
	}

	// Row-level security alone: another's report, and one that somebody has begun with.
	insert := func(who civic.Principal) error {
		one := *shown[0]
		one.ID.UUID, one.Position = civic.NamedUUID("another"), 9
		one.Blob, one.Thumbnail = one.Blob+"2", one.Thumbnail+"2"
		return records.Of{Store: p.rows}.Change(t.Context(), p.City.ScopeOf(who), func(ctx context.Context, tx casework.Tx) error {
			return tx.AddMedia(ctx, []*civic.Media{&one})
		})
	}
	if insert(coretest.Citizen("siti")) == nil || insert(p.Officer("jalan")) == nil {
		t.Error("the database lets others add to it")
	}
	done[*civic.Report](t)(p.desk.ChangeStatus(t.Context(), p.Officer("jalan"), id, civic.Verified, ""))
	refused(t, "too late", add(budi, 1), civic.CodeConflict, "")
	if insert(budi) == nil {
		t.Error("the database lets the reporter add to what somebody has begun with")
	}
}

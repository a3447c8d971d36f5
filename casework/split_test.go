package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/casework"
	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/internal/coretest"
)

func pieces(categories ...string) (all []casework.Piece) {
	for i, category := range categories {
		all = append(all, casework.Piece{Title: fmt.Sprintf("Bagian %d", i), Body: "Sebagian dari laporan.", Category: demo.CategoryID(category)})
	}
	return all
}

// Parts go where their categories belong, to the same reporter's name, and count from when the origin came.
func TestSplit(t *testing.T) {
	t.Parallel()
	for _, visibility := range []civic.Visibility{civic.Public, civic.Private, civic.Anonymous} {
		t.Run(string(visibility), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			came := coretest.Monday.Add(-2 * time.Hour)
			origin := o.File(coretest.Visibility(visibility), coretest.At(came), func(s *civic.Submission) {
				s.Place = &civic.Place{Latitude: -6.9, Longitude: 107.6, Address: "depan pasar"}
			})
			before := o.traces()
			parts := done[[]*civic.Report](t)(o.desk.Split(t.Context(), o.Officer("jalan"), origin.ID, pieces("banjir", "sampah-liar")))
			after := o.traces()
			if after.timeline-before.timeline != 3 || after.audit-before.audit != 3 || after.outbox-before.outbox != 3 {
				t.Errorf("%+v became %+v", before, after)
			}
			for i, code := range []string{"banjir", "sampah-liar"} {
				part, category := o.Report(parts[i].ID), o.City.Category(demo.CategoryID(code))
				asIfFiled := coretest.At(came)
				promised := o.Submission(o.Of(code), coretest.Visibility(visibility), asIfFiled)
				if visibility == civic.Anonymous {
					promised.ResponseDue, promised.ResolutionDue = o.City.Promise(category, came.Add(time.Hour))
				}
				if part.Department != category.Department || part.Status != civic.Received || part.Visibility != visibility ||
					*part.Place != *origin.Place || !part.CreatedAt.Equal(origin.CreatedAt) ||
					!part.Clock.ResolutionDue.Equal(promised.ResolutionDue) || !part.Clock.NextDue.Equal(promised.ResponseDue) {
					t.Errorf("%s: %+v", code, part)
				}
				if (part.Reporter == nil) != (visibility == civic.Anonymous) || part.Reporter != nil && *part.Reporter != *origin.Reporter {
					t.Errorf("%s is reported by %v", code, part.Reporter)
				}
				if got := o.history(t, part.ID); got != "SPLIT" {
					t.Errorf("history: %s", got)
				}
				if n := o.Count("SELECT count(*) FROM audit WHERE report_id = $1 AND action = 'split_off' AND detail->>'other' = $2 AND detail->'filing'->>'number' = $3",
					part.ID.Bytes(), origin.ID.String(), part.Number); n != 1 {
					t.Errorf("%d lines commit to the text", n)
				}
			}
			kept := o.Report(origin.ID)
			if !kept.Open() || kept.Department != origin.Department || kept.Clock.AnsweredAt == nil || o.history(t, origin.ID) != "SUBMITTED SPLIT" {
				t.Errorf("the origin: %+v", kept)
			}
			if n := o.Count("SELECT count(*) FROM outbox WHERE event->>'kind' = 'CREATED' AND (event->>'department') = ANY ($1)",
				[]string{parts[0].Department.String(), parts[1].Department.String()}); n != 2 {
				t.Errorf("%d departments are told", n)
			}
			receipt := civic.Scope{Receipt: coretest.ReceiptOf(origin.ID)}
			found := done[map[civic.ReportID][]civic.ReportID](t)(o.rows.Parts(t.Context(), receipt, []civic.ReportID{origin.ID}))[origin.ID]
			if want := []civic.ReportID{parts[0].ID, parts[1].ID}; slices.Equal(found, want) != (visibility != civic.Private) {
				t.Errorf("a receipt finds %v", found)
			}
			// The part of a part is found by the same receipt.
			deeper := done[[]*civic.Report](t)(o.desk.Split(t.Context(), o.Officer("drainase"), parts[0].ID, pieces("banjir", "banjir")))
			found = done[map[civic.ReportID][]civic.ReportID](t)(o.rows.Parts(t.Context(), receipt, []civic.ReportID{parts[0].ID}))[parts[0].ID]
			if (len(found) == len(deeper)) != (visibility != civic.Private) {
				t.Errorf("a receipt finds %d parts of a part", len(found))
			}
		})
	}
}

func TestWhatCannotBeSplit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer := o.Officer("jalan")
	id, foreign, closed := o.File().ID, o.File(o.Of("wabah")).ID, o.File().ID
	done[*civic.Report](t)(o.desk.ChangeStatus(t.Context(), officer, closed, civic.Rejected, ""))
	fine := pieces("banjir", "sampah-liar")
	long := slices.Clone(fine)
	long[1].Title = strings.Repeat("a", civic.MaxTitle+1)
	lost := slices.Clone(fine)
	lost[1].Category = civic.CategoryID{UUID: civic.NamedUUID("none")}
	before := o.traces()
	for what, c := range map[string]struct {
		id    civic.ReportID
		parts []casework.Piece
		code  civic.Code
		field string
	}{
		"into one":          {id, fine[:1], civic.CodeInvalidInput, "parts"},
		"into too many":     {id, slices.Repeat(fine, 6), civic.CodeInvalidInput, "parts"},
		"a long title":      {id, long, civic.CodeInvalidInput, "parts.1.title"},
		"no such category":  {id, lost, civic.CodeInvalidInput, "parts.1.category"},
		"another's":         {foreign, fine, civic.CodeNotFound, ""},
		"what is closed":    {closed, fine, civic.CodeConflict, ""},
		"what is not there": {civic.ReportID{UUID: civic.NamedUUID("none")}, fine, civic.CodeNotFound, ""},
	} {
		_, err := o.desk.Split(t.Context(), officer, c.id, c.parts)
		refused(t, what, err, c.code, c.field)
	}
	if after := o.traces(); after != before || o.Count("SELECT count(*) FROM reports") != 3 {
		t.Errorf("something half done: %+v, then %+v", before, after)
	}
}

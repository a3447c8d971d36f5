package integration

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	caseFields = `{unread messages{body createdAt author{kind}} report{id status updatedAt timeline{nodes{kind at message}}}}`

	anonymousReply  = `mutation($r:String!,$b:String!){c:replyAsAnonymous(receipt:$r,body:$b)` + caseFields + `}`
	anonymousAnswer = `mutation($r:String!,$s:Boolean!,$b:String){c:answerResolutionAsAnonymous(receipt:$r,satisfied:$s,reason:$b)` + caseFields + `}`
	anonymousWatch  = `subscription($r:String!){c:anonymousCaseChanged(receipt:$r)` + caseFields + `}`
)

// TestConversation is one city where an anonymous reporter and an officer talk, and where somebody guesses receipts: the guesser would
// slow down everybody else on a city that is shared.
func TestConversation(t *testing.T) {
	t.Parallel()
	city := Start(t)
	t.Run("stories", func(t *testing.T) {
		t.Run("by receipt", func(t *testing.T) { t.Parallel(); aConversationByReceipt(t, city) })
		t.Run("a resolution is answered", func(t *testing.T) { t.Parallel(); aResolutionIsAnswered(t, city) })
	})
	t.Run("guessing is slow", func(t *testing.T) { guessingIsSlow(t, city) })
}

// until passes over what came before the case was as it is waited for.
func (s *Stream) until(t *testing.T, what string, holds func(Value) bool) {
	t.Helper()
	for {
		if found := s.Next().Data.At("c"); holds(found) {
			return
		} else if found.Null() {
			t.Fatalf("%s: nothing is told", what)
		}
	}
}

func aConversationByReceipt(t *testing.T, city *System) {
	stranger, officer := city.Stranger(), city.Officer(t, "inspektorat")
	filed := city.Citizen(t, 20).files(t, anonymousDraft(t, city, canary+" Petugas loket 3 meminta uang."))
	receipt := filed.At("receipt").Text()
	report := stranger.Must(t, followAnonymous, Vars{"receipt": receipt}).At("anonymousReport.report.id").Text()

	live := stranger.Dial(t).Subscribe(anonymousWatch, Vars{"r": filed.At("receiptWords").Text()})
	if first := live.Next().Data.At("c"); first.At("report.status").Text() != "RECEIVED" || len(first.At("messages").Items()) != 0 {
		t.Errorf("the case is told as %v", first)
	}
	officer.Must(t, `mutation($r:ID!){commentOnReport(report:$r,body:"`+canary+` Loket yang mana?"){id}}`, Vars{"r": report})
	live.until(t, "the officer's word", func(c Value) bool { return c.At("unread").Number() == 1 })
	officer.Moves(t, report, "AWAITING_REPORTER", "")
	live.until(t, "the waiting", func(c Value) bool { return c.At("report.status").Text() == "AWAITING_REPORTER" })

	screen := officer.Dial(t).Subscribe(departmentFeed, Vars{"department": city.Department(t, "inspektorat"), "after": city.Dawn(t)})
	replied := stranger.Must(t, anonymousReply, Vars{"r": receipt, "b": canary + " Loket 3. Hubungi saya di " + tellingPhone + ", NIK " + tellingNIK + "."}).At("c")
	body := replied.At("messages.1.body").Text()
	if replied.At("unread").Number() != 0 || replied.At("report.status").Text() != "IN_PROGRESS" || !strings.Contains(body, "Loket 3.") ||
		strings.Contains(body, "8522") || strings.Contains(body, tellingNIK) {
		t.Errorf("after the reply: %v", replied)
	}
	live.until(t, "the reply", func(c Value) bool { return c.At("report.status").Text() == "IN_PROGRESS" })
	for told := screen.Tells(report); told.Text("previousStatus") != "AWAITING_REPORTER"; told = screen.Tells(report) {
		continue
	}
	seen := officer.Sees(t, report)
	if comments := seen.At("comments.nodes"); comments.At("1.body").Text() != body || comments.At("1.author.kind").Text() != "REPORTER" {
		t.Errorf("the officer reads %v", comments)
	}
	// What the reporter did is not told by the minute: it is as old as the hour, or as what it answers.
	for _, entry := range replied.At("report.timeline.nodes").Items()[3:] {
		if at, err := time.Parse(time.RFC3339, entry.At("at").Text()); err != nil || time.Since(at) > time.Hour {
			t.Errorf("%v: %v", entry, err)
		}
	}

	stranger.Refused(t, "CONFLICT", "", anonymousAnswer, Vars{"r": receipt, "s": true})
	officer.Moves(t, report, "RESOLVED", "Sudah ditindak.")
	stranger.Refused(t, "INVALID_INPUT", "reason", anonymousAnswer, Vars{"r": receipt, "s": false})
	reopened := stranger.Must(t, anonymousAnswer, Vars{"r": receipt, "s": false, "b": canary + " Masih terjadi. Telepon " + tellingPhone}).At("c.report")
	if kinds := reopened.At("timeline.nodes").Texts("kind"); reopened.At("status").Text() != "IN_PROGRESS" || kinds[len(kinds)-1] != "REOPENED" || strings.Contains(reopened.String(), "8522") {
		t.Errorf("reopened: %v", reopened)
	}
	officer.Moves(t, report, "RESOLVED", "Sekarang sudah.")
	closed := stranger.Must(t, anonymousAnswer, Vars{"r": receipt, "s": true}).At("c.report")
	if kinds := closed.At("timeline.nodes").Texts("kind"); closed.At("status").Text() != "CLOSED" || !slices.Equal(kinds, []string{
		"SUBMITTED", "COMMENTED", "STATUS_CHANGED", "COMMENTED", "STATUS_CHANGED", "RESOLVED", "REOPENED", "RESOLVED", "CONFIRMED"}) {
		t.Errorf("closed: %v", closed)
	}
	live.until(t, "the end", func(c Value) bool { return c.At("report.status").Text() == "CLOSED" })

	// None of it goes with an account.
	for _, document := range []string{followAnonymous, anonymousReply, anonymousAnswer} {
		city.Citizen(t, 20).Refused(t, "INVALID_INPUT", "receipt", document, Vars{"receipt": receipt, "r": receipt, "b": "halo", "s": true})
	}
	city.Citizen(t, 20).Dial(t).Subscribe(anonymousWatch, Vars{"r": receipt}).Refused("INVALID_INPUT")
}

func aResolutionIsAnswered(t *testing.T, city *System) {
	const confirm, reopen = `mutation($r:ID!){confirmResolution(report:$r){status resolvedAt}}`, `mutation($r:ID!,$b:String!){reopenReport(report:$r,reason:$b){status resolvedAt}}`
	citizen, officer := city.Citizen(t, 21), city.Officer(t, "drainase")
	report := citizen.Submits(t, Draft{}).At("id").Text()
	citizen.Refused(t, "CONFLICT", "", confirm, Vars{"r": report})
	officer.Moves(t, report, "VERIFIED", "")
	officer.Moves(t, report, "RESOLVED", "")
	city.Citizen(t, 22).Refused(t, "NOT_FOUND", "", confirm, Vars{"r": report})
	city.Stranger().Refused(t, "UNAUTHENTICATED", "", confirm, Vars{"r": report})
	citizen.Refused(t, "INVALID_INPUT", "reason", reopen, Vars{"r": report, "b": " "})
	if back := citizen.Must(t, reopen, Vars{"r": report, "b": canary + " Masih tergenang."}).At("reopenReport"); back.At("status").Text() != "IN_PROGRESS" || !back.At("resolvedAt").Null() {
		t.Errorf("reopened: %v", back)
	}
	officer.Moves(t, report, "RESOLVED", "")
	if done := citizen.Must(t, confirm, Vars{"r": report}).At("confirmResolution"); done.At("status").Text() != "CLOSED" || done.At("resolvedAt").Null() {
		t.Errorf("confirmed: %v", done)
	}
	if fault := citizen.Refused(t, "CONFLICT", "", confirm, Vars{"r": report}); len(fault.Extensions.Allowed) != 0 {
		t.Errorf("what is closed may still become %v", fault.Extensions.Allowed)
	}
}

// Whoever tries receipts at random is soon told to wait, over whatever way. What a caller says of itself does not help.
func guessingIsSlow(t *testing.T, city *System) {
	stranger := city.Stranger()
	const receipt = "0000000000000000" // the check digit is right
	for n := 0; ; n++ {
		answer := stranger.Ask(t, followAnonymous, Vars{"receipt": receipt})
		if answer.code() == "RATE_LIMITED" {
			break
		}
		if answer.code() != "NOT_FOUND" || n > 60 {
			t.Fatalf("guess %d is answered with %v", n, answer.Errors)
		}
	}
	stranger.Refused(t, "RATE_LIMITED", "", anonymousReply, Vars{"r": receipt, "b": "halo"})
	stranger.Dial(t).Subscribe(anonymousWatch, Vars{"r": receipt}).Refused("RATE_LIMITED")
	if said := city.Said.String(); strings.Contains(said, clientAddress) || strings.Contains(said, receipt) || strings.Contains(said, canary) {
		t.Error("something of it is in the log")
	}
}

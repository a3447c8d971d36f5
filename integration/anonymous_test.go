package integration

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const (
	submitAnonymous = `mutation($input:SubmitAnonymousReportInput!){submitAnonymousReport(input:$input){
		receipt receiptWords number body removed{kind start end text replacement} proof state}}`
	followAnonymous = `query($receipt:String!){anonymousReport(receipt:$receipt){unread messages{body author{kind department{code}}} report{...Everything}}} ` + everything
)

// A phone number and a national id of the demo city, as people write them.
const (
	tellingPhone = "0812-8522-6035"
	tellingNIK   = "3273065911860012"
)

func anonymousDraft(t *testing.T, city *System, body string) Vars {
	t.Helper()
	return Vars{"title": canary + " Pungli di loket", "body": body, "category": city.Category(t, "pungli")}
}

// files submits an anonymous report and waits until it is stored: as the mayor sees it, for who tries a receipt too early looks like
// a guesser.
func (c *Caller) files(t *testing.T, input Vars) Value {
	t.Helper()
	filed := c.Must(t, submitAnonymous, Vars{"input": input}).At("submitAnonymousReport")
	mayor := c.System.Officer(t, "walikota")
	eventually(t, "the mayor has the report", func() error {
		answer, err := mayor.Try(t.Context(), `query($n:String!){report(number:$n){id}}`, Vars{"n": filed.At("number").Text()})
		if err == nil && answer.code() != "" {
			err = errNotYet
		}
		return err
	})
	return filed
}

func anAnonymousReportCanBeFollowed(t *testing.T, city *System) {
	stranger, officer := city.Stranger(), city.Officer(t, "inspektorat")
	filed := city.Citizen(t, 10).files(t, anonymousDraft(t, city, canary+" Petugas loket 3 meminta uang Rp50.000."))
	receipt, words := filed.At("receipt").Text(), filed.At("receiptWords").Text()
	if len(receipt) != 16 || len(strings.Fields(words)) != 6 {
		t.Fatalf("the receipt is %q, %q", receipt, words)
	}
	var report string
	for _, typed := range []string{receipt, receipt[:4] + " " + receipt[4:8] + "-" + receipt[8:], words, strings.ToUpper(words)} {
		found := stranger.Must(t, followAnonymous, Vars{"receipt": typed}).At("anonymousReport")
		report = found.At("report.id").Text()
		if found.At("report.number").Text() != filed.At("number").Text() || found.At("report.visibility").Text() != "ANONYMOUS" || found.At("unread").Number() != 0 {
			t.Errorf("the receipt finds %v", found)
		}
	}
	// One digit wrong is told as such; one that could be right is not there. Neither does it go with an account.
	slip := receipt[:15] + string('0'+(receipt[15]-'0'+1)%10)
	stranger.Refused(t, "INVALID_INPUT", "receipt", followAnonymous, Vars{"receipt": slip})
	stranger.Refused(t, "NOT_FOUND", "", followAnonymous, Vars{"receipt": "0000000000000000"})
	city.Citizen(t, 10).Refused(t, "INVALID_INPUT", "receipt", followAnonymous, Vars{"receipt": receipt})

	mine := officer.Sees(t, report)
	if !mine.At("reporter").Null() || !strings.Contains(mine.At("body").Text(), "Petugas loket 3") {
		t.Errorf("the inspectorate sees %v", mine)
	}
	for _, outsider := range []*Caller{stranger, city.Citizen(t, 10), city.Officer(t, "jalan"), city.Officer(t, "sekda")} {
		outsider.Refused(t, "NOT_FOUND", "", `query($r:ID!){report(id:$r){id}}`, Vars{"r": report})
	}
	officer.Must(t, `mutation($r:ID!){commentOnReport(report:$r,body:"`+canary+` Jam berapa kejadiannya?"){id}}`, Vars{"r": report})
	found := stranger.Must(t, followAnonymous, Vars{"receipt": receipt}).At("anonymousReport")
	if found.At("unread").Number() != 1 || found.At("messages.0.author.kind").Text() != "DEPARTMENT" || found.At("messages.0.author.department.code").Text() != "inspektorat" ||
		!strings.HasSuffix(found.At("messages.0.body").Text(), "Jam berapa kejadiannya?") {
		t.Errorf("the reporter reads %v", found.At("messages"))
	}
	if moved := officer.Moves(t, report, "VERIFIED", "Sedang kami periksa."); moved.At("status").Text() != "VERIFIED" {
		t.Errorf("it was moved to %v", moved)
	}
	if found := stranger.Must(t, followAnonymous, Vars{"receipt": words}).At("anonymousReport.report"); found.At("status").Text() != "VERIFIED" ||
		!slices.Equal(found.At("timeline.nodes").Texts("kind"), []string{"SUBMITTED", "COMMENTED", "STATUS_CHANGED"}) {
		t.Errorf("the reporter sees %v", found)
	}

	// The proof says that this case was filed, and when, to whoever has the published key.
	_, key := city.Get(t, city.URL+"/.well-known/jagawarga-filing-key")
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		t.Fatal(err)
	}
	proof := filed.At("proof").Text()
	opened, err := note.Open([]byte(proof), note.VerifierList(verifier))
	if err != nil || !strings.Contains(opened.Text, filed.At("number").Text()+"\n") {
		t.Errorf("the proof %q: %v", proof, err)
	}
	if _, err := note.Open([]byte(strings.Replace(proof, "JW-", "JW-0", 1)), note.VerifierList(verifier)); err == nil {
		t.Error("a forged proof is believed")
	}
}

func anAnonymousReportTellsNothing(t *testing.T, city *System) {
	citizen, officer := city.Citizen(t, 11), city.Officer(t, "inspektorat")
	public := city.Stranger().Dial(t).Subscribe(publicFeed, Vars{"after": city.Dawn(t)})
	where := Vars{"latitude": -6.917412, "longitude": 107.619123, "address": canary + " Kantor Kelurahan"}

	input := anonymousDraft(t, city, canary+" Petugas meminta uang. Nomor saya "+tellingPhone+", NIK "+tellingNIK+".")
	input["location"] = where
	filed := citizen.files(t, input)
	removed := filed.At("removed")
	if !slices.Equal(removed.Texts("kind"), []string{"PHONE", "NIK"}) || removed.At("0.text").Text() != tellingPhone {
		t.Errorf("removed was %v", removed)
	}
	runes := []rune(input["body"].(string))
	for _, span := range removed.Items() {
		if told := string(runes[int(span.At("start").Number()):int(span.At("end").Number())]); told != span.At("text").Text() {
			t.Errorf("the span %v covers %q", span, told)
		}
	}
	preview := city.Stranger().Must(t, `query($t:String!){previewAnonymization(text:$t){text removed{kind}}}`, Vars{"t": input["body"]}).At("previewAnonymization")
	if preview.At("text").Text() != filed.At("body").Text() {
		t.Errorf("the preview %v is not what is stored, %v", preview, filed.At("body"))
	}

	stranger := city.Stranger()
	coarse := stranger.Must(t, followAnonymous, Vars{"receipt": filed.At("receipt").Text()}).At("anonymousReport.report")
	for _, text := range []string{coarse.At("body").Text(), officer.Sees(t, coarse.At("id").Text()).String()} {
		if strings.Contains(text, tellingPhone) || strings.Contains(text, tellingNIK) || !strings.Contains(text, "meminta uang") {
			t.Errorf("it is stored as %q", text)
		}
	}
	input["exactLocation"] = true
	exact := stranger.Must(t, followAnonymous, Vars{"receipt": citizen.files(t, input).At("receipt").Text()}).At("anonymousReport.report")
	if away := metres(exact.At("location"), where); away > 0.1 {
		t.Errorf("the exact place is %.1f m away", away)
	}
	if away := metres(coarse.At("location"), where); away < 1 || away > 200 {
		t.Errorf("the coarse place is %.1f m away", away)
	}
	for _, report := range []Value{coarse, exact} {
		created, err := time.Parse(time.RFC3339, report.At("createdAt").Text())
		if err != nil || !created.Equal(created.Truncate(time.Hour)) || time.Since(created) > 2*time.Hour {
			t.Errorf("it was filed at %v: %v", created, err)
		}
	}

	// Nowhere in public, and not among what the citizen filed.
	last := citizen.Submits(t, Draft{}).At("id").Text()
	for told := public.Happens(); told.Text("report.id") != last; told = public.Happens() {
		if told.Text("report.visibility") != "PUBLIC" {
			t.Errorf("the public is told %v", told)
		}
	}
	lists := stranger.Must(t, `{publicReports(first:100){nodes{id}}}`, nil).At("publicReports.nodes").Texts("id")
	lists = append(lists, citizen.Must(t, `{myReports(first:100){nodes{id}}}`, nil).At("myReports.nodes").Texts("id")...)
	if slices.Contains(lists, coarse.At("id").Text()) || slices.Contains(lists, exact.At("id").Text()) {
		t.Error("an anonymous report stands in a list")
	}
	stranger.Refused(t, "UNAUTHENTICATED", "", submitAnonymous, Vars{"input": input})
	officer.Refused(t, "FORBIDDEN", "", submitAnonymous, Vars{"input": input})
	stranger.Refused(t, "NOT_FOUND", "", `query($n:String!){report(number:$n){id}}`, Vars{"n": filed.At("number").Text()})
}

// metres is how far a place in an answer is from one that was sent, on a small piece of Earth.
func metres(place Value, sent Vars) float64 {
	const degree = 111_195
	north := (place.At("latitude").Number() - sent["latitude"].(float64)) * degree
	east := (place.At("longitude").Number() - sent["longitude"].(float64)) * degree * math.Cos(sent["latitude"].(float64)*math.Pi/180)
	return math.Hypot(north, east)
}

func anAnonymousRetryGivesTheSameReceipt(t *testing.T, city *System) {
	citizen := city.Citizen(t, 12)
	input := anonymousDraft(t, city, canary+" Laporan yang dikirim dua kali.")
	input["clientKey"] = "kunci-acak-8a7f"
	first := citizen.files(t, input)
	again := citizen.files(t, input)
	for _, field := range []string{"receipt", "receiptWords", "number", "proof", "body"} {
		if first.At(field).Text() != again.At(field).Text() {
			t.Errorf("%s: first %v, then %v", field, first.At(field), again.At(field))
		}
	}
	input["body"] = canary + " Isi yang lain."
	citizen.Refused(t, "CONFLICT", "", submitAnonymous, Vars{"input": input})
	if body := city.Stranger().Must(t, followAnonymous, Vars{"receipt": first.At("receipt").Text()}).At("anonymousReport.report.body").Text(); body != first.At("body").Text() {
		t.Errorf("it is now %q", body)
	}
}

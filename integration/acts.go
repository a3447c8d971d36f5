package integration

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// canary stands in every text that these tests send in: it must never be seen in a log.
const canary = "kenari9f2c"

// Draft is a report as somebody fills it in. What is left empty gets a sound value.
type Draft struct {
	Title, Body, Category, Visibility, Key string
	Latitude, Longitude                    float64
}

func (d Draft) input(t testing.TB, s *System) Vars {
	or := func(text, fallback string) string {
		if text == "" {
			return fallback
		}
		return text
	}
	input := Vars{
		"title": canary + " " + or(d.Title, "Genangan di perempatan"), "body": canary + " " + or(d.Body, "Air setinggi lutut sejak tadi pagi."),
		"category": s.Category(t, or(d.Category, "banjir")), "visibility": or(d.Visibility, "PUBLIC"),
	}
	if d.Key != "" {
		input["clientKey"] = d.Key
	}
	if d.Latitude != 0 {
		input["location"] = Vars{"latitude": d.Latitude, "longitude": d.Longitude, "address": canary + " depan pasar"}
	}
	return input
}

// everything is all that anybody can ask of a report without working for the city.
const everything = `fragment Everything on Report{id number title body visibility status priority category{code name} department{code}
	location{latitude longitude address district{name}} createdAt updatedAt resolvedAt upvoteCount upvotedByMe
	comments{nodes{id body author{kind name department{code}} createdAt}}
	timeline{nodes{kind at status message level department{code level}}} reporter{id name}}`

const submitReport = `mutation($input:SubmitReportInput!){submitReport(input:$input){state report{...Everything}}} ` + everything

// Submits files a report and returns it as it was accepted, once it is stored: on a busy machine it may be queued for a while.
func (c *Caller) Submits(t testing.TB, draft Draft) Value {
	t.Helper()
	filed := c.Must(t, submitReport, Vars{"input": draft.input(t, c.System)}).At("submitReport")
	if filed.At("state").Text() != "STORED" {
		c.Stored(t, filed.At("report.id").Text())
	}
	return filed.At("report")
}

// Moves changes a report's status; what is done is shown with a proof.
func (c *Caller) Moves(t testing.TB, report, to, message string) Value {
	t.Helper()
	if to == "RESOLVED" {
		return c.Proves(t, report, message, evidence(t))
	}
	return c.Must(t, `mutation($r:ID!,$to:Status!,$m:String){changeStatus(report:$r,to:$to,message:$m){...Everything dueAt assignee{name}}} `+everything,
		Vars{"r": report, "to": to, "m": message}).At("changeStatus")
}

// Sees looks a report up.
func (c *Caller) Sees(t testing.TB, report string) Value {
	t.Helper()
	return c.Must(t, `query($r:ID!){report(id:$r){...Everything}} `+everything, Vars{"r": report}).At("report")
}

// Stored waits for a report that may still be on its way in.
func (c *Caller) Stored(t testing.TB, report string) {
	t.Helper()
	eventually(t, "the report is stored", func() error {
		answer, err := c.Try(t.Context(), `query($r:ID!){report(id:$r){id}}`, Vars{"r": report})
		if err == nil && len(answer.Errors) > 0 {
			err = fmt.Errorf("%v", answer.Errors)
		}
		return err
	})
}

// The three subscriptions. event is what each tells.
const (
	event = `{cursor kind at previousStatus message report{id title status upvoteCount department{code} visibility}}`

	reportChanged  = `subscription($report:ID!,$after:Cursor){reportChanged(report:$report,after:$after)` + event + `}`
	publicFeed     = `subscription($within:BoundsInput,$after:Cursor){publicFeed(within:$within,after:$after)` + event + `}`
	departmentFeed = `subscription($department:ID!,$after:Cursor){departmentFeed(department:$department,after:$after)` + event + `}`
)

// Happening is one event of a subscription, whichever it was.
type Happening struct {
	Value
	Came time.Time
}

// Happens is the next event.
func (s *Stream) Happens() Happening {
	s.socket.t.Helper()
	next := s.Next()
	told, ok := happening(next)
	if !ok {
		s.socket.t.Fatalf("an event without content: %v", next.Data)
	}
	return told
}

// happening finds what an event tells; ok is false if it tells nothing.
func happening(event Event) (told Happening, ok bool) {
	for _, name := range []string{"reportChanged", "publicFeed", "departmentFeed"} {
		if told := event.Data.At(name); !told.Null() {
			return Happening{told, event.At}, true
		}
	}
	return Happening{}, false
}

// Tells is the next event about a report; those about others, which stories beside this one make, are passed over.
func (s *Stream) Tells(report string) Happening {
	s.socket.t.Helper()
	for {
		if told := s.Happens(); told.Text("report.id") == report {
			return told
		}
	}
}

// Text is a text of the event.
func (h Happening) Text(path string) string { return h.Value.At(path).Text() }

// Dawn is a cursor from before everything that a story does: whoever subscribes after it misses nothing, however long subscribing
// takes.
func (s *System) Dawn(t testing.TB) string {
	t.Helper()
	s.mu.Lock()
	dawn := s.dawn
	s.mu.Unlock()
	if dawn != "" {
		return dawn
	}
	feed := s.Stranger().Dial(t).Subscribe(publicFeed, nil)
	citizen := s.Citizen(t, 119)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil { // nothing tells when a subscription has begun, other than its first event
		citizen.Submits(t, Draft{Title: "Fajar"})
		select {
		case first := <-feed.events:
			dawn = first.Data.At("publicFeed.cursor").Text()
			s.mu.Lock()
			s.dawn = dawn
			s.mu.Unlock()
			return dawn
		case <-time.After(time.Second):
		}
	}
	t.Fatal("the public feed is silent")
	return ""
}

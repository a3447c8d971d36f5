package page

import (
	"strconv"

	"github.com/jagawarga/jagawarga/portal/client"
)

// Details is one report as it is read.
type Details struct {
	ID, Number, Title, Body string
	Status                  Status
	Next                    string // what happens next and until when
	About                   []Fact
	Photos                  []Photo
	Stages                  []Stage // of the plain way; empty for what left it
	Support                 string
	Supported, Followed     bool
	Steps                   []Step
	Words                   []Word
	Resolution              *Resolution
	MergedURL, MergedTitle  string
	Restricted              bool
	Mine                    bool // the visitor wrote it
	Judging                 bool // the department says it is done, and the reporter has not answered
	Open                    bool // people may still speak
	Editable, Withdrawable  bool // by the visitor, who wrote it
	Rating                  *Rating
	Ratable                 bool // by the visitor, who wrote it
	District                string
	Latitude, Longitude     string // in degrees; empty without a place
}

// Stage is a step of the plain way: those behind, the one where the report stands, and those ahead.
type Stage struct{ Word, State string }

// The states of a stage.
const (
	StageDone, StageNow, StageAhead = "done", "now", "ahead"
)

// Rating is what the reporter thinks of how it was dealt with.
type Rating struct {
	Score         int
	Word, Comment string
}

// Fact is a line of what is known about a report.
type Fact struct{ Name, Value string }

// Photo is a picture or a film, the small one to be shown and the large one behind it.
type Photo struct {
	URL, Thumbnail, Alt string
	Width, Height       int
	Film                bool
}

// Step is one line of the history. ID is its place in the page.
type Step struct{ ID, What, When, Message string }

// Word is what somebody said. ID is its place in the page; Official says that a department speaks.
type Word struct {
	ID, Who, When, Body string
	Official            bool
}

// Resolution is what the department says it did.
type Resolution struct {
	Who, When, Message, Answer string
	Photos                     []Photo
}

// Details puts a report into words.
func (v *Visit) Details(r client.Details) Details {
	t := v.Words.T
	shown := Details{
		ID: r.Id, Number: r.Number, Title: r.Title, Body: r.Body, Status: v.Status(r.Status), Supported: r.UpvotedByMe,
		Restricted: r.Visibility == client.VisibilityPrivate, Mine: r.Reporter != nil, Judging: r.Status == client.StatusResolved,
		Followed: r.FollowedByMe, Next: v.next(r), Stages: v.stages(r.Status),
	}
	shown.Editable = shown.Mine && r.Status == client.StatusReceived
	shown.Ratable = shown.Mine && r.ResolvedAt != nil
	if r.Rating != nil {
		shown.Rating = &Rating{Score: r.Rating.Score, Word: t("rating." + strconv.Itoa(r.Rating.Score))}
		if r.Rating.Comment != nil {
			shown.Rating.Comment = *r.Rating.Comment
		}
	}
	switch r.Status {
	case client.StatusClosed, client.StatusRejected, client.StatusWithdrawn, client.StatusMerged:
	default:
		shown.Open = true
		shown.Withdrawable = shown.Mine && r.Status != client.StatusResolved
	}
	if r.UpvoteCount > 0 {
		shown.Support = t("report.support.count", "count", strconv.Itoa(r.UpvoteCount))
	}
	shown.About = []Fact{{t("report.category"), r.Category.Name}, {t("report.department"), r.Department.Name}}
	if l := r.Location; l != nil {
		shown.Latitude, shown.Longitude = strconv.FormatFloat(l.Latitude, 'f', 5, 64), strconv.FormatFloat(l.Longitude, 'f', 5, 64)
		if l.District != nil {
			shown.District = l.District.Name
		}
	}
	if where := v.place(r.Location); where != "" {
		shown.About = append(shown.About, Fact{t("report.place"), where})
	}
	shown.About = append(shown.About, Fact{t("report.created"), v.Day(r.CreatedAt)}, Fact{t("report.visibility"), t("visibility." + string(r.Visibility))})
	for i, m := range r.Media {
		shown.Photos = append(shown.Photos, Photo{
			URL: m.Url, Thumbnail: m.ThumbnailUrl, Width: m.Width, Height: m.Height, Film: m.Kind == client.MediaKindVideo,
			Alt: t("report.photo", "number", strconv.Itoa(i+1), "title", r.Title),
		})
	}
	for i, entry := range r.Timeline.Nodes {
		shown.Steps = append(shown.Steps, v.step("langkah-"+strconv.Itoa(i+1), entry))
	}
	for i, c := range r.Comments.Nodes {
		shown.Words = append(shown.Words, Word{
			ID: "kata-" + strconv.Itoa(i+1), Who: c.Author.Name, When: v.Moment(c.CreatedAt), Body: c.Body, Official: c.Author.Kind == client.AuthorKindDepartment,
		})
	}
	if r.MergedInto != nil {
		shown.MergedURL, shown.MergedTitle = "/r/"+r.MergedInto.Number, r.MergedInto.Title
	}
	shown.Resolution = v.resolution(r)
	return shown
}

// next is what happens next and until when, for whoever asks: the reporter is told what is theirs to do.
func (v *Visit) next(r client.Details) string {
	key, until := "status."+string(r.Status), ""
	switch {
	case r.NextBy == nil:
		key += ".next"
	case r.Reporter != nil && r.Status == client.StatusResolved:
		key, until = key+".yours", v.Moment(*r.NextBy)
	default:
		key, until = key+".until", v.Moment(*r.NextBy)
	}
	return v.Words.T(key, "department", r.Department.Name, "until", until,
		"response", strconv.Itoa(r.Category.ResponseHours), "resolution", strconv.Itoa(r.Category.ResolutionHours))
}

// way is the plain way of a report, and where each status stands on it.
var (
	way   = []client.Status{client.StatusReceived, client.StatusVerified, client.StatusInProgress, client.StatusResolved, client.StatusClosed}
	onWay = map[client.Status]int{
		client.StatusReceived: 0, client.StatusEscalated: 0, client.StatusVerified: 1, client.StatusInProgress: 2, client.StatusAwaitingReporter: 2,
		client.StatusResolved: 3, client.StatusClosed: 4,
	}
)

func (v *Visit) stages(s client.Status) []Stage {
	at, on := onWay[s]
	if !on {
		return nil
	}
	stages := make([]Stage, len(way))
	for i, status := range way {
		stages[i] = Stage{Word: v.Words.T("stage." + string(status)), State: StageAhead}
		switch {
		case i < at || s == client.StatusClosed:
			stages[i].State = StageDone
		case i == at:
			stages[i].State = StageNow
		}
	}
	return stages
}

func (v *Visit) place(l *client.DetailsLocation) string {
	switch {
	case l == nil:
		return ""
	case l.Address != nil && *l.Address != "" && l.District != nil:
		return *l.Address + " · " + l.District.Name
	case l.Address != nil && *l.Address != "":
		return *l.Address
	case l.District != nil:
		return l.District.Name
	}
	return strconv.FormatFloat(l.Latitude, 'f', 4, 64) + ", " + strconv.FormatFloat(l.Longitude, 'f', 4, 64)
}

// step is a line of the history. What a department said is shown with it; a change of status is told by the word of the status.
func (v *Visit) step(id string, entry client.DetailsTimelineTimelineConnectionNodesTimelineEntry) Step {
	department, status := "", ""
	if entry.Department != nil {
		department = entry.Department.Name
	}
	if entry.Status != nil {
		status = v.Words.T("status." + string(*entry.Status))
	}
	shown := Step{ID: id, When: v.Moment(entry.At), What: v.Words.T("timeline."+string(entry.Kind), "department", department, "status", status)}
	if entry.Message != nil {
		shown.Message = *entry.Message
	}
	return shown
}

func (v *Visit) resolution(r client.Details) *Resolution {
	if r.Resolution == nil {
		return nil
	}
	shown := &Resolution{Who: r.Resolution.Department.Name, When: v.Day(r.Resolution.ResolvedAt), Message: r.Resolution.Message}
	if agreed := r.Resolution.Confirmed; agreed != nil {
		shown.Answer = v.Words.T("resolution.confirmed." + strconv.FormatBool(*agreed))
	}
	for i, m := range r.Resolution.Photos {
		shown.Photos = append(shown.Photos, Photo{
			URL: m.Url, Thumbnail: m.ThumbnailUrl, Width: m.Width, Height: m.Height,
			Alt: v.Words.T("resolution.photo", "number", strconv.Itoa(i+1)),
		})
	}
	return shown
}

// still is the first picture that is no film, or nil.
func still(photos []Photo) *Photo {
	for i := range photos {
		if !photos[i].Film {
			return &photos[i]
		}
	}
	return nil
}

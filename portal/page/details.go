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
	Support                 string
	Supported               bool
	Steps                   []Step
	Words                   []Word
	Resolution              *Resolution
	MergedURL, MergedTitle  string
	Restricted              bool
	Mine                    bool // the visitor wrote it
	Judging                 bool // the department says it is done, and the reporter has not answered
	Open                    bool // people may still speak
}

// Fact is a line of what is known about a report.
type Fact struct{ Name, Value string }

// Photo is a picture or a film, the small one to be shown and the large one behind it.
type Photo struct {
	URL, Thumbnail, Alt string
	Width, Height       int
	Film                bool
}

// Step is one line of the history.
type Step struct{ What, When, Message string }

// Word is what somebody said.
type Word struct{ Who, When, Body string }

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
		Next: t("status."+string(r.Status)+".next", "department", r.Department.Name,
			"response", strconv.Itoa(r.Category.ResponseHours), "resolution", strconv.Itoa(r.Category.ResolutionHours)),
	}
	switch r.Status {
	case client.StatusClosed, client.StatusRejected, client.StatusWithdrawn, client.StatusMerged:
	default:
		shown.Open = true
	}
	if r.UpvoteCount > 0 {
		shown.Support = t("report.support.count", "count", strconv.Itoa(r.UpvoteCount))
	}
	shown.About = []Fact{{t("report.category"), r.Category.Name}, {t("report.department"), r.Department.Name}}
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
	for _, entry := range r.Timeline.Nodes {
		shown.Steps = append(shown.Steps, v.step(entry))
	}
	for _, c := range r.Comments.Nodes {
		shown.Words = append(shown.Words, Word{Who: c.Author.Name, When: v.Moment(c.CreatedAt), Body: c.Body})
	}
	if r.MergedInto != nil {
		shown.MergedURL, shown.MergedTitle = "/r/"+r.MergedInto.Number, r.MergedInto.Title
	}
	shown.Resolution = v.resolution(r)
	return shown
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
func (v *Visit) step(entry client.DetailsTimelineTimelineConnectionNodesTimelineEntry) Step {
	department, status := "", ""
	if entry.Department != nil {
		department = entry.Department.Name
	}
	if entry.Status != nil {
		status = v.Words.T("status." + string(*entry.Status))
	}
	shown := Step{When: v.Moment(entry.At), What: v.Words.T("timeline."+string(entry.Kind), "department", department, "status", status)}
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

package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/store/db"
)

// Moment is when something happened to a report.
type Moment struct {
	Report civic.ReportID
	At     time.Time
}

// Circles are who has to do with reports, by report; Speakers by the moment of what they said.
type Circles struct {
	Reports   map[civic.ReportID]*civic.Report // as they are now, without their words
	Followers map[civic.ReportID][]civic.CitizenID
	Merged    map[civic.ReportID]map[civic.ReportID]civic.CitizenID // what was merged into it, with its reporter
	Speakers  map[Moment][]civic.CitizenID
	Alerts    map[civic.ReportID][]civic.AreaAlert
}

// alertReach is MaxAlertRadius in degrees of latitude, a little more.
const alertReach = float64(civic.MaxAlertRadius)/111_000 + 0.001

// Circles asks for the reports; spoken are the moments whose speakers are asked for, created the reports whose neighbours are.
func (s *Store) Circles(ctx context.Context, ids []civic.ReportID, spoken []Moment, created []civic.ReportID) (*Circles, error) {
	c := &Circles{
		Reports: map[civic.ReportID]*civic.Report{}, Followers: map[civic.ReportID][]civic.CitizenID{},
		Merged: map[civic.ReportID]map[civic.ReportID]civic.CitizenID{}, Speakers: map[Moment][]civic.CitizenID{}, Alerts: map[civic.ReportID][]civic.AreaAlert{},
	}
	q := db.New(s.own)
	for _, load := range []func() error{
		func() error { return c.loadReports(ctx, q, ids) },
		func() error { return c.loadFollowers(ctx, q, ids) },
		func() error { return c.loadMerged(ctx, q, ids) },
		func() error { return c.loadSpeakers(ctx, q, spoken) },
		func() error { return c.loadAlerts(ctx, q, created) },
	} {
		if err := load(); err != nil {
			return nil, border(err)
		}
	}
	return c, nil
}

func (c *Circles) loadReports(ctx context.Context, q *db.Queries, ids []civic.ReportID) error {
	rows, err := q.ReportsToTell(ctx, uuids(ids))
	for _, row := range rows {
		r := &civic.Report{
			ID: civic.ReportID{UUID: row.ID}, Number: row.Number, Visibility: civic.Visibility(row.Visibility), Hidden: row.Hidden,
			Status: civic.Status(row.Status), Category: civic.CategoryID{UUID: row.CategoryID}, Department: civic.DepartmentID{UUID: row.DepartmentID},
		}
		if row.AssigneeID != nil {
			r.Assignee = &civic.OfficerID{UUID: *row.AssigneeID}
		}
		if row.ReporterID != nil {
			r.Reporter = &civic.CitizenID{UUID: *row.ReporterID}
		}
		if row.Latitude != nil && row.Longitude != nil {
			r.Place = &civic.Place{Latitude: *row.Latitude, Longitude: *row.Longitude}
		}
		c.Reports[r.ID] = r
	}
	return err
}

func (c *Circles) loadFollowers(ctx context.Context, q *db.Queries, ids []civic.ReportID) error {
	rows, err := q.FollowersToTell(ctx, uuids(ids))
	for _, row := range rows {
		report := civic.ReportID{UUID: row.ReportID}
		c.Followers[report] = append(c.Followers[report], civic.CitizenID{UUID: row.CitizenID})
	}
	return err
}

func (c *Circles) loadMerged(ctx context.Context, q *db.Queries, ids []civic.ReportID) error {
	rows, err := q.MergedToTell(ctx, uuids(ids))
	for _, row := range rows {
		into := civic.ReportID{UUID: row.IntoID}
		if c.Merged[into] == nil {
			c.Merged[into] = map[civic.ReportID]civic.CitizenID{}
		}
		c.Merged[into][civic.ReportID{UUID: row.ReportID}] = civic.CitizenID{UUID: row.ReporterID}
	}
	return err
}

func (c *Circles) loadSpeakers(ctx context.Context, q *db.Queries, spoken []Moment) error {
	if len(spoken) == 0 {
		return nil
	}
	type moment struct {
		Report string    `json:"report_id"`
		At     time.Time `json:"at"`
	}
	moments := make([]moment, len(spoken))
	for i, m := range spoken {
		moments[i] = moment{m.Report.UUIDString(), m.At}
	}
	encoded, err := json.Marshal(moments)
	if err != nil {
		return err
	}
	rows, err := q.SpeakersToTell(ctx, encoded)
	for _, row := range rows {
		at := Moment{civic.ReportID{UUID: row.ReportID}, row.CreatedAt.UTC()}
		c.Speakers[at] = append(c.Speakers[at], civic.CitizenID{UUID: row.AuthorID})
	}
	return err
}

func (c *Circles) loadAlerts(ctx context.Context, q *db.Queries, created []civic.ReportID) error {
	type spot struct {
		Report    string  `json:"report_id"`
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	}
	var spots []spot
	for _, id := range created {
		if r := c.Reports[id]; r != nil && r.Place != nil && r.PublicNow() {
			spots = append(spots, spot{id.UUIDString(), r.Place.Latitude, r.Place.Longitude})
		}
	}
	if len(spots) == 0 {
		return nil
	}
	encoded, err := json.Marshal(spots)
	if err != nil {
		return err
	}
	rows, err := q.AlertsToTell(ctx, db.AlertsToTellParams{Places: encoded, Reach: alertReach})
	for _, row := range rows {
		report := civic.ReportID{UUID: row.ReportID}
		c.Alerts[report] = append(c.Alerts[report], alertOf(db.AreaAlert{
			ID: row.ID, CitizenID: row.CitizenID, Latitude: row.Latitude, Longitude: row.Longitude, Address: row.Address,
			Radius: row.Radius, Categories: row.Categories, CreatedAt: row.CreatedAt,
		}))
	}
	return err
}

func alertOf(row db.AreaAlert) civic.AreaAlert {
	alert := civic.AreaAlert{
		ID: civic.AreaAlertID{UUID: row.ID}, Citizen: civic.CitizenID{UUID: row.CitizenID},
		Place: civic.Place{Latitude: row.Latitude, Longitude: row.Longitude, Address: row.Address}, Radius: int(row.Radius), CreatedAt: row.CreatedAt,
	}
	for _, id := range row.Categories {
		alert.Categories = append(alert.Categories, civic.CategoryID{UUID: id})
	}
	return alert
}

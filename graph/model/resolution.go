package model

import (
	"math"
	"time"

	"github.com/jagawarga/jagawarga/civic"
)

// Resolution is what a department says it did for a report.
type Resolution struct {
	*civic.Resolution
	Of *Report
}

// Handled tells whether the caller works in the department responsible for the report, or above it.
func (r *Resolution) Handled() bool { return r.Of.Handled() }

// Department is who says so.
func (r *Resolution) Department() *Department {
	return r.Of.View.DepartmentRef(&r.Resolution.Department)
}

// PhotoFact is what the machine found out about a photo.
type PhotoFact struct {
	*civic.PhotoCheck
	Photo *Media
	Of    *Resolution
}

// TakenAt is when it was taken, or nil.
func (f *PhotoFact) TakenAt() *time.Time { return f.Facts.TakenAt }

// MinutesAfterReport is how long after the report it was taken, or nil.
func (f *PhotoFact) MinutesAfterReport() *int {
	return f.minutes(func(taken time.Time) time.Duration { return taken.Sub(f.Of.Of.CreatedAt) })
}

// MinutesBeforeResolution is how long before the resolution it was taken, or nil.
func (f *PhotoFact) MinutesBeforeResolution() *int {
	return f.minutes(func(taken time.Time) time.Duration { return f.Of.ResolvedAt.Sub(taken) })
}

func (f *PhotoFact) minutes(between func(taken time.Time) time.Duration) *int {
	if f.Facts.TakenAt == nil {
		return nil
	}
	minutes := int(math.Floor(between(*f.Facts.TakenAt).Minutes()))
	return &minutes
}

// MetersAway is how far from the report's place it was taken, or nil.
func (f *PhotoFact) MetersAway() *int {
	away, known := f.Facts.MetresFrom(f.Of.Of.Place)
	if !known {
		return nil
	}
	metres := int(math.Round(away))
	return &metres
}

// Camera is named in the file.
func (f *PhotoFact) Camera() bool { return f.Facts.Camera }

// Generated tells what the file says of how it was made.
func (f *PhotoFact) Generated() bool { return f.Facts.Generated }

// Edited tells whether the file names software that edits pictures.
func (f *PhotoFact) Edited() bool { return f.Facts.Edited }

// ContentCredentials tells whether there was a C2PA manifest.
func (f *PhotoFact) ContentCredentials() bool { return f.Facts.ContentCredentials }

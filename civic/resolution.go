package civic

import (
	"math"
	"slices"
	"time"
)

const (
	// MaxResolution is how long the message of a resolution may be, in code points.
	MaxResolution = 2_000
	// FarFromPlace is how far from the place of a report its proof may have been taken without a flag, in metres.
	FarFromPlace = 300
)

// Resolution is a department's word that a report is done. A report that was reopened has several.
type Resolution struct {
	ID         UUID
	Report     ReportID
	Message    string
	Department DepartmentID
	ResolvedAt time.Time
	Confirmed  *bool    // by the reporter; nil: no answer yet
	Photos     []*Photo // of one that is being made; afterwards they are read for themselves
}

// Photo is a picture that proves a resolution, with all that is kept of it.
type Photo struct {
	Media *Media
	Check PhotoCheck
	Print []byte  // to know it again by; empty where it shows too little for that
	Words []int32 // to find the print by
}

// PhotoCheck is what the machine found out about a photo. It decides nothing.
type PhotoCheck struct {
	Photo      MediaID
	Resolution UUID
	Report     ReportID
	Facts      PhotoFacts
	Flags      []ResolutionFlag
	ReusedFrom *ReportID // whose resolution had the picture before
}

// KeptPrint is the print of a photo that proved an earlier resolution.
type KeptPrint struct {
	Report ReportID
	Print  []byte
}

// PhotoFacts are what a file said of itself before it was cleaned: anybody can write anything there.
type PhotoFacts struct {
	TakenAt            *time.Time `json:"takenAt,omitempty"`
	Latitude           *float64   `json:"lat,omitempty"` // both or none
	Longitude          *float64   `json:"lon,omitempty"`
	Camera             bool       `json:"camera,omitempty"` // a camera's make, model or exposure is named
	Generated          bool       `json:"generated,omitempty"`
	Edited             bool       `json:"edited,omitempty"`
	ContentCredentials bool       `json:"contentCredentials,omitempty"` // a C2PA manifest was there; nobody checked its signature
}

// ResolutionFlag says why somebody should look at a resolution.
type ResolutionFlag string

// The flags of the public contract.
const (
	ReusedPhoto       ResolutionFlag = "REUSED_PHOTO"        // it proved another resolution before
	SameAsReport      ResolutionFlag = "SAME_AS_REPORT"      // the reporter's own picture
	FarAway           ResolutionFlag = "FAR_FROM_PLACE"      // taken more than FarFromPlace metres away
	TakenBeforeReport ResolutionFlag = "TAKEN_BEFORE_REPORT" // taken before anybody reported anything
	GeneratedOrEdited ResolutionFlag = "GENERATED_OR_EDITED" // by the file's own word
	NoCaptureData     ResolutionFlag = "NO_CAPTURE_DATA"     // it names neither a time nor a camera
)

// flagOrder is the contract's.
var flagOrder = []ResolutionFlag{ReusedPhoto, SameAsReport, FarAway, TakenBeforeReport, GeneratedOrEdited, NoCaptureData}

// FlagsOf are the flags of several photos, each once.
func FlagsOf(checks []*PhotoCheck) []ResolutionFlag {
	flags := []ResolutionFlag{}
	for _, flag := range flagOrder {
		if slices.ContainsFunc(checks, func(c *PhotoCheck) bool { return slices.Contains(c.Flags, flag) }) {
			flags = append(flags, flag)
		}
	}
	return flags
}

// Flags are those that the facts alone raise for a proof that r is done.
func (f PhotoFacts) Flags(r *Report) []ResolutionFlag {
	var flags []ResolutionFlag
	if metres, known := f.MetresFrom(r.Place); known && metres > FarFromPlace {
		flags = append(flags, FarAway)
	}
	if f.TakenAt != nil && f.TakenAt.Before(r.CreatedAt.Truncate(time.Second)) { // cameras write whole seconds
		flags = append(flags, TakenBeforeReport)
	}
	if f.Generated || f.Edited {
		flags = append(flags, GeneratedOrEdited)
	}
	if f.TakenAt == nil && !f.Camera {
		flags = append(flags, NoCaptureData)
	}
	return flags
}

// MetresFrom is how far from a place the photo was taken, if that is known.
func (f PhotoFacts) MetresFrom(place *Place) (metres float64, known bool) {
	if place == nil || f.Latitude == nil || f.Longitude == nil {
		return 0, false
	}
	metres = place.Metres(Place{Latitude: *f.Latitude, Longitude: *f.Longitude})
	return metres, !math.IsNaN(metres)
}

// CheckProof refuses to call a report done without the photos that its category asks for.
func (c *City) CheckProof(r *Report, photos int) error {
	if category := c.Category(r.Category); photos == 0 && category != nil && category.ProofRequired {
		return Invalid("photos", "resolution.proof_required")
	}
	return nil
}

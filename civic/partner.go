package civic

import (
	"crypto/sha256"
	"math"
	"time"
)

// PartnerID names a partner.
type PartnerID struct{ UUID }

const partnerPrefix = "partner_"

// String gives the form that the command line shows.
func (id PartnerID) String() string { return formatID(partnerPrefix, id.UUID) }

// MarshalText writes it, so that JSON carries it.
func (id PartnerID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads it.
func (id *PartnerID) UnmarshalText(text []byte) error {
	return unmarshalID(partnerPrefix, text, &id.UUID)
}

// Partner is a system of others that reports for its own people, over Open311.
type Partner struct {
	ID        PartnerID
	Name      string
	CreatedAt time.Time
	RevokedAt *time.Time
}

// PartnerSaid is what a partner gave besides the text of a report. Nobody of ours has looked at it.
type PartnerSaid struct {
	Address   string `json:"address,omitempty"` // where there is no place
	AddressID string `json:"addressId,omitempty"`
	MediaURL  string `json:"mediaUrl,omitempty"`
}

// Appendix is how departments read it, at the end of the text; empty if there is nothing.
func (s *PartnerSaid) Appendix() string {
	text := ""
	if s == nil {
		return text
	}
	for _, line := range [][2]string{{"Alamat", s.Address}, {"ID alamat", s.AddressID}, {"Gambar", s.MediaURL}} {
		if line[1] != "" {
			text += "\n\n" + line[0] + ": " + line[1]
		}
	}
	return text
}

// HashPartnerKey is what is kept of a key. Keys are 256 random bits, so that a fast hash without salt tells nothing about them.
func HashPartnerKey(key string) []byte {
	sum := sha256.Sum256([]byte("jagawarga open311 key\x00" + key))
	return sum[:]
}

// ServiceRequest is a report as Open311 shows it.
type ServiceRequest struct {
	*Report
	Said  *PartnerSaid
	Notes string // the latest word on its status; may be empty
}

// ServiceRequestUpdate is something that happened to a report, as Open311 tells it.
type ServiceRequestUpdate struct {
	ID     UUID
	Number string
	At     time.Time
	Status Status // empty: it did not change
	Text   string
}

// ServiceRequests narrows a list of service requests, newest first; an empty field does not narrow.
type ServiceRequests struct {
	Numbers                   []string // finds those alone: what else is asked does not count
	Filter                    Filter
	UpdatedFrom, UpdatedUntil *time.Time
	Around                    *Circle
	Skip, First               int
	Before                    *Report // those behind it in the list
}

// Circle is a place with a distance around it.
type Circle struct {
	Center Point
	Meters float64
}

// Box is the smallest box around it, or nearly: a little too large rather than too small.
func (c Circle) Box() Bounds {
	const metersPerDegree = 110_500 // of latitude, where that is least
	north := c.Meters / metersPerDegree
	east := 180.0
	if shrink := math.Cos((math.Abs(c.Center.Latitude) + north) * math.Pi / 180); shrink > 0.01 {
		east = math.Min(180, north/shrink)
	}
	return Bounds{
		South: math.Max(-90, c.Center.Latitude-north), North: math.Min(90, c.Center.Latitude+north),
		West: math.Max(-180, c.Center.Longitude-east), East: math.Min(180, c.Center.Longitude+east),
	}
}

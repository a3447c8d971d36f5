package casework

import (
	"context"
	"fmt"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/fingerprint"
)

// proof is the photos of a resolution that have been cleaned and are kept. Nil is none.
type proof struct {
	refs   []civic.MediaRef
	prints []fingerprint.Print // of the photos
	own    []fingerprint.Print // of the report's own pictures
}

func (p *proof) photos() int {
	if p == nil {
		return 0
	}
	return len(p.refs)
}

// prove cleans and keeps photos, and takes the prints that they are compared by. Those of the report's own pictures are taken anew each
// time and never kept: what an anonymous reporter sent must not be found by its looks.
func (d *Desk) prove(ctx context.Context, own []*civic.Media, photos []civic.Upload) (*proof, error) {
	refs, err := d.keepMedia(ctx, "photos", civic.MediaOfResolution, photos)
	if err != nil || len(refs) == 0 {
		return nil, err
	}
	p := &proof{refs: refs}
	for _, ref := range refs {
		look, err := fingerprint.Parse(ref.Print)
		if err != nil {
			return nil, fmt.Errorf("print of a photo: %w", err)
		}
		p.prints = append(p.prints, look)
	}
	taken, err := d.ports.Media.Prints(ctx, own)
	if err != nil {
		return nil, err
	}
	for _, stored := range taken {
		look, err := fingerprint.Parse(stored)
		if err != nil {
			return nil, fmt.Errorf("print of a report's picture: %w", err)
		}
		p.own = append(p.own, look)
	}
	return p, nil
}

// show gives a resolution its photos, looked at by the machine.
func (a *act) show(resolution *civic.Resolution, proof *proof) error {
	a.flags = nil
	if proof == nil {
		return nil
	}
	var checks []*civic.PhotoCheck
	for i, ref := range proof.refs {
		ref.ID = civic.MediaID{UUID: a.newID()}
		photo := &civic.Photo{
			Media: &civic.Media{MediaRef: ref, Report: a.report.ID, Purpose: civic.MediaOfResolution, Resolution: resolution.ID},
			Check: civic.PhotoCheck{Photo: ref.ID, Resolution: resolution.ID, Report: a.report.ID, Flags: []civic.ResolutionFlag{}},
		}
		if err := a.compare(photo, proof.prints[i], proof.own); err != nil {
			return err
		}
		if ref.Facts != nil {
			photo.Check.Facts = *ref.Facts
		}
		photo.Check.Flags = append(photo.Check.Flags, photo.Check.Facts.Flags(a.report)...)
		resolution.Photos, checks = append(resolution.Photos, photo), append(checks, &photo.Check)
	}
	a.flags = civic.FlagsOf(checks)
	return nil
}

// compare looks for a photo among those of all other resolutions, earlier ones of this report included, and among the report's own
// pictures.
func (a *act) compare(photo *civic.Photo, look fingerprint.Print, own []fingerprint.Print) error {
	if look.Bare() {
		return nil // a wall, the dark: too little to be known again by
	}
	photo.Print, photo.Words = look.Bytes(), look.Words()
	alike, err := a.tx.LikePrints(a.ctx, look.Probes())
	if err != nil {
		return err
	}
	best := 0
	for _, kept := range alike {
		other, err := fingerprint.Parse(kept.Print)
		if err != nil {
			return fmt.Errorf("print of an earlier photo: %w", err)
		}
		if match := fingerprint.Compare(other, look); match.Same() && match.Spots > best {
			best, photo.Check.ReusedFrom = match.Spots, &kept.Report
		}
	}
	if photo.Check.ReusedFrom != nil {
		photo.Check.Flags = append(photo.Check.Flags, civic.ReusedPhoto)
	}
	for _, picture := range own {
		if fingerprint.Compare(picture, look).Same() {
			photo.Check.Flags = append(photo.Check.Flags, civic.SameAsReport)
			break
		}
	}
	return nil
}

package ledger

import "github.com/jagawarga/jagawarga/civic"

// strays finds lines that never came into the tree.
func (v *verification) strays() error {
	line, err := v.from.Stray(v.ctx)
	if err != nil {
		return err
	}
	if line != nil {
		return tampered("the audit row %s (%s) neither stands in the ledger nor waits for it: it was inserted past the system", line.ID.UUIDString(), lineWords(line))
	}
	waiting, lost, err := v.from.Waiting(v.ctx)
	if err == nil && lost != nil {
		return tampered("the audit row %s was deleted before it came into the ledger", lost.UUIDString())
	}
	v.summary.Waiting = waiting
	return err
}

// texts opens the commitment of every report.
func (v *verification) texts() error {
	for after := (civic.UUID{}); ; {
		page, err := v.from.TextsAfter(v.ctx, after, textsPage)
		if err != nil {
			return err
		}
		for i := range page {
			if err := v.text(&page[i]); err != nil {
				return err
			}
		}
		if len(page) < textsPage {
			break
		}
		after = page[len(page)-1].Report
	}
	line, err := v.from.Bereft(v.ctx)
	if err == nil && line != nil {
		return tampered("the report %s was deleted: the audit row %s (%s) tells of its filing", line.Report.UUIDString(), line.ID.UUIDString(), lineWords(line))
	}
	return err
}

func (v *verification) text(t *KeptText) error {
	v.summary.Reports++
	switch {
	case t.Erased:
		v.summary.Erased++
	case t.Filing == nil && !t.Filed:
		return tampered("report %s has no filing in the audit: it was inserted past the system", t.Number)
	case t.Filing == nil:
		v.summary.Early++
	case t.Filing.Number != t.Number:
		return tampered("report %s was filed as %s: its number was changed", t.Number, t.Filing.Number)
	case !t.Filing.Fits(t.Salt, t.Title, t.Body):
		return tampered("the text of report %s is not the one that was filed: title, body or salt was changed", t.Number)
	}
	return nil
}

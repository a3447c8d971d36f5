package identity

import (
	"context"

	"github.com/jagawarga/jagawarga/demo"
	"github.com/jagawarga/jagawarga/identity/db"
)

// loadDemo adds the people of the demo city, once. They share one published password, so they share its hash too:
// that a hundred and eighty hashes take seconds would protect nobody.
func (s *Service) loadDemo(ctx context.Context) error {
	data, err := demo.Load()
	if err != nil {
		return err
	}
	officers, citizens, err := s.missing(ctx, data)
	// They come all at once or not at all. Where some are known the others have gone, or are called otherwise now, and stay so.
	if err != nil || len(officers)+len(citizens) < len(data.Officers)+len(data.Citizens) {
		return err
	}
	passwordHash, err := s.passwords.hash(ctx, data.Password)
	if err != nil {
		return err
	}
	return s.inTransaction(ctx, func(q *db.Queries) error {
		for _, officer := range officers {
			department := demo.DepartmentID(officer.Department)
			err := q.CreateDemoOfficer(ctx, db.CreateDemoOfficerParams{
				ID: row(officer.ID().UUID), Role: string(officer.Role), Name: officer.Name, PasswordHash: passwordHash,
				Email: &officer.Email, DepartmentID: row(department.UUID), CreatedAt: s.cfg.Now(),
			})
			if err != nil {
				return err
			}
		}
		for _, citizen := range citizens {
			id, err := ParseNationalID(citizen.NationalID, s.cfg.Now())
			if err != nil {
				return err
			}
			made, err := s.newCitizen(person{nationalID: id, name: citizen.Name, phone: citizen.Phone}, passwordHash)
			if err != nil {
				return err
			}
			if err := q.CreateDemoCitizen(ctx, db.CreateDemoCitizenParams(made)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) missing(ctx context.Context, data *demo.Data) (officers []demo.Officer, citizens []demo.Citizen, err error) {
	emails := make([]string, 0, len(data.Officers))
	for _, officer := range data.Officers {
		emails = append(emails, officer.Email)
	}
	hashes := make([][]byte, 0, len(data.Citizens))
	for _, citizen := range data.Citizens {
		hashes = append(hashes, s.vault.hash(fieldNationalID, citizen.NationalID))
	}
	knownEmails, err := s.queries.KnownEmails(ctx, emails)
	if err != nil {
		return nil, nil, err
	}
	knownHashes, err := s.queries.KnownNationalIDs(ctx, hashes)
	if err != nil {
		return nil, nil, err
	}
	known := map[string]bool{}
	for _, email := range knownEmails {
		known[email] = true
	}
	for _, hash := range knownHashes {
		known[string(hash)] = true
	}
	for _, officer := range data.Officers {
		if !known[officer.Email] {
			officers = append(officers, officer)
		}
	}
	for i, citizen := range data.Citizens {
		if !known[string(hashes[i])] {
			citizens = append(citizens, citizen)
		}
	}
	return officers, citizens, nil
}

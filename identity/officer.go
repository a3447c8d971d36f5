package identity

import (
	"context"
	"errors"
	"net/mail"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// officer is a checked request.
type officer struct {
	name, email, role, passwordHash string
	department                      civic.UUID
}

// SaveOfficer makes or changes an officer's account. Whoever may do something else afterwards, or has another password, is signed out
// everywhere.
func (s *Service) SaveOfficer(ctx context.Context, request *identityrpc.SaveOfficerRequest) (*identityrpc.SaveOfficerReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	checked, err := s.readOfficer(ctx, request)
	if err != nil {
		return nil, err
	}
	if len(request.GetId()) == 0 {
		return s.newOfficer(ctx, checked)
	}
	id, err := readID("id", request.GetId())
	if err != nil {
		return nil, err
	}
	err = s.inTransaction(ctx, func(q *db.Queries) error { return s.changeOfficer(ctx, q, id, checked) })
	if sqlState(err) == uniqueViolation {
		return nil, civic.Conflict("officer.email_taken")
	}
	return &identityrpc.SaveOfficerReply{Id: id[:]}, err
}

// readOfficer hashes a password where one is given; a new account needs one.
func (s *Service) readOfficer(ctx context.Context, request *identityrpc.SaveOfficerRequest) (o officer, err error) {
	if o.name, err = cleanName(request.GetName()); err != nil {
		return o, err
	}
	if o.email, err = cleanEmail(request.GetEmail()); err != nil {
		return o, err
	}
	switch o.role = request.GetRole(); civic.Role(o.role) {
	case civic.RoleOfficer, civic.RoleDepartmentHead, civic.RoleHeadAuthority, civic.RoleAdmin:
	default:
		return o, civic.Invalid("role", "officer.role")
	}
	if o.department, err = readID("department", request.GetDepartment()); err != nil {
		return o, err
	}
	if request.GetPassword() == "" && len(request.GetId()) > 0 {
		return o, nil
	}
	password, err := cleanPassword(request.GetPassword())
	if err != nil {
		return o, err
	}
	if local, _, _ := strings.Cut(o.email, "@"); strings.EqualFold(password, local) || strings.EqualFold(password, o.email) || strings.EqualFold(password, o.name) {
		return o, civic.Invalid("password", "password.own_name")
	}
	o.passwordHash, err = s.passwords.hash(ctx, password)
	return o, err
}

// cleanEmail gives the form that is stored and looked for: lower case.
func cleanEmail(text string) (string, error) {
	email := plainLogin(text)
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > maxLoginBytes || hasControls(email) {
		return "", civic.Invalid("email", "email.malformed")
	}
	return email, nil
}

func (s *Service) newOfficer(ctx context.Context, o officer) (*identityrpc.SaveOfficerReply, error) {
	found, err := s.queries.OfficerIDByEmail(ctx, o.email)
	if err == nil {
		return &identityrpc.SaveOfficerReply{Id: found.Bytes[:], Known: true}, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, border(err)
	}
	id := civic.NewUUIDv4(s.cfg.Random)
	err = s.queries.CreateOfficer(ctx, db.CreateOfficerParams{
		ID: row(id), Role: o.role, Name: o.name, PasswordHash: o.passwordHash, Email: &o.email, DepartmentID: row(o.department), CreatedAt: s.cfg.Now(),
	})
	if sqlState(err) == uniqueViolation {
		return nil, civic.Conflict("officer.email_taken")
	}
	return &identityrpc.SaveOfficerReply{Id: id[:]}, border(err)
}

func (s *Service) changeOfficer(ctx context.Context, q *db.Queries, id civic.UUID, o officer) error {
	before, err := q.OfficerToChange(ctx, row(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return civic.NotFound("officer.not_found")
	}
	if err != nil {
		return err
	}
	if before.RetiredAt != nil {
		return civic.Conflict("office.retired")
	}
	changed := before.Role != o.role || before.DepartmentID != row(o.department) || o.passwordHash != ""
	if o.passwordHash == "" {
		o.passwordHash = before.PasswordHash
	}
	err = q.ChangeOfficer(ctx, db.ChangeOfficerParams{
		ID: row(id), Role: o.role, Name: o.name, PasswordHash: o.passwordHash, Email: &o.email, DepartmentID: row(o.department),
	})
	if err != nil || !changed {
		return err
	}
	return s.signOutEverywhere(ctx, q, id)
}

// RetireOfficer lets an officer sign in no more.
func (s *Service) RetireOfficer(ctx context.Context, request *identityrpc.RetireOfficerRequest) (*identityrpc.RetireOfficerReply, error) {
	if err := s.admit(); err != nil {
		return nil, err
	}
	id, err := readID("id", request.GetId())
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	err = s.inTransaction(ctx, func(q *db.Queries) error {
		if _, err := q.OfficerToChange(ctx, row(id)); errors.Is(err, pgx.ErrNoRows) {
			return nil // an officer without an account, as the command line may make one
		} else if err != nil {
			return err
		}
		if err := q.RetireAccount(ctx, db.RetireAccountParams{ID: row(id), Now: &now}); err != nil {
			return err
		}
		return s.signOutEverywhere(ctx, q, id)
	})
	return &identityrpc.RetireOfficerReply{}, err
}

package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/auth"
)

// voting begins the name of the measurement of a report that everybody supports.
const voting = "upvotes"

const (
	voters       = 256 // clients at once
	votersEach   = 8   // citizens of each client
	upvoteQuery  = `mutation ($report: ID!) { upvoteReport(report: $report) { upvoteCount } }`
	unvoteQuery  = `mutation ($report: ID!) { removeUpvote(report: $report) { upvoteCount } }`
	tokensLast   = 2 * time.Hour
	signingFiles = "secrets/identity/signing/*"
)

// viral is one report and the citizens who support it and take that back again, one after the other.
type viral struct {
	report    civic.ReportID
	giving    [][2][]byte // of each citizen: the request that gives, and the one that takes back
	supported []bool      // what each citizen wished last
}

// next is the request by which a client's next citizen has another opinion.
func (v *viral) next(client, number int) []byte {
	citizen := client*votersEach + number%votersEach
	v.supported[citizen] = !v.supported[citizen]
	if v.supported[citizen] {
		return v.giving[citizen][0]
	}
	return v.giving[citizen][1]
}

// check compares the report's count with its votes and with what was wished.
func (v *viral) check(ctx context.Context, super *pgxpool.Pool) error {
	want := 0
	for _, supported := range v.supported {
		if supported {
			want++
		}
	}
	var counted, rows int
	err := super.QueryRow(ctx, "SELECT upvotes, (SELECT count(*) FROM upvotes WHERE report_id = reports.id) FROM reports WHERE id = $1",
		v.report.Bytes()).Scan(&counted, &rows)
	if err == nil && (counted != want || rows != want) {
		err = fmt.Errorf("%d votes are counted and %d stored of %d", counted, rows, want)
	}
	return err
}

// voteTask is a report that goes round, for both systems one of its own; check tells whether every vote is counted.
func (b *bench) voteTask(ctx context.Context) (_ task, check func(context.Context) error, err error) {
	super, err := b.superuser(ctx)
	if err != nil {
		return task{}, nil, err
	}
	defer func() {
		if err != nil {
			super.Close()
		}
	}()
	sign, err := signer(b.data)
	if err != nil {
		return task{}, nil, err
	}
	var reports [2]civic.ReportID
	for i := range reports {
		err := super.QueryRow(ctx, "UPDATE reports SET upvotes = 0 WHERE number = $1 RETURNING id", b.numbers[i]).Scan((*[16]byte)(&reports[i].UUID))
		if err != nil {
			return task{}, nil, err
		}
	}
	raw, ours := &viral{report: reports[0]}, &viral{report: reports[1]}
	for range voters * votersEach {
		citizen := civic.CitizenID{UUID: civic.NewUUIDv7(time.Now(), rand.Reader)}
		token, err := sign(citizen)
		if err != nil {
			return task{}, nil, err
		}
		to := func(query string) []byte {
			return post("/graphql", token, operation{Query: query, Variables: map[string]any{"report": ours.report.String()}}.encode())
		}
		ours.giving = append(ours.giving, [2][]byte{to(upvoteQuery), to(unvoteQuery)})
		raw.giving = append(raw.giving, [2][]byte{rawVote(raw.report, citizen, true), rawVote(raw.report, citizen, false)})
	}
	raw.supported, ours.supported = make([]bool, len(raw.giving)), make([]bool, len(ours.giving))
	check = func(ctx context.Context) error {
		defer super.Close()
		for name, v := range map[string]*viral{"raw": raw, "ours": ours} {
			if err := v.check(ctx, super); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	return task{fmt.Sprintf("%s on one report, %d clients", voting, voters), voters, raw.next, ours.next}, check, nil
}

// rawVote gives or takes back at the baseline.
func rawVote(report civic.ReportID, citizen civic.CitizenID, give bool) []byte {
	return post("/vote", "", fmt.Appendf(nil, `{"report":%q,"citizen":%q,"give":%v}`, report.UUIDString(), citizen.UUIDString(), give))
}

// signer signs access tokens of citizens as the identity service does, with its key: thousands of accounts would take minutes to make.
func signer(data string) (func(civic.CitizenID) (string, error), error) {
	files, err := filepath.Glob(filepath.Join(data, signingFiles))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%d signing keys in %s, %v", len(files), data, err)
	}
	seed, err := os.ReadFile(files[0])
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s: %d bytes, %w", files[0], len(seed), err)
	}
	key := ed25519.NewKeyFromSeed(seed)
	return func(citizen civic.CitizenID) (string, error) {
		now := time.Now()
		claims := auth.NewClaims(civic.Principal{
			Role: civic.RoleCitizen, Citizen: citizen, Session: civic.SessionID{UUID: civic.NewUUIDv7(now, rand.Reader)}, Expires: now.Add(tokensLast),
		}, jwt.NewNumericDate(now))
		token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
		token.Header["kid"] = auth.KeyID(key.Public().(ed25519.PublicKey))
		return token.SignedString(key)
	}, nil
}

// Package identityclient is how the server asks the identity service: the same calls with the types of civic. Errors for people arrive as
// *civic.Error; a service that is down is UNAVAILABLE with identity.unavailable, at once. The caller closes the client, and runs it to hear
// of sessions that are revoked.
package identityclient

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/observe/trace"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// Config says where the service is.
type Config struct {
	Address      string           // unix:///path.sock or dns:///host:port
	Timeout      time.Duration    // of a call whose context sets no earlier end; default rpc.DefaultTimeout
	NameLifetime time.Duration    // how long names are remembered; default 10 min
	MaxNames     int              // how many are; default 10,000
	MaxPersons   int              // how many citizens with a session are remembered; default 50,000
	Now          func() time.Time // default time.Now
	Tracer       *trace.Tracer    // default none
}

// Client is safe for use by many goroutines.
type Client struct {
	conn    *grpc.ClientConn
	rpc     identityrpc.IdentityClient
	names   *nameCache
	persons *personCache
	revoked *revocations
}

// New connects at the first call, not before.
func New(cfg Config) (*Client, error) {
	if cfg.NameLifetime == 0 {
		cfg.NameLifetime = 10 * time.Minute
	}
	if cfg.MaxNames == 0 {
		cfg.MaxNames = 10_000
	}
	if cfg.MaxPersons == 0 {
		cfg.MaxPersons = 50_000
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	conn, err := rpc.Dial(rpc.ClientConfig{Address: cfg.Address, Unavailable: unavailable, Timeout: cfg.Timeout, Around: traced(cfg.Tracer)})
	if err != nil {
		return nil, fmt.Errorf("identity client: %w", err)
	}
	service := identityrpc.NewIdentityClient(conn)
	return &Client{
		conn: conn, rpc: service, names: newNameCache(cfg), persons: newPersonCache(cfg), revoked: newRevocations(service),
	}, nil
}

const unavailable = "identity.unavailable"

// Close ends the calls under way.
func (c *Client) Close() error { return c.conn.Close() }

// Ready reports whether the service can answer.
func (c *Client) Ready(ctx context.Context) error {
	reply, err := grpc_health_v1.NewHealthClient(c.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		return err
	}
	if reply.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
		return civic.Unavailable(unavailable)
	}
	return nil
}

// Session is what signing in gives.
type Session struct {
	AccessToken  string
	RefreshToken string
	ExpiresAt    time.Time // of the access token
	Name         string
	Principal    civic.Principal // the same that the access token gives
}

// SignUpInput is what a new citizen gives; Phone may be empty.
type SignUpInput struct{ NationalID, Name, Phone, Password string }

// SignUp makes an account and opens its first session.
func (c *Client) SignUp(ctx context.Context, in SignUpInput) (Session, error) {
	if err := checkText("nationalId", in.NationalID, "name", in.Name, "phone", in.Phone, "password", in.Password); err != nil {
		return Session{}, err
	}
	return c.opened(c.rpc.SignUp(ctx, &identityrpc.SignUpRequest{
		NationalId: in.NationalID, Name: in.Name, Phone: in.Phone, Password: in.Password,
	}))
}

// SignInInput holds either NationalID or Email.
type SignInInput struct{ NationalID, Email, Password, OneTimeCode string }

// SignIn opens a session.
func (c *Client) SignIn(ctx context.Context, in SignInInput) (Session, error) {
	if err := checkText("nationalId", in.NationalID, "email", in.Email, "password", in.Password, "oneTimeCode", in.OneTimeCode); err != nil {
		return Session{}, err
	}
	return c.opened(c.rpc.SignIn(ctx, &identityrpc.SignInRequest{
		NationalId: in.NationalID, Email: in.Email, Password: in.Password, OneTimeCode: in.OneTimeCode,
	}))
}

// Refresh takes a refresh token for the next session tokens. Each may be used once; a second use ends the session.
func (c *Client) Refresh(ctx context.Context, refreshToken string) (Session, error) {
	if err := checkText("refreshToken", refreshToken); err != nil {
		return Session{}, err
	}
	return c.opened(c.rpc.Refresh(ctx, &identityrpc.RefreshRequest{RefreshToken: refreshToken}))
}

// SignOut ends a session; its access tokens live on for their few minutes.
func (c *Client) SignOut(ctx context.Context, id civic.SessionID) error {
	_, err := c.rpc.SignOut(ctx, &identityrpc.SignOutRequest{Session: id.UUID[:]})
	return err
}

// Keys is the JSON Web Key Set of the signing keys; it fits auth.VerifierConfig.Keys.
func (c *Client) Keys(ctx context.Context) ([]byte, error) {
	reply, err := c.rpc.Keys(ctx, &identityrpc.KeysRequest{})
	return reply.GetJwks(), err
}

// readSession wants what the service promises.
func readSession(reply *identityrpc.Session, err error) (Session, error) {
	if err != nil {
		return Session{}, err
	}
	account := reply.GetAccount()
	if len(account.GetId()) != len(civic.UUID{}) || len(reply.GetSession()) != len(civic.UUID{}) {
		return Session{}, errAnswer
	}
	s := Session{
		AccessToken: reply.GetAccessToken(), RefreshToken: reply.GetRefreshToken(),
		ExpiresAt: time.Unix(reply.GetExpiresAt(), 0), Name: account.GetName(),
		Principal: civic.Principal{
			Role: civic.Role(account.GetRole()), Session: civic.SessionID{UUID: civic.UUID(reply.GetSession())},
			Expires: time.Unix(reply.GetExpiresAt(), 0),
		},
	}
	if s.Principal.IsCitizen() {
		s.Principal.Citizen = civic.CitizenID{UUID: civic.UUID(account.GetId())}
		return s, nil
	}
	if len(account.GetDepartment()) != len(civic.UUID{}) {
		return Session{}, errAnswer
	}
	s.Principal.Officer = civic.OfficerID{UUID: civic.UUID(account.GetId())}
	s.Principal.Department = civic.DepartmentID{UUID: civic.UUID(account.GetDepartment())}
	return s, nil
}

var errAnswer = errors.New("identity client: the service answered without an id")

// checkText refuses what protobuf cannot carry. fields are name, value pairs.
func checkText(fields ...string) error {
	for i := 0; i+1 < len(fields); i += 2 {
		if !utf8.ValidString(fields[i+1]) {
			return civic.Invalid(fields[i], "input.malformed", "field", fields[i])
		}
	}
	return nil
}

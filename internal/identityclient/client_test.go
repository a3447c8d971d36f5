package identityclient_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/identityclient"
	"github.com/jagawarga/jagawarga/internal/rpc"
	"github.com/jagawarga/jagawarga/internal/rpc/identityrpc"
)

// registrar answers Names for even ids and notes what was asked; the whole service is tested where it lives.
type registrar struct {
	identityrpc.UnimplementedIdentityServer
	now     func() time.Time
	mu      sync.Mutex
	asked   []int // ids in each call
	persons int   // calls of Person
}

func (r *registrar) Names(_ context.Context, request *identityrpc.NamesRequest) (*identityrpc.NamesReply, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, len(request.GetCitizens()))
	reply := new(identityrpc.NamesReply)
	for _, id := range request.GetCitizens() {
		if id[15]%2 == 0 {
			reply.Names = append(reply.Names, &identityrpc.Name{Citizen: id, Name: "name"})
		}
	}
	return reply, nil
}

// Person answers for even ids, and notes that it was asked.
func (r *registrar) Person(_ context.Context, request *identityrpc.PersonRequest) (*identityrpc.PersonReply, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.persons++
	if request.GetCitizen()[15]%2 != 0 {
		return nil, rpc.ToStatus(civic.Unauthenticated("session.ended"))
	}
	return &identityrpc.PersonReply{Name: "asked", Phone: "+62811"}, nil
}

// Refresh opens a session of the citizen whose id is the token's first byte, for a minute.
func (r *registrar) Refresh(_ context.Context, request *identityrpc.RefreshRequest) (*identityrpc.Session, error) {
	id := citizens(256)[request.GetRefreshToken()[0]]
	return &identityrpc.Session{
		Session: id.UUID[:], ExpiresAt: r.now().Add(time.Minute).Unix(),
		Account: &identityrpc.Account{Id: id.UUID[:], Name: "told", Role: string(civic.RoleCitizen), Phone: "+62812"},
	}, nil
}

// SignIn forgets to say who signed in.
func (*registrar) SignIn(context.Context, *identityrpc.SignInRequest) (*identityrpc.Session, error) {
	return &identityrpc.Session{AccessToken: "token"}, nil
}

func dial(t *testing.T, service *registrar, cfg identityclient.Config) *identityclient.Client {
	t.Helper()
	server, err := rpc.NewServer(rpc.ServerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	identityrpc.RegisterIdentityServer(server, service)
	listener, err := rpc.Listen(t.Context(), "unix://"+filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- rpc.Serve(ctx, server, listener, time.Second) }()
	t.Cleanup(func() { cancel(); <-done })
	cfg.Address = rpc.Address(listener)
	client, err := identityclient.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func citizens(n int) []civic.CitizenID {
	ids := make([]civic.CitizenID, n)
	for i := range ids {
		ids[i].UUID = civic.UUID{13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)}
	}
	return ids
}

func TestNamesAreRemembered(t *testing.T) {
	t.Parallel()
	service := new(registrar)
	now := time.Now()
	client := dial(t, service, identityclient.Config{Now: func() time.Time { return now }})
	for range 2 {
		names, err := client.Names(t.Context(), citizens(2500))
		if err != nil || len(names) != 1250 {
			t.Fatal(len(names), err)
		}
	}
	for range 3 { // known ones cost no call
		if names, err := client.Names(t.Context(), citizens(1)); err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
	}
	now = now.Add(10 * time.Minute)
	if _, err := client.Names(t.Context(), citizens(1)); err != nil {
		t.Fatal(err)
	}
	want := []int{1000, 1000, 500, 1000, 250, 1} // the unknown ones are asked for again, the old ones too
	if len(service.asked) != len(want) {
		t.Fatalf("asked %v, want %v", service.asked, want)
	}
	for i := range want {
		if service.asked[i] != want[i] {
			t.Fatalf("asked %v, want %v", service.asked, want)
		}
	}
}

// Who has a session is known without asking, until the access token ends.
func TestWhoHasASessionIsKnown(t *testing.T) {
	t.Parallel()
	now := time.Now()
	clock := func() time.Time { return now }
	service := &registrar{now: clock}
	client := dial(t, service, identityclient.Config{Now: clock, MaxPersons: 2})
	ids := citizens(8)
	is := func(id civic.CitizenID, name string, asked int) {
		t.Helper()
		person, err := client.Person(t.Context(), id)
		if err != nil || person.Name != name || person.Phone == "" || service.persons != asked {
			t.Errorf("%+v, %v, asked %d times", person, err, service.persons)
		}
	}
	is(ids[2], "asked", 1)
	if _, err := client.Refresh(t.Context(), "\x02"); err != nil {
		t.Fatal(err)
	}
	is(ids[2], "told", 1)
	now = now.Add(time.Minute)
	is(ids[2], "asked", 2)
	if person, err := client.Person(t.Context(), ids[3]); err == nil || person != (identityclient.Person{}) {
		t.Errorf("a stranger is %+v", person)
	}
	for _, token := range []string{"\x02", "\x04", "\x06"} { // one more than there is room for
		if _, err := client.Refresh(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	is(ids[6], "told", 3)
	for _, id := range []civic.CitizenID{ids[2], ids[4]} {
		if _, err := client.Person(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	if service.persons != 4 {
		t.Errorf("asked %d times", service.persons)
	}
}

func TestMemoryForNamesIsBounded(t *testing.T) {
	t.Parallel()
	client := dial(t, new(registrar), identityclient.Config{MaxNames: 10})
	if names, err := client.Names(t.Context(), citizens(400)); err != nil || len(names) != 200 {
		t.Fatal(len(names), err)
	}
}

func TestAnswersAreChecked(t *testing.T) {
	t.Parallel()
	client := dial(t, new(registrar), identityclient.Config{})
	_, err := client.SignIn(t.Context(), identityclient.SignInInput{NationalID: "3273014503920001", Password: "x"})
	if _, border := errors.AsType[*civic.Error](err); err == nil || border {
		t.Errorf("a session of nobody: %v", err)
	}
	_, err = client.SignIn(t.Context(), identityclient.SignInInput{Email: "\xff"})
	if border, ok := errors.AsType[*civic.Error](err); !ok || border.Field != "email" {
		t.Errorf("text that is not UTF-8: %v", err)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	client, err := identityclient.New(identityclient.Config{Address: "unix://" + filepath.Join(t.TempDir(), "s")})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Keys(t.Context())
	if border, ok := errors.AsType[*civic.Error](err); !ok || border.Code != civic.CodeUnavailable || border.Key != "identity.unavailable" {
		t.Errorf("got %v", err)
	}
}

package identity

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/identity/db"
	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/notary"
	"github.com/jagawarga/jagawarga/internal/process"
)

// tokenFolder holds the keys of days, a file each (PKCS #8), until the day's tokens are worth nothing; and the seed of the log's key,
// which stays: redeemers have pinned its public half.
const (
	tokenFolder   = "tokens"
	tokenSuffix   = ".key"
	tokenLogFile  = "token-log.key"
	tokenPatience = 8 * time.Second // how long a caller waits for the first key of a new installation
	tokenRetry    = time.Second     // after a failure
)

// tokenKeys has one key for each day, the same for everybody. A key signs from when it stands in the log, and only on its own day. Keys
// are made a day ahead; processes that share the secrets directory share the keys.
type tokenKeys struct {
	cfg     Config
	queries *db.Queries
	notary  *notary.Notary

	mu      sync.Mutex
	issuers map[blindtoken.Day]*blindtoken.Issuer
	log     *blindtoken.Log // nil until the database has been read
	failing bool            // the last round did not come to its end: nobody need wait
	changed chan struct{}   // closed when any of these changes
}

func openTokenKeys(cfg Config, queries *db.Queries) (*tokenKeys, error) {
	seed, err := process.Secret(cfg.Secrets, tokenLogFile, ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	scribe, err := notary.New(seed, blindtoken.LogOrigin)
	if err != nil {
		return nil, fmt.Errorf("identity: token log: %w", err)
	}
	return &tokenKeys{
		cfg: cfg, queries: queries, notary: scribe,
		issuers: map[blindtoken.Day]*blindtoken.Issuer{}, changed: make(chan struct{}),
	}, nil
}

// run keeps today's key and tomorrow's until ctx ends. Tomorrow's waits for the second round: a start has better things to do.
func (k *tokenKeys) run(ctx context.Context) {
	for ahead := 0; ; ahead = 1 {
		err := k.keep(ctx, ahead)
		if ctx.Err() != nil {
			return
		}
		pause := k.cfg.TokenRound
		if err != nil {
			pause = min(pause, tokenRetry)
		}
		if err != nil && !k.failing { // which nobody else changes
			k.cfg.Log.ErrorContext(ctx, "keys of anonymous tokens", "error", err)
		}
		k.ended(err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// keep makes what is missing for today and the days ahead, publishes the log, and destroys the keys of days that are over. A day that
// fails does not keep others from going on.
func (k *tokenKeys) keep(ctx context.Context, ahead int) error {
	today := blindtoken.DayOf(k.cfg.Now())
	var failed []error
	for n := range ahead + 1 {
		day := today.Plus(n)
		issuer, err := k.file(ctx, day)
		if err == nil {
			err = k.queries.AppendTokenKey(ctx, db.AppendTokenKeyParams{Day: dateOf(day), KeyID: issuer.Public().ID()})
		}
		if err == nil {
			err = k.publish(ctx, today)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", day, err))
		}
	}
	return errors.Join(append(failed, k.destroy(blindtoken.OldestAt(k.cfg.Now())))...)
}

// file reads a day's key or makes it.
func (k *tokenKeys) file(ctx context.Context, day blindtoken.Day) (*blindtoken.Issuer, error) {
	return k.open(day, func() ([]byte, error) { return k.fresh(ctx) })
}

// old reads the key of a day that has one.
func (k *tokenKeys) old(day blindtoken.Day) (*blindtoken.Issuer, error) {
	return k.open(day, func() ([]byte, error) { return nil, fs.ErrNotExist })
}

func (k *tokenKeys) open(day blindtoken.Day, fresh func() ([]byte, error)) (*blindtoken.Issuer, error) {
	der, err := process.File(k.cfg.Secrets, tokenFolder+"/"+string(day)+tokenSuffix, fresh)
	if err != nil {
		return nil, err
	}
	return blindtoken.ParseIssuer(der)
}

// fresh makes a key, which takes seconds and cannot be broken off: at the end of ctx it is left to itself, and nothing comes of it.
func (k *tokenKeys) fresh(ctx context.Context) ([]byte, error) {
	type result struct {
		issuer *blindtoken.Issuer
		err    error
	}
	made := make(chan result, 1)
	go func() {
		issuer, err := k.cfg.NewTokenKey()
		made <- result{issuer, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-made:
		if r.err != nil {
			return nil, r.err
		}
		return r.issuer.DER()
	}
}

var errOtherTokenKey = errors.New("the log names another key for this day than the secrets directory holds: nobody gets tokens with it")

// publish reads the log from the database and takes into use what stands in it.
func (k *tokenKeys) publish(ctx context.Context, today blindtoken.Day) error {
	rows, err := k.queries.TokenKeys(ctx)
	if err != nil {
		return err
	}
	log := &blindtoken.Log{Verifier: k.notary.Verifier(), Entries: make([]string, 0, len(rows))}
	entries := make([]blindtoken.Entry, 0, len(rows))
	issuers := map[blindtoken.Day]*blindtoken.Issuer{}
	var failed error
	for _, row := range rows {
		entry := blindtoken.Entry{Day: blindtoken.Day(row.Day.Format(time.DateOnly)), KeyID: row.KeyID}
		entries, log.Entries = append(entries, entry), append(log.Entries, entry.String())
		if entry.Day < today.Plus(-1) {
			continue
		}
		issuer, err := k.old(entry.Day)
		if err == nil && issuer.Public().ID() != entry.KeyID {
			err = errOtherTokenKey
		}
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		issuers[entry.Day], log.Keys = issuer, append(log.Keys, issuer.Public().DER())
	}
	if log.Checkpoint, err = blindtoken.SignLog(k.notary, entries); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.issuers, k.log = issuers, log
	k.tell()
	return failed
}

// ended notes how a round ended.
func (k *tokenKeys) ended(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.failing = err != nil
	k.tell()
}

// tell wakes those who wait for a key. The caller holds the lock.
func (k *tokenKeys) tell() {
	close(k.changed)
	k.changed = make(chan struct{})
}

// destroy deletes the files of days before oldest: from then on nobody can forge what nobody would take any more.
func (k *tokenKeys) destroy(oldest blindtoken.Day) error {
	folder := filepath.Join(k.cfg.Secrets, tokenFolder)
	files, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = nil
	for _, file := range files {
		name, found := strings.CutSuffix(file.Name(), tokenSuffix)
		day, dayErr := blindtoken.ParseDay(name)
		if !found || dayErr != nil || day >= oldest {
			continue
		}
		if removeErr := os.Remove(filepath.Join(folder, file.Name())); !errors.Is(removeErr, fs.ErrNotExist) { // another process may be faster
			err = errors.Join(err, removeErr)
		}
	}
	return err
}

// today is the key that signs now. A caller waits a little for one that is being made.
func (k *tokenKeys) today(ctx context.Context) (*blindtoken.Issuer, blindtoken.Day, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenPatience)
	defer cancel()
	for {
		day := blindtoken.DayOf(k.cfg.Now())
		k.mu.Lock()
		issuer, changed, failing := k.issuers[day], k.changed, k.failing
		k.mu.Unlock()
		if issuer != nil {
			return issuer, day, nil
		}
		if failing {
			return nil, "", civic.Unavailable("tokens.preparing")
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, "", civic.Unavailable("tokens.preparing")
		}
	}
}

// published is the log; nil before the database has been read.
func (k *tokenKeys) published() *blindtoken.Log {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.log
}

// dateOf is a day as the database wants it.
func dateOf(day blindtoken.Day) time.Time {
	date, _ := time.Parse(time.DateOnly, string(day)) // a Day is well formed
	return date
}

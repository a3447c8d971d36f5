package up_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jagawarga/jagawarga/internal/figures"
	"github.com/jagawarga/jagawarga/up"
)

func TestThePostmasterIsKilledAndComesBack(t *testing.T) {
	t.Parallel()
	r := start(t, usedDir(t))
	if err := r.post("/notes", "acknowledged"); err != nil {
		t.Fatal(err)
	}
	// A backend in the middle of something outlives its postmaster and keeps the next one from starting, unless it is ended.
	asleep := make(chan error, 1)
	go func() {
		_, err := r.get("/sleep")
		asleep <- err
	}()
	eventually(t, "a busy backend", func() error {
		for _, title := range processesOn(t, filepath.Join(r.data, "postgres")) {
			if strings.Contains(title, "jagawarga_server core [local] SELECT") {
				return nil
			}
		}
		return errors.New("there is none")
	})
	before := r.postmaster()
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := <-asleep; err == nil {
		t.Error("the busy backend survived")
	}
	took := eventually(t, "the database is back", func() error { return r.post("/notes", "afterwards") })
	figures.Tell(t, "up: a killed PostgreSQL is back after %v", took)
	if notes, err := r.get("/notes"); err != nil || notes != "2" {
		t.Errorf("notes: %s, %v", notes, err)
	}
	if after := r.postmaster(); after == before {
		t.Error("it is the same postmaster")
	}
	// The broker never noticed.
	if err := r.post("/submissions", "all the while"); err != nil {
		t.Error(err)
	}
}

func TestAWalledServiceIsKilledAndComesBack(t *testing.T) {
	t.Parallel()
	r := start(t, usedDir(t))
	instance := r.instance()
	for name, address := range map[string]string{"identity": instance.Identity, "anonymizer": instance.Anonymizer} {
		before, _, err := r.walled(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		took := eventually(t, name+" is back", func() error {
			after, _, err := r.walled(address)
			if err == nil && after == before {
				return errors.New("it has not died yet")
			}
			return err
		})
		figures.Tell(t, "up: a killed %s is back after %v", name, took)
	}
}

func TestAWalledServiceKnowsOnlyWhatItNeeds(t *testing.T) {
	t.Parallel()
	r := start(t, usedDir(t), "JAGAWARGA_IDENTITY_REGISTRY=somewhere", "AWS_SECRET_ACCESS_KEY=of-somebody")
	instance := r.instance()
	_, identity, err := r.walled(instance.Identity)
	if err != nil {
		t.Fatal(err)
	}
	_, anonymizer, err := r.walled(instance.Anonymizer)
	if err != nil {
		t.Fatal(err)
	}
	for _, foreign := range []string{"NATS_URL=", "AWS_SECRET", "jagawarga_server", "jagawarga_identity_owner", "JAGAWARGA_DATA"} {
		if strings.Contains(identity, foreign) {
			t.Errorf("identity knows %s", foreign)
		}
	}
	for _, foreign := range []string{"DATABASE_URL=", "AWS_SECRET", "JAGAWARGA_IDENTITY", "server:", "JAGAWARGA_DATA"} {
		if strings.Contains(anonymizer, foreign) {
			t.Errorf("the anonymizer knows %s", foreign)
		}
	}
	for environment, own := range map[string]string{
		identity:   "JAGAWARGA_IDENTITY_REGISTRY=somewhere",
		anonymizer: "NATS_URL=nats://anonymizer:",
	} {
		if !strings.Contains(environment, own) {
			t.Errorf("%s is missing", own)
		}
	}
}

func TestAServiceThatFailsIsMadeAnew(t *testing.T) {
	t.Parallel()
	r := start(t, usedDir(t))
	if err := r.post("/crash", ""); err != nil {
		t.Fatal(err)
	}
	if err := r.post("/crash", ""); err != nil { // only a new one can take it
		t.Fatal(err)
	}
	if _, err := r.get("/readyz"); err != nil {
		t.Error(err)
	}
}

func TestKilledItTakesEverythingAlongAndLosesNothing(t *testing.T) {
	t.Parallel()
	data := usedDir(t)
	first := start(t, data)
	if err := first.post("/notes", "acknowledged"); err != nil {
		t.Fatal(err)
	}
	if err := first.post("/submissions", "acknowledged"); err != nil {
		t.Fatal(err)
	}
	first.kill()
	took := eventually(t, "everything is gone", nothingRunsOn(t, data))
	t.Logf("gone after %v", took)

	second := start(t, data)
	if notes, err := second.get("/notes"); err != nil || notes != "1" {
		t.Errorf("notes: %s, %v", notes, err)
	}
	if messages := submissions(t, second); messages != 1 {
		t.Errorf("%d submissions", messages)
	}
}

func TestALeftoverPostmasterIsStopped(t *testing.T) {
	t.Parallel()
	data := usedDir(t)
	first := start(t, data)
	postmaster := first.postmaster()
	// Stopped, it cannot follow the kernel's signal when we die: as if it had been started by something else.
	if err := syscall.Kill(postmaster, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	first.kill()
	if err := nothingRunsOn(t, data)(); err == nil {
		t.Fatal("there is no leftover to test with")
	}
	second := start(t, data)
	t.Logf("start over a leftover %v", second.took)
	if after := second.postmaster(); after == postmaster {
		t.Error("it is the leftover itself")
	}
	if err := second.post("/notes", "works"); err != nil {
		t.Error(err)
	}
}

func TestAStrangerWithTheOldProcessNumberIsLeftAlone(t *testing.T) {
	t.Parallel()
	data := usedDir(t)
	first := start(t, data)
	first.kill()
	eventually(t, "everything is gone", nothingRunsOn(t, data))
	// The number in the stale file now belongs to somebody else: this test.
	stale := fmt.Sprintf("%d\n%s\n1\n5432\n\n\n0 0\nready\n", os.Getpid(), data)
	if err := os.WriteFile(filepath.Join(data, "postgres", "cluster", "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	second := start(t, data)
	if err := second.post("/notes", "works"); err != nil {
		t.Error(err)
	}
}

func TestACutOffFirstStartIsBegunAgain(t *testing.T) {
	t.Parallel()
	data := shortDir(t)
	first, _ := launch(t, data)
	eventually(t, "the cluster is being made", func() error {
		_, err := os.Stat(filepath.Join(data, "postgres", "cluster.new", "base"))
		return err
	})
	first.kill()
	eventually(t, "everything is gone", nothingRunsOn(t, data))
	second := start(t, data)
	if err := second.post("/notes", "works"); err != nil {
		t.Error(err)
	}
}

func TestTheSecondSignalEndsItAtOnce(t *testing.T) {
	t.Parallel()
	data := usedDir(t)
	r := start(t, data)
	postmaster := r.postmaster()
	if err := syscall.Kill(postmaster, syscall.SIGSTOP); err != nil { // its shutdown now takes all the time there is
		t.Fatal(err)
	}
	for range 2 {
		_ = r.command.Process.Signal(syscall.SIGTERM)
		eventually(t, "the server has stopped", func() error {
			if _, err := http.Get(r.url + "/readyz"); err == nil {
				return errors.New("it answers")
			}
			return nil
		})
	}
	r.wait()
	if code := r.command.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	if err := syscall.Kill(postmaster, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	eventually(t, "everything is gone", nothingRunsOn(t, data))
}

func TestAStopThatMeetsAHangingDatabaseIsInTime(t *testing.T) {
	t.Parallel()
	data := usedDir(t)
	r := start(t, data)
	if err := syscall.Kill(r.postmaster(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	figures.Tell(t, "up: stopped in %v though the database hung", r.stop())
	if err := nothingRunsOn(t, data)(); err != nil {
		t.Errorf("still running: %v", err)
	}
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	r := start(t, usedDir(t))
	cfg, err := up.Admin(r.data)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(cfg.NATSURL, "nats://admin:") || !strings.HasPrefix(cfg.DatabaseURL, "postgres://jagawarga_owner:") {
		t.Error("the administrator's addresses are others'")
	}
	if cfg.Listen != strings.TrimPrefix(r.url, "http://") {
		t.Errorf("the server is said to be on %s, it is on %s", cfg.Listen, r.url)
	}
}

package blindtoken_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
	"github.com/jagawarga/jagawarga/internal/blindtoken/testkey"
)

// browser is the library that browsers use, run by node: one request a line, one answer a line. Bytes travel as they do in GraphQL.
type browser struct {
	in  *json.Encoder
	out *bufio.Scanner
}

type message map[string]string

const interop = "testdata/interop"

// install fetches the library as locked, once for all tests.
var install = sync.OnceValue(func() error {
	if _, err := os.Stat(filepath.Join(interop, "node_modules")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	npm := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	npm.Dir = interop
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return nil
})

func openBrowser(t *testing.T) *browser {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute) // outlives the test, whose end closes its input
	t.Cleanup(cancel)
	node := exec.CommandContext(ctx, "node", "browser.mjs")
	node.Dir, node.Stderr = interop, os.Stderr
	in, err1 := node.StdinPipe()
	out, err2 := node.StdoutPipe()
	if err := errors.Join(err1, err2, node.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := node.Wait(); err != nil {
			t.Errorf("node: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	return &browser{json.NewEncoder(in), lines}
}

func (b *browser) ask(t *testing.T, question message) message {
	t.Helper()
	if err := b.in.Encode(question); err != nil {
		t.Fatal(err)
	}
	if !b.out.Scan() {
		t.Fatalf("no answer: %v", b.out.Err())
	}
	var answer message
	if err := json.Unmarshal(b.out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if answer["error"] != "" {
		t.Fatalf("%s: %s", question["do"], answer["error"])
	}
	return answer
}

var wire = base64.RawURLEncoding.Strict()

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	decoded, err := wire.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// The browser's library blinds and finalizes, we sign and verify.
func TestTheBrowserDrawsATokenFromUs(t *testing.T) {
	t.Parallel()
	issuer, b := testkey.Issuer(0), openBrowser(t)
	drawn := b.ask(t, message{"do": "blind", "publicKey": wire.EncodeToString(issuer.Public().DER()), "suite": blindtoken.Suite})
	blindSignature, err := issuer.Sign(bytesOf(t, drawn["blinded"]))
	if err != nil {
		t.Fatal(err)
	}
	token := b.ask(t, message{"do": "finalize", "blindSignature": wire.EncodeToString(blindSignature)})
	if err := issuer.Public().Verify(bytesOf(t, token["message"]), bytesOf(t, token["signature"])); err != nil {
		t.Error(err)
	}
}

// We blind and finalize, the browser's library signs and verifies.
func TestWeDrawATokenFromTheBrowser(t *testing.T) {
	t.Parallel()
	issuer, b := testkey.Issuer(1), openBrowser(t)
	private, err := issuer.DER()
	if err != nil {
		t.Fatal(err)
	}
	key := issuer.Public()
	prepared, err := key.Prepare(rand.Reader, []byte("content"))
	if err != nil {
		t.Fatal(err)
	}
	blinded, blinding, err := key.Blind(rand.Reader, prepared)
	if err != nil {
		t.Fatal(err)
	}
	signed := b.ask(t, message{"do": "sign", "privateKey": wire.EncodeToString(private), "blinded": wire.EncodeToString(blinded)})
	signature, err := blinding.Finalize(bytesOf(t, signed["blindSignature"]))
	if err != nil {
		t.Fatal(err)
	}
	answer := b.ask(t, message{
		"do": "verify", "publicKey": wire.EncodeToString(key.DER()),
		"message": wire.EncodeToString(prepared), "signature": wire.EncodeToString(signature),
	})
	if answer["holds"] != "true" {
		t.Error("the browser does not believe our token")
	}
}

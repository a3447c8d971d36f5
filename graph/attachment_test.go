package graph_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jagawarga/jagawarga/civic"
	"github.com/jagawarga/jagawarga/internal/coretest"
	"github.com/jagawarga/jagawarga/migrations/roles"
)

// paper is the least that passes for a PDF, with something in it.
func paper(content string) civic.Upload {
	return civic.NewUpload([]byte("%PDF-1.7\n" + content + "\n%%EOF\n"))
}

const attach = `mutation($r: ID!, $f: Upload!, $n: String!) { attachFile(report: $r, file: $f, name: $n) { id name contentType byteSize url author { id } } }`

// What a department attaches is its own: on a public report, too, nobody else is shown it, and no plain link leads to it.
func TestAttachments(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	own, stranger := c.Officer("jalan"), c.Officer("kesehatan")
	report := c.File()
	f := newFace(t, c, plan{media: keeper(t)})
	before := c.Count("SELECT count(*) FROM timeline") + c.Count("SELECT count(*) FROM outbox")
	pdf := f.ask(t, own, attach, map[string]any{"r": report.ID.String(), "f": paper("x"), "n": "Surat tugas.pdf"}).fine()
	picture := f.ask(t, own, attach, map[string]any{"r": report.ID.String(), "f": drawn(t), "n": "Denah"}).fine()
	if pdf.at("attachFile.contentType") != "application/pdf" || picture.at("attachFile.contentType") != "image/png" || pdf.at("attachFile.author.id") != own.Officer.String() {
		t.Errorf("%v, %v", pdf.Data, picture.Data)
	}
	for _, got := range []answer{pdf, picture} {
		if url := got.at("attachFile.url").(string); !strings.Contains(url, "signature=") {
			t.Errorf("a plain link: %s", url)
		}
	}
	if c.Count("SELECT count(*) FROM timeline")+c.Count("SELECT count(*) FROM outbox") != before || c.Count("SELECT count(*) FROM audit WHERE action = 'attach_file'") != 2 {
		t.Error("somebody is told, or the audit is not")
	}
	const all, node = `query($r: ID!) { report(id: $r) { id media { id } attachments { id name url } } }`, `query($id: ID!) { node(id: $id) { id ... on Attachment { name url } } }`
	if names := listed(f.ask(t, own, all, map[string]any{"r": report.ID.String()}).fine().at("report.attachments"), "name"); len(names) != 2 || names[0] != "Surat tugas.pdf" {
		t.Errorf("%v", names)
	}
	f.ask(t, own, node, map[string]any{"id": pdf.at("attachFile.id")}).fine()
	for _, walls := range []plan{{}, {noDirectives: true}, {noRows: true}} {
		f := newFace(t, c, walls)
		for _, p := range []civic.Principal{stranger, coretest.Citizen("budi"), {}} {
			if got := f.ask(t, p, all, map[string]any{"r": report.ID.String()}); len(listed(got.at("report.attachments"), "id"))+len(listed(got.at("report.media"), "id")) != 0 {
				t.Errorf("%+v: %s is shown them: %v", walls, p.Role, got.Data)
			}
			if code, _ := f.ask(t, p, node, map[string]any{"id": pdf.at("attachFile.id")}).refusal(); code != "NOT_FOUND" {
				t.Errorf("%+v: %s finds one: %q", walls, p.Role, code)
			}
		}
	}
	// The sweeper leaves them alone, and everybody's pool does not know them.
	var blob string
	if err := c.Admin.QueryRow(t.Context(), "SELECT blob FROM attachments WHERE content_type = 'application/pdf'").Scan(&blob); err != nil {
		t.Fatal(err)
	}
	if used := must[[]string](t)(c.Store(roles.Ingest).BlobsInUse(t.Context(), []string{blob, "none"})); len(used) != 1 {
		t.Errorf("in use: %v", used)
	}
	if must[bool](t)(c.Store(roles.Server).PublicBlob(t.Context(), blob)) {
		t.Error("everybody may see it")
	}
}

func TestWhatIsNoAttachment(t *testing.T) {
	t.Parallel()
	c := coretest.New(t)
	own, report := c.Officer("jalan"), c.File()
	f := newFace(t, c, plan{media: keeper(t)})
	film, err := os.ReadFile(filepath.Join("..", "anonymizer", "strip", "testdata", "films", "phone.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	for what, w := range map[string]struct {
		file        civic.Upload
		name, field string
	}{
		"a film":       {civic.NewUpload(film), "x", "file"},
		"cut":          {civic.NewUpload([]byte("%PDF-1.7 and no more")), "x", "file"},
		"a program":    {civic.NewUpload([]byte("#!/bin/sh")), "x", "file"},
		"nothing":      {civic.NewUpload(nil), "x", "file"},
		"too big":      {paper(string(bytes.Repeat([]byte("x"), civic.MaxAttachment))), "x", "file"},
		"without name": {paper("x"), " ", "name"},
		"a page":       {civic.NewUpload([]byte("<html>%PDF-1.7 %%EOF")), "x", "file"},
	} {
		got := f.ask(t, own, attach, map[string]any{"r": report.ID.String(), "f": w.file, "n": w.name})
		if code, field := got.refusal(); code != "INVALID_INPUT" || field != w.field {
			t.Errorf("%s: %s %s", what, code, field)
		}
	}
	for range civic.MaxAttachments {
		f.ask(t, own, attach, map[string]any{"r": report.ID.String(), "f": paper("x"), "n": "x"}).fine()
	}
	if code, _ := f.ask(t, own, attach, map[string]any{"r": report.ID.String(), "f": paper("x"), "n": "x"}).refusal(); code != "CONFLICT" {
		t.Errorf("one too many: %q", code)
	}
}

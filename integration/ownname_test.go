package integration

import (
	"strings"
	"testing"
)

// Who files with an account is known to the server, and taken out of the report there, also where no rule would see that it is the
// reporter. The preview tells the same, and only to the same person.
func anAnonymousReportHidesItsReporter(t *testing.T, city *System) {
	who := people(t).Citizens[41]
	citizen, officer := city.Citizen(t, 41), city.Officer(t, "inspektorat")
	hidden := "0" + who.Phone[3:6] + " lalu " + who.Phone[6:9] + " lalu " + who.Phone[9:]
	input := anonymousDraft(t, city, "\U0001f600 Waktu itu "+strings.ToUpper(who.Name)+" ditagih lagi. Petugas mencatat "+hidden+" begitu. Lurah Hartono tahu.")
	input["title"] = canary + " Berkas " + who.Name + " hilang"
	filed := citizen.files(t, input)
	const want = "\U0001f600 Waktu itu [nama pelapor dihapus] ditagih lagi. Petugas mencatat [telepon dihapus] begitu. Lurah Hartono tahu."
	if filed.At("body").Text() != want {
		t.Errorf("it is stored as %v", filed.At("body"))
	}
	points := []rune(input["body"].(string))
	for i, text := range []string{strings.ToUpper(who.Name), hidden} {
		span := filed.At("removed").Items()[i]
		if covered := string(points[int(span.At("start").Number()):int(span.At("end").Number())]); covered != text || span.At("text").Text() != text {
			t.Errorf("%v covers %q, want %q", span, covered, text)
		}
	}
	report := city.Stranger().Must(t, followAnonymous, Vars{"receipt": filed.At("receipt").Text()}).At("anonymousReport.report.id").Text()
	seen := officer.Sees(t, report)
	if told := seen.String(); !strings.Contains(told, "Berkas [nama pelapor dihapus] hilang") || strings.Contains(strings.ToLower(told), strings.ToLower(who.Name)) {
		t.Errorf("the officer sees %s", told)
	}

	const preview = `query($t:String!,$k:[String!]){previewAnonymization(text:$t,keep:$k){text removed{kind start end text}}}`
	shown := citizen.Must(t, preview, Vars{"t": input["body"]}).At("previewAnonymization")
	if shown.At("text").Text() != want || len(shown.At("removed").Items()) != 2 {
		t.Errorf("the preview %v is not what is stored, %v", shown, filed)
	}
	kept := citizen.Must(t, preview, Vars{"t": input["body"], "k": []string{strings.ToUpper(who.Name)}}).At("previewAnonymization.text").Text()
	if !strings.Contains(kept, strings.ToUpper(who.Name)) {
		t.Errorf("what was to be kept is gone: %s", kept)
	}
	for name, caller := range map[string]*Caller{"a stranger": city.Stranger(), "another citizen": city.Citizen(t, 42), "an officer": officer} {
		if shown := caller.Must(t, preview, Vars{"t": input["body"]}).At("previewAnonymization.text").Text(); !strings.Contains(shown, strings.ToUpper(who.Name)) {
			t.Errorf("%s learns who files: %s", name, shown)
		}
	}
}

// namesAreKnownWithoutIdentity files while identity is down. The server that has seen the session opened knows whom to hide; another one
// files nothing, for it would file it with the name.
func namesAreKnownWithoutIdentity(t *testing.T, known, unknown *Caller) {
	name := people(t).Citizens[96].Name
	input := anonymousDraft(t, known.System, canary+" Waktu itu "+name+" ditagih lagi.")
	filed := known.Must(t, submitAnonymous, Vars{"input": input}).At("submitAnonymousReport")
	if filed.At("body").Text() != canary+" Waktu itu [nama pelapor dihapus] ditagih lagi." {
		t.Errorf("it is filed as %v", filed)
	}
	unknown.Refused(t, "UNAVAILABLE", "", submitAnonymous, Vars{"input": input})
	unknown.Refused(t, "UNAVAILABLE", "", `query($t:String!){previewAnonymization(text:$t){text}}`, Vars{"t": input["body"]})
}

package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/guestward/guestward/policies"
)

// TestPeersAreNamed holds that whoever reads a report sees whose snapshots it rests on.
func TestPeersAreNamed(t *testing.T) {
	r := fixture()
	when := time.Date(2026, 11, 18, 9, 0, 0, 0, time.FixedZone("", 3600))
	r.Peers = []Peer{
		{Tenant{ID: "22222222-2222-3333-4444-555555555555", Name: hostile}, Snapshot{Name: "fabrikam.json", SHA256: strings.Repeat("0", 64), CollectedAt: when}},
		{Tenant{ID: "33333333-2222-3333-4444-555555555555"}, Snapshot{Name: "adatum/"}},
	}
	doc := jsonReport(t, r)
	validate(t, SchemaJSON, doc)
	for _, want := range []string{`"peers": [`, `"id": "22222222-2222-3333-4444-555555555555"`, `"name": "fabrikam.json"`, `"collectedAt": "2026-11-18T08:00:00Z"`} {
		if !strings.Contains(string(doc), want) {
			t.Errorf("JSON does not say %s", want)
		}
	}
	var b bytes.Buffer
	if err := Table(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{
		"(22222222-2222-3333-4444-555555555555): fabrikam.json, collected 2026-11-18 08:00 UTC",
		"peer 33333333-2222-3333-4444-555555555555: adatum/, collected at an unknown time",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not say %q", want)
		}
	}
	if strings.ContainsAny(b.String(), "\x1b\u202E\x07") {
		t.Error("the name of a peer is not harmless")
	}
}

func TestARuleSaysWhatItReadsOfPeers(t *testing.T) {
	c, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	settings, err := c.Settings("")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"CTS-007": true, "CTS-005": false} {
		rule, _ := c.Rule(id)
		var text, doc bytes.Buffer
		if err := Explain(&text, rule, settings, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := ExplainJSON(&doc, []*policies.Rule{rule}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), "--peer:") != want || strings.Contains(doc.String(), `"peer": [`) != want {
			t.Errorf("%s: %s%s", id, text.String(), doc.String())
		}
	}
}

package report

import (
	"bytes"
	"os"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

func TestPartnersTable(t *testing.T) {
	c, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	register, err := os.ReadFile("../testdata/settings/messy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	settings, err := c.Settings("", policies.SettingsFile{Name: "messy.yaml", Data: register})
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Open("../testdata/tenants/messy.json")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m, err := policies.Partners(s, settings)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Partners(&b, m, Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "partners.txt", b.Bytes())
}

package snapshot

import (
	"strings"
	"testing"
)

const small = `{
  "collection": {"schemaVersion": 1, "collectedAt": "2026-11-20T08:00:00Z"},
  "entra": {
    "authorizationPolicy": {"allowInvitesFrom": "everyone"}
  },
  "guests": [
    {"id": "a", "displayName": "Zoë 🙂", "mail": "a@example.org"},
    {"id": "b", "mail": null}
  ]
}
`

func TestOpenLocatesValues(t *testing.T) {
	s, err := OpenBytes("small.json", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path  Path
		want  string
		line  int
		exact bool
	}{
		{Path{"entra", "authorizationPolicy", "allowInvitesFrom"}, `"everyone"`, 4, true},
		{Path{"entra", "authorizationPolicy"}, `"authorizationPolicy"`, 4, true},
		{Path{"entra", "authorizationPolicy", "absent", "deeper"}, `"authorizationPolicy"`, 4, false},
		{Path{"entra", "absent"}, `"entra"`, 3, false},
		{Path{"guests"}, `"guests"`, 6, true},
	} {
		loc := s.Locate(test.path)
		line := strings.Split(small, "\n")[loc.Start.Line-1]
		if got := line[loc.Start.Column-1 : loc.End.Column-1]; got != test.want || loc.Exact != test.exact {
			t.Errorf("%s: %v = %s, want %s", test.path.Pointer(), loc, got, test.want)
		}
	}
	for c, err := range s.Chunks("guests") {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DecodeChunk(c, discard{}); err != nil {
			t.Fatal(err)
		}
		loc := c.Locator().Locate(Path{0, "mail"})
		// Zoë is one unit a letter, the face two: 1-based column 50.
		if loc.Start != (Position{7, 50}) || loc.End != (Position{7, 65}) {
			t.Errorf("mail at %v", loc)
		}
		t.Log(c.Locator().Locate(Path{1}), c.Locator().Locate(Path{1, "nothing"}), c.Locator().Locate(Path{1, "mail"}))
	}
}

package policies

import (
	"slices"
	"testing"
)

func TestRequirementPaths(t *testing.T) {
	for text, want := range map[string][]string{
		"entra.authorizationPolicy.allowInvitesFrom": {"entra.authorizationPolicy.allowInvitesFrom"},
		"sharePoint.tenant.WhoCanShare?":             {"sharePoint.tenant.WhoCanShare"},
		"teams.meetingPolicies[].AutoAdmittedUsers":  {"teams.meetingPolicies.AutoAdmittedUsers"},
		"a.b[].c? | d[] | e":                         {"a.b.c", "d", "e"},
	} {
		r, err := parseRequirement(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Paths(); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

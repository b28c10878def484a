package access

import (
	"strings"
	"testing"
)

const (
	strong    = `"grantControls": {"operator": "OR", "authenticationStrength": {"id": "s", "allowedCombinations": ["fido2"]}}`
	mfaDevice = `"grantControls": {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}`
	managed   = `"grantControls": {"operator": "OR", "builtInControls": ["compliantDevice", "domainJoinedDevice"]}`
	both      = `"grantControls": {"operator": "AND", "builtInControls": ["mfa", "compliantDevice"], "termsOfUse": ["t"]}`
	change    = `"grantControls": {"operator": "OR", "builtInControls": ["mfa", "passwordChange"]}`

	notGroup  = `"users": {"includeUsers": ["All"], "excludeGroups": ["g"]}`
	notGuests = `"users": {"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]}`
	partners  = `"users": {"includeUsers": ["All"], "excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest", "externalTenants": {"membershipKind": "enumerated", "members": ["f"]}}}`
)

// TestExclusions tries what leaving somebody out comes to.
func TestExclusions(t *testing.T) {
	for _, c := range []struct {
		name     string
		policies []string
		scope    Scope
		lacks    string
		verdict  string
		text     string
	}{
		{
			name:     "a group of guests is left out",
			policies: []string{policyJSON("MFA", mfa, notGroup, allApps, clients)},
			verdict:  VerdictHole, text: "excludes group 'Friends', 1 account",
		}, {
			name: "another policy asks them for the same",
			policies: []string{
				policyJSON("MFA", mfa, notGroup, allApps, clients),
				policyJSON("MFA of friends", strong, `"users": {"includeGroups": ["g"]}`, allApps, clients),
			},
			verdict: VerdictUnknown, text: "strength", // whether it is enforced on everybody is not documented
		}, {
			name: "another policy asks them for less",
			policies: []string{
				policyJSON("Block", block, notGroup, allApps, clients),
				policyJSON("MFA", mfa, everyone, allApps, clients),
			},
			verdict: VerdictHole, text: "excludes group 'Friends', 1 account",
		}, {
			name: "another policy asks them for more",
			policies: []string{
				policyJSON("MFA", mfa, notGroup, allApps, clients),
				policyJSON("Block", block, everyone, allApps, clients),
			},
			verdict: VerdictCovered,
		}, {
			name:     "an account that may be left out",
			policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeUsers": ["ann"]}`, allApps, clients)},
			scope:    Scope{AcceptUsers: []string{"Ann"}},
			verdict:  VerdictCovered,
		}, {
			name:     "a role that a guest holds",
			policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeRoles": ["role"]}`, allApps, clients)},
			verdict:  VerdictHole, text: "excludes role 'Reader', 1 account",
		}, {
			name:     "managed devices are nothing that guests have",
			policies: []string{policyJSON("Device", managed, notGuests, allApps, clients)},
			verdict:  VerdictCovered,
		}, {
			name:     "MFA or a device",
			policies: []string{policyJSON("Either", mfaDevice, notGuests, allApps, clients)},
			verdict:  VerdictHole, text: "excludes all guests and external users",
		}, {
			name: "MFA and terms, of which another asks one",
			policies: []string{
				policyJSON("Both", both, notGuests, allApps, clients),
				policyJSON("MFA", mfa, everyone, allApps, clients),
			},
			verdict: VerdictHole, text: "client: browser, mobileAppsAndDesktopClients",
		}, {
			name:     "who changes the password need not have MFA",
			policies: []string{policyJSON("Change", change, notGuests, allApps, clients)},
			verdict:  VerdictCovered,
		}, {
			name:     "partners that a block leaves out are an allow-list",
			policies: []string{policyJSON("Partners only", block, partners, allApps, clients)},
			verdict:  VerdictCovered,
		}, {
			name:     "partners that MFA leaves out are a gap",
			policies: []string{policyJSON("MFA", mfa, partners, allApps, clients)},
			verdict:  VerdictHole, text: "excludes b2bCollaborationGuest of tenants f",
		}, {
			name:     "who is in the group is not known",
			policies: []string{policyJSON("MFA", mfa, notGroup, allApps, clients)},
			lacks:    "groups",
			verdict:  VerdictUnknown, text: "may exclude group 'g'",
		}, {
			name:     "a policy that is off",
			policies: []string{strings.Replace(policyJSON("MFA", mfa, notGroup, allApps, clients), `"enabled"`, `"disabled"`, 1)},
			verdict:  VerdictCovered,
		}, {
			name:     "a search without steps",
			policies: []string{policyJSON("MFA", mfa, notGroup, allApps, clients)},
			scope:    Scope{Budget: Budget{Steps: 1}},
			verdict:  VerdictUnknown, text: "the search took more steps",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := caseDocument(t, c.policies, `"guests": [{"id": "ann", "userPrincipalName": "ann_f.example#EXT#@c.example", "userType": "Guest"}],
				"groups": [{"id": "g", "displayName": "Friends", "externalMembers": ["ann"]}],
				"roles": {"definitions": [{"id": "role", "displayName": "Reader", "isBuiltIn": true}], "assignments": [{"id": "1", "principalId": "ann", "roleDefinitionId": "role"}]}`)
			if c.lacks != "" {
				doc[c.lacks] = nil
			}
			tenant, err := New(FromDocument(doc))
			if err != nil {
				t.Fatal(err)
			}
			list, err := tenant.Exclusions(&c.scope)
			if err != nil {
				t.Fatal(err)
			}
			a := &Answer{Verdict: VerdictCovered}
			for _, one := range list {
				a.Add(one.Answer)
			}
			if text := inWords(a) + a.Reason; a.Verdict != c.verdict || !strings.Contains(text, c.text) {
				t.Errorf("expected %s with %q, got %s%s", c.verdict, c.text, a.Verdict, text)
			}
		})
	}
}

// TestReferences tries each kind of thing that policies name.
func TestReferences(t *testing.T) {
	users := `"users": {"includeUsers": ["All", "ann", "boss"], "excludeUsers": ["who"], "includeGroups": ["g"], "excludeGroups": ["gone"], "includeRoles": ["role"], "excludeRoles": ["norole"]}`
	apps := `"applications": {"includeApplications": ["All", "own"], "excludeApplications": ["Office365", "noapp", "00000003-0000-0ff1-ce00-000000000000"]}`
	places := `"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted", "hq", "nowhere"]}`
	more := `"guests": [{"id": "ann", "userPrincipalName": "ann_f.example#EXT#@c.example", "userType": "Guest"}],
		"groups": [{"id": "g", "displayName": "Friends", "externalMembers": ["ann"]}],
		"applications": {"servicePrincipals": [{"id": "1", "appId": "own", "displayName": "Invoices"}]},
		"conditionalAccess.namedLocations": [` + hq + `],
		"roles": {"definitions": [{"id": "role", "displayName": "Reader", "isBuiltIn": true}], "assignments": [{"id": "1", "principalId": "boss", "principal": {"id": "boss"}, "roleDefinitionId": "role"}]}`
	policies := []string{policyJSON("P", mfa, users, apps, places, clients)}
	states := func(doc map[string]any) map[string]string {
		tenant, err := New(FromDocument(doc))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, r := range tenant.References() {
			got[r.Kind+" "+r.Name] = r.State
			if want := map[string]int{"g": 1}[r.ID]; doc["groups"] != nil && r.ExternalMembers != want {
				t.Errorf("%s has %d external members", r.ID, r.ExternalMembers)
			}
		}
		return got
	}
	check := func(got, want map[string]string) {
		t.Helper()
		for what, state := range want {
			if got[what] != state {
				t.Errorf("%s is %q, expected %q", what, got[what], state)
			}
		}
	}
	doc := caseDocument(t, policies, more)
	got := states(doc)
	if len(got) != 12 {
		t.Errorf("%d references: %v", len(got), got)
	}
	check(got, map[string]string{
		"user ann": "exists", "user boss": "exists", "user who": "unknown", "group Friends": "exists", "group gone": "deleted",
		"role Reader": "exists", "role norole": "deleted", "app Invoices": "exists", "app noapp": "deleted",
		"app Office 365 SharePoint Online": "exists", "location HQ": "exists", "location nowhere": "deleted",
	})
	doc["groups"], doc["roles"], doc["applications"] = nil, nil, nil
	delete(doc["conditionalAccess"].(map[string]any), "namedLocations")
	check(states(doc), map[string]string{
		"group gone": "unknown", "role norole": "unknown", "role role": "unknown", "app noapp": "unknown", "location nowhere": "unknown",
		"app Office 365 SharePoint Online": "exists",
	})
}

package access

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the expected explanations")

const (
	everyone = `"users": {"includeUsers": ["All"]}`
	allApps  = `"applications": {"includeApplications": ["All"]}`
	clients  = `"clientAppTypes": ["all"]`
	mfa      = `"grantControls": {"operator": "OR", "builtInControls": ["mfa"]}`
	block    = `"grantControls": {"operator": "OR", "builtInControls": ["block"]}`
)

// policyJSON writes an enabled policy out of its conditions and the rest.
func policyJSON(name, rest string, conditions ...string) string {
	return fmt.Sprintf(`{"id": %q, "displayName": %q, "state": "enabled", "conditions": {%s}, %s}`, "id of "+name, name, strings.Join(conditions, ", "), rest)
}

const hq = `{"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "hq", "displayName": "HQ", "isTrusted": true, "ipRanges": [{"cidrAddress": "198.51.100.0/24"}, {"cidrAddress": "2001:db8::/32"}]}`

// cases are tenants with a question and the answer that the semantics of Conditional Access give, worked out by hand.
var cases = []struct {
	name     string
	policies []string
	more     string // further sections
	question Question
	verdict  string
	text     string // that the explanation must have
}{
	{
		name:     "security info is a resource of its own",
		policies: []string{policyJSON("MFA", mfa, everyone, allApps, clients)},
		question: Question{Require: []string{"mfa"}, Resources: Resources{Actions: []string{"urn:user:registersecurityinfo"}}},
		verdict:  VerdictHole, text: "is not for urn:user:registersecurityinfo",
	}, {
		name:     "security info behind MFA",
		policies: []string{policyJSON("MFA", mfa, everyone, `"applications": {"includeUserActions": ["urn:user:registersecurityinfo"]}`, clients)},
		question: Question{Require: []string{"mfa"}, Resources: Resources{Actions: []string{"urn:user:registersecurityinfo"}}},
		verdict:  VerdictCovered,
	}, {
		name:     "registering a device ignores clients and devices",
		policies: []string{policyJSON("MFA", mfa, everyone, `"applications": {"includeUserActions": ["urn:user:registerdevice"]}`, `"clientAppTypes": ["browser"]`, `"devices": {"deviceFilter": {"mode": "include", "rule": "device.model -eq \"X\""}}`)},
		question: Question{Require: []string{"mfa"}, Resources: Resources{Actions: []string{"urn:user:registerdevice"}}},
		verdict:  VerdictCovered,
	}, {
		name:     "an authentication context never counts for every app",
		policies: []string{policyJSON("MFA for c1", mfa, everyone, `"applications": {"includeAuthenticationContextClassReferences": ["c1"]}`, clients)},
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictHole, text: "is for no application",
	}, {
		name:     "IPv6 is a way around a range of IPv4",
		policies: []string{policyJSON("MFA outside", mfa, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["v4"]}`)},
		more:     `"conditionalAccess.namedLocations": [{"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "v4", "displayName": "v4", "ipRanges": [{"cidrAddress": "0.0.0.0/1"}, {"cidrAddress": "128.0.0.0/1"}]}]`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictHole, text: "location: named location 'v4'",
	}, {
		name: "two halves of the Internet and IPv6 are everywhere",
		policies: []string{
			policyJSON("MFA inside", mfa, everyone, allApps, clients, `"locations": {"includeLocations": ["v4"]}`),
			policyJSON("MFA on IPv6", mfa, everyone, allApps, clients, `"locations": {"includeLocations": ["v6"]}`),
		},
		more: `"conditionalAccess.namedLocations": [
			{"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "v4", "displayName": "v4", "ipRanges": [{"cidrAddress": "0.0.0.0/1"}, {"cidrAddress": "128.0.0.0/1"}]},
			{"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "v6", "displayName": "v6", "ipRanges": [{"cidrAddress": "::/0"}]}]`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictCovered,
	}, {
		name:     "an unknown country is no listed one",
		policies: []string{policyJSON("Block abroad", block, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["home"]}`)},
		more:     `"conditionalAccess.namedLocations": [{"@odata.type": "#microsoft.graph.countryNamedLocation", "id": "home", "displayName": "Home", "countriesAndRegions": ["CH"], "includeUnknownCountriesAndRegions": true}]`,
		question: Question{Require: []string{"block"}, Locations: &Outside{Countries: []string{"CH"}}},
		verdict:  VerdictHole, text: "location: named location 'Home'",
	}, {
		name:     "a country without unknown ones",
		policies: []string{policyJSON("Block abroad", block, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["home"]}`)},
		more:     `"conditionalAccess.namedLocations": [{"@odata.type": "#microsoft.graph.countryNamedLocation", "id": "home", "displayName": "Home", "countriesAndRegions": ["CH"], "includeUnknownCountriesAndRegions": false}]`,
		question: Question{Require: []string{"block"}, Locations: &Outside{Countries: []string{"CH"}}},
		verdict:  VerdictCovered,
	}, {
		name:     "a position by GPS is not the country of the address",
		policies: []string{policyJSON("Block abroad", block, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["gps"]}`)},
		more:     `"conditionalAccess.namedLocations": [{"@odata.type": "#microsoft.graph.countryNamedLocation", "id": "gps", "displayName": "GPS", "countryLookupMethod": "authenticatorAppGps", "countriesAndRegions": ["CH"]}]`,
		question: Question{Require: []string{"block"}, Locations: &Outside{Countries: []string{"CH"}}},
		verdict:  VerdictHole, text: "named location 'GPS'",
	}, {
		name:     "the compliant network is a place",
		policies: []string{policyJSON("Block elsewhere", block, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["3d46dbda-8382-466a-856d-eb00cbc6b910"]}`)},
		question: Question{Require: []string{"block"}},
		verdict:  VerdictHole, text: "all compliant network locations",
	}, {
		name:     "a named location that is gone",
		policies: []string{policyJSON("MFA outside", mfa, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["gone"]}`)},
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictUnknown, text: "excludes gone",
	}, {
		name:     "easSupported is a part of Exchange ActiveSync",
		policies: []string{policyJSON("Block legacy", block, everyone, allApps, `"clientAppTypes": ["easSupported", "other"]`)},
		question: Question{Require: []string{"block"}, Clients: []string{"exchangeActiveSync", "easSupported", "other"}},
		verdict:  VerdictHole, text: "client: exchangeActiveSync",
	}, {
		name:     "a strength is for those who sign in with Microsoft Entra ID",
		policies: []string{policyJSON("Strong", `"grantControls": {"operator": "OR", "authenticationStrength": {"id": "s", "allowedCombinations": ["fido2"]}}`, everyone, allApps, clients)},
		question: Question{Require: []string{"phishing_resistant"}, Providers: []string{Entra}},
		verdict:  VerdictCovered,
	}, {
		name:     "others may not be asked for it",
		policies: []string{policyJSON("Strong", `"grantControls": {"operator": "OR", "authenticationStrength": {"id": "s", "allowedCombinations": ["fido2"]}}`, everyone, allApps, clients)},
		question: Question{Require: []string{"phishing_resistant"}, Providers: []string{OtherProvider}},
		verdict:  VerdictUnknown, text: "who sign in without Microsoft Entra ID",
	}, {
		name:     "where an account signs in is not known",
		policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeUsers": ["ann"]}`, allApps, clients)},
		more:     `"guests": [{"id": "ann", "userPrincipalName": "ann_f.example#EXT#@c.example", "userType": "Guest"}], "groups": []`,
		question: Question{Require: []string{"mfa"}, Providers: []string{Entra}},
		verdict:  VerdictUnknown, text: "where ann_f.example#EXT#@c.example signs in is not known",
	}, {
		name:     "an employee who is not listed is no emergency account",
		policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeUsers": ["ann", "E1"]}`, allApps, clients)},
		more:     `"guests": [], "groups": []`,
		question: Question{Require: []string{"mfa"}, Kinds: []string{InternalMember}, AcceptUsers: []string{"e1", "Ann"}},
		verdict:  VerdictCovered,
	}, {
		name: "groups within groups", policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeGroups": ["outer"]}`, allApps, clients)},
		more: `"guests": [{"id": "ann", "userPrincipalName": "ann_f.example#EXT#@c.example", "userType": "Guest"}],
			"groups": [{"id": "outer", "displayName": "Outer", "memberGroups": ["middle"], "externalMembers": []}, {"id": "middle", "memberGroups": ["inner", "outer"], "externalMembers": []}, {"id": "inner", "externalMembers": ["ann"]}]`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictHole, text: "excludes group 'Outer', 1 account",
	}, {
		name: "a role of an administrative unit is no role", policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeRoles": ["role"]}`, allApps, clients)},
		more: `"guests": [{"id": "ann", "userPrincipalName": "ann_f.example#EXT#@c.example", "userType": "Guest"}], "groups": [],
			"roles": {"definitions": [{"id": "role", "templateId": "role", "isBuiltIn": true}], "assignments": [{"id": "1", "principalId": "ann", "roleDefinitionId": "role", "directoryScopeId": "/administrativeUnits/1"}]}`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictCovered,
	}, {
		name: "a role of the tenant, through a group", policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeRoles": ["role"]}`, allApps, clients)},
		more: `"guests": [{"id": "ann", "userPrincipalName": "ann_f.example#EXT#@c.example", "userType": "Guest"}], "groups": [{"id": "admins", "externalMembers": ["ann"]}],
			"roles": {"definitions": [{"id": "role", "templateId": "role", "displayName": "Reader", "isBuiltIn": true}], "assignments": [{"id": "1", "principalId": "admins", "roleDefinitionId": "role", "directoryScopeId": "/", "principal": {"@odata.type": "#microsoft.graph.group"}}]}`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictHole, text: "excludes role 'Reader', 1 account",
	}, {
		name:     "insider risk of guests is not known",
		policies: []string{policyJSON("Block insiders", block, everyone, allApps, clients, `"insiderRiskLevels": "minor, moderate, elevated"`), policyJSON("Block the rest", block, everyone, allApps, clients, `"insiderRiskLevels": "none"`)},
		question: Question{Require: []string{"block"}},
		verdict:  VerdictUnknown, text: "is for insider risk",
	}, {
		name:     "an empty list of clients",
		policies: []string{policyJSON("MFA", mfa, everyone, allApps, `"clientAppTypes": []`)},
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictUnknown, text: "is for no client apps",
	}, {
		name:     "duplicates and blanks change nothing",
		policies: []string{policyJSON("MFA", `"grantControls": {"operator": "OR", "builtInControls": ["mfa", "mfa"]}`, `"users": {"includeUsers": ["All", "All"], "excludeUsers": [], "excludeGroups": null}`, `"applications": {"includeApplications": ["All", "All"], "excludeApplications": []}`, `"clientAppTypes": ["all", "browser"]`)},
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictCovered,
	}, {
		name:     "a kind of guest that nobody knows",
		policies: []string{policyJSON("MFA", mfa, `"users": {"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,unknownFutureValue", "externalTenants": {"membershipKind": "all"}}}`, allApps, clients)},
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictUnknown, text: "a kind of guests that nobody knows",
	}, {
		name:     "a property that nobody knows",
		policies: []string{policyJSON("MFA", mfa, everyone, allApps, clients, `"weather": "sunny"`)},
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictUnknown, text: "the model does not know the property weather",
	}, {
		name:     "a policy for some platforms is none: platforms are what a client claims",
		policies: []string{policyJSON("MFA", mfa, everyone, allApps, clients, `"platforms": {"includePlatforms": ["android", "iOS", "windows", "macOS", "linux"]}`)},
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictHole, text: "platform: windowsPhone, unknown",
	}, {
		name:     "app-enforced restrictions need SharePoint's switch",
		policies: []string{policyJSON("Limit", `"sessionControls": {"applicationEnforcedRestrictions": {"isEnabled": true}}`, everyone, `"applications": {"includeApplications": ["Office365"]}`, clients), policyJSON("No apps", block, everyone, allApps, `"clientAppTypes": ["mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]`)},
		more:     `"sharePoint": {"tenant": {"ConditionalAccessPolicy": 0}}`,
		question: Question{Require: []string{"app_enforced_restrictions"}, Devices: "unmanaged", Resources: Resources{Only: []string{sharePoint}}, Kinds: []string{B2BCollaborationGuest}},
		verdict:  VerdictHole, text: "has the app limit the session",
	}, {
		name:     "with SharePoint's switch on",
		policies: []string{policyJSON("Limit", `"sessionControls": {"applicationEnforcedRestrictions": {"isEnabled": true}}`, everyone, `"applications": {"includeApplications": ["Office365"]}`, clients), policyJSON("No apps", block, everyone, allApps, `"clientAppTypes": ["mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]`)},
		more:     `"sharePoint": {"tenant": {"ConditionalAccessPolicy": 1}}`,
		question: Question{Require: []string{"app_enforced_restrictions"}, Devices: "unmanaged", Resources: Resources{Only: []string{sharePoint}}, Kinds: []string{B2BCollaborationGuest}},
		verdict:  VerdictCovered,
	}, {
		name:     "a device filter asks about devices that this tenant cannot see",
		policies: []string{policyJSON("MFA elsewhere", mfa, everyone, allApps, clients, `"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.trustType -eq \"ServerAD\""}}`)},
		more:     `"crossTenantAccess": {"default": {"inboundTrust": {"isMfaAccepted": false, "isCompliantDeviceAccepted": false, "isHybridAzureADJoinedDeviceAccepted": false}}, "partners": []}`,
		question: Question{Require: []string{"mfa"}, Kinds: []string{B2BCollaborationGuest}},
		verdict:  VerdictCovered,
	}, {
		name:     "a device filter and a trusted partner",
		policies: []string{policyJSON("MFA elsewhere", mfa, everyone, allApps, clients, `"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.trustType -eq \"ServerAD\""}}`)},
		more:     `"crossTenantAccess": {"default": {"inboundTrust": {"isMfaAccepted": true, "isCompliantDeviceAccepted": true, "isHybridAzureADJoinedDeviceAccepted": true}}, "partners": []}`,
		question: Question{Require: []string{"mfa"}, Kinds: []string{B2BCollaborationGuest}},
		verdict:  VerdictHole, text: "device: a hybrid joined device, a compliant and hybrid joined device",
	}, {
		name: "a location that a range shares with another", policies: []string{policyJSON("MFA outside", mfa, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}`)},
		more:     `"conditionalAccess.namedLocations": [` + hq + `]`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictHole, text: "excludes all trusted locations",
	}, {
		name:     "a location of which the snapshot lost the ranges",
		policies: []string{policyJSON("MFA outside", mfa, everyone, allApps, clients, `"locations": {"includeLocations": ["All"], "excludeLocations": ["hq"]}`)},
		more:     `"conditionalAccess.namedLocations": [{"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "hq", "displayName": "HQ"}]`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictUnknown, text: "excludes 'HQ'",
	}, {
		name:     "the snapshot does not list the guests",
		policies: []string{policyJSON("MFA", mfa, `"users": {"includeUsers": ["All"], "excludeUsers": ["somebody"]}`, allApps, clients)},
		more:     `"guests": null, "groups": null`,
		question: Question{Require: []string{"mfa"}},
		verdict:  VerdictUnknown, text: "excludes the user somebody, who is none of the external accounts of the snapshot",
	},
}

// caseDocument makes a snapshot of a case.
func caseDocument(t *testing.T, policies []string, more string) map[string]any {
	t.Helper()
	doc := map[string]any{}
	read := func(text string, v any) {
		if err := json.Unmarshal([]byte(text), v); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	ca := map[string]any{"namedLocations": []any{}}
	read(`{"conditionalAccess": {}, "guests": [], "groups": [], "entra": {"identitySecurityDefaultsEnforcementPolicy": {"isEnabled": false}}, "roles": {"definitions": [], "assignments": []}}`, &doc)
	var list []any
	read("["+strings.Join(policies, ",")+"]", &list)
	ca["policies"] = list
	var sections map[string]any
	read("{"+more+"}", &sections)
	for name, v := range sections {
		if rest, ok := strings.CutPrefix(name, "conditionalAccess."); ok {
			ca[rest] = v
		} else {
			doc[name] = v
		}
	}
	doc["conditionalAccess"] = ca
	return doc
}

// TestCases holds each tenant's verdict and its explanation.
func TestCases(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := ask(t, caseDocument(t, c.policies, c.more), c.question)
			text := a.Verdict + inWords(a) + "\n"
			if a.Verdict != c.verdict || !strings.Contains(text, c.text) {
				t.Errorf("expected %s with %q, got %s", c.verdict, c.text, text)
			}
			file := filepath.Join("testdata", "explained", strings.NewReplacer(" ", "-", ",", "", ":", "", "'", "").Replace(c.name)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			golden, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(golden) != text {
				t.Errorf("the explanation changed; run with -update and look at the diff:\n%s\nbefore:\n%s", text, golden)
			}
		})
	}
}

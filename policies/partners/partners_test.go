package partners

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/guestward/guestward/policies/access/crosstenant"
)

const (
	fabrikam = "00000200-0000-4000-8000-000000000200"
	adatum   = "00000201-0000-4000-8000-000000000201"
)

func join(t testing.TB, doc string, f Facts) *Matrix {
	t.Helper()
	if err := json.Unmarshal([]byte(doc), &f.Sections); err != nil {
		t.Fatal(err)
	}
	section, _ := f.Sections["crossTenantAccess"].(map[string]any)
	f.Access = crosstenant.Read(section)
	return Join(f)
}

func row(t testing.TB, m *Matrix, id string) *Row {
	t.Helper()
	for _, r := range m.Rows {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("there is no row %s", id)
	return nil
}

func stateOf(c Cell) string {
	if c.Default {
		return "default " + string(c.State)
	}
	return string(c.State)
}

// TestLists holds each layer with a list: what it says of a domain that it lists, of another, and of a tenant without a
// domain that we know.
func TestLists(t *testing.T) {
	const teams = `{"teams":{"tenantFederationConfiguration":{"AllowFederatedUsers":true,%s},"externalAccessPolicies":[%s]}}`
	const packages = `{"governance":{"entitlementManagement":{"assignmentPolicies":[],"connectedOrganizations":[%s]}}}`
	const calendars = `{"exchange":{"sharingPolicies":[{"Identity":"x","Enabled":%s,"Domains":%s}]}}`
	for name, test := range map[string]struct{ layer, doc, listed, other, nobody string }{
		"invitations, not read":      {Invitations, `{}`, "default unknown", "default unknown", "default unknown"},
		"invitations, no policy":     {Invitations, `{"entra":{"b2bManagementPolicy":{}}}`, "default open", "default open", "default open"},
		"invitations, allow list":    {Invitations, `{"entra":{"b2bManagementPolicy":{"allowedDomains":["Listed.example"]}}}`, "open", "default closed", "default unknown"},
		"invitations, empty list":    {Invitations, `{"entra":{"b2bManagementPolicy":{"allowedDomains":[]}}}`, "default closed", "default closed", "default closed"},
		"invitations, block list":    {Invitations, `{"entra":{"b2bManagementPolicy":{"allowedDomains":null,"blockedDomains":["listed.example"]}}}`, "closed", "default open", "default unknown"},
		"invitations, garbage":       {Invitations, `{"entra":{"b2bManagementPolicy":{"allowedDomains":7}}}`, "default unknown", "default unknown", "default unknown"},
		"invitations, block garbage": {Invitations, `{"entra":{"b2bManagementPolicy":{"blockedDomains":[7]}}}`, "default unknown", "default unknown", "default unknown"},

		"sharing, not read":          {SharePoint, `{}`, "default unknown", "default unknown", "default unknown"},
		"sharing, off":               {SharePoint, `{"sharePoint":{"tenant":{"SharingCapability":0},"settings":{"sharingCapability":"disabled"}}}`, "default closed", "default closed", "default closed"},
		"sharing, sources differ":    {SharePoint, `{"sharePoint":{"tenant":{"SharingCapability":0,"SharingDomainRestrictionMode":1,"SharingAllowedDomainList":"listed.example"},"settings":{"sharingCapability":"externalUserSharingOnly","sharingDomainRestrictionMode":"none"}}}`, "default open", "default open", "default open"},
		"sharing, allow list":        {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":1,"SharingAllowedDomainList":"x.example Listed.example"}}}`, "open", "default closed", "default unknown"},
		"sharing, Graph's list":      {SharePoint, `{"sharePoint":{"settings":{"sharingDomainRestrictionMode":"allowList","sharingAllowedDomainList":["listed.example"]}}}`, "open", "default closed", "default unknown"},
		"sharing, block list":        {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":2,"SharingBlockedDomainList":"listed.example"}}}`, "closed", "default open", "default unknown"},
		"sharing, list not read":     {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":1}}}`, "default unknown", "default unknown", "default unknown"},
		"sharing, blocks not read":   {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":2}}}`, "default unknown", "default unknown", "default unknown"},
		"sharing, Graph lists more":  {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":1,"SharingAllowedDomainList":"x.example"},"settings":{"sharingDomainRestrictionMode":"allowList","sharingAllowedDomainList":["X.example","listed.example"]}}}`, "open", "default closed", "default unknown"},
		"sharing, one of two unread": {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":1,"SharingAllowedDomainList":"listed.example"},"settings":{"sharingDomainRestrictionMode":"allowList"}}}`, "open", "default unknown", "default unknown"},
		"sharing, both block":        {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":2,"SharingBlockedDomainList":"listed.example other.example"},"settings":{"sharingDomainRestrictionMode":"blockList","sharingBlockedDomainList":["Listed.example"]}}}`, "closed", "default open", "default unknown"},
		"sharing, blocks of one":     {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":2,"SharingBlockedDomainList":"listed.example"},"settings":{"sharingDomainRestrictionMode":"blockList","sharingBlockedDomainList":null}}}`, "default unknown", "default unknown", "default unknown"},
		"sharing, a mode of its own": {SharePoint, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":9}}}`, "default unknown", "default unknown", "default unknown"},

		"Teams, not read":              {Teams, `{}`, "default unknown", "default unknown", "default unknown"},
		"Teams, off":                   {Teams, `{"teams":{"tenantFederationConfiguration":{"AllowFederatedUsers":false}}}`, "default closed", "default closed", "default closed"},
		"Teams, switch not read":       {Teams, `{"teams":{"tenantFederationConfiguration":{}}}`, "default unknown", "default unknown", "default unknown"},
		"Teams, everybody":             {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowAllKnownDomains":{}}`, ``), "default open", "default open", "default open"},
		"Teams, everybody but":         {Teams, fmt.Sprintf(teams, `"AllowedDomains":{},"BlockedDomains":[{"Domain":"listed.example"}]`, ``), "closed", "default open", "default unknown"},
		"Teams, everybody but below":   {Teams, fmt.Sprintf(teams, `"AllowedDomains":{},"BlockAllSubdomains":true,"BlockedDomains":[{"Domain":"example"}]`, ``), "closed", "closed", "default unknown"},
		"Teams, a list":                {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[{"Domain":"listed.example"}]}`, ``), "open", "default closed", "default unknown"},
		"Teams, list not read":         {Teams, fmt.Sprintf(teams, `"AllowedDomains":null`, ``), "default unknown", "default unknown", "default unknown"},
		"Teams, policies not read":     {Teams, `{"teams":{"tenantFederationConfiguration":{"AllowFederatedUsers":true,"AllowedDomains":{"AllowedDomain":[{"Domain":"listed.example"}]}}}}`, "open", "default unknown", "default unknown"},
		"Teams, a policy for all":      {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[]}`, `{"Identity":"Tag:x","EnableFederationAccess":true,"CommunicationWithExternalOrgs":"AllowAllExternalDomains"}`), "default open", "default open", "default open"},
		"Teams, that nobody holds":     {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[]}`, `{"Identity":"Tag:idle","EnableFederationAccess":true,"CommunicationWithExternalOrgs":"AllowAllExternalDomains"}`), "default closed", "default closed", "default closed"},
		"Teams, a policy with a list":  {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[]}`, `{"Identity":"Tag:x","EnableFederationAccess":true,"CommunicationWithExternalOrgs":"AllowSpecificExternalDomains","AllowedExternalDomains":["listed.example"]}`), "open", "default closed", "default unknown"},
		"Teams, its list not read":     {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[]}`, `{"Identity":"Tag:x","EnableFederationAccess":true,"CommunicationWithExternalOrgs":"AllowSpecificExternalDomains"}`), "default unknown", "default unknown", "default unknown"},
		"Teams, a policy for nobody":   {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[]}`, `{"Identity":"Tag:x","EnableFederationAccess":false}`), "default closed", "default closed", "default closed"},
		"Teams, a policy like all":     {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[]}`, `{"Identity":"Global","EnableFederationAccess":true}`), "default closed", "default closed", "default closed"},
		"Teams, a policy of new kinds": {Teams, fmt.Sprintf(teams, `"AllowedDomains":{"AllowedDomain":[]}`, `{"Identity":"Tag:x","EnableFederationAccess":true,"CommunicationWithExternalOrgs":"Some"}`), "default unknown", "default unknown", "default unknown"},

		"calendars, not read":        {Calendars, `{}`, "default unknown", "default unknown", "default unknown"},
		"calendars, no policy":       {Calendars, `{"exchange":{"sharingPolicies":[]}}`, "default unknown", "default unknown", "default unknown"},
		"calendars, nobody":          {Calendars, fmt.Sprintf(calendars, `true`, `[]`), "default closed", "default closed", "default closed"},
		"calendars, a domain":        {Calendars, fmt.Sprintf(calendars, `true`, `["Listed.example : ContactsSharing, CalendarSharingFreeBusySimple"]`), "open", "default closed", "default unknown"},
		"calendars, of a later kind": {Calendars, fmt.Sprintf(calendars, `true`, `["listed.example:TasksSharing"]`), "open", "default closed", "default unknown"},
		"calendars, everybody":       {Calendars, fmt.Sprintf(calendars, `true`, `["*:CalendarSharingFreeBusySimple"]`), "default open", "default open", "default open"},
		"calendars, anonymous":       {Calendars, fmt.Sprintf(calendars, `true`, `["?","Anonymous:CalendarSharingFreeBusyReviewer"]`), "default open", "default open", "default open"},
		"calendars, policy off":      {Calendars, fmt.Sprintf(calendars, `false`, `["listed.example:ContactsSharing","?"]`), "default closed", "default closed", "default closed"},
		"calendars, switch not read": {Calendars, fmt.Sprintf(calendars, `null`, `[]`), "default unknown", "default unknown", "default unknown"},
		"calendars, no list":         {Calendars, fmt.Sprintf(calendars, `true`, `null`), "default unknown", "default unknown", "default unknown"},
		"calendars, no action":       {Calendars, fmt.Sprintf(calendars, `true`, `["listed.example: ,"]`), "default unknown", "default unknown", "default unknown"},
		"calendars, everybody, none": {Calendars, fmt.Sprintf(calendars, `true`, `["*:"]`), "default unknown", "default unknown", "default unknown"},
		"calendars, no domain":       {Calendars, fmt.Sprintf(calendars, `true`, `[":ContactsSharing"]`), "default unknown", "default unknown", "default unknown"},
		"calendars, a pattern":       {Calendars, fmt.Sprintf(calendars, `true`, `["*.example:ContactsSharing"]`), "default unknown", "default unknown", "default unknown"},
		"calendars, two colons":      {Calendars, fmt.Sprintf(calendars, `true`, `["listed.example:ContactsSharing:"]`), "default unknown", "default unknown", "default unknown"},
		"calendars, an object":       {Calendars, fmt.Sprintf(calendars, `true`, `[{"Domain":"listed.example"}]`), "default unknown", "default unknown", "default unknown"},

		"packages, not read":       {AccessPackages, `{}`, "default unknown", "default unknown", "default unknown"},
		"packages, no licence":     {AccessPackages, `{"collection":{"sources":[{"source":"governance.entitlementManagement.connectedOrganizations","outcome":"gap","reason":"licence"}]}}`, "default closed", "default closed", "default closed"},
		"packages, configured":     {AccessPackages, fmt.Sprintf(packages, `{"state":"configured","identitySources":[{"domainName":"listed.example"}]}`), "open", "default closed", "default unknown"},
		"packages, by tenant":      {AccessPackages, fmt.Sprintf(packages, `{"state":"configured","identitySources":[{"tenantId":"`+fabrikam+`"}]}`), "default closed", "default closed", "open"},
		"packages, social":         {AccessPackages, fmt.Sprintf(packages, `{"state":"configured","identitySources":[{"@odata.type":"#microsoft.graph.socialIdentitySource"}]}`), "default closed", "default closed", "default closed"},
		"packages, of a new kind":  {AccessPackages, fmt.Sprintf(packages, `{"state":"configured","identitySources":[{"@odata.type":"#microsoft.graph.x"}]}`), "default unknown", "default unknown", "default unknown"},
		"packages, proposed":       {AccessPackages, fmt.Sprintf(packages, `{"state":"proposed","identitySources":[{"domainName":"listed.example"}]}`), "default unknown", "default unknown", "default unknown"},
		"packages, no sources":     {AccessPackages, fmt.Sprintf(packages, `{"state":"configured"}`), "default unknown", "default unknown", "default unknown"},
		"packages, for everybody":  {AccessPackages, `{"governance":{"entitlementManagement":{"assignmentPolicies":[{"allowedTargetScope":"allExternalUsers"}],"connectedOrganizations":[]}}}`, "default open", "default open", "default open"},
		"packages, no policy read": {AccessPackages, `{"governance":{"entitlementManagement":{"connectedOrganizations":[]}}}`, "default unknown", "default unknown", "default unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			m := join(t, test.doc, Facts{Unassigned: []string{"Tag:idle"}, Register: []Entry{{Domains: []string{"listed.example"}}, {Domains: []string{"other.example"}}, {TenantID: fabrikam}}})
			for id, want := range map[string]string{"listed.example": test.listed, "other.example": test.other, fabrikam: test.nobody} {
				if got := stateOf(row(t, m, id).Layers[test.layer]); got != want {
					t.Errorf("%s is %s, not %s", id, got, want)
				}
			}
			unread := false
			for _, u := range m.Unread {
				unread = unread || u.Layer == test.layer
			}
			if guess := test.other == "default unknown" && !strings.HasSuffix(name, "no policy read") || name == "calendars, anonymous"; unread != guess {
				t.Errorf("said to be unread: %v", unread)
			}
		})
	}
}

// TestADomainOnBothListsHasOnePlace: SharePoint's list is read from two sources, and is one list.
func TestADomainOnBothListsHasOnePlace(t *testing.T) {
	m := join(t, `{"sharePoint":{"tenant":{"SharingDomainRestrictionMode":1,"SharingAllowedDomainList":"A.example b.example"},"settings":{"sharingDomainRestrictionMode":"allowList","sharingAllowedDomainList":["b.example","c.example"]}}}`, Facts{})
	for id, want := range map[string]string{
		"a.example": "[{[sharePoint tenant SharingAllowedDomainList] a.example }]",
		"b.example": "[{[sharePoint tenant SharingAllowedDomainList] b.example }]",
		"c.example": "[{[sharePoint settings sharingAllowedDomainList 1] c.example }]",
	} {
		if got := fmt.Sprint(row(t, m, id).Layers[SharePoint].Places); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
}

// TestCrossTenantLayers: own settings, inherited ones, and what the snapshot does not tell.
func TestCrossTenantLayers(t *testing.T) {
	const open = `{"usersAndGroups":{"accessType":"allowed","targets":[{"target":"AllUsers"}]},"applications":{"accessType":"allowed","targets":[{"target":"AllApplications"}]}}`
	m := join(t, `{"crossTenantSync":{"jobs":[{}]},"crossTenantAccess":{"default":{"inboundTrust":{"isMfaAccepted":true}},
		"partners":[{"tenantId":"`+fabrikam+`","b2bDirectConnectInbound":`+open+`,"inboundTrust":{"isMfaAccepted":false,"isCompliantDeviceAccepted":7},"identitySynchronization":null},{"tenantId":"`+adatum+`"},{}],
		"domainTenants":[{"domainName":"none.example","tenantId":null}]}}`,
		Facts{Register: []Entry{{Domains: []string{"none.example"}}, {Domains: []string{"some.example"}}}})
	for id, want := range map[string]map[string]string{
		fabrikam:       {"guests_inbound": "default open", "direct_connect_inbound": "open", "direct_connect_outbound": "default closed", "mfa_trust": "closed", "device_trust": "unknown", "sync_inbound": "default closed", "sync_outbound": "default unknown", "foreign_accounts": "default unknown"},
		adatum:         {"mfa_trust": "default open", "sync_inbound": "unknown", "redemption_inbound": "default closed"},
		"none.example": {"guests_inbound": "default none", "sync_outbound": "default none"},
		"some.example": {"guests_inbound": "default unknown", "mfa_trust": "default unknown"},
	} {
		for layer, state := range want {
			if got := stateOf(row(t, m, id).Layers[layer]); got != state {
				t.Errorf("%s of %s is %s, not %s", layer, id, got, state)
			}
		}
	}
	var unread []string
	for _, u := range m.Unread {
		if u.Path[0] == "crossTenantAccess" {
			unread = append(unread, fmt.Sprint(u.Layer, u.Path[1:]))
		}
	}
	if got := strings.Join(unread, "; "); got != "guests_inbound[partners 2]; device_trust[partners 0 inboundTrust isCompliantDeviceAccepted]; sync_inbound[partners 1]" {
		t.Errorf("unread: %s", got)
	}
}

// TestOrganisationsAreJoined: one row for a tenant and its domains, by the entry or by what Graph says.
func TestOrganisationsAreJoined(t *testing.T) {
	m := join(t, `{"tenant":{"organization":{"id":"ME","verifiedDomains":[{"name":"Contoso.com"}]}},
		"entra":{"b2bManagementPolicy":{"allowedDomains":["*.fabrikam.com","contoso.com","adatum.com"]}},
		"crossTenantAccess":{"default":{},"partners":[{"tenantId":"me"},{"tenantId":"`+fabrikam+`"}],
		"domainTenants":[{"domainName":"adatum.com","tenantId":"`+adatum+`","displayName":"Adatum"},{"domainName":"fabrikam.de","tenantId":"`+fabrikam+`"}]}}`,
		Facts{
			Today:    "2026-11-20",
			Register: []Entry{{Name: "Fabrikam", Domains: []string{"Fabrikam.de", "*.fabrikam.com"}, ReviewBy: "2026-11-19", Allow: []string{"guests", "sharepoint", "sync"}}},
			Guests:   map[string]int{"a.fabrikam.com": 3, "fabrikam.de": 2, "adatum.com": 1, "litware.com": 4, "contoso.com": 5, "": 6},
		})
	var got []string
	for _, r := range m.Rows {
		got = append(got, fmt.Sprintf("%s %s %v %v %d %v", r.Label(), r.ID, r.Domains, r.Overdue, *r.Guests, r.Closed))
	}
	want := []string{
		"Fabrikam " + fabrikam + " [*.fabrikam.com a.fabrikam.com fabrikam.de] true 5 []",
		"Adatum " + adatum + " [adatum.com] false 1 []",
		"litware.com litware.com [litware.com] false 4 []",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if *m.Homeless != 11 {
		t.Errorf("%d guests do not tell where they come from", *m.Homeless)
	}
	if m := join(t, `{}`, Facts{Register: []Entry{{Domains: []string{"x.example"}}}}); m.Homeless != nil || m.Rows[0].Guests != nil {
		t.Error("guests that nobody read were counted")
	}
}

// TestAnEntryMayHaveSeveralTenants: one that is known by its domains alone has the tenants of all of them, and what one of
// them may is open; one that gives its tenant has that alone, whoever holds its domains.
func TestAnEntryMayHaveSeveralTenants(t *testing.T) {
	const doc = `{"crossTenantAccess":{"default":{},
		"partners":[{"tenantId":"` + fabrikam + `","inboundTrust":{"isMfaAccepted":false}},{"tenantId":"` + adatum + `","inboundTrust":{"isMfaAccepted":true}}],
		"partnerNames":[{"tenantId":"` + adatum + `","displayName":"Adatum","defaultDomainName":"eu.adatum.com"}],
		"domainTenants":[{"domainName":"fabrikam.com","tenantId":"` + fabrikam + `"}]}}`
	for name, domains := range map[string][]string{
		"each by its name":       {"Fabrikam.com", "EU.adatum.com"},
		"one through a wildcard": {"fabrikam.com", "*.adatum.com"},
	} {
		m := join(t, doc, Facts{Register: []Entry{{Name: "Group", Domains: domains, Allow: []string{"mfa_trust"}}}})
		if len(m.Rows) != 1 {
			t.Fatalf("%s: %d rows, not one", name, len(m.Rows))
		}
		cell := row(t, m, fabrikam).Layers["mfa_trust"]
		if got := fmt.Sprintf("%v %s %v", cell, m.Rows[0].Label(), m.Rows[0].Closed); got != "{open false [{[crossTenantAccess partners 1 inboundTrust isMfaAccepted]  "+adatum+"}]} Group []" {
			t.Errorf("%s: %s", name, got)
		}
	}
	m := join(t, doc, Facts{Register: []Entry{
		{Name: "Fabrikam", TenantID: strings.ToUpper(fabrikam), Domains: []string{"fabrikam.com", "eu.adatum.com"}},
		{Name: "Late", Domains: []string{"*.fabrikam.com"}},
	}})
	if r := row(t, m, adatum); r.Entry != nil {
		t.Error("a tenant was taken for that of an entry which names another one")
	}
	m = join(t, doc, Facts{Register: []Entry{{Domains: []string{"x.example", "fabrikam.com"}}, {TenantID: fabrikam}, {Domains: []string{"*.adatum.com"}}, {Domains: []string{"y.example"}}}})
	if r := row(t, m, "x.example"); r.TenantID != "" || len(m.Rows) != 4 {
		t.Errorf("an entry by domain took %q from the one that gives it by its id; %d rows", r.TenantID, len(m.Rows))
	}
}

// FuzzJoin feeds any document: the join never panics, and nothing that is unread is closed by a list.
func FuzzJoin(f *testing.F) {
	f.Add([]byte(`{"entra":{"b2bManagementPolicy":{"allowedDomains":["a",7]}},"teams":{"tenantFederationConfiguration":{"AllowFederatedUsers":true,"AllowedDomains":{"AllowedDomain":[{"Domain":7}]}}},"governance":{"entitlementManagement":{"connectedOrganizations":[7,{"identitySources":[7]}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var sections map[string]any
		if json.Unmarshal(data, &sections) != nil {
			return
		}
		section, _ := sections["crossTenantAccess"].(map[string]any)
		m := Join(Facts{Sections: sections, Access: crosstenant.Read(section), Register: []Entry{{Domains: []string{"a"}}}, Guests: map[string]int{"b": 1}})
		for _, r := range m.Rows {
			if len(r.Layers) != len(Layers) {
				t.Fatalf("%s has %d layers", r.ID, len(r.Layers))
			}
		}
	})
}

package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var someTime = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

func testRedactor(t testing.TB, key string) *Redactor {
	t.Helper()
	r, err := NewRedactor([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const someKey = "0123456789abcdef"

// TestRedaction holds what becomes of a value, with X for the hash of a pseudonym.
func TestRedaction(t *testing.T) {
	r := testRedactor(t, someKey)
	hash := regexp.MustCompile(`([a-z]{2,})-[0-9a-f]{12}`)
	const guid = `00000700-0000-4000-8000-000000000700`
	for _, test := range []struct{ section, raw, want string }{
		// Addresses.
		{"guests", `{"id":"1","mail":"alice@fabrikam.com"}`, `{"id":"1","mail":"user-X@fabrikam.com"}`},
		{"guests", `{"id":"1","mail":null,"otherMails":["a@b.example","c@d.example"]}`, `{"id":"1","mail":null,"otherMails":["user-X@b.example","user-X@d.example"]}`},
		{"guests", `{"id":"1","userPrincipalName":"alice_b_fabrikam.com#EXT#@contoso.onmicrosoft.com"}`, `{"id":"1","userPrincipalName":"user-X_fabrikam.com#EXT#@contoso.onmicrosoft.com"}`},
		{"guests", `{"id":"1","userPrincipalName":"alice_fabrikam.com#ext#@c.example","mailNickname":"alice_fabrikam.com#EXT#"}`, `{"id":"1","userPrincipalName":"user-X_fabrikam.com#ext#@c.example","mailNickname":"user-X_fabrikam.com#EXT#"}`},
		{"guests", `{"id":"1","userPrincipalName":"alice#EXT#@c.example","mail":"alice"}`, `{"id":"1","userPrincipalName":"user-X#EXT#@c.example","mail":"user-X"}`},
		{"guests", `{"id":"1","mail":"alice@smith","userPrincipalName":"@c.example"}`, `{"id":"1","mail":"user-X@name-X.invalid","userPrincipalName":"@c.example"}`},
		{"guests", `{"id":"1","proxyAddresses":["SMTP:a@c.example","x500:/o=Contoso/cn=Alice"]}`, `{"id":"1","proxyAddresses":["SMTP:user-X@c.example","x500:user-X"]}`},
		{"guests", `{"id":"1","identities":[{"signInType":"federated","issuer":"ExternalAzureAD","issuerAssignedId":null},{"issuer":"mail","issuerAssignedId":"a@c.example"},{"issuer":"google.com","issuerAssignedId":"108234567890"},{"issuer":"x","issuerAssignedId":"` + guid + `"},{"signInType":"userName","issuer":"contoso.com","issuerAssignedId":"alice"}]}`,
			`{"id":"1","identities":[{"signInType":"federated","issuer":"ExternalAzureAD","issuerAssignedId":null},{"issuer":"mail","issuerAssignedId":"user-X@c.example"},{"issuer":"google.com","issuerAssignedId":"108234567890"},{"issuer":"x","issuerAssignedId":"` + guid + `"},{"signInType":"userName","issuer":"contoso.com","issuerAssignedId":"user-X"}]}`},
		// Names.
		{"guests", `{"id":"1","displayName":"Alice","givenName":"A","surname":"","companyName":"Fabrikam","jobTitle":"CEO","department":"HQ","employeeId":12345,"businessPhones":["+49 1"],"city":"Kiel","state":"SH","accountEnabled":true,"n":1.50}`,
			`{"id":"1","displayName":"name-X","givenName":"name-X","surname":"","companyName":"company-X","jobTitle":"job-X","department":"department-X","employeeId":"employee-X","businessPhones":["phone-X"],"city":"place-X","state":"place-X","accountEnabled":true,"n":1.50}`},
		{"guests", `{"id":"1","displayName":"alice@fabrikam.com"}`, `{"id":"1","displayName":"user-X@fabrikam.com"}`},
		{"groups", `{"id":"1","displayName":"Board","description":"of alice@c.example","visibility":"Private","membershipRule":"user.mail -eq \"alice@c.example\" -or user.objectId -eq \"` + guid + `\""}`,
			`{"id":"1","displayName":"name-X","description":"text-X","visibility":"Private","membershipRule":"user.mail -eq \"user-X@c.example\" -or user.objectId -eq \"` + guid + `\""}`},
		{"groups", `{"id":"1","settings":[{"displayName":"Group.Unified.Guest","values":[{"name":"AllowToAddGuests","value":"false"}]}],"channels":[{"id":"19:abc@thread.tacv2","displayName":"Falcon","email":"f.c.example@emea.teams.ms","allMembers":[{"email":"a@c.example","roles":["guest"]}]}]}`,
			`{"id":"1","settings":[{"displayName":"Group.Unified.Guest","values":[{"name":"AllowToAddGuests","value":"false"}]}],"channels":[{"id":"19:abc@thread.tacv2","displayName":"name-X","email":"user-X@emea.teams.ms","allMembers":[{"email":"user-X@c.example","roles":["guest"]}]}]}`},
		{"tenant", `{"organization":{"id":"1","displayName":"Contoso","verifiedDomains":[{"name":"contoso.com","type":"Managed"}],"technicalNotificationMails":["it@contoso.com"]}}`,
			`{"organization":{"id":"1","displayName":"name-X","verifiedDomains":[{"name":"contoso.com","type":"Managed"}],"technicalNotificationMails":["user-X@contoso.com"]}}`},
		{"crossTenantAccess", `{"domainTenants":[{"domainName":"fabrikam.com","tenantId":"` + guid + `","displayName":"Fabrikam","defaultDomainName":"fabrikam.onmicrosoft.com"},{"domainName":"gmail.com","tenantId":null,"displayName":null,"defaultDomainName":null}]}`,
			`{"domainTenants":[{"domainName":"fabrikam.com","tenantId":"` + guid + `","displayName":"name-X","defaultDomainName":"fabrikam.onmicrosoft.com"},{"domainName":"gmail.com","tenantId":null,"displayName":null,"defaultDomainName":null}]}`},
		// What Microsoft named.
		{"roles", `{"roleDefinitions":[{"displayName":"Global Administrator","description":"All","isBuiltIn":true},{"displayName":"Ours","isBuiltIn":false}]}`,
			`{"roleDefinitions":[{"displayName":"Global Administrator","description":"All","isBuiltIn":true},{"displayName":"name-X","isBuiltIn":false}]}`},
		{"entra", `{"groupSettings":[{"templateId":"1","displayName":"Group.Unified","values":[{"name":"AllowToAddGuests","value":"True "},{"name":"ClassificationList","value":"Secret,Open"},{"name":"X","value":"30"},{"name":"UsageGuidelinesUrl","value":""}]}]}`,
			`{"groupSettings":[{"templateId":"1","displayName":"Group.Unified","values":[{"name":"AllowToAddGuests","value":"True "},{"name":"ClassificationList","value":"text-X"},{"name":"X","value":"30"},{"name":"UsageGuidelinesUrl","value":""}]}]}`},
		{"teams", `{"meetingPolicies":[{"Identity":"Global"},{"Identity":"Tag:AllOn"},{"Identity":"Tag:Board of Alice","AutoAdmittedUsers":"Everyone"}],"clientConfiguration":{"RestrictedSenderList":"contoso.com; bob@c.example"}}`,
			`{"meetingPolicies":[{"Identity":"Global"},{"Identity":"Tag:AllOn"},{"Identity":"Tag:policy-X","AutoAdmittedUsers":"Everyone"}],"clientConfiguration":{"RestrictedSenderList":"contoso.com; user-X@c.example"}}`},
		{"exchange", `{"sharingPolicies":[{"Identity":"Default Sharing Policy","Name":"Default Sharing Policy","Domains":["*:CalendarSharingFreeBusySimple"]},{"Identity":"Partners of Bob"}]}`,
			`{"sharingPolicies":[{"Identity":"Default Sharing Policy","Name":"Default Sharing Policy","Domains":["*:CalendarSharingFreeBusySimple"]},{"Identity":"policy-X"}]}`},
		{"audit", `{"events":[{"activityDisplayName":"Invite external user","ipAddress":"192.0.2.1","initiatedBy":{"user":{"userPrincipalName":"a@c.example"}}}]}`,
			`{"events":[{"activityDisplayName":"Invite external user","ipAddress":"ip-X","initiatedBy":{"user":{"userPrincipalName":"user-X@c.example"}}}]}`},
		// SharePoint.
		{"sites", `{"Url":"https://contoso.sharepoint.com/sites/Falcon","Title":"Falcon","Owner":"i:0#.f|membership|alice@c.example","Template":"GROUP#0"}`,
			`{"Url":"https://contoso.sharepoint.com/sites/name-X","Title":"name-X","Owner":"i:0#.f|membership|user-X@c.example","Template":"GROUP#0"}`},
		{"sites", `{"Url":"https://contoso-my.sharepoint.com/personal/alice_c_example","Owner":"` + guid + `_o"}`, `{"Url":"https://contoso-my.sharepoint.com/personal/user-X","Owner":"` + guid + `_o"}`},
		{"sites", `{"Url":"https://contoso.sharepoint.com/","Owner":"i:0#.w|contoso\\alice"}`, `{"Url":"https://contoso.sharepoint.com/","Owner":"i:0#.w|user-X"}`},
		{"sites", `{"Url":"https://contoso.sharepoint.com/sites/O'Neil (x)/Sub?web=Bob#c"}`, `{"Url":"https://contoso.sharepoint.com/sites/name-X/name-X?text-X"}`},
		{"sharePoint", `{"tenant":{"BccExternalSharingInvitationsList":"a@c.example, b@c.example","SharingAllowedDomainList":"c.example d.example","GuestSharingGroupAllowListInTenantByPrincipalIdentity":["c:0t.c|tenant|` + guid + `"]}}`,
			`{"tenant":{"BccExternalSharingInvitationsList":"user-X@c.example, user-X@c.example","SharingAllowedDomainList":"c.example d.example","GuestSharingGroupAllowListInTenantByPrincipalIdentity":["c:0t.c|tenant|` + guid + `"]}}`},
		// Text that is not known.
		{"governance", `{"q":"/users?$filter=(userType eq 'Guest') and mail eq 'o''neil@c.example'","r":"/users/alice%40c.example","s":"userType%20eq%20%27Guest%27%20or%20mail%20eq%20%27a@c.example%27"}`,
			`{"q":"/users?$filter=(userType eq 'Guest') and mail eq 'user-X@c.example'","r":"/users/user-X@c.example","s":"userType%20eq%20%27Guest%27%20or%20mail%20eq%20%27user-X@c.example%27"}`},
		{"powerBI", `{"x":["see https://contoso.sharepoint.com/sites/Falcon/a for <alice@c.example>.", "https://learn.microsoft.com/a/b", "alice_x.example#EXT#"],"owners@odata.context":"y","bob@c.example":1}`,
			`{"x":["see https://contoso.sharepoint.com/sites/name-X/name-X for <user-X@c.example>.","https://learn.microsoft.com/a/b","user-X_x.example#EXT#"],"owners@odata.context":"y","user-X@c.example":1}`},
		// The record of the collection.
		{"collection", `{"schemaVersion":1,"collectedAt":"2026-11-20T08:00:00Z","sources":[{"source":"guests","outcome":"gap","reason":"error","detail":"no access for alice@c.example"}]}`,
			`{"schemaVersion":1,"collectedAt":"2026-11-20T08:00:00Z","sources":[{"source":"guests","outcome":"gap","reason":"error","detail":"no access for user-X@c.example"}],"notes":["names and addresses are pseudonyms"]}`},
		{"collection", `{"schemaVersion":1,"collectedAt":"x","notes":["from bob@c.example"]}`, `{"schemaVersion":1,"collectedAt":"x","notes":["from user-X@c.example","names and addresses are pseudonyms"]}`},
		{"collection", `{"schemaVersion":1,"collectedAt":"x","notes":["names and addresses are pseudonyms"]}`, `{"schemaVersion":1,"collectedAt":"x","notes":["names and addresses are pseudonyms"]}`},
	} {
		got, err := r.Value(test.section, json.RawMessage(test.raw))
		if err != nil {
			t.Errorf("%s: %v", test.raw, err)
			continue
		}
		if masked := hash.ReplaceAllString(string(got), "$1-X"); masked != test.want {
			t.Errorf("%s\n%s\ngot  %s\nwant %s", test.section, test.raw, masked, test.want)
		}
		again, err := testRedactor(t, someKey).Value(test.section, json.RawMessage(test.raw))
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("the same key gives %s and %s (%v)", got, again, err)
		}
		other, err := testRedactor(t, someKey+"x").Value(test.section, json.RawMessage(test.raw))
		if err != nil || bytes.Equal(other, got) && hash.Match(got) {
			t.Errorf("another key gives the same: %s (%v)", other, err)
		}
	}
}

// TestAddressesStillMeet: one account is one pseudonym, however its name is written.
func TestAddressesStillMeet(t *testing.T) {
	r := testRedactor(t, someKey)
	want := strings.TrimSuffix(r.address("alice.b@fabrikam.com"), "@fabrikam.com")
	for text, got := range map[string]string{
		"mail in capitals":   r.apply(address, "Alice.B@FABRIKAM.com"),
		"guest":              r.apply(address, "alice.b_fabrikam.com#EXT#@contoso.onmicrosoft.com"),
		"guest's nickname":   r.apply(address, "alice.b_fabrikam.com#EXT#"),
		"identity":           r.apply(assigned, "alice.b@fabrikam.com"),
		"proxy":              r.apply(proxy, "smtp:alice.b@fabrikam.com"),
		"claim":              r.apply(principal, "i:0#.f|membership|alice.b@fabrikam.com"),
		"guest's claim":      r.apply(principal, "i:0#.f|membership|alice.b_fabrikam.com#ext#@contoso.onmicrosoft.com"),
		"list":               r.apply(addresses, "x@y.example;alice.b@fabrikam.com"),
		"name":               r.apply("name", "alice.b@fabrikam.com"),
		"text":               r.apply(keep, "ask alice.b@fabrikam.com."),
		"path":               r.apply(keep, "/users/alice.b_fabrikam.com%23EXT%23%40contoso.onmicrosoft.com"),
		"path of an account": r.apply(keep, "/users/alice.b%40fabrikam.com/manager"),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is %s, which is not %s", text, got, want)
		}
	}
	if got := r.apply(address, "alice.b@adatum.com"); strings.Contains(got, want) {
		t.Errorf("the same name at another organisation is the same: %s", got)
	}
}

func TestShortKeyIsRefused(t *testing.T) {
	for _, key := range []string{"", "15 bytes, a few"} {
		_, err := NewRedactor([]byte(key))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("has %d bytes, and at least 16 are needed; make one", len(key))) {
			t.Errorf("got %v", err)
		}
		if err != nil && key != "" && strings.Contains(err.Error(), key) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
	key := []byte("the secret of all secrets")
	r, err := NewRedactor(key)
	if err != nil {
		t.Fatal(err)
	}
	before := r.address("a@c.example")
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, r); strings.Contains(text, "secret") {
			t.Errorf("%s prints the key", format)
		}
	}
	clear(key)
	if r.address("a@c.example") != before {
		t.Error("the key can be changed from outside")
	}
}

// TestRedactedDocument: in any order, in memory or streamed, sorted through a file or not, the same bytes.
func TestRedactedDocument(t *testing.T) {
	defer func(before int) { sortBytes = before }(sortBytes)
	r := testRedactor(t, someKey)
	rnd := rand.New(rand.NewPCG(7, 8))
	var guests, sites []any
	for i := range 700 {
		guests = append(guests, guest(i))
		sites = append(sites, map[string]any{"Url": fmt.Sprintf("https://contoso.sharepoint.com/sites/Site%04d", i), "Title": fmt.Sprintf("Site%04d", i)})
	}
	collection := Collection{SchemaVersion: 1, CollectedAt: someTime}
	want := ""
	for round := range 4 {
		sortBytes = []int{32 << 20, 1, 2000, 32 << 20}[round]
		d := Document{"collection": collection, "guests": slices.Clone(guests), "sites": slices.Clone(sites)}
		if round > 0 {
			raw := encode(t, d)
			if round > 1 {
				for _, list := range []any{d["guests"], d["sites"]} {
					list := list.([]any)
					rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
				}
				shuffled, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				raw = string(shuffled)
			}
			s, err := OpenBytes("a.json", []byte(raw))
			if err != nil {
				t.Fatal(err)
			}
			d = s.Document()
		}
		redacted, err := r.Document(d)
		if err != nil {
			t.Fatal(err)
		}
		got := encode(t, redacted)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("round %d: other bytes", round)
		}
	}
	if strings.Contains(want, "Zoë") || strings.Contains(want, "Site0") || strings.Contains(want, "guest1") {
		t.Error("names are still there")
	}
	if n := strings.Count(want, `"Url": "https://contoso.sharepoint.com/sites/name-`); n != len(sites) {
		t.Errorf("%d of %d sites", n, len(sites))
	}
	if _, err := OpenBytes("redacted.json", []byte(want)); err != nil {
		t.Error(err)
	}
}

func TestRedactionRefusesWhatScanWould(t *testing.T) {
	r := testRedactor(t, someKey)
	for _, test := range []struct{ section, raw, want string }{
		{"guests", `{"id":"a","mail":7}`, "mail: expected string or null, found number 7"},
		{"guests", `{"mail":"a"}`, `the member "id" is missing`},
		{"entra", `{"authorizationPolicy":[]}`, "authorizationPolicy: expected object, found array"},
		{"entra", `{`, "the JSON ends in the middle"},
	} {
		if _, err := r.Value(test.section, json.RawMessage(test.raw)); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.raw, err, test.want)
		}
	}
	d, err := r.Document(Document{"guests": elementsOf([]byte(`{"id":"a"}`), []byte(`{"id":7}`))})
	if err == nil {
		err = d.Encode(new(bytes.Buffer))
	}
	if err == nil || err.Error() != "section guests: element 1: id: expected string, found number 7" {
		t.Errorf("got %v", err)
	}
	if _, err := r.Document(Document{"entra": json.RawMessage(`{"authorizationPolicy":[]}`)}); err == nil || !strings.HasPrefix(err.Error(), "section entra: authorizationPolicy:") {
		t.Errorf("got %v", err)
	}
}

// FuzzRedact feeds anything: what the redactor takes stays valid, and no address survives in a place of addresses.
func FuzzRedact(f *testing.F) {
	r := testRedactor(f, someKey)
	f.Add("alice@fabrikam.com")
	f.Add("alice_fabrikam.com#EXT#@contoso.onmicrosoft.com")
	f.Add("https://contoso.sharepoint.com/sites/a?b#c")
	f.Add("i:0#.f|membership|o''neil@c.example, \"x\" <%40a>")
	f.Fuzz(func(t *testing.T, text string) {
		raw, err := json.Marshal(map[string]any{"id": "a", "mail": text, "userPrincipalName": text, "displayName": text, "other": text, "Url": text, "Owner": text})
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range []string{"guests", "sites", "elsewhere"} {
			out, err := r.Value(section, raw)
			if err != nil {
				t.Fatal(err)
			}
			var v map[string]any
			if err := json.Unmarshal(out, &v); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			before, after := isForeign(text), isForeign(v["userPrincipalName"].(string))
			if before != after {
				t.Errorf("%q is foreign %v, %q %v", text, before, v["userPrincipalName"], after)
			}
		}
	})
}

func isForeign(name string) bool { return strings.Contains(strings.ToLower(name), "#ext#") }

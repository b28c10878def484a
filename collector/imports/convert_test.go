package imports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
)

// parsed is JSON as the parser builds it.
func parsed(t *testing.T, text string) any {
	t.Helper()
	p := parser{file: "test", text: []byte(text)}
	m := member{name: "test", raw: []byte(text)}
	if err := p.read(&m, true); err != nil {
		t.Fatal(err)
	}
	return m.value
}

func TestAllowedDomains(t *testing.T) {
	const all = `{"AllowAllKnownDomains": {}}`
	listOf := func(domains ...string) string {
		var elements []string
		for _, d := range domains {
			elements = append(elements, fmt.Sprintf(`{"Domain": %q}`, d))
		}
		return `{"AllowedDomain": [` + strings.Join(elements, ", ") + `]}`
	}
	for _, test := range []struct{ from, want string }{ // want "" is a gap
		{`{}`, all}, {`[]`, all}, {`null`, all}, {`[null]`, all}, {`"AllowAllKnownDomains"`, all}, {`["AllowAllKnownDomains"]`, all},
		{`{"AllowAllKnownDomains": {}}`, all}, {`{"AllowAllKnownDomains": ""}`, all}, {`{"value": [], "Count": 0}`, all},

		{`{"AllowedDomain": []}`, listOf()},
		{`{"AllowedDomain": {"value": [], "Count": 0}}`, listOf()},
		{`{"AllowedDomain": "Domain=fabrikam.com"}`, listOf("fabrikam.com")},
		{`{"AllowedDomain": "Domain=fabrikam.com Domain=northwind.example"}`, listOf("fabrikam.com", "northwind.example")},
		{`{"AllowedDomain": "Domain=fabrikam.com, Domain=northwind.example"}`, listOf("fabrikam.com", "northwind.example")},
		{`{"AllowedDomain": "Domain=fabrikam.com,Domain=northwind.example"}`, listOf("fabrikam.com", "northwind.example")},
		{`{"AllowedDomain": ["Domain=fabrikam.com", "Domain=northwind.example"]}`, listOf("fabrikam.com", "northwind.example")},
		{`{"AllowedDomain": [{"Domain": "fabrikam.com"}, {"Domain": "northwind.example"}]}`, listOf("fabrikam.com", "northwind.example")},
		{`{"AllowedDomain": {"Domain": "fabrikam.com"}}`, listOf("fabrikam.com")},
		{`{"AllowedDomain": {"value": ["Domain=fabrikam.com"], "Count": 1}}`, listOf("fabrikam.com")},
		{`["Domain=fabrikam.com", {"Domain": "northwind.example"}]`, listOf("fabrikam.com", "northwind.example")},
		{`"Domain=fabrikam.com"`, listOf("fabrikam.com")},
		{`["fabrikam.com"]`, listOf("fabrikam.com")},
		{`{"AllowedDomain": "Domain=m\u00fcnchen.example"}`, listOf("m\u00fcnchen.example")},

		// What may have been a list once is not taken for an empty one, which would let nobody in.
		{`{"AllowedDomain": ""}`, ""}, {`{"AllowedDomain": null}`, ""}, {`{"AllowedDomain": {}}`, ""}, {`{"AllowedDomain": [null]}`, ""},
		{`{"AllowedDomain": " "}`, ""}, {`""`, ""}, {`[""]`, ""},
		{`{"AllowedDomain": "System.Object[]"}`, ""}, {"{\"AllowedDomain\": \"System.Collections.Generic.List`1[System.Object]\"}", ""}, {`{"AllowedDomain": "System.Object"}`, ""},
		{`{"AllowedDomain": ["Domain=fabrikam.com", null]}`, ""}, {`{"AllowedDomain": ["Domain=fabrikam.com", ""]}`, ""},
		{`{"AllowedDomain": "Domain=fabrikam.com ..."}`, ""}, {`{"AllowedDomain": "Domain=*"}`, ""}, {`{"AllowedDomain": "Domain="}`, ""},
		{`{"AllowedDomain": "Domain=*.fabrikam.com"}`, ""}, {`{"AllowedDomain": ["AllowAllKnownDomains"]}`, ""}, {`{"AllowedDomain": [{"Domain": ""}]}`, ""},
		{`{"AllowedDomain": [{"Domain": "fabrikam.com", "Also": 1}]}`, ""}, {`{"AllowedDomain": 5}`, ""}, {`true`, ""}, {`7`, ""},
		{`{"value": [], "Count": 2}`, ""}, {`{"AllowedDomain": [], "AllowAllKnownDomains": {}}`, ""}, {`{"Other": []}`, ""}, {`[{}]`, ""}, {`["AllowAllKnownDomains", "Domain=fabrikam.com"]`, ""},
	} {
		got, problem := allowedDomains(parsed(t, test.from))
		switch {
		case test.want == "" && problem == "":
			t.Errorf("%s: got %v, want a gap", test.from, got)
		case test.want != "" && (problem != "" || !reflect.DeepEqual(got, parsed(t, test.want))):
			t.Errorf("%s: got %v %q, want %s", test.from, got, problem, test.want)
		}
	}
}

func TestBlockedDomains(t *testing.T) {
	for _, test := range []struct{ from, want string }{
		{`null`, `null`}, {`[]`, `[]`}, {`[null]`, `[]`},
		{`["Domain=fabrikam.com"]`, `[{"Domain": "fabrikam.com"}]`},
		{`"Domain=fabrikam.com Domain=northwind.example"`, `[{"Domain": "fabrikam.com"}, {"Domain": "northwind.example"}]`},
		{`{"Domain": "fabrikam.com"}`, `[{"Domain": "fabrikam.com"}]`},
		{`{"value": [{"Domain": "fabrikam.com"}], "Count": 1}`, `[{"Domain": "fabrikam.com"}]`},
		{`""`, ""}, {`{}`, ""}, {`5`, ""}, {`["System.Object"]`, ""},
	} {
		got, problem := blockedDomains(parsed(t, test.from))
		switch {
		case test.want == "" && problem == "":
			t.Errorf("%s: got %v, want a gap", test.from, got)
		case test.want != "" && (problem != "" || !reflect.DeepEqual(got, parsed(t, test.want))):
			t.Errorf("%s: got %v %q, want %s", test.from, got, problem, test.want)
		}
	}
}

// TestFederationGap: a list that is not understood costs the list, not the rest of the configuration.
func TestFederationGap(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		configuration := first(export, "federation_configuration")
		configuration["AllowedDomains"] = map[string]any{"AllowedDomain": ""}
		configuration["BlockedDomains"] = "Domain=contoso.com"
		delete(configuration, "AllowedTrialTenantDomains")
	})
	wantCollected(t, doc, "teams.tenantFederationConfiguration")
	wantGap(t, doc, "teams.tenantFederationConfiguration.AllowedDomains", "error", `found string ""`)
	wantValue(t, doc, "teams.tenantFederationConfiguration.AllowedDomains", nil)
	wantValue(t, doc, "teams.tenantFederationConfiguration.AllowFederatedUsers", true)
	wantValue(t, doc, "teams.tenantFederationConfiguration.BlockedDomains", []any{map[string]any{"Domain": "contoso.com"}})
	if federation := value(t, doc, "teams.tenantFederationConfiguration").(map[string]any); len(federation) != 9 {
		t.Errorf("what was absent must stay so, and plumbing must go: %v", slices.Sorted(maps.Keys(federation)))
	}
}

func TestDate(t *testing.T) {
	for from, want := range map[string]string{
		"/Date(1613679244000)/":      "2021-02-18T20:14:04Z",
		"/Date(1613679244307)/":      "2021-02-18T20:14:04.307Z",
		"/Date(1613679244000+0200)/": "2021-02-18T20:14:04Z",
		"/Date(0)/":                  "1970-01-01T00:00:00Z",
		"/Date(-62135596800000)/":    "0001-01-01T00:00:00Z",
		"/Date(-62135596800001)/":    "/Date(-62135596800001)/",
		"/Date(253402300800000)/":    "/Date(253402300800000)/",
		"/Date(999999999999999999)/": "/Date(999999999999999999)/",
		"/Date(x)/":                  "/Date(x)/",
		"at /Date(0)/":               "at /Date(0)/",
		"2021-02-18T21:07:24Z":       "2021-02-18T21:07:24Z",
	} {
		if got := date(from); got != want {
			t.Errorf("%s: got %s, want %s", from, got, want)
		}
	}
	doc, _ := changed(t, func(export map[string]any) {
		first(export, "conditional_access_policies")["CreatedDateTime"] = map[string]any{"value": "/Date(0)/", "DisplayHint": 2, "DateTime": "Thursday, January 1, 1970"}
	})
	policy := value(t, doc, "conditionalAccess.policies").([]any)[0]
	if got := field(policy, "createdDateTime"); got != "1970-01-01T00:00:00Z" {
		t.Errorf("createdDateTime is %v", got)
	}
}

func TestGraphNames(t *testing.T) {
	for from, want := range map[string]string{
		"Id": "id", "AllowedToUseSSPR": "allowedToUseSSPR", "X509CertificateField": "x509CertificateField", "already": "already",
		"@odata.type": "@odata.type", "@odata.context": "", "IncludeTargets@odata.context": "", "members@odata.navigationLink": "", "": "", "Ünder": "ünder",
	} {
		if got := graphName(from); got != want {
			t.Errorf("%s: got %q, want %q", from, got, want)
		}
	}
}

func TestNamesThatDifferInCase(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		first(export, "authorization_policies")["allowInvitesFrom"] = "none"
	})
	wantCollected(t, doc, "entra.authorizationPolicy")
	wantGap(t, doc, "entra.authorizationPolicy.allowInvitesFrom", "error", "twice")
	wantValue(t, doc, "entra.authorizationPolicy.allowInvitesFrom", nil)
}

func TestPermissionGrantPolicies(t *testing.T) {
	const path = "entra.authorizationPolicy.defaultUserRolePermissions.permissionGrantPoliciesAssigned"
	for name, test := range map[string]struct {
		change func(policy, permissions map[string]any)
		want   any
	}{
		"v1.0 has its own": {func(_, permissions map[string]any) { permissions["PermissionGrantPoliciesAssigned"] = []any{"a"} }, []any{"a"}},
		"one":              {func(policy, _ map[string]any) { policy["PermissionGrantPolicyIdsAssignedToDefaultUserRole"] = "a" }, []any{"a"}},
		"none":             {func(policy, _ map[string]any) { policy["PermissionGrantPolicyIdsAssignedToDefaultUserRole"] = []any{} }, []any{}},
		"absent":           {func(policy, _ map[string]any) { delete(policy, "PermissionGrantPolicyIdsAssignedToDefaultUserRole") }, nil},
	} {
		doc, _ := changed(t, func(export map[string]any) {
			policy := first(export, "authorization_policies")
			test.change(policy, policy["DefaultUserRolePermissions"].(map[string]any))
		})
		if got := value(t, doc, path); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
	doc, _ := changed(t, func(export map[string]any) {
		first(export, "authorization_policies")["PermissionGrantPolicyIdsAssignedToDefaultUserRole"] = "a b"
	})
	wantGap(t, doc, path, "error", "expected array")
}

func TestAuthenticationMethods(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		first(export, "authentication_method")["authentication_method_feature_settings"] = []any{}
	})
	wantCollected(t, doc, "entra.authenticationMethodsPolicy")
	wantGap(t, doc, "entra.authenticationMethodsPolicy.authenticationMethodConfigurations", "error", "is empty")
	doc, _ = changed(t, func(export map[string]any) {
		method := first(export, "authentication_method")
		method["authentication_method_feature_settings"], method["authentication_method_policy"] = []any{}, nil
	})
	wantGap(t, doc, "entra.authenticationMethodsPolicy", "error", "authentication_method_policy: one object is expected and 0 are there")
	doc, _ = changed(t, func(export map[string]any) {
		method := first(export, "authentication_method")
		method["authentication_method_feature_settings"] = []any{map[string]any{"State": "enabled"}}
	})
	wantGap(t, doc, "entra.authenticationMethodsPolicy.authenticationMethodConfigurations", "error", "element 0: id is missing")
	doc, _ = changed(t, func(export map[string]any) {
		method := first(export, "authentication_method")
		method["authentication_method_feature_settings"] = method["authentication_method_feature_settings"].([]any)[0]
	})
	if got := value(t, doc, "entra.authenticationMethodsPolicy.authenticationMethodConfigurations").([]any); len(got) != 1 {
		t.Errorf("configurations: %v", got)
	}
}

func TestServicePlans(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		plan := func(id, status string) any {
			return map[string]any{"ServicePlanId": id, "ServicePlanName": "P", "ProvisioningStatus": status}
		}
		export["service_plans"] = []any{plan("A", "Disabled"), plan("a", "Success"), plan("b", "PendingInput")}
	})
	wantValue(t, doc, "licences.servicePlans", []any{
		map[string]any{"servicePlanId": "a", "servicePlanName": "P", "provisioningStatus": "Success"},
		map[string]any{"servicePlanId": "b", "servicePlanName": "P", "provisioningStatus": "PendingInput"},
	})
	doc, _ = changed(t, func(export map[string]any) { delete(first(export, "service_plans"), "ServicePlanId") })
	wantGap(t, doc, "licences.servicePlans", "error", "element 0: servicePlanId is missing")
}

func TestGroupSettingValues(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		first(export, "directory_settings")["Values"] = []any{
			map[string]any{"Name": "AllowToAddGuests", "Value": true},
			map[string]any{"Name": "Number", "Value": 5},
			map[string]any{"Name": "Null", "Value": nil},
		}
	})
	setting := value(t, doc, "entra.groupSettings").([]any)[0]
	want := []any{
		map[string]any{"name": "AllowToAddGuests", "value": "true"},
		map[string]any{"name": "Number", "value": "5"},
		map[string]any{"name": "Null", "value": nil},
	}
	if got := field(setting, "values"); !reflect.DeepEqual(got, want) {
		t.Errorf("values: %v", got)
	}
	for _, nothing := range []any{nil, []any{nil}, "System.Object[]", map[string]any{}} {
		doc, _ = changed(t, func(export map[string]any) { first(export, "directory_settings")["Values"] = nothing })
		wantGap(t, doc, "entra.groupSettings.values", "error", "")
	}
}

func TestConditionalAccess(t *testing.T) {
	policyOf := func(change func(policy, conditions map[string]any)) (snapshot.Document, any) {
		doc, _ := changed(t, func(export map[string]any) {
			policy := first(export, "conditional_access_policies")
			change(policy, policy["Conditions"].(map[string]any))
		})
		policies, _ := value(t, doc, "conditionalAccess.policies").([]any)
		if len(policies) == 0 {
			return doc, nil
		}
		return doc, policies[0]
	}
	at := func(v any, path string) any {
		for name := range strings.SplitSeq(path, ".") {
			v = field(v, name)
		}
		return v
	}

	// Lists of one.
	_, policy := policyOf(func(policy, conditions map[string]any) {
		conditions["ClientAppTypes"] = "all"
		conditions["Users"].(map[string]any)["IncludeUsers"] = map[string]any{"value": []any{"All"}, "Count": 1}
		policy["GrantControls"].(map[string]any)["BuiltInControls"] = "mfa"
	})
	for path, want := range map[string]any{
		"conditions.clientAppTypes": []any{"all"}, "conditions.users.includeUsers": []any{"All"}, "grantControls.builtInControls": []any{"mfa"},
	} {
		if got := at(policy, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}

	// What beta alone has stays if it says something: it may narrow the policy.
	_, policy = policyOf(func(policy, conditions map[string]any) {
		conditions["Times"] = map[string]any{"IncludedRanges": []any{"x"}}
		conditions["Agents"] = map[string]any{"IncludeAgents": nil}
		conditions["AgentIdRiskLevels"] = []any{}
		policy["PartialEnablementStrategy"] = "half"
	})
	for path, want := range map[string]any{
		"conditions.times": map[string]any{"includedRanges": []any{"x"}}, "conditions.agents": nil, "conditions.agentIdRiskLevels": nil,
		"conditions.deviceStates": nil, "partialEnablementStrategy": "half",
	} {
		if got := at(policy, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}

	// What was cut off is a gap.
	for name, test := range map[string]struct {
		change func(policy, conditions map[string]any)
		gap    string
	}{
		"object": {func(_, conditions map[string]any) { conditions["Users"] = "@{IncludeUsers=System.Object[]}" }, "conditions.users"},
		"list":   {func(_, conditions map[string]any) { conditions["ClientAppTypes"] = "System.Object[]" }, "conditions.clientAppTypes"},
		"listed": {func(_, conditions map[string]any) { conditions["ClientAppTypes"] = []any{"System.Object"} }, "conditions.clientAppTypes"},
		"joined": {func(_, conditions map[string]any) {
			conditions["Users"].(map[string]any)["ExcludeGroups"] = "a b"
		}, "conditions.users.excludeGroups"},
		"nothing": {func(_, conditions map[string]any) {
			conditions["Users"].(map[string]any)["ExcludeGroups"] = ""
		}, "conditions.users.excludeGroups"},
	} {
		doc, policy := policyOf(test.change)
		wantCollected(t, doc, "conditionalAccess.policies")
		wantGap(t, doc, "conditionalAccess.policies."+test.gap, "error", "conditionalAccess.policies[0]."+test.gap)
		if got := at(policy, test.gap); got != nil {
			t.Errorf("%s: %v is left", name, got)
		}
	}

	// People's own words may look like anything.
	_, policy = policyOf(func(policy, _ map[string]any) { policy["DisplayName"] = "@{all}" })
	if got := field(policy, "displayName"); got != "@{all}" {
		t.Errorf("displayName is %v", got)
	}

	// A policy without what makes it one is no policy, and the list is no list.
	for _, name := range []string{"Id", "State", "Conditions"} {
		doc, _ := policyOf(func(policy, _ map[string]any) { delete(policy, name) })
		wantGap(t, doc, "conditionalAccess.policies", "error", "element 0: "+strings.ToLower(name)+" is missing")
	}
	doc, _ := policyOf(func(policy, _ map[string]any) {
		clear(policy)
		policy["@odata.context"], policy["Value"] = "x", []any{}
	})
	wantGap(t, doc, "conditionalAccess.policies", "error", "element 0: state is missing")
}

func TestVerboseOData(t *testing.T) {
	c := &conversion{export: &export{}, sources: map[string]snapshot.Source{}, more: map[string]int{}}
	got := verboseOData(c, parsed(t, `{
		"__metadata": {"type": "T"}, "odata.type": "T", "A@odata.type": "T",
		"Link": {"__deferred": {"uri": "u"}},
		"Empty": {"__metadata": {"type": "Collection(Edm.String)"}, "results": []},
		"Bare": {"results": ["a"]},
		"Objects": {"__metadata": {"type": "Collection(T)"}, "results": [{"__metadata": {"type": "T"}, "Inner": {"__metadata": {}, "results": [1]}, "Sites": {"__deferred": {"uri": "u"}}}]},
		"Object": {"__metadata": {"type": "T"}, "count": 0},
		"Plain": ["a"], "Null": null, "Number": 9007199254740993, "Results": {"results": "x"}
	}`))
	want := parsed(t, `{"Empty": [], "Bare": ["a"], "Objects": [{"Inner": [1]}], "Object": {"count": 0}, "Plain": ["a"], "Null": null, "Number": 9007199254740993, "Results": {"results": "x"}}`)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestSharePointTypes(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		maps.Copy(first(export, "SPO_tenant"), map[string]any{
			"SharingCapability": "2", "EmailAttestationRequired": "True", "ExternalUserExpireInDays": 60.0, "ODBSharingCapability": "ExternalUserSharingOnly",
			"PreventExternalUsersFromResharing": 1, "DefaultLinkPermission": 1.5, "RequireAnonymousLinksExpireInDays": "030", "FileAnonymousLinkType": true,
			"WhoCanShareAllowListInTenantByGroupId": "a", "GuestSharingGroupAllowListInTenantByGroupId": "a b", "BccExternalSharingInvitations": "yes",
		})
	})
	wantCollected(t, doc, "sharePoint.tenant")
	for name, want := range map[string]any{
		"SharingCapability": 2.0, "EmailAttestationRequired": true, "ExternalUserExpireInDays": 60.0, "WhoCanShareAllowListInTenantByGroupId": []any{"a"},
	} {
		wantValue(t, doc, "sharePoint.tenant."+name, want)
	}
	for name, problem := range map[string]string{
		"ODBSharingCapability":                        `expected integer or null, found string "ExternalUserSharingOnly"`,
		"PreventExternalUsersFromResharing":           "expected boolean or null, found number 1",
		"DefaultLinkPermission":                       "expected integer or null, found number 1.5",
		"RequireAnonymousLinksExpireInDays":           `found string "030"`,
		"FileAnonymousLinkType":                       "found boolean true",
		"GuestSharingGroupAllowListInTenantByGroupId": `found string "a b"`,
		"BccExternalSharingInvitations":               `found string "yes"`,
	} {
		wantGap(t, doc, "sharePoint.tenant."+name, "error", problem)
		wantValue(t, doc, "sharePoint.tenant."+name, nil)
	}
}

// TestElementOfAList: what one element loses is told under the name that rules ask for; an element that cannot be told
// apart from the others makes the list unusable.
func TestElementOfAList(t *testing.T) {
	doc, _ := changed(t, func(export map[string]any) {
		for _, policy := range export["meeting_policies"].([]any) {
			policy.(map[string]any)["AutoAdmittedUsers"] = 2 // an enumeration's number says nothing
		}
	})
	wantCollected(t, doc, "teams.meetingPolicies")
	wantGap(t, doc, "teams.meetingPolicies.AutoAdmittedUsers", "error", "teams.meetingPolicies[0].AutoAdmittedUsers: expected string or null, found number 2 (and 1 more)")
	doc, _ = changed(t, func(export map[string]any) { first(export, "meeting_policies")["Identity"] = 5 })
	wantGap(t, doc, "teams.meetingPolicies", "error", "element 0: Identity is missing or unusable")
	doc, _ = changed(t, func(export map[string]any) {
		export["meeting_policies"] = append(export["meeting_policies"].([]any), nil)
	})
	wantGap(t, doc, "teams.meetingPolicies", "error", "element 2: expected object, found null")
}

// TestOneBadValueIsNeverSilent puts a value of a wrong type in the place of every value of the fixture, one at a time.
// Whatever the snapshot then lacks must be covered by a gap, so that no rule can take it for absent; only below a value
// whose type the schema leaves open may something be gone, and then the value is there to be seen.
func TestOneBadValueIsNeverSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine: nothing for the race detector")
	}
	for _, m := range mappings {
		imported := func(place []any, bad any) snapshot.Document {
			var export map[string]any
			if err := json.Unmarshal(readFixture(t), &export); err != nil {
				t.Fatal(err)
			}
			if place != nil {
				export[m.from] = replaced(export[m.from], place, bad)
			}
			for _, other := range mappings {
				if other.from != m.from {
					delete(export, other.from)
				}
			}
			doc, _, err := ScubaGear("export.json", bytes.NewReader(marshal(t, export)))
			if err != nil {
				t.Fatal(err)
			}
			return doc
		}
		had := kinds(t, imported(nil, nil))
		var export map[string]any
		if err := json.Unmarshal(readFixture(t), &export); err != nil {
			t.Fatal(err)
		}
		for _, place := range places(export[m.from], []any{}) {
			for _, bad := range []any{7.5, "@{a=b}", []any{[]any{true}}} {
				doc := imported(place, bad)
				has := kinds(t, doc)
				for path := range had {
					parent := path[:max(0, strings.LastIndexByte(path, '.'))]
					_, gap := doc["collection"].(snapshot.Collection).GapFor(path)
					for !gap && parent != "" && has[parent] == "" {
						parent = parent[:max(0, strings.LastIndexByte(parent, '.'))]
					}
					if has[path] == "" && !gap && has[parent] == had[parent] {
						t.Errorf("%s%v = %v: %s is gone without a gap", m.from, place, bad, path)
					}
				}
			}
		}
	}
}

// kinds are the dotted paths of the document, without indexes, and the types of what stands there.
func kinds(t *testing.T, doc snapshot.Document) map[string]string {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(marshal(t, doc), &v); err != nil {
		t.Fatal(err)
	}
	delete(v, "collection")
	found := map[string]string{}
	var walk func(v any, path string)
	walk = func(v any, path string) {
		if kind := fmt.Sprintf("%T", v); !strings.Contains(found[path], kind) {
			found[path] += kind
		}
		switch v := v.(type) {
		case []any:
			for _, element := range v {
				walk(element, path)
			}
		case map[string]any:
			for name, member := range v {
				walk(member, strings.TrimPrefix(path+"."+name, "."))
			}
		}
	}
	walk(v, "")
	return found
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// places are the paths of all values within v.
func places(v any, path []any) [][]any {
	found := [][]any{slices.Clone(path)}
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			found = append(found, places(element, append(path, i))...)
		}
	case map[string]any:
		for name, member := range v {
			found = append(found, places(member, append(path, name))...)
		}
	}
	return found
}

// replaced is v with another value at the place.
func replaced(v any, place []any, by any) any {
	if len(place) == 0 {
		return by
	}
	switch v := v.(type) {
	case []any:
		v[place[0].(int)] = replaced(v[place[0].(int)], place[1:], by)
	case map[string]any:
		v[place[0].(string)] = replaced(v[place[0].(string)], place[1:], by)
	}
	return v
}

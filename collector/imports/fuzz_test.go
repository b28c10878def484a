package imports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
)

// FuzzScubaGear: no export, however broken or hostile, makes the import panic; and what it accepts is a snapshot.
func FuzzScubaGear(f *testing.F) {
	f.Add(readFixture(f))
	f.Add([]byte(`{"Raw": ` + tiny + `, "MetaData": {"TenantId": "x", "ToolVersion": "1.8.0", "TimestampZulu": "2026-11-20T08:00:00Z"}}`))
	for _, members := range []string{
		`"tenant_details": [{"TenantId": "c0ffee00-0000-4000-8000-000000000001", "DisplayName": null}]`,
		`"tenant_details": {"AADAdditionalData": {"Id": "c0ffee00-0000-4000-8000-000000000001", "VerifiedDomains": [{"Name": null}], "id": 1}}`,
		`"federation_configuration": {"AllowedDomains": {"AllowedDomain": "Domain=a.b"}, "BlockedDomains": {"value": [], "Count": 0}}`,
		`"federation_configuration": {"value": [{"DateTime": "x", "value": "/Date(0)/"}], "Count": 1}`,
		`"SPO_tenant": {"A": {"results": [{"__deferred": 1}], "__metadata": {}}, "SharingCapability": "1", "B": 1e999}`,
		`"conditional_access_policies": [null], "aad_successful_commands": "Get-MgBetaIdentityConditionalAccessPolicy"`,
		`"conditional_access_policies": [{"Id": "1", "State": "enabled", "Conditions": {"Users": {"IncludeUsers": "All"}, "": {"@": 1}}}]`,
		`"authorization_policies": {"DefaultUserRolePermissions": {}, "PermissionGrantPolicyIdsAssignedToDefaultUserRole": {"value": ["a"], "Count": 1}}`,
		`"authentication_method": {"authentication_method_policy": {"Id": "x"}, "authentication_method_feature_settings": {"Id": "Email"}}`,
		`"directory_settings": {"TemplateId": "t", "Values": {"Name": "n", "Value": true}}, "service_plans": [1, {"ServicePlanId": "a"}], "service_plans": []`,
		`"meeting_policies": {"Identity": "Global", "AutoAdmittedUsers": "@{}"}, "teams_unsuccessful_commands": {}`,
	} {
		f.Add([]byte(strings.TrimSuffix(tiny, "}") + ", " + members + "}"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, _, err := ScubaGear("fuzz.json", bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := doc.Encode(&b); err != nil {
			t.Fatal(err)
		}
		s, err := snapshot.OpenBytes("made.json", b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		// Nothing is both there and a gap, nor read and not there.
		for _, m := range mappings {
			section, property, _ := strings.Cut(m.source, ".")
			sections, _ := doc[section].(map[string]any)
			if _, there := sections[property]; there != s.Collection.HasCollected(m.source) {
				t.Errorf("%s: there %t, collected %t", m.source, there, !there)
			}
		}
	})
}

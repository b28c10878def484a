package access

import (
	"slices"
	"testing"
)

func TestConsistency(t *testing.T) {
	trust := func(mfa, compliant string) string {
		return `"crossTenantAccess": {"default": {"inboundTrust": {"isMfaAccepted": ` + mfa + `, "isCompliantDeviceAccepted": false, "isHybridAzureADJoinedDeviceAccepted": false}},
			"partners": [{"tenantId": "p", "inboundTrust": {"isMfaAccepted": true, "isCompliantDeviceAccepted": ` + compliant + `, "isHybridAzureADJoinedDeviceAccepted": false}}]}`
	}
	device := policyJSON("Managed", `"grantControls": {"operator": "OR", "builtInControls": ["compliantDevice"]}`, everyone, allApps, clients)
	for _, test := range []struct {
		name, policy, more, tenant string
		want                       []string
	}{
		{"trust that nobody uses", device, trust("false", "true"), "p", []string{"claims about multifactor authentication are believed, and no policy asks these guests for them"}},
		{"a device that nobody believes", device, trust("false", "false"), "", []string{"'Managed' asks about compliant devices, and no claim of them is believed: nobody of this tenant can show one"}},
		{"believed of everybody", policyJSON("MFA", mfa, everyone, allApps, clients), trust("true", "false"), "", []string{"claims about multifactor authentication are believed of every organisation"}},
		{"in step", policyJSON("MFA", mfa, everyone, allApps, clients), trust("false", "false"), "p", []string{}},
	} {
		tenant, err := New(FromDocument(caseDocument(t, []string{test.policy}, test.more)))
		if err != nil {
			t.Fatal(err)
		}
		if got := tenant.Consistency(test.tenant); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

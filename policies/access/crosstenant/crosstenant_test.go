package crosstenant

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/guestward/guestward/policies/access/truth"
)

const (
	fabrikam  = "00000200-0000-4000-8000-000000000200"
	northwind = "00000201-0000-4000-8000-000000000201"
)

func read(t *testing.T, section string) *Access {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(section), &m); err != nil {
		t.Fatal(err)
	}
	return Read(m)
}

func TestEffective(t *testing.T) {
	const mfa = "inboundTrust.isMfaAccepted"
	const sync = "identitySynchronization.userSyncInbound.isSyncAllowed"
	partner := func(rest string) string {
		return `{"default":{"inboundTrust":{"isMfaAccepted":true}},"partners":[{"tenantId":"` + fabrikam + `"` + rest + `}]}`
	}
	at := func(path ...any) []any { return append([]any{"crossTenantAccess"}, path...) }
	ofDefault := Value{true, Inherited, at("default", "inboundTrust", "isMfaAccepted")}
	for name, tt := range map[string]struct {
		section, id, setting string
		want                 Value
	}{
		"nothing":               {`{}`, "", mfa, Value{nil, Unknown, at("default")}},
		"default null":          {`{"default":null,"partners":[]}`, "", mfa, Value{nil, Unknown, at("default")}},
		"default of no sort":    {`{"default":[],"partners":[]}`, "", mfa, Value{nil, Unknown, at("default")}},
		"default empty":         {`{"default":{}}`, "", mfa, Value{false, ServiceDefault, at("default")}},
		"default part null":     {`{"default":{"inboundTrust":null}}`, "", mfa, Value{false, ServiceDefault, at("default")}},
		"default leaf null":     {`{"default":{"inboundTrust":{"isMfaAccepted":null}}}`, "", mfa, Value{false, ServiceDefault, at("default")}},
		"default set":           {`{"default":{"inboundTrust":{"isMfaAccepted":true}}}`, "", mfa, Value{true, Own, at("default", "inboundTrust", "isMfaAccepted")}},
		"default of Microsoft":  {`{"default":{"isServiceDefault":true,"inboundTrust":{"isMfaAccepted":false}}}`, "", mfa, Value{false, ServiceDefault, at("default", "inboundTrust", "isMfaAccepted")}},
		"default garbage":       {`{"default":{"inboundTrust":{"isMfaAccepted":"true"}}}`, "", mfa, Value{nil, Unknown, at("default", "inboundTrust", "isMfaAccepted")}},
		"a bool for an object":  {`{"default":{"inboundTrust":true}}`, "", mfa, Value{nil, Unknown, at("default", "inboundTrust")}},
		"no documented default": {`{"default":{"tenantRestrictions":null}}`, "", "tenantRestrictions.applications", Value{nil, Unknown, at("default")}},
		"unlisted":              {partner(``), northwind, mfa, Value{true, Own, at("default", "inboundTrust", "isMfaAccepted")}},
		"partners absent":       {`{"default":{}}`, northwind, mfa, Value{nil, Unknown, at("partners")}},
		"partners null":         {`{"default":{},"partners":null}`, northwind, mfa, Value{nil, Unknown, at("partners")}},
		"a partner without id":  {`{"default":{},"partners":[{}]}`, northwind, mfa, Value{nil, Unknown, at("partners")}},
		"partner absent":        {partner(``), fabrikam, mfa, ofDefault},
		"partner null":          {partner(`,"inboundTrust":null`), fabrikam, mfa, ofDefault},
		"partner empty":         {partner(`,"inboundTrust":{}`), fabrikam, mfa, ofDefault},
		"partner leaf null":     {partner(`,"inboundTrust":{"isMfaAccepted":null}`), fabrikam, mfa, ofDefault},
		"partner set":           {partner(`,"inboundTrust":{"isMfaAccepted":false}`), fabrikam, mfa, Value{false, Own, at("partners", 0, "inboundTrust", "isMfaAccepted")}},
		"partner garbage":       {partner(`,"inboundTrust":{"isMfaAccepted":1}`), fabrikam, mfa, Value{nil, Unknown, at("partners", 0, "inboundTrust", "isMfaAccepted")}},
		"partner in capitals":   {`{"default":{},"partners":[{"tenantId":"ABC","inboundTrust":{"isMfaAccepted":true}}]}`, "abc", mfa, Value{true, Own, at("partners", 0, "inboundTrust", "isMfaAccepted")}},
		"partner, no default":   {`{"partners":[{"tenantId":"abc"}]}`, "abc", mfa, Value{nil, Unknown, at("default")}},
		"rest inherited":        {partner(`,"inboundTrust":{"isMfaAccepted":false}`), fabrikam, "b2bDirectConnectInbound.applications", Value{everything("blocked"), ServiceDefault, at("default")}},
		"sync of the unlisted":  {`{}`, "", sync, Value{false, ServiceDefault, at()}},
		"sync absent":           {partner(``), fabrikam, sync, Value{nil, Unknown, at("partners", 0)}},
		"sync null":             {partner(`,"identitySynchronization":null`), fabrikam, sync, Value{false, ServiceDefault, at("partners", 0, "identitySynchronization")}},
		"sync set":              {partner(`,"identitySynchronization":{"userSyncInbound":{"isSyncAllowed":true}}`), fabrikam, sync, Value{true, Own, at("partners", 0, "identitySynchronization", "userSyncInbound", "isSyncAllowed")}},
		"sync garbage":          {partner(`,"identitySynchronization":{"userSyncInbound":[]}`), fabrikam, sync, Value{nil, Unknown, at("partners", 0, "identitySynchronization", "userSyncInbound")}},
	} {
		if got := read(t, tt.section).For(tt.id).Value(tt.setting); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

func TestTrust(t *testing.T) {
	a := read(t, `{"default":{"inboundTrust":{"isCompliantDeviceAccepted":true}},"partners":[
		{"tenantId":"`+fabrikam+`","inboundTrust":{"isMfaAccepted":true,"isHybridAzureADJoinedDeviceAccepted":"yes"}}]}`)
	if got, want := a.For(fabrikam).Trust, (Trust{truth.Yes, truth.Yes, truth.Maybe}); got != want {
		t.Errorf("partner: %v", got)
	}
	if got, want := a.For("").Trust, (Trust{truth.No, truth.Yes, truth.No}); got != want {
		t.Errorf("any other: %v", got)
	}
	if got, want := Read(nil).For("").Trust, (Trust{truth.Maybe, truth.Maybe, truth.Maybe}); got != want {
		t.Errorf("nothing known: %v", got)
	}
}

func TestArrival(t *testing.T) {
	side := func(access, targets string) string {
		return `{"accessType":"` + access + `","targets":[` + targets + `]}`
	}
	const (
		users, one = `{"target":"AllUsers","targetType":"user"}`, `{"target":"00000900-0000-4000-8000-000000000900","targetType":"group"}`
		apps, some = `{"target":"AllApplications","targetType":"application"}`, `{"target":"Office365","targetType":"application"}`
	)
	for name, tt := range map[string]struct {
		users, apps string
		want        truth.Truth
	}{
		"all":                {side("allowed", users), side("allowed", apps), truth.Yes},
		"some to some":       {side("allowed", one), side("allowed", some), truth.Yes},
		"nobody":             {side("blocked", users), side("blocked", apps), truth.No},
		"nobody, any order":  {side("blocked", one+","+users), side("allowed", apps), truth.No},
		"in other letters":   {side("Blocked", `{"target":"allusers"}`), side("allowed", apps), truth.No},
		"to nothing":         {side("allowed", users), side("blocked", apps), truth.No},
		"all but one":        {side("blocked", one), side("blocked", some), truth.Yes},
		"no targets":         {side("blocked", ``), side("allowed", apps), truth.Maybe},
		"none allowed":       {side("allowed", ``), side("allowed", apps), truth.Maybe},
		"unreadable target":  {side("blocked", `{"target":7}`), side("allowed", apps), truth.Maybe},
		"unreadable allowed": {side("allowed", `7`), side("allowed", apps), truth.Maybe},
		"future":             {side("unknownFutureValue", users), side("allowed", apps), truth.Maybe},
		"future to nothing":  {side("unknownFutureValue", users), side("blocked", apps), truth.No},
		"garbage":            {`7`, side("allowed", apps), truth.Maybe},
		"service's default":  {`null`, `null`, truth.Yes},
	} {
		e := read(t, `{"default":{"b2bCollaborationInbound":{"usersAndGroups":`+tt.users+`,"applications":`+tt.apps+`}}}`).For("")
		if got := e.CollaborationInbound(); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
		if got := e.DirectConnectInbound(); got != truth.No {
			t.Errorf("%s: direct connect is %v", name, got)
		}
	}
	e := read(t, `{"default":{"automaticUserConsentSettings":{"inboundAllowed":true}}}`).For("")
	if e.AutomaticRedemptionInbound() != truth.Yes || e.SyncInbound() != truth.No {
		t.Error(e.AutomaticRedemptionInbound(), e.SyncInbound())
	}
}

func TestNamesAndDomains(t *testing.T) {
	a := read(t, `{
		"partners":[{"tenantId":"`+northwind+`","isServiceProvider":true},{"tenantId":"`+fabrikam+`","isInMultiTenantOrganization":true,"isServiceProvider":"true"},{"tenantId":"`+fabrikam+`","isServiceProvider":true}],
		"partnerNames":[{"tenantId":"`+fabrikam+`","displayName":"Fabrikam","defaultDomainName":"Fabrikam.com"}, 7],
		"domainTenants":[
			{"domainName":"fabrikam.de","tenantId":"`+fabrikam+`","displayName":"Fabrikam GmbH","defaultDomainName":"fabrikam.com"},
			{"domainName":"proseware.com","tenantId":null},{"domainName":"adatum.com"},{"domainName":"garbage.example","tenantId":7}]}`)
	if got := a.Partners(); !reflect.DeepEqual(got, []string{fabrikam, northwind}) {
		t.Errorf("partners %v", got)
	}
	if e := a.For(fabrikam); e.Name != "Fabrikam" || !e.Listed || e.IsServiceProvider || !e.InMultiTenantOrganization {
		t.Errorf("%+v", e)
	}
	if e := a.For(northwind); e.Name != "" || !e.IsServiceProvider {
		t.Errorf("%+v", e)
	}
	for domain, want := range map[string]struct {
		id    string
		known bool
	}{
		"FABRIKAM.com": {fabrikam, true}, "fabrikam.de": {fabrikam, true},
		"proseware.com": {"", true}, "adatum.com": {"", true},
		"garbage.example": {"", false}, "wingtiptoys.com": {"", false},
	} {
		if id, known := a.Tenant(domain); id != want.id || known != want.known {
			t.Errorf("%s: %q %v", domain, id, known)
		}
	}
}

func TestView(t *testing.T) {
	rows := read(t, `{"default":{},"partners":[{"tenantId":"`+fabrikam+`","inboundTrust":{"isMfaAccepted":true}}]}`).View()
	raw, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	var got []struct {
		TenantID     string
		Listed       bool
		InboundTrust map[string]Value
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].TenantID != "default" || got[0].Listed || got[1].TenantID != fabrikam || !got[1].Listed {
		t.Fatalf("%s", raw)
	}
	want := Value{true, Own, []any{"crossTenantAccess", "partners", 0.0, "inboundTrust", "isMfaAccepted"}}
	if v := got[1].InboundTrust["isMfaAccepted"]; !reflect.DeepEqual(v, want) {
		t.Errorf("%v", v)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"default":{"inboundTrust":{"isMfaAccepted":true}},"partners":[{"tenantId":"a","inboundTrust":true}]}`), "a")
	f.Add([]byte(`{"default":[],"partners":[7,{"tenantId":"a","identitySynchronization":{}}],"partnerNames":{},"domainTenants":[{"domainName":"b"}]}`), "b")
	f.Fuzz(func(t *testing.T, raw []byte, id string) {
		var section map[string]any
		if json.Unmarshal(raw, &section) != nil {
			return
		}
		a := Read(section)
		for _, tenant := range append(a.Partners(), "", id) {
			e := a.For(tenant)
			e.CollaborationInbound()
			e.DirectConnectInbound()
			a.Tenant(tenant)
			for setting, held := range map[string]truth.Truth{
				"isMfaAccepted": e.Trust.MFA, "isCompliantDeviceAccepted": e.Trust.Compliant, "isHybridAzureADJoinedDeviceAccepted": e.Trust.Hybrid,
			} {
				if v := e.Value("inboundTrust." + setting); (held == truth.Yes) != (v.Value == true) || held == truth.Yes && at(section, v.Path) != true {
					t.Errorf("%q: %s is %v by %v", tenant, setting, held, v)
				}
			}
		}
		if _, err := json.Marshal(a.View()); err != nil {
			t.Error(err)
		}
	})
}

// at is what the snapshot has at a path.
func at(section map[string]any, path []any) any {
	v := any(section)
	for _, step := range path[1:] {
		switch s := step.(type) {
		case string:
			v = v.(map[string]any)[s]
		case int:
			v = v.([]any)[s]
		}
	}
	return v
}

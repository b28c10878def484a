package graph

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestHomeDomains(t *testing.T) {
	federated := func(issuers ...string) (list []map[string]any) {
		for _, issuer := range issuers {
			list = append(list, map[string]any{"signInType": "federated", "issuer": issuer, "issuerAssignedId": nil})
		}
		return list
	}
	local := []map[string]any{{"signInType": "userPrincipalName", "issuer": "contoso.onmicrosoft.com", "issuerAssignedId": "x"}}
	const ext = "ann_fabrikam.com#EXT#@contoso.onmicrosoft.com"
	for _, test := range []struct {
		mail, upn  any
		identities any
		want       []string
	}{
		{"Ann@Fabrikam.com", ext, federated("ExternalAzureAD"), []string{"fabrikam.com"}},
		{"ann@fabrikam.co.uk", ext, federated("ExternalAzureAD"), []string{"fabrikam.co.uk", "fabrikam.com"}},
		{nil, "ann_b_Fabrikam.com#ext#@contoso.onmicrosoft.com", nil, []string{"fabrikam.com"}},
		{nil, "ann@contoso.com", nil, nil}, // the name is this tenant's
		{nil, "fabrikam.com#EXT#@contoso.onmicrosoft.com", nil, nil},
		{"ann@odd@fabrikam.com", nil, nil, []string{"fabrikam.com"}},
		{"", "", []any{}, nil},
		// before redemption it is this tenant's own domain
		{"ann@fabrikam.com", ext, local, []string{"fabrikam.com"}},
		{"ann@fabrikam.com", ext, federated("contoso.onmicrosoft.com"), []string{"fabrikam.com"}},
		{"ann@fabrikam.com", ext, federated("mail"), nil},
		{"ann@fabrikam.com", ext, append(federated("mail"), local...), nil},
		{"ann@gmail.com", ext, federated("google.com"), nil},
		{"ann@fabrikam.com", ext, federated("facebook.com"), nil},
		{"ann@outlook.com", ext, federated("microsoftAccount"), nil},
		{"ann@fabrikam.com", ext, federated("https://sts.fabrikam.com/issuer"), nil},
		{"ann@fabrikam.com", ext, federated("urn:fabrikam"), nil},
		{"ann@fabrikam.com", ext, federated("mail", "ExternalAzureAD"), []string{"fabrikam.com"}},
		{"ann@fabrikam.com", ext, federated("fabrikam.com"), []string{"fabrikam.com"}}, // what objectIdentity says of Entra
		{"ann@fabrikam.com", ext, federated("something new"), []string{"fabrikam.com"}},
		{"ann@fabrikam.com", ext, []map[string]any{{"signInType": nil, "issuer": nil}}, []string{"fabrikam.com"}},
	} {
		raw, err := json.Marshal(map[string]any{"id": "1", "mail": test.mail, "userPrincipalName": test.upn, "identities": test.identities})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := homeDomains(raw); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v, want %q", raw, got, err, test.want)
		}
	}
	if _, err := homeDomains(json.RawMessage(`{"mail": 1}`)); err == nil {
		t.Error("a number is no address")
	}
}

// FuzzDomainName holds every name that is let through against what the builder makes of it.
func FuzzDomainName(f *testing.F) {
	for _, seed := range []string{"fabrikam.com", "xn--bcher-kva.example", "a.b.c", "10.0.0.1", "a'b.example", "a/b.example", "-a.example", "a..example"} {
		f.Add(seed)
	}
	r, err := New(Options{URL: "https://graph.example", Credential: bearer{}, HTTP: &http.Client{}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !isDomainName(name) {
			return
		}
		info, err := relations(r).FindTenantInformationByDomainNameWithDomainName(&name).ToGetRequestInformation(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		u, err := r.address(info)
		if err != nil {
			t.Fatal(err)
		}
		want := "https://graph.example/v1.0/tenantRelationships/findTenantInformationByDomainName(domainName='" + name + "')"
		if u.String() != want || strings.ToLower(name) != name || len(name) > 253 {
			t.Errorf("%q became %s", name, u)
		}
	})
}

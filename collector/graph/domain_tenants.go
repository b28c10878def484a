package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector"
)

// domainTenant is to whom a domain belongs, as far as this cloud knows.
type domainTenant struct {
	DomainName        string  `json:"domainName"`
	TenantID          *string `json:"tenantId"`
	DisplayName       *string `json:"displayName"`
	DefaultDomainName *string `json:"defaultDomainName"`
}

// readDomainTenants asks once about each domain of external users, which is how Conditional Access comes to know whose
// factors and devices it may trust.
//
// Graph answers 404 where it finds no tenant; there may be one in another cloud. Its reference lists no errors, and speaks of
// a tenant's primary domain alone; what 404 means is from Microsoft's own tool:
// https://github.com/AzureAD/MSIdentityTools/blob/main/src/Resolve-MsIdTenant.ps1
func readDomainTenants(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	odd := 0
	add := func(t domainTenant) error {
		raw, err := json.Marshal(t)
		if err != nil {
			return err
		}
		return out.Add(t.DomainName, raw)
	}
	err := r.fanOut(ctx, out, fan{
		each: func(ask func(string, json.RawMessage) error) error {
			known := map[string]bool{}
			return out.Each("guests", func(_ string, user json.RawMessage) error {
				list, err := homeDomains(user)
				if err != nil {
					return err
				}
				for _, domain := range list {
					switch {
					case known[domain]:
						continue
					case !isDomainName(domain):
						odd++
						continue
					}
					known[domain] = true
					if err := ask(domain, nil); err != nil {
						return err
					}
				}
				return nil
			})
		},
		ask: func(domain string, _ json.RawMessage) (request, error) {
			return relations(r).FindTenantInformationByDomainNameWithDomainName(&domain).ToGetRequestInformation(ctx, nil)
		},
		none: func(domain string) error { return add(domainTenant{DomainName: domain}) },
		take: func(_ context.Context, domain string, _ json.RawMessage, body []byte) error {
			var t domainTenant
			if err := json.Unmarshal(body, &t); err != nil {
				return fmt.Errorf("the tenant of %s: %w", domain, err)
			}
			if t.TenantID == nil || *t.TenantID == "" { // null has a meaning of its own
				return errors.New("the answer has no tenantId")
			}
			t.DomainName = domain
			return add(t)
		},
	})
	if err == nil && odd > 0 {
		out.Remark(fmt.Sprintf("%d addresses of external users are in no domain that DNS could know, and were not asked about", odd))
	}
	return err
}

// homeDomains are the domains, in lower case, that a user may come from: that of the mail address and the one in the
// account's name, which differ where an administrator changed one of them. Who signs in with something else than
// Microsoft Entra has no tenant, and no domains here.
func homeDomains(user json.RawMessage) ([]string, error) {
	var u struct {
		Mail              string           `json:"mail"`
		UserPrincipalName string           `json:"userPrincipalName"`
		Identities        []objectIdentity `json:"identities"`
	}
	if err := json.Unmarshal(user, &u); err != nil {
		return nil, err
	}
	federated := func(i objectIdentity) bool { return strings.EqualFold(i.SignInType, "federated") }
	if slices.ContainsFunc(u.Identities, federated) &&
		!slices.ContainsFunc(u.Identities, func(i objectIdentity) bool { return federated(i) && i.mayBeEntra() }) {
		return nil, nil
	}
	var list []string
	if _, domain, ok := cutLast(u.Mail, "@"); ok {
		list = append(list, strings.ToLower(domain))
	}
	// ann_fabrikam.com#EXT#@contoso.onmicrosoft.com is ann@fabrikam.com: no domain has an underscore.
	if name, _, ok := strings.Cut(strings.ToLower(u.UserPrincipalName), "#ext#@"); ok {
		if _, domain, ok := cutLast(name, "_"); ok && !slices.Contains(list, domain) {
			list = append(list, domain)
		}
	}
	return list, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// objectIdentity is one way in which a user signs in.
type objectIdentity struct {
	SignInType string `json:"signInType"`
	Issuer     string `json:"issuer"`
}

// mayBeEntra says whether the issuer can be a Microsoft Entra tenant. The others are listed by name, but for federations of
// domains, whose issuer is a URI; what is not known may be one.
// https://learn.microsoft.com/en-us/entra/external-id/user-properties#identities
func (i objectIdentity) mayBeEntra() bool {
	switch strings.ToLower(i.Issuer) {
	case "mail", "phone", "microsoftaccount", "google.com", "facebook.com":
		return false
	}
	return !strings.Contains(i.Issuer, ":")
}

// isDomainName says whether the text, in lower case, is a name that DNS could know, so that it can stand in an address:
// https://www.rfc-editor.org/rfc/rfc1123#page-13. Others are an outsider's to invent.
func isDomainName(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return strings.Trim(labels[len(labels)-1], "0123456789") != "" // or it is an IP address
}

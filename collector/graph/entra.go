package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/grouplifecyclepolicies"
	"github.com/microsoftgraph/msgraph-sdk-go/groupsettings"
	"github.com/microsoftgraph/msgraph-sdk-go/identity"
	"github.com/microsoftgraph/msgraph-sdk-go/policies"

	"github.com/guestward/guestward/collector"
)

func policy(r *Reader) *policies.PoliciesRequestBuilder {
	return policies.NewPoliciesRequestBuilderInternal(paths(), r.adapter)
}

// Tenant-wide identity policies.
var _ = register(map[string]read{
	"entra.authorizationPolicy": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).AuthorizationPolicy().ToGetRequestInformation(ctx, nil)
	}),
	"entra.authenticationFlowsPolicy": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).AuthenticationFlowsPolicy().ToGetRequestInformation(ctx, nil)
	}),
	"entra.authenticationMethodsPolicy": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).AuthenticationMethodsPolicy().ToGetRequestInformation(ctx, nil)
	}),
	"entra.identitySecurityDefaultsEnforcementPolicy": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).IdentitySecurityDefaultsEnforcementPolicy().ToGetRequestInformation(ctx, nil)
	}),
	"entra.adminConsentRequestPolicy": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).AdminConsentRequestPolicy().ToGetRequestInformation(ctx, nil)
	}),
	"entra.externalIdentitiesPolicy": one(func(_ context.Context, r *Reader, _ *collector.Output) (request, error) {
		return r.beta("/policies/externalIdentitiesPolicy")
	}),
	"entra.b2bManagementPolicy": readB2B,
	"entra.identityProviders": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return identity.NewIdentityRequestBuilderInternal(paths(), r.adapter).IdentityProviders().ToGetRequestInformation(ctx, nil)
	}),
	"entra.b2xUserFlows": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return identity.NewIdentityRequestBuilderInternal(paths(), r.adapter).B2xUserFlows().ToGetRequestInformation(ctx, nil)
	}),
	"entra.groupSettings": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return groupsettings.NewGroupSettingsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx, nil)
	}),
	"entra.groupLifecyclePolicies": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return grouplifecyclepolicies.NewGroupLifecyclePoliciesRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx, nil)
	}),
})

// b2bRoutes are the places where the list of domains is: the documented one first, which asks for a permission of its own.
// https://learn.microsoft.com/en-us/graph/api/policyroot-list-b2bmanagementpolicies?view=graph-rest-beta
var b2bRoutes = []string{"/policies/b2bManagementPolicies", "/legacy/policies"}

// readB2B reads the domains to which invitations are limited. No policy means no limit.
func readB2B(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	var first error
	for _, route := range b2bRoutes {
		definitions, err := r.policyDefinitions(ctx, route)
		var refused *refusal
		switch {
		case err == nil:
			limit, err := domainLimit(definitions)
			if err != nil {
				return fmt.Errorf("%s: %w", route, err)
			}
			return out.Add("", limit)
		case first == nil:
			first = err
		}
		if !errors.As(err, &refused) || refused.status == http.StatusTooManyRequests || refused.status >= 500 {
			break // the other place would not fare better
		}
	}
	return first
}

// policyDefinitions lists the definitions of the policies at a path of the beta interface.
func (r *Reader) policyDefinitions(ctx context.Context, route string) (definitions []string, err error) {
	info, err := r.beta(route)
	if err != nil {
		return nil, err
	}
	body, err := r.get(ctx, info)
	if err != nil {
		return nil, err
	}
	err = r.rest(ctx, body, "id", func(items []item) error {
		for _, it := range items {
			var policy struct {
				Definition []string `json:"definition"`
			}
			if err := json.Unmarshal(it.raw, &policy); err != nil {
				return fmt.Errorf("a policy of %s: %w", route, err)
			}
			definitions = append(definitions, policy.Definition...)
		}
		return nil
	})
	return definitions, err
}

// domainLimit reads the lists out of the policies' definitions, which are JSON in text. An empty list of allowed domains
// lets nobody be invited; without any list everybody may be.
func domainLimit(definitions []string) (json.RawMessage, error) {
	limit := map[string]json.RawMessage{}
	for _, text := range definitions {
		if !strings.Contains(text, "B2BManagementPolicy") {
			continue
		}
		var d struct {
			Policy struct {
				Domains *struct {
					Allowed *[]string `json:"AllowedDomains"`
					Blocked *[]string `json:"BlockedDomains"`
				} `json:"InvitationsAllowedAndBlockedDomainsPolicy"`
			} `json:"B2BManagementPolicy"`
		}
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return nil, fmt.Errorf("the definition of the B2B policy is not readable: %w", err)
		}
		if d.Policy.Domains == nil {
			continue
		}
		for name, list := range map[string]*[]string{"allowedDomains": d.Policy.Domains.Allowed, "blockedDomains": d.Policy.Domains.Blocked} {
			if list == nil {
				continue
			}
			if limit[name] != nil {
				return nil, errors.New("there are two B2B policies with lists of domains")
			}
			raw, err := json.Marshal(*list)
			if err != nil {
				return nil, err
			}
			limit[name] = raw
		}
	}
	return json.Marshal(limit)
}

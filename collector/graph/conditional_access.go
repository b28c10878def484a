package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/identity"
	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"
	"github.com/microsoftgraph/msgraph-sdk-go/policies"

	"github.com/guestward/guestward/collector"
)

func conditionalAccess(r *Reader) *identity.ConditionalAccessRequestBuilder {
	return identity.NewConditionalAccessRequestBuilderInternal(paths(), r.adapter)
}

// Conditional Access. Its interface takes one request a second: wire's lanes see to it.
var _ = register(map[string]read{
	"conditionalAccess.policies": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return conditionalAccess(r).Policies().ToGetRequestInformation(ctx, nil)
	}),
	"conditionalAccess.namedLocations": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return conditionalAccess(r).NamedLocations().ToGetRequestInformation(ctx, nil)
	}),
	"conditionalAccess.authenticationContextClassReferences": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return conditionalAccess(r).AuthenticationContextClassReferences().ToGetRequestInformation(ctx, nil)
	}),
	"conditionalAccess.authenticationStrengthPolicies": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).AuthenticationStrengthPolicies().ToGetRequestInformation(ctx, &policies.AuthenticationStrengthPoliciesRequestBuilderGetRequestConfiguration{
			QueryParameters: &policies.AuthenticationStrengthPoliciesRequestBuilderGetQueryParameters{Expand: []string{"combinationConfigurations"}},
		})
	}),
	"conditionalAccess.termsOfUse": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return identitygovernance.NewTermsOfUseAgreementsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx, nil)
	}),
})

package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/domains"
	"github.com/microsoftgraph/msgraph-sdk-go/organization"
	"github.com/microsoftgraph/msgraph-sdk-go/subscribedskus"

	"github.com/guestward/guestward/collector"
)

// Who the tenant is, and what it has bought.
var _ = register(map[string]read{
	"tenant.organization": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return organization.NewOrganizationRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx,
			&organization.OrganizationRequestBuilderGetRequestConfiguration{QueryParameters: &organization.OrganizationRequestBuilderGetQueryParameters{
				Select: []string{"id", "displayName", "tenantType", "createdDateTime", "countryLetterCode", "verifiedDomains", "assignedPlans", "onPremisesSyncEnabled", "partnerTenantType"},
			}})
	}),
	"tenant.domains": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return domains.NewDomainsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx, nil)
	}),
	"licences.subscribedSkus": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return subscribedskus.NewSubscribedSkusRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx, nil)
	}, by("skuId")),
})

package graph

import (
	"context"
	"encoding/json"

	"github.com/microsoftgraph/msgraph-sdk-go/policies"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"github.com/microsoftgraph/msgraph-sdk-go/tenantrelationships"

	"github.com/guestward/guestward/collector"
)

func relations(r *Reader) *tenantrelationships.TenantRelationshipsRequestBuilder {
	return tenantrelationships.NewTenantRelationshipsRequestBuilderInternal(paths(), r.adapter)
}

// Cross-tenant access, the multitenant organization, and cross-tenant synchronization on its source side.
var _ = register(map[string]read{
	"crossTenantAccess.policy": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).CrossTenantAccessPolicy().ToGetRequestInformation(ctx, nil)
	}),
	"crossTenantAccess.default": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).CrossTenantAccessPolicy().DefaultEscaped().ToGetRequestInformation(ctx, nil)
	}),
	"crossTenantAccess.partners": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).CrossTenantAccessPolicy().Partners().ToGetRequestInformation(ctx, &policies.CrossTenantAccessPolicyPartnersRequestBuilderGetRequestConfiguration{
			QueryParameters: &policies.CrossTenantAccessPolicyPartnersRequestBuilderGetQueryParameters{Expand: []string{"identitySynchronization"}},
		})
	}, by("tenantId")),
	"crossTenantAccess.partnerNames":  readPartnerNames,
	"crossTenantAccess.domainTenants": readDomainTenants,
	"crossTenantAccess.partnerConfigurationTemplate": oneOrNone("{}", func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).CrossTenantAccessPolicy().Templates().MultiTenantOrganizationPartnerConfiguration().ToGetRequestInformation(ctx, nil)
	}),
	"crossTenantAccess.identitySynchronizationTemplate": oneOrNone("{}", func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).CrossTenantAccessPolicy().Templates().MultiTenantOrganizationIdentitySynchronization().ToGetRequestInformation(ctx, nil)
	}),
	// A tenant that never made one answers with the state inactive or with 404.
	"crossTenantAccess.multiTenantOrganization": oneOrNone(`{"state":"inactive"}`, func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return relations(r).MultiTenantOrganization().ToGetRequestInformation(ctx, nil)
	}),
	"crossTenantAccess.multiTenantOrganizationTenants": readMultiTenantMembers,
	"crossTenantSync.servicePrincipals": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx,
			&serviceprincipals.ServicePrincipalsRequestBuilderGetRequestConfiguration{QueryParameters: &serviceprincipals.ServicePrincipalsRequestBuilderGetQueryParameters{
				Filter: ptr("applicationTemplateId eq '" + crossTenantTemplate + "'"),
				Select: []string{"id", "appId", "displayName", "accountEnabled", "appRoleAssignmentRequired"},
			}})
	}),
	"crossTenantSync.jobs":        readSyncJobs,
	"crossTenantSync.assignments": readSyncAssignments,
})

// crossTenantTemplate is the gallery application behind every configuration of cross-tenant synchronization.
// https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-configure-graph
const crossTenantTemplate = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"

func readPartnerNames(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	return r.fanOut(ctx, out, fan{
		parents: "crossTenantAccess.partners",
		gone:    true, // a partner that does not exist any more
		ask: func(_ string, parent json.RawMessage) (request, error) {
			id, err := member(parent, "tenantId")
			if err != nil || id == "" {
				return nil, err
			}
			return relations(r).FindTenantInformationByTenantIdWithTenantId(&id).ToGetRequestInformation(ctx, nil)
		},
		take: func(_ context.Context, _ string, _ json.RawMessage, body []byte) error {
			id, raw, err := clean(body, "tenantId")
			if err != nil {
				return err
			}
			return out.Add(id, raw)
		},
	})
}

// readMultiTenantMembers lists the tenants of an active organization; an inactive one has none to list.
func readMultiTenantMembers(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error {
	for raw, err := range out.Earlier("crossTenantAccess.multiTenantOrganization") {
		if err != nil {
			return err
		}
		if state, err := member(raw, "state"); err != nil || state == "inactive" {
			return err
		}
	}
	return many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return relations(r).MultiTenantOrganization().Tenants().ToGetRequestInformation(ctx, nil)
	}, by("tenantId"))(ctx, r, s, out)
}

// readSyncJobs lists the jobs of every configuration, each with its schema: scopes and attribute mappings are there.
func readSyncJobs(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	principals, err := ids(out.Earlier("crossTenantSync.servicePrincipals"))
	if err != nil {
		return err
	}
	for _, principal := range principals {
		sync := serviceprincipals.NewServicePrincipalsRequestBuilderInternal(paths(), r.adapter).ByServicePrincipalId(principal).Synchronization()
		info, err := sync.Jobs().ToGetRequestInformation(ctx, nil)
		if err != nil {
			return err
		}
		body, err := r.get(ctx, info)
		if err != nil {
			return err
		}
		err = r.rest(ctx, body, "id", func(items []item) error {
			for _, job := range items {
				info, err := sync.Jobs().BySynchronizationJobId(job.id).Schema().ToGetRequestInformation(ctx, nil)
				if err != nil {
					return err
				}
				schema, err := r.object(ctx, info)
				if err != nil {
					return err
				}
				raw, err := with(job.raw, map[string]any{"servicePrincipalId": principal, "schema": schema})
				if err != nil {
					return err
				}
				if err := out.Add(job.id, raw); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readSyncAssignments lists who is assigned to the configurations, which is who is synchronized where the scope says so.
func readSyncAssignments(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	principals, err := ids(out.Earlier("crossTenantSync.servicePrincipals"))
	if err != nil {
		return err
	}
	for _, principal := range principals {
		info, err := assignedTo(ctx, r, principal)
		if err != nil {
			return err
		}
		body, err := r.get(ctx, info)
		if err != nil {
			return err
		}
		if err := r.rest(ctx, body, "id", addTo(out)); err != nil {
			return err
		}
	}
	return nil
}

// assignedTo lists who is assigned to an application, 999 at a time.
func assignedTo(ctx context.Context, r *Reader, principal string) (request, error) {
	return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(paths(), r.adapter).ByServicePrincipalId(principal).AppRoleAssignedTo().
		ToGetRequestInformation(ctx, &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetRequestConfiguration{
			QueryParameters: &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetQueryParameters{Top: ptr(int32(999))},
		})
}

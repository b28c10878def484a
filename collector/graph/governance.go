package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"

	"github.com/guestward/guestward/collector"
)

func governance(r *Reader) *identitygovernance.IdentityGovernanceRequestBuilder {
	return identitygovernance.NewIdentityGovernanceRequestBuilderInternal(paths(), r.adapter)
}

func packages(r *Reader) *identitygovernance.EntitlementManagementRequestBuilder {
	return governance(r).EntitlementManagement()
}

// Entitlement management and lifecycle workflows.
var _ = register(map[string]read{
	"governance.entitlementManagement.settings": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return packages(r).Settings().ToGetRequestInformation(ctx, nil)
	}),
	"governance.entitlementManagement.catalogs": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return packages(r).Catalogs().ToGetRequestInformation(ctx, nil)
	}),
	"governance.entitlementManagement.accessPackages": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return packages(r).AccessPackages().ToGetRequestInformation(ctx, &identitygovernance.EntitlementManagementAccessPackagesRequestBuilderGetRequestConfiguration{
			QueryParameters: &identitygovernance.EntitlementManagementAccessPackagesRequestBuilderGetQueryParameters{Expand: []string{"catalog"}},
		})
	}),
	"governance.entitlementManagement.assignmentPolicies": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return packages(r).AssignmentPolicies().ToGetRequestInformation(ctx, &identitygovernance.EntitlementManagementAssignmentPoliciesRequestBuilderGetRequestConfiguration{
			QueryParameters: &identitygovernance.EntitlementManagementAssignmentPoliciesRequestBuilderGetQueryParameters{Expand: []string{"accessPackage", "catalog"}},
		})
	}),
	"governance.entitlementManagement.connectedOrganizations": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return packages(r).ConnectedOrganizations().ToGetRequestInformation(ctx, &identitygovernance.EntitlementManagementConnectedOrganizationsRequestBuilderGetRequestConfiguration{
			QueryParameters: &identitygovernance.EntitlementManagementConnectedOrganizationsRequestBuilderGetQueryParameters{Expand: []string{"internalSponsors", "externalSponsors"}},
		})
	}),
	"governance.entitlementManagement.assignments": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return packages(r).Assignments().ToGetRequestInformation(ctx, &identitygovernance.EntitlementManagementAssignmentsRequestBuilderGetRequestConfiguration{
			QueryParameters: &identitygovernance.EntitlementManagementAssignmentsRequestBuilderGetQueryParameters{Expand: []string{"target", "accessPackage"}},
		})
	}, keeping(only(func(a struct {
		State string `json:"state"`
	}) bool {
		return a.State != "expired" && a.State != "deliveryFailed" // all others may give access to something
	}))),
	"governance.lifecycleWorkflows.workflows": readWorkflows,
})

// readWorkflows lists the workflows, then reads each: the list leaves out when a workflow runs and what it does.
func readWorkflows(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	workflows := governance(r).LifecycleWorkflows().Workflows()
	info, err := workflows.ToGetRequestInformation(ctx, nil)
	if err != nil {
		return err
	}
	body, err := r.get(ctx, info)
	if err != nil {
		return err
	}
	return r.rest(ctx, body, "id", func(items []item) error {
		for _, it := range items {
			info, err := workflows.ByWorkflowId(it.id).ToGetRequestInformation(ctx, nil)
			if err != nil {
				return err
			}
			whole, err := r.object(ctx, info)
			if err != nil {
				return err
			}
			if err := out.Add(it.id, whole); err != nil {
				return err
			}
		}
		return nil
	})
}

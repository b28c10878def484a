package graph

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/microsoftgraph/msgraph-sdk-go/oauth2permissiongrants"
	"github.com/microsoftgraph/msgraph-sdk-go/security"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"

	"github.com/microsoftgraph/msgraph-sdk-go/admin"

	"github.com/guestward/guestward/collector"
)

// Applications, sensitivity labels, and what Graph knows of SharePoint.
var _ = register(map[string]read{
	"applications.servicePrincipals": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx,
			&serviceprincipals.ServicePrincipalsRequestBuilderGetRequestConfiguration{QueryParameters: &serviceprincipals.ServicePrincipalsRequestBuilderGetQueryParameters{
				Select: []string{"id", "appId", "displayName", "accountEnabled", "appRoleAssignmentRequired", "servicePrincipalType", "appOwnerOrganizationId", "tags"},
				Top:    ptr(int32(999)),
			}})
	}),
	"applications.assignments": readAppAssignments,
	"applications.grants": func(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error {
		external, err := out.Externals()
		if err != nil {
			return err
		}
		return many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
			return oauth2permissiongrants.NewOauth2PermissionGrantsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx,
				&oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilderGetRequestConfiguration{
					QueryParameters: &oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilderGetQueryParameters{Filter: ptr("consentType eq 'Principal'"), Top: ptr(int32(999))},
				})
		}, keeping(only(func(g grant) bool { return external.Has(g.PrincipalID) })))(ctx, r, s, out)
	},
	"labels.sensitivityLabels": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return security.NewDataSecurityAndGovernanceRequestBuilderInternal(paths(), r.adapter).SensitivityLabels().ToGetRequestInformation(ctx,
			&security.DataSecurityAndGovernanceSensitivityLabelsRequestBuilderGetRequestConfiguration{
				QueryParameters: &security.DataSecurityAndGovernanceSensitivityLabelsRequestBuilderGetQueryParameters{Expand: []string{"sublabels"}},
			})
	}),
	"sharePoint.settings": one(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return admin.NewSharepointRequestBuilderInternal(paths(), r.adapter).Settings().ToGetRequestInformation(ctx, nil)
	}),
})

// grant is what is looked at of grants and assignments.
type grant struct {
	PrincipalID   string `json:"principalId"`
	PrincipalType string `json:"principalType"`
}

// only keeps the elements for which it holds.
func only[T any](holds func(T) bool) func([]item) ([]item, error) {
	return func(items []item) ([]item, error) {
		kept := items[:0]
		for _, it := range items {
			var v T
			if err := json.Unmarshal(it.raw, &v); err != nil {
				return nil, err
			}
			if holds(v) {
				kept = append(kept, it)
			}
		}
		return kept, nil
	}
}

// microsoft is the tenant to which Microsoft's own services belong. A tenant has hundreds of them that nobody is assigned
// to; those that it manages access to have the tag of enterprise applications, or require an assignment.
// https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
const (
	microsoft     = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
	enterpriseTag = "WindowsAzureActiveDirectoryIntegratedApp"
)

// readAppAssignments lists assignments to external users and to groups, in which external users may be. There is no way
// to list the assignments of all applications at once.
func readAppAssignments(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	external, err := out.Externals()
	if err != nil {
		return err
	}
	out.Remark("of all applications but Microsoft's own services that nobody need be assigned to")
	keep := only(func(g grant) bool { return g.PrincipalType == "Group" || external.Has(g.PrincipalID) })
	return r.fanOut(ctx, out, fan{
		parents: "applications.servicePrincipals",
		ask: func(id string, principal json.RawMessage) (request, error) {
			var p struct {
				Tags     []string `json:"tags"`
				Owner    string   `json:"appOwnerOrganizationId"`
				Required bool     `json:"appRoleAssignmentRequired"`
			}
			if err := json.Unmarshal(principal, &p); err != nil {
				return nil, err
			}
			if p.Owner == microsoft && !p.Required && !slices.Contains(p.Tags, enterpriseTag) {
				return nil, nil
			}
			return assignedTo(ctx, r, id)
		},
		take: func(ctx context.Context, _ string, _ json.RawMessage, body []byte) error {
			return r.rest(ctx, body, "id", func(items []item) error {
				items, err := keep(items)
				if err != nil {
					return err
				}
				return addTo(out)(items)
			})
		},
	})
}

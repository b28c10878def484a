package graph

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/applications"
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
	"applications.owners":      readAppOwners,
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

// ownedBy is a kind of application that has owners, and how they are asked for.
type ownedBy struct {
	kind  string
	list  func() (request, error)
	whole func(id string) (request, error)
}

// appOwners are the two halves of an application: its registration, whose owners can add secrets and permissions, and its
// service principal, whose owners can add secrets and assign people.
func (r *Reader) appOwners(ctx context.Context) []ownedBy {
	members, expand, top := []string{"id", "appId", "displayName"}, []string{"owners($select=id)"}, ptr(int32(999))
	apps := applications.NewApplicationsRequestBuilderInternal(paths(), r.adapter)
	principals := serviceprincipals.NewServicePrincipalsRequestBuilderInternal(paths(), r.adapter)
	return []ownedBy{
		{
			kind: "application",
			list: func() (request, error) {
				return apps.ToGetRequestInformation(ctx, &applications.ApplicationsRequestBuilderGetRequestConfiguration{
					QueryParameters: &applications.ApplicationsRequestBuilderGetQueryParameters{Select: members, Expand: expand, Top: top},
				})
			},
			whole: func(id string) (request, error) {
				return apps.ByApplicationId(id).Owners().ToGetRequestInformation(ctx, &applications.ItemOwnersRequestBuilderGetRequestConfiguration{
					QueryParameters: &applications.ItemOwnersRequestBuilderGetQueryParameters{Select: []string{"id"}, Top: top},
				})
			},
		},
		{
			kind: "servicePrincipal",
			list: func() (request, error) {
				return principals.ToGetRequestInformation(ctx, &serviceprincipals.ServicePrincipalsRequestBuilderGetRequestConfiguration{
					QueryParameters: &serviceprincipals.ServicePrincipalsRequestBuilderGetQueryParameters{Select: members, Expand: expand, Top: top},
				})
			},
			whole: func(id string) (request, error) {
				return principals.ByServicePrincipalId(id).Owners().ToGetRequestInformation(ctx, &serviceprincipals.ItemOwnersRequestBuilderGetRequestConfiguration{
					QueryParameters: &serviceprincipals.ItemOwnersRequestBuilderGetQueryParameters{Select: []string{"id"}, Top: top},
				})
			},
		},
	}
}

// owned is what is read of an application or a service principal. Owners are nil where the list of them is not whole.
type owned struct {
	ID          string  `json:"id"`
	AppID       *string `json:"appId"`
	DisplayName *string `json:"displayName"`
	Owners      []struct {
		ID string `json:"id"`
	} `json:"owners"`
}

// readAppOwners lists applications, then service principals, with their owners, and keeps the owners who are external
// users. Where an expansion may have been cut off, all owners of that one are asked for. Ids of owners are told without the
// permission to read users: https://learn.microsoft.com/en-us/graph/api/application-list-owners#permissions
func readAppOwners(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	external, err := out.Externals()
	if err != nil {
		return err
	}
	halves := r.appOwners(ctx)
	for i, half := range halves {
		phase := half.kind + " "
		if i+1 < len(halves) && strings.HasPrefix(out.Cursor(), halves[i+1].kind+" ") {
			continue // it was read before the interruption
		}
		err := r.pages(ctx, out, list{phase: phase, first: half.list, keep: func(items []item) ([]item, error) {
			return r.externalOwners(ctx, half, items, external)
		}})
		if err != nil {
			return err
		}
		if i+1 < len(halves) {
			if err := out.Checkpoint(halves[i+1].kind + " "); err != nil {
				return err
			}
		}
	}
	return nil
}

// externalOwners makes of a page of applications one element for each external user who owns one.
func (r *Reader) externalOwners(ctx context.Context, half ownedBy, items []item, external *collector.IDs) ([]item, error) {
	var kept []item
	take := func(o *owned, owner string) error {
		if !external.Has(owner) {
			return nil
		}
		id := o.ID + " " + owner
		raw, err := json.Marshal(map[string]any{
			"id": id, "ownerId": owner, "resourceType": half.kind, "resourceId": o.ID, "resourceDisplayName": o.DisplayName, "appId": o.AppID,
		})
		kept = append(kept, item{id, raw})
		return err
	}
	var long []*owned
	for _, it := range items {
		o := new(owned)
		if err := json.Unmarshal(it.raw, o); err != nil {
			return nil, err
		}
		if o.ID == "" {
			return nil, errors.New("an element of the answer has no id")
		}
		if o.Owners == nil || len(o.Owners) >= expandMost {
			long = append(long, o)
			continue
		}
		for _, owner := range o.Owners {
			if err := take(o, owner.ID); err != nil {
				return nil, err
			}
		}
	}
	for some := range slices.Chunk(long, batchSize) {
		infos := make([]request, len(some))
		for i, o := range some {
			var err error
			if infos[i], err = half.whole(o.ID); err != nil {
				return nil, err
			}
		}
		answers, err := r.batch(ctx, infos)
		if err != nil {
			return nil, err
		}
		for i, a := range answers {
			body, err := a.good()
			if err != nil {
				return nil, err
			}
			err = r.rest(ctx, body, "id", func(owners []item) error {
				for _, owner := range owners {
					if err := take(some[i], owner.id); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return kept, nil
}

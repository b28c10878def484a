package graph

import (
	"context"
	"encoding/json"

	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"
	"github.com/microsoftgraph/msgraph-sdk-go/policies"
	"github.com/microsoftgraph/msgraph-sdk-go/rolemanagement"

	"github.com/guestward/guestward/collector"
)

func directory(r *Reader) *rolemanagement.DirectoryRequestBuilder {
	return rolemanagement.NewDirectoryRequestBuilderInternal(paths(), r.adapter)
}

// Directory roles: what there is, who holds and who can activate them, and what that takes.
var _ = register(map[string]read{
	"roles.definitions": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return directory(r).RoleDefinitions().ToGetRequestInformation(ctx, &rolemanagement.DirectoryRoleDefinitionsRequestBuilderGetRequestConfiguration{
			QueryParameters: &rolemanagement.DirectoryRoleDefinitionsRequestBuilderGetQueryParameters{
				Select: []string{"id", "templateId", "displayName", "isBuiltIn", "isEnabled", "rolePermissions"},
			},
		})
	}),
	"roles.assignments": withPrincipals(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return directory(r).RoleAssignments().ToGetRequestInformation(ctx, &rolemanagement.DirectoryRoleAssignmentsRequestBuilderGetRequestConfiguration{
			QueryParameters: &rolemanagement.DirectoryRoleAssignmentsRequestBuilderGetQueryParameters{Expand: []string{"principal"}},
		})
	}),
	"roles.eligibility": withPrincipals(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return directory(r).RoleEligibilityScheduleInstances().ToGetRequestInformation(ctx, &rolemanagement.DirectoryRoleEligibilityScheduleInstancesRequestBuilderGetRequestConfiguration{
			QueryParameters: &rolemanagement.DirectoryRoleEligibilityScheduleInstancesRequestBuilderGetQueryParameters{Expand: []string{"principal"}},
		})
	}),
	"roles.schedule": withPrincipals(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return directory(r).RoleAssignmentScheduleInstances().ToGetRequestInformation(ctx, &rolemanagement.DirectoryRoleAssignmentScheduleInstancesRequestBuilderGetRequestConfiguration{
			QueryParameters: &rolemanagement.DirectoryRoleAssignmentScheduleInstancesRequestBuilderGetQueryParameters{Expand: []string{"principal", "activatedUsing"}},
		})
	}),
	"roles.policies": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return policy(r).RoleManagementPolicyAssignments().ToGetRequestInformation(ctx, &policies.RoleManagementPolicyAssignmentsRequestBuilderGetRequestConfiguration{
			QueryParameters: &policies.RoleManagementPolicyAssignmentsRequestBuilderGetQueryParameters{
				Filter: ptr("scopeId eq '/' and scopeType eq 'Directory'"),
				Expand: []string{"policy($expand=rules)"},
			},
		})
	}),
	"governance.pim.groupEligibility": roleGroups(func(ctx context.Context, r *Reader, group string) (request, error) {
		return governance(r).PrivilegedAccess().Group().EligibilityScheduleInstances().ToGetRequestInformation(ctx,
			&identitygovernance.PrivilegedAccessGroupEligibilityScheduleInstancesRequestBuilderGetRequestConfiguration{
				QueryParameters: &identitygovernance.PrivilegedAccessGroupEligibilityScheduleInstancesRequestBuilderGetQueryParameters{Filter: ptr("groupId eq '" + group + "'")},
			})
	}),
	"governance.pim.groupAssignments": roleGroups(func(ctx context.Context, r *Reader, group string) (request, error) {
		return governance(r).PrivilegedAccess().Group().AssignmentScheduleInstances().ToGetRequestInformation(ctx,
			&identitygovernance.PrivilegedAccessGroupAssignmentScheduleInstancesRequestBuilderGetRequestConfiguration{
				QueryParameters: &identitygovernance.PrivilegedAccessGroupAssignmentScheduleInstancesRequestBuilderGetQueryParameters{Filter: ptr("groupId eq '" + group + "'")},
			})
	}),
})

// principalMembers are what is kept of whoever holds a role.
var principalMembers = []string{"@odata.type", "id", "displayName", "userPrincipalName", "userType", "accountEnabled", "creationType", "externalUserState", "appId", "isAssignableToRole"}

// withPrincipals reads a list of who holds roles, and keeps of every principal what says who it is.
func withPrincipals(b build) read {
	return func(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error {
		var sight sight
		err := many(b, keeping(func(items []item) ([]item, error) {
			for i, it := range items {
				var assignment map[string]json.RawMessage
				if err := json.Unmarshal(it.raw, &assignment); err != nil {
					return nil, err
				}
				var principal map[string]json.RawMessage
				if err := json.Unmarshal(assignment["principal"], &principal); err != nil || principal == nil {
					continue // an assignment of somebody who was deleted
				}
				sight.look(principal)
				brief := map[string]json.RawMessage{}
				for _, name := range principalMembers {
					if v, ok := principal[name]; ok {
						brief[name] = v
					}
				}
				raw, err := with(it.raw, map[string]any{"principal": brief})
				if err != nil {
					return nil, err
				}
				items[i].raw = raw
			}
			return items, nil
		}))(ctx, r, s, out)
		if err == nil && sight.blind() {
			return unreadable("the holders of roles", "User.Read.All")
		}
		return err
	}
}

// roleGroups asks about every group that can hold roles. The interface wants a filter on one group at a time.
func roleGroups(ask func(ctx context.Context, r *Reader, group string) (request, error)) read {
	return func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		out.Remark("of groups that can hold directory roles, and no others")
		return r.fanOut(ctx, out, fan{
			parents: "groups",
			ask: func(id string, group json.RawMessage) (request, error) {
				var g struct {
					IsAssignableToRole bool `json:"isAssignableToRole"`
				}
				if err := json.Unmarshal(group, &g); err != nil || !g.IsAssignableToRole {
					return nil, err
				}
				return ask(ctx, r, id)
			},
			take: func(ctx context.Context, _ string, _ json.RawMessage, body []byte) error {
				return r.rest(ctx, body, "id", addTo(out))
			},
		})
	}
}

package graph

import (
	"context"
	"encoding/json"
	"slices"

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
	"governance.pim.groupEligibility": managedGroups("of security and Microsoft 365 groups that are neither dynamic nor synchronized, the ones that can have any", group.manageable, func(ctx context.Context, r *Reader, group string) (request, error) {
		return governance(r).PrivilegedAccess().Group().EligibilityScheduleInstances().ToGetRequestInformation(ctx,
			&identitygovernance.PrivilegedAccessGroupEligibilityScheduleInstancesRequestBuilderGetRequestConfiguration{
				QueryParameters: &identitygovernance.PrivilegedAccessGroupEligibilityScheduleInstancesRequestBuilderGetQueryParameters{Filter: ptr("groupId eq '" + group + "'")},
			})
	}),
	"governance.pim.groupAssignments": managedGroups("of groups that can hold directory roles, and no others", group.holdsRoles, func(ctx context.Context, r *Reader, group string) (request, error) {
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

// managedGroups asks about the groups that may be under Privileged Identity Management. No interface of v1.0 lists those that
// are, and this one wants a filter on one group at a time: it takes one request for each group, of which 20 are one batch.
// https://learn.microsoft.com/en-us/graph/api/privilegedaccessgroup-list-eligibilityscheduleinstances
func managedGroups(remark string, which func(group) bool, ask func(ctx context.Context, r *Reader, group string) (request, error)) read {
	return func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		out.Remark(remark)
		return r.fanOut(ctx, out, fan{
			parents: "groups",
			gone:    true,
			ask: func(id string, raw json.RawMessage) (request, error) {
				g, err := parseGroup(raw)
				if err != nil || !which(g) {
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

// manageable says whether Privileged Identity Management can manage the group.
// https://learn.microsoft.com/en-us/graph/api/resources/privilegedidentitymanagement-for-groups-api-overview
func (g group) manageable() bool {
	if g.IsAssignableToRole {
		return true
	}
	if slices.Contains(g.GroupTypes, "DynamicMembership") || g.OnPremisesSyncEnabled {
		return false
	}
	// Exchange decides who is in a mail-enabled security group or a distribution list.
	// https://learn.microsoft.com/en-us/graph/api/resources/groups-overview
	return g.unified() || !g.MailEnabled
}

func (g group) holdsRoles() bool { return g.IsAssignableToRole }

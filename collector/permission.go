package collector

import (
	"slices"
	"strings"
)

// API is a service that sources are read from. Its name is how people know it.
type API string

// The services.
const (
	Graph      API = "Microsoft Graph"
	SharePoint API = "SharePoint"
	Teams      API = "Teams"
	Exchange   API = "Exchange Online"
	Azure      API = "Azure"
	Fabric     API = "Microsoft Fabric"
	DevOps     API = "Azure DevOps"
)

// Imported says that guestward does not read the service with a permission of its own: what an administrator exported
// brings it.
func (a API) Imported() bool {
	return slices.Contains([]API{Teams, Exchange, Azure, Fabric, DevOps}, a)
}

// apiIDs are the application ids under which the services are granted permissions.
// https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
var apiIDs = map[API]string{
	Graph:      "00000003-0000-0000-c000-000000000000",
	SharePoint: "00000003-0000-0ff1-ce00-000000000000",
	Exchange:   "00000002-0000-0ff1-ce00-000000000000",
}

// AppID is the application id of the service, "" for one that takes no permissions.
func (a API) AppID() string { return apiIDs[a] }

// Permission is a right that an administrator grants to the application that guestward signs in as.
type Permission struct {
	Name string
	API  API
	ID   string // of the application permission (app role); "" for a directory role, and for a right that a service grants itself
	Role string // template id of the directory role, where it is one
	// Writes says that the permission allows more than reading, for want of a smaller one.
	Writes bool
	// DelegatedOnly permissions cannot be granted to an application: only a signed-in person has them.
	DelegatedOnly bool
	About         string
}

// Permissions are all that any source asks for, in alphabetical order. Those that Writes marks are asked for by name only.
//
// Ids: https://learn.microsoft.com/en-us/graph/permissions-reference, and for directory roles
// https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/permissions-reference
var Permissions = []Permission{
	{Name: "AccessReview.Read.All", API: Graph, ID: "d07a8cc0-3d51-4b77-b3b0-32704d1f69fa", About: "access reviews"},
	{Name: "Agreement.Read.All", API: Graph, DelegatedOnly: true, About: "terms of use"},
	{Name: "Application.Read.All", API: Graph, ID: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", About: "applications and who may use them"},
	{Name: "AuditLog.Read.All", API: Graph, ID: "b0afded3-3588-46d8-8b3d-9842eff778da", About: "sign-in times and audit logs"},
	{Name: "AuthenticationContext.Read.All", API: Graph, ID: "381f742f-e1f8-4309-b4ab-e3d91ae4c5c1", About: "authentication contexts"},
	{Name: "Basic access (in Azure DevOps)", API: DevOps, About: "policies of an organisation in Azure DevOps"},
	{Name: "Channel.ReadBasic.All", API: Graph, ID: "59a6b24b-4225-4393-8165-ebaec5f55d7a", About: "channels of teams"},
	{Name: "ChannelMember.Read.All", API: Graph, ID: "3b55498e-47ec-484f-8136-9013221c06a9", About: "members of shared channels"},
	{Name: "CrossTenantInformation.ReadBasic.All", API: Graph, ID: "cac88765-0581-4025-9725-5ebc13f729ee", About: "names of partner tenants, and which tenant a domain belongs to"},
	{Name: "Directory.Read.All", API: Graph, ID: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", About: "group expiration and delegated grants"},
	{Name: "Domain.Read.All", API: Graph, ID: "dbb9058a-0e50-45d7-ae91-66909b5d4664", About: "domains"},
	{Name: "EntitlementManagement.Read.All", API: Graph, ID: "c74fd47d-ed3c-45c3-9a9e-b8676de685d2", About: "access packages"},
	{Name: "Exchange.ManageAsApp", API: Exchange, ID: "dc50a0fb-09a3-484d-be87-e023b12c6440", Writes: true, About: "Exchange PowerShell, with the role Global Reader"},
	{Name: "Fabric Administrator (an Entra role)", API: Fabric, Role: "a9ea8996-122f-4c74-9520-8edcd192826c", About: "tenant settings of Power BI and Fabric"},
	{Name: "GroupMember.Read.All", API: Graph, ID: "98830695-27a2-44f7-8c18-0c3ebc9698f6", About: "groups and who is in them"},
	{Name: "GroupSettings.Read.All", API: Graph, ID: "f3c4f514-c65a-43f5-bfce-1735872258dd", About: "settings of groups"},
	{Name: "IdentityProvider.Read.All", API: Graph, ID: "e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0", About: "identity providers"},
	{Name: "IdentityUserFlow.Read.All", API: Graph, ID: "1b0c317f-dd31-4305-9932-259a8b6e8099", About: "self-service sign-up"},
	{Name: "LicenseAssignment.Read.All", API: Graph, ID: "e2f98668-2877-4f38-a2f4-8202e0717aa1", About: "licences"},
	{Name: "LifecycleWorkflows-Workflow.Read.All", API: Graph, ID: "03b0ad3e-fc2b-4ef1-b0ff-252e865cb608", About: "lifecycle workflows"},
	{Name: "Member.Read.Hidden", API: Graph, ID: "658aa5d8-239f-45c4-aa12-864f4fc7e490", About: "members of groups that hide them"},
	{Name: "MultiTenantOrganization.Read.All", API: Graph, ID: "4f994bc0-31bb-44bb-b480-7a7c1be8c02e", About: "multitenant organization"},
	{Name: "Organization.Read.All", API: Graph, ID: "498476ce-e0fe-48b0-b801-37ba7e2685c6", About: "the organisation and its licences"},
	{Name: "Policy.Read.All", API: Graph, ID: "246dd0d5-5bd0-4def-940b-0421030a5b68", About: "the tenant's policies, Conditional Access and cross-tenant access among them"},
	{Name: "Policy.Read.B2BManagementPolicy", API: Graph, ID: "b41683de-870d-4462-939a-1a3d94f3accf", About: "domains to which invitations are limited"},
	{Name: "PrivilegedAssignmentSchedule.Read.AzureADGroup", API: Graph, ID: "cd4161cb-f098-48f8-a884-1eda9a42434c", About: "time-limited group memberships"},
	{Name: "PrivilegedEligibilitySchedule.Read.AzureADGroup", API: Graph, ID: "edb419d6-7edc-42a3-9345-509bfdf5d87c", About: "group memberships that can be activated"},
	{Name: "RoleManagement.Read.Directory", API: Graph, ID: "483bed4a-2ad3-4361-a73b-c83ccdbdc53c", About: "who holds which directory role"},
	{Name: "Security Administrator (an Entra role)", API: Azure, Role: "194ae4cb-b126-40b2-bd5b-6091b380977d", About: "where Entra ID's logs go"},
	{Name: "SensitivityLabel.Read", API: Graph, ID: "3b8e7aad-f6e3-4299-83f8-6fc6a5777f0b", About: "sensitivity labels"},
	{Name: "SharePointTenantSettings.Read.All", API: Graph, ID: "83d4163d-a2d8-4d3b-9695-4ae3ca98f888", About: "what Graph knows of SharePoint"},
	{Name: "Sites.FullControl.All", API: SharePoint, ID: "678536fe-1083-478a-9c59-b99265e6b0d3", Writes: true, About: "SharePoint's tenant administration, with a certificate or federated credential"},
	{Name: "Synchronization.Read.All", API: Graph, ID: "5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce", About: "cross-tenant synchronization"},
	{Name: "TeamSettings.Read.All", API: Graph, ID: "242607bd-1d2c-432c-82eb-bdb27baa23ab", About: "settings of teams"},
	{Name: "Teams Reader (an Entra role)", API: Teams, Role: "1076ac91-f3d9-41a7-a339-dcdf5f480acc", About: "Teams settings, through PowerShell"},
	{Name: "User.Read.All", API: Graph, ID: "df021288-bdef-4463-88db-98f22de89214", About: "guests and their sponsors"},
}

// PermissionNamed finds a permission.
func PermissionNamed(name string) (Permission, bool) {
	i := slices.IndexFunc(Permissions, func(p Permission) bool { return p.Name == name })
	if i < 0 {
		return Permission{}, false
	}
	return Permissions[i], true
}

// Need is a set of permissions of which any one will do. The first is the one that guestward asks for; the others are
// accepted where somebody granted them already.
type Need []string

// Met says whether one of the permissions was granted. One that writes reads as well.
func (n Need) Met(granted []string) bool {
	return slices.ContainsFunc(n, func(name string) bool { return Covering(name, granted) != "" })
}

// Covering is the granted permission that allows what the named one does: itself, or its writing twin; "" if none.
func Covering(name string, granted []string) string {
	for _, want := range []string{name, strings.Replace(name, ".Read.", ".ReadWrite.", 1)} {
		if i := slices.IndexFunc(granted, func(g string) bool { return strings.EqualFold(g, want) }); i >= 0 {
			return granted[i]
		}
	}
	return ""
}

// Least is the smallest set of permissions that reads the sources: where several would do, one that another source needs
// anyway.
func Least(sources []*Source) []Permission {
	var chosen []string
	for _, choice := range []bool{false, true} { // first the needs that leave no choice
		for _, s := range sources {
			for _, need := range s.Needs {
				if (len(need) > 1) == choice && !need.Met(chosen) {
					chosen = append(chosen, need[0])
				}
			}
		}
	}
	var list []Permission
	for _, p := range Permissions {
		if slices.Contains(chosen, p.Name) {
			list = append(list, p)
		}
	}
	return list
}

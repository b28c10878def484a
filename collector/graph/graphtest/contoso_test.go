package graphtest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const contosoFile = "../../../testdata/graph/contoso.json"

func contoso(t testing.TB, o Options) (*Server, client) {
	t.Helper()
	tenant, err := LoadTenant(contosoFile)
	if err != nil {
		t.Fatal(err)
	}
	o.Tenant = tenant
	if o.Limits == nil {
		o.Limits = NoLimits
	}
	s := New(t, o)
	return s, client{t: t, token: s.Token(Permissions()...)}
}

const em = "/v1.0/identityGovernance/entitlementManagement/"

func id(n int) string { return fmt.Sprintf("%08d-0000-4000-8000-%012d", n, n) }

// asked are reads as a collector makes them, and how many objects they find in contoso.json.
var asked = []struct {
	path string
	n    int
}{
	{"/v1.0/organization?$select=id,displayName,tenantType,createdDateTime,countryLetterCode,verifiedDomains,assignedPlans,onPremisesSyncEnabled,partnerTenantType", 1},
	{"/v1.0/subscribedSkus", 3},
	{"/v1.0/domains", 3},
	{"/v1.0/policies/authorizationPolicy", 1},
	{"/v1.0/policies/authenticationFlowsPolicy", 1},
	{"/v1.0/policies/authenticationMethodsPolicy", 1},
	{"/v1.0/policies/adminConsentRequestPolicy", 1},
	{"/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", 1},
	{"/beta/policies/externalIdentitiesPolicy", 1},
	{"/beta/policies/b2bManagementPolicies", 1},
	{"/beta/legacy/policies", 2},
	{"/v1.0/identity/b2xUserFlows", 1},
	{"/v1.0/identity/identityProviders", 3},
	{"/v1.0/directory/federationConfigurations/microsoft.graph.samlOrWsFedExternalDomainFederation?$expand=domains", 1},
	{"/v1.0/identity/conditionalAccess/policies", 5},
	{"/v1.0/identity/conditionalAccess/namedLocations", 2},
	{"/v1.0/identity/conditionalAccess/authenticationContextClassReferences", 2},
	{"/v1.0/policies/authenticationStrengthPolicies?$expand=combinationConfigurations", 4},
	{"/v1.0/policies/crossTenantAccessPolicy", 1},
	{"/v1.0/policies/crossTenantAccessPolicy/default", 1},
	{"/v1.0/policies/crossTenantAccessPolicy/partners?$expand=identitySynchronization", 3},
	{"/v1.0/policies/crossTenantAccessPolicy/partners/" + id(200) + "/identitySynchronization", 1},
	{"/v1.0/policies/crossTenantAccessPolicy/templates/multiTenantOrganizationPartnerConfiguration", 1},
	{"/v1.0/policies/crossTenantAccessPolicy/templates/multiTenantOrganizationIdentitySynchronization", 1},
	{"/v1.0/tenantRelationships/multiTenantOrganization", 1},
	{"/v1.0/tenantRelationships/multiTenantOrganization/tenants", 2},
	{"/v1.0/tenantRelationships/findTenantInformationByTenantId(tenantId='" + id(200) + "')", 1},
	{"/v1.0" + domainPath("fabrikam.com"), 1},
	{"/v1.0/servicePrincipals?$filter=applicationTemplateId eq '518e5f48-1fc8-4c48-9387-9fdf28b0dfe7'&$select=id,appId,displayName,accountEnabled", 1},
	{"/v1.0/servicePrincipals?$select=id,appId,displayName,accountEnabled,appRoleAssignmentRequired,tags&$top=999", 5},
	{"/v1.0/servicePrincipals?$filter=tags/any(t:t eq 'WindowsAzureActiveDirectoryIntegratedApp')&$select=id", 4},
	{"/v1.0/servicePrincipals?$select=id&$expand=owners($select=id)&$top=999", 5},
	{"/v1.0/servicePrincipals/" + id(404) + "/owners?$select=id", 1},
	{"/v1.0/applications?$select=id,appId,displayName&$expand=owners($select=id)&$top=999", 4},
	{"/v1.0/applications/" + id(414) + "/owners?$select=id&$top=999", 22},
	{"/v1.0/servicePrincipals/" + id(401) + "/synchronization/jobs", 1},
	{"/v1.0/servicePrincipals/" + id(401) + "/synchronization/jobs/Azure2Azure.00000100000040008000000000000100." + id(423) + "/schema", 1},
	{"/v1.0/servicePrincipals/" + id(403) + "/appRoleAssignedTo?$top=999", 3},
	{"/v1.0/oauth2PermissionGrants?$filter=consentType eq 'Principal'", 2},
	{"/v1.0/users?$filter=userType eq 'Guest'&$select=id,userPrincipalName,displayName,mail,otherMails,userType,accountEnabled,createdDateTime,creationType,externalUserState,externalUserStateChangeDateTime,identities,companyName,department,jobTitle,employeeType,onPremisesSyncEnabled,assignedLicenses,usageLocation,signInSessionsValidFromDateTime,lastPasswordChangeDateTime&$expand=sponsors($select=id,userType,accountEnabled)&$top=999", 16},
	{"/v1.0/users?$filter=userType eq 'Guest'&$select=id,signInActivity&$top=500", 16},
	{"/v1.0/users?$filter=creationType eq 'Invitation' and userType eq 'Member'", 1},
	{"/v1.0/users/" + id(1001) + "/sponsors?$select=id,userType,accountEnabled", 1},
	{"/v1.0/users/" + id(1001) + "?$select=id,signInActivity", 1},
	{"/v1.0/groups?$select=id,displayName,visibility,groupTypes,securityEnabled,mailEnabled,resourceProvisioningOptions,assignedLabels,classification,membershipRule,membershipRuleProcessingState,isAssignableToRole,expirationDateTime,renewedDateTime,createdDateTime,onPremisesSyncEnabled&$expand=owners($select=id)&$top=999", 9},
	{"/v1.0/groups?$filter=groupTypes/any(c:c eq 'Unified')&$top=999", 4},
	{"/v1.0/groups?$filter=isAssignableToRole eq true&$select=id", 1},
	{"/v1.0/groups?$filter=resourceProvisioningOptions/Any(x:x eq 'Team')&$select=id", 2},
	{"/v1.0/groups/" + id(1701) + "/owners", 2},
	{"/v1.0/groups/" + id(1701) + "/members", 5},
	{"/v1.0/groups/" + id(1701) + "/transitiveMembers?$select=id", 8},
	{"/v1.0/groups/" + id(1701) + "/settings", 1},
	{"/v1.0/groups/" + id(1702) + "/settings", 0},
	{"/v1.0/groups/delta?$select=id,members,owners", 10}, // with one that is gone
	{"/v1.0/groupSettings", 1},
	{"/v1.0/groupLifecyclePolicies", 1},
	{"/v1.0/teams/" + id(1701) + "?$select=id,displayName,visibility,isArchived,guestSettings,summary", 1},
	{"/v1.0/teams/" + id(1701) + "/allChannels?$filter=membershipType eq 'shared'", 2},
	{"/v1.0/teams/" + id(1701) + "/allChannels?$filter=membershipType ne 'standard'", 3},
	{"/v1.0/teams/" + id(1701) + "/channels/19:shared1701@thread.tacv2/allMembers", 3},
	{"/v1.0/teams/" + id(1701) + "/channels/19:shared1701@thread.tacv2/sharedWithTeams", 2},
	{"/v1.0/security/dataSecurityAndGovernance/sensitivityLabels?$expand=sublabels", 2},
	{"/beta/security/dataSecurityAndGovernance/sensitivityLabels", 2},
	{"/beta/security/informationProtection/sensitivityLabels", 1},
	{"/v1.0/admin/sharepoint/settings", 1},
	{"/v1.0/admin/reportSettings", 1},
	{"/v1.0/identityGovernance/accessReviews/definitions?$top=100&$skip=0", 3},
	{"/v1.0/identityGovernance/accessReviews/definitions?$filter=contains(scope/microsoft.graph.accessReviewQueryScope/query, './members')", 2},
	{"/v1.0/identityGovernance/accessReviews/definitions/" + id(801) + "/instances", 2},
	{"/v1.0/identityGovernance/accessReviews/definitions/" + id(801) + "/instances/" + id(821) + "/decisions", 3},
	{em + "settings", 1},
	{em + "catalogs", 2},
	{em + "accessPackages?$expand=catalog", 2},
	{em + "assignmentPolicies?$expand=accessPackage,catalog", 3},
	{em + "connectedOrganizations?$expand=internalSponsors,externalSponsors", 2},
	{em + "assignments?$expand=target,accessPackage&$filter=state eq 'delivered'", 2},
	{"/v1.0/identityGovernance/lifecycleWorkflows/workflows", 2},
	{"/v1.0/identityGovernance/lifecycleWorkflows/workflows/" + id(891), 1},
	{"/v1.0/roleManagement/directory/roleDefinitions?$select=id,templateId,displayName,isBuiltIn,isEnabled,rolePermissions", 5},
	{"/v1.0/roleManagement/directory/roleAssignments?$expand=principal", 6},
	{"/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$expand=principal", 2},
	{"/v1.0/roleManagement/directory/roleAssignmentScheduleInstances?$expand=principal,activatedUsing", 2},
	{"/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'Directory'&$expand=policy($expand=rules)", 2},
	{"/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId eq '" + id(1706) + "'", 1},
	{"/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleInstances?$filter=groupId eq '" + id(1706) + "'", 1},
	{"/v1.0/reports/authenticationMethods/userRegistrationDetails?$filter=userType eq 'guest'", 3},
	{"/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Invite external user' and activityDateTime ge 2026-10-20T08:00:00Z&$top=1000", 3},
	{"/v1.0/auditLogs/signIns?$filter=createdDateTime ge 2026-10-20T08:00:00Z", 3},
	{"/v1.0/auditLogs/provisioning", 1},
}

// TestContoso asks for everything, with pages of every size.
func TestContoso(t *testing.T) {
	for _, size := range []int{0, 1, 2, 3} {
		s, c := contoso(t, Options{PageCap: size})
		for _, a := range asked {
			if strings.Contains(a.path, "groups/delta") && size > 0 {
				continue // a group may come several times
			}
			n := 1
			if got := c.get(s.URL + a.path); got.status != 200 {
				t.Errorf("%s: %d %s", a.path, got.status, got.text)
			} else if _, listed := got.doc["value"]; listed {
				n = len(c.all(s.URL + a.path))
			}
			if n != a.n {
				t.Errorf("pages of %d: %s: %d objects, want %d", size, a.path, n, a.n)
			}
		}
		c.extra = map[string]string{"ConsistencyLevel": "eventual"}
		for path, want := range map[string]int{
			"/v1.0/users?$filter=userType eq 'Member' and endsWith(userPrincipalName,'#EXT#@contoso.onmicrosoft.com')&$count=true&$select=id&$top=999": 2,
			"/v1.0/groups/" + id(1701) + "/transitiveMembers/microsoft.graph.user?$filter=userType eq 'Guest'&$count=true&$select=id&$top=999":         4,
		} {
			if n := len(c.all(s.URL + path)); n != want {
				t.Errorf("pages of %d: %s: %d objects, want %d", size, path, n, want)
			}
		}
	}
}

// TestAskedIsAll says that no endpoint is served untried.
func TestAskedIsAll(t *testing.T) {
	tried := map[string]bool{"/$batch": true, "/directoryObjects/getByIds": true, "/users/$count": true, "/groups/$count": true}
	for _, a := range asked {
		path, _, _ := strings.Cut(a.path, "?")
		tried[route(strings.TrimPrefix(path, "/v1.0")).path] = true
	}
	for _, e := range endpoints {
		switch e.path {
		case "/identityGovernance/termsOfUse/agreements", "/tenantRelationships/delegatedAdminRelationships", "/servicePrincipals/{}",
			"/servicePrincipals/{}/synchronization/jobs/{}", "/groups/{}", "/teams/{}/channels",
			"/groups/{}/members/microsoft.graph.user", "/groups/{}/transitiveMembers/microsoft.graph.user":
			continue // like others
		}
		if !tried[e.path] {
			t.Errorf("%s is served and not tried", e.path)
		}
	}
}

// stateOnly are members of states that are no properties: what is below them, and ids of what they are related to.
var stateOnly = map[string][]string{
	"group": {"team", "channels", "settings"}, "servicePrincipal": {"jobs"},
	"accessPackage": {"catalogId"}, "accessPackageAssignmentPolicy": {"accessPackageId", "catalogId"}, "accessPackageAssignment": {"accessPackageId"},
}

// below are the types of lists that stand in states, where the schema has no way from one to the other.
var below = map[string]string{"team": "team", "channels": "channel", "settings": "groupSetting", "jobs": "synchronizationJob"}

// derived are types whose members stand in lists of their base type.
var derived = []string{
	"identityProviderBase", "namedLocation", "conversationMember", "unifiedRoleManagementPolicyRule", "authenticationCombinationConfiguration",
}

// TestStates holds every state against the schema: what does not exist would never be seen, and hide a mistake.
func TestStates(t *testing.T) {
	files := []string{"base.json", contosoFile}
	for _, file := range files {
		tenant, err := LoadTenant(file)
		if err != nil {
			t.Fatal(err)
		}
		var check func(path string, r rows, typ string)
		check = func(path string, r rows, typ string) {
			e := entities[typ]
			for i := range r.len() {
				for _, name := range r.names(i) {
					_, property := e.has(name)
					target, navigation := e.navs[name]
					if t := below[name]; t != "" && !property {
						target = t
					}
					if !property && !navigation && !strings.HasPrefix(name, "@odata.") && !slices.Contains(stateOnly[typ], name) && !slices.Contains(derived, typ) {
						t.Errorf("%s: %s: %s has no %s", file, path, typ, name)
					}
					if target = strings.TrimSuffix(target, "[]"); entities[target] == nil || target == "directoryObject" || slices.Contains(derived, target) {
						continue
					}
					text, _ := r.appendValue(nil, i, name)
					if text[0] == '{' {
						text = append(append([]byte("["), text...), ']')
					}
					if list, err := parseList(text); err == nil { // or they are ids
						check(path+"/"+name, list, target)
					}
				}
			}
		}
		check("users", tenant.users, "user")
		check("groups", tenant.groups, "group")
		for path, r := range tenant.collections {
			e := route(path)
			if e == nil {
				t.Fatalf("%s: %s is not served", file, path)
			}
			check(path, r, e.typ)
		}
		for path, o := range tenant.objects {
			e := route(path)
			if e == nil {
				t.Fatalf("%s: %s is not served", file, path)
			}
			check(path, objects{o}, e.typ)
		}
	}
	if _, err := LoadTenant("no such file"); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
}

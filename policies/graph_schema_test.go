package policies

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/guestward/guestward/collector/graph/graphtest/csdl"
	"github.com/guestward/guestward/collector/snapshot"
)

func graphSchema(t *testing.T) *csdl.Schema {
	t.Helper()
	c, err := csdl.Load("../../shared/graph/v1.0-metadata.xml")
	if err != nil {
		t.Fatal(err)
	}
	if c == nil {
		t.Skip("Microsoft Graph's v1.0 metadata is not beside the repository: names not checked against it")
	}
	return c
}

// graphTypes are the types of Graph that sections hold as they are. What is not here is another service's, or our own.
var graphTypes = map[string]string{
	"tenant.organization":                                     "organization",
	"tenant.domains":                                          "domain",
	"licences.subscribedSkus":                                 "subscribedSku",
	"licences.servicePlans":                                   "servicePlanInfo",
	"entra.authorizationPolicy":                               "authorizationPolicy",
	"entra.authenticationFlowsPolicy":                         "authenticationFlowsPolicy",
	"entra.authenticationMethodsPolicy":                       "authenticationMethodsPolicy",
	"entra.groupSettings":                                     "groupSetting",
	"entra.identitySecurityDefaultsEnforcementPolicy":         "identitySecurityDefaultsEnforcementPolicy",
	"entra.adminConsentRequestPolicy":                         "adminConsentRequestPolicy",
	"entra.identityProviders":                                 "identityProviderBase",
	"entra.b2xUserFlows":                                      "b2xIdentityUserFlow",
	"entra.groupLifecyclePolicies":                            "groupLifecyclePolicy",
	"conditionalAccess.policies":                              "conditionalAccessPolicy",
	"conditionalAccess.namedLocations":                        "namedLocation",
	"conditionalAccess.authenticationStrengthPolicies":        "authenticationStrengthPolicy",
	"conditionalAccess.authenticationContextClassReferences":  "authenticationContextClassReference",
	"conditionalAccess.termsOfUse":                            "agreement",
	"crossTenantAccess.policy":                                "crossTenantAccessPolicy",
	"crossTenantAccess.default":                               "crossTenantAccessPolicyConfigurationDefault",
	"crossTenantAccess.partners":                              "crossTenantAccessPolicyConfigurationPartner",
	"crossTenantAccess.partnerNames":                          "tenantInformation",
	"crossTenantAccess.domainTenants":                         "tenantInformation",
	"crossTenantAccess.partnerConfigurationTemplate":          "multiTenantOrganizationPartnerConfigurationTemplate",
	"crossTenantAccess.identitySynchronizationTemplate":       "multiTenantOrganizationIdentitySyncPolicyTemplate",
	"crossTenantAccess.multiTenantOrganization":               "multiTenantOrganization",
	"crossTenantAccess.multiTenantOrganizationTenants":        "multiTenantOrganizationMember",
	"crossTenantSync.servicePrincipals":                       "servicePrincipal",
	"crossTenantSync.jobs":                                    "synchronizationJob",
	"crossTenantSync.assignments":                             "appRoleAssignment",
	"sharePoint.settings":                                     "sharepointSettings",
	"governance.accessReviews.definitions":                    "accessReviewScheduleDefinition",
	"governance.accessReviews.instances":                      "accessReviewInstance",
	"governance.entitlementManagement.settings":               "entitlementManagementSettings",
	"governance.entitlementManagement.catalogs":               "accessPackageCatalog",
	"governance.entitlementManagement.accessPackages":         "accessPackage",
	"governance.entitlementManagement.assignmentPolicies":     "accessPackageAssignmentPolicy",
	"governance.entitlementManagement.connectedOrganizations": "connectedOrganization",
	"governance.entitlementManagement.assignments":            "accessPackageAssignment",
	"governance.lifecycleWorkflows.workflows":                 "identityGovernance.workflow",
	"governance.pim.groupEligibility":                         "privilegedAccessGroupEligibilityScheduleInstance",
	"governance.pim.groupAssignments":                         "privilegedAccessGroupAssignmentScheduleInstance",
	"labels.sensitivityLabels":                                "sensitivityLabel",
	"roles.definitions":                                       "unifiedRoleDefinition",
	"roles.assignments":                                       "unifiedRoleAssignment",
	"roles.eligibility":                                       "unifiedRoleEligibilityScheduleInstance",
	"roles.schedule":                                          "unifiedRoleAssignmentScheduleInstance",
	"roles.policies":                                          "unifiedRoleManagementPolicyAssignment",
	"applications.servicePrincipals":                          "servicePrincipal",
	"applications.assignments":                                "appRoleAssignment",
	"applications.grants":                                     "oAuth2PermissionGrant",
	"guests":                                                  "user",
	"groups":                                                  "group",
}

// notGraphs are properties that stand beside Graph's own, each with where it comes from.
var notGraphs = map[string]string{
	"crossTenantAccess.domainTenants.domainName":      "the domain that was asked about",
	"crossTenantSync.jobs.servicePrincipalId":         "whose job it is",
	"governance.accessReviews.instances.definitionId": "whose instance it is",
	"groups.externalMembers":                          "who of the members is an outsider",
	"groups.externalOwners":                           "who of the owners is an outsider",
	"groups.memberGroups":                             "which members are groups",
	"groups.channels":                                 "of the team",
	"guests.registration":                             "GET /v1.0/reports/authenticationMethods/userRegistrationDetails",
	// https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept and
	// https://learn.microsoft.com/graph/api/resources/accessreviewreviewerscope show them; the schema of v1.0 does not have them.
	"governance.accessReviews.definitions.reviewers.scopeType":                        "documented",
	"governance.accessReviews.definitions.stageSettings.reviewers.scopeType":          "documented",
	"governance.accessReviews.definitions.scope.principalScopes.scopeType":            "documented",
	"governance.accessReviews.definitions.reviewers.reviewerId":                       "documented",
	"governance.accessReviews.definitions.fallbackReviewers.reviewerId":               "documented",
	"governance.accessReviews.definitions.fallbackReviewers.scopeType":                "documented",
	"governance.accessReviews.definitions.stageSettings.reviewers.reviewerId":         "documented",
	"governance.accessReviews.definitions.stageSettings.fallbackReviewers.reviewerId": "documented",
	"governance.accessReviews.definitions.stageSettings.fallbackReviewers.scopeType":  "documented",
	"governance.accessReviews.definitions.scope.resourceScopes.scopeType":             "documented",
	"governance.accessReviews.definitions.scope.resourceScopes.resourceId":            "documented",
	// https://learn.microsoft.com/en-us/graph/api/resources/security-sensitivitylabel has them; the schema of v1.0 does not.
	"labels.sensitivityLabels.applicableTo":           "documented",
	"labels.sensitivityLabels.isEnabled":              "documented",
	"labels.sensitivityLabels.sublabels.applicableTo": "documented",
	"labels.sensitivityLabels.sublabels.isEnabled":    "documented",
}

// TestSnapshotHoldsGraphsProperties holds the snapshot's schema against Graph's: what rules read under a name that Graph
// does not have would never be there.
func TestSnapshotHoldsGraphsProperties(t *testing.T) {
	c := graphSchema(t)
	type node struct {
		Properties map[string]node
		Items      *node
	}
	var root node
	if err := json.Unmarshal(snapshot.SchemaJSON, &root); err != nil {
		t.Fatal(err)
	}
	n := 0
	var against func(n node, typ, at string)
	against = func(of node, typ, at string) {
		if of.Items != nil {
			of = *of.Items
		}
		for _, name := range sortedKeys(of.Properties) {
			here := at + "." + name
			if strings.HasPrefix(name, "@odata.") || notGraphs[here] != "" {
				continue
			}
			n++
			next, ok := c.Property(typ, name)
			if !ok {
				t.Errorf("%s: Graph's %s has no such property", here, typ)
				continue
			}
			against(of.Properties[name], next, here)
		}
	}
	found := map[string]bool{}
	var find func(of node, at string)
	find = func(of node, at string) {
		if typ := graphTypes[at]; typ != "" {
			found[at] = true
			against(of, "microsoft.graph."+typ, at)
			return
		}
		for _, name := range sortedKeys(of.Properties) {
			find(of.Properties[name], strings.TrimPrefix(at+"."+name, "."))
		}
	}
	find(root, "")
	for at := range graphTypes {
		if !found[at] {
			t.Errorf("the snapshot has no %s", at)
		}
	}
	t.Logf("%d properties", n)
}

// TestRulesReadGraphsProperties follows what rules read of input, where the snapshot's schema leaves it open.
func TestRulesReadGraphsProperties(t *testing.T) {
	oneThread(t)
	c := graphSchema(t)
	n := 0
	for file, module := range catalogue(t).modules {
		if strings.HasSuffix(file, "_test.rego") {
			continue
		}
		ast.WalkRefs(module, func(ref ast.Ref) bool {
			if !ref.HasPrefix(ast.InputRootRef) {
				return false
			}
			at, typ := "", ""
			for _, term := range ref[1:] {
				name, ok := term.Value.(ast.String)
				if !ok {
					continue // an index
				}
				at = strings.TrimPrefix(at+"."+string(name), ".")
				switch {
				case typ != "" && notGraphs[at] == "" && !strings.HasPrefix(string(name), "@odata."):
					next, ok := c.Property(typ, string(name))
					if !ok {
						t.Errorf("%s: %s: Graph's %s has no %s", term.Location, ref, typ, name)
						return false
					}
					typ = next
					n++
				case typ != "":
					return false
				case graphTypes[at] != "":
					typ = "microsoft.graph." + graphTypes[at]
				}
			}
			return false
		})
	}
	t.Logf("%d properties", n)
}

// TestServiceValuesAreGraphs holds the values that the mutations know against Graph's enumerations.
func TestServiceValuesAreGraphs(t *testing.T) {
	c := graphSchema(t)
	for _, v := range serviceValues {
		if v.enum == "" {
			continue
		}
		members := c.Enums["microsoft.graph."+v.enum]
		if members == nil {
			t.Errorf("%s: Graph has no enumeration %s", v.suffix, v.enum)
		}
		for _, value := range v.values {
			if !slices.Contains(members, value.(string)) {
				t.Errorf("%s: %s has no %v but %v", v.suffix, v.enum, value, members)
			}
		}
	}
}

// identifierText is what the words of the services look like, where they are told from words of our own by their capitals;
// messages have spaces.
var identifierText = regexp.MustCompile(`^[A-Za-z]+[A-Z][A-Za-z0-9]*$|^[A-Z][a-z0-9]+$`)

// TestRulesNameValuesOfTheServices looks at every word that a rule compares with: it is a name of the snapshot or of
// Graph, a value of an enumeration, of a setting, or in ownWords with a reason.
func TestRulesNameValuesOfTheServices(t *testing.T) {
	oneThread(t)
	c := graphSchema(t)
	known := map[string]bool{}
	for _, members := range c.Enums {
		for _, m := range members {
			known[strings.ToLower(m)] = true
		}
	}
	for _, v := range serviceValues {
		for _, value := range v.values {
			if text, ok := value.(string); ok {
				known[strings.ToLower(text)] = true
			}
		}
	}
	for name := range c.PropertyNames() {
		known[strings.ToLower(name)] = true
	}
	for _, schema := range [][]byte{snapshot.SchemaJSON, SettingsSchemaJSON()} {
		var tree any
		if err := json.Unmarshal(schema, &tree); err != nil {
			t.Fatal(err)
		}
		words(tree, known)
	}
	unknown := map[string][]string{}
	for file, module := range catalogue(t).modules {
		if strings.HasSuffix(file, "_test.rego") || strings.Contains(file, "lib/conditional_access") {
			continue
		}
		ast.WalkTerms(module, func(term *ast.Term) bool {
			if text, ok := term.Value.(ast.String); ok && identifierText.MatchString(string(text)) && !known[strings.ToLower(string(text))] {
				unknown[string(text)] = append(unknown[string(text)], term.Location.String())
			}
			return false
		})
	}
	for _, word := range sortedKeys(unknown) {
		if ownWords[word] == "" {
			t.Errorf("%s: %q is no name or value of a service", unknown[word][0], word)
		}
	}
}

// words collects the names of properties and the values of enumerations.
func words(tree any, into map[string]bool) {
	switch tree := tree.(type) {
	case map[string]any:
		for name, value := range tree {
			into[strings.ToLower(name)] = true
			words(value, into)
		}
	case []any:
		for _, value := range tree {
			words(value, into)
		}
	case string:
		into[strings.ToLower(tree)] = true
	}
}

// ownWords are words that are no names and values of Graph's schema.
var ownWords = map[string]string{
	// Values of Group.Unified, which are data: https://learn.microsoft.com/en-us/entra/identity/users/groups-settings-cmdlets
	"AllowGuestsToAccessGroups": "name", "AllowGuestsToBeGroupOwner": "name", "AllowToAddGuests": "name",
	"EnableMIPLabels": "name", "GuestUsageGuidelinesUrl": "name", "UsageGuidelinesUrl": "name",
	// https://learn.microsoft.com/en-us/graph/api/resources/groups-overview: groupTypes
	"Unified": "value", "DynamicMembership": "value",
	// Parts of names of SharePoint's properties, which rules put together.
	"ByGroupId": "part", "ByPrincipalIdentity": "part", "Core": "part", "DefaultLinkToExistingAccess": "part",
	"DefaultShareLink": "part", "GuestSharingGroupAllowListInTenant": "part", "WhoCanShareAllowListInTenant": "part",
	"RequestFilesLinkEnabled": "part", "RequestFilesLinkExpirationInDays": "part",
	"SPSPERS": "the template of OneDrive sites",
	// https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsmeetingpolicy
	"EnabledInMeetingOnlyForAllExceptAnonymous": "value",
	// A setting of synchronization jobs, which are data: https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-configure
	"QuarantineTooManyDeletesThreshold": "name",
	// https://learn.microsoft.com/en-us/graph/accessreviews-scope-concept
	"directoryRole": "value", "guestUsers": "value", "inactiveGuestUsers": "value", "inactiveUsers": "value",
	// https://learn.microsoft.com/en-us/graph/api/resources/accessreviewreviewerscope
	"managerOrSponsor": "value",
	// Names of Fabric's tenant settings, which are data: https://learn.microsoft.com/en-us/fabric/admin/tenant-settings-index
	"AllowExternalDataSharingReceiverSwitch": "name", "AllowExternalDataSharingSwitch": "name",
	"AllowGuestUserToAccessSharedContent": "name", "ElevatedGuestsTenant": "name", "EnableDatasetInPlaceSharing": "name",
	"ExternalSharingV2": "name", "PublishToWeb": "name",
	// https://learn.microsoft.com/en-us/powershell/module/exchangepowershell/new-unifiedauditlogretentionpolicy
	"SevenDays": "value", "OneMonth": "value", "ThreeMonths": "value", "SixMonths": "value", "NineMonths": "value",
	"TwelveMonths": "value", "ThreeYears": "value", "FiveYears": "value", "SevenYears": "value", "TenYears": "value",
	// Letters of ISO 8601 durations.
	"DHMS": "letters", "PD": "letters",
	// Our model's own kind of account.
	"internalMember": "ours",
}

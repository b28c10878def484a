package graphtest

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// places are where the sources of a snapshot come from, for those that stand in the snapshot as the service gives them.
var places = map[string]string{
	"tenant.organization":                                     "/organization",
	"tenant.domains":                                          "/domains",
	"licences.subscribedSkus":                                 "/subscribedSkus",
	"entra.authorizationPolicy":                               "/policies/authorizationPolicy",
	"entra.authenticationFlowsPolicy":                         "/policies/authenticationFlowsPolicy",
	"entra.authenticationMethodsPolicy":                       "/policies/authenticationMethodsPolicy",
	"entra.externalIdentitiesPolicy":                          "/beta/policies/externalIdentitiesPolicy",
	"entra.identitySecurityDefaultsEnforcementPolicy":         "/policies/identitySecurityDefaultsEnforcementPolicy",
	"entra.adminConsentRequestPolicy":                         "/policies/adminConsentRequestPolicy",
	"entra.identityProviders":                                 "/identity/identityProviders",
	"entra.b2xUserFlows":                                      "/identity/b2xUserFlows",
	"entra.groupSettings":                                     "/groupSettings",
	"entra.groupLifecyclePolicies":                            "/groupLifecyclePolicies",
	"conditionalAccess.policies":                              "/identity/conditionalAccess/policies",
	"conditionalAccess.namedLocations":                        "/identity/conditionalAccess/namedLocations",
	"conditionalAccess.authenticationStrengthPolicies":        "/policies/authenticationStrengthPolicies",
	"conditionalAccess.authenticationContextClassReferences":  "/identity/conditionalAccess/authenticationContextClassReferences",
	"crossTenantAccess.policy":                                "/policies/crossTenantAccessPolicy",
	"crossTenantAccess.default":                               "/policies/crossTenantAccessPolicy/default",
	"crossTenantAccess.partners":                              "/policies/crossTenantAccessPolicy/partners",
	"crossTenantAccess.partnerConfigurationTemplate":          "/policies/crossTenantAccessPolicy/templates/multiTenantOrganizationPartnerConfiguration",
	"crossTenantAccess.identitySynchronizationTemplate":       "/policies/crossTenantAccessPolicy/templates/multiTenantOrganizationIdentitySynchronization",
	"crossTenantAccess.multiTenantOrganization":               "/tenantRelationships/multiTenantOrganization",
	"crossTenantAccess.multiTenantOrganizationTenants":        "/tenantRelationships/multiTenantOrganization/tenants",
	"sharePoint.settings":                                     "/admin/sharepoint/settings",
	"sharePoint.tenant":                                       "/sharepoint/_api/SPO.Tenant",
	"sites":                                                   "/sharepoint/_vti_bin/client.svc/ProcessQuery",
	"teams.tenantFederationConfiguration":                     "/teams/Skype.Policy/configurations/TenantFederationSettings",
	"teams.clientConfiguration":                               "/teams/Skype.Policy/configurations/TeamsClientConfiguration",
	"teams.externalAccessPolicies":                            "/teams/Skype.Policy/configurations/ExternalAccessPolicy",
	"teams.meetingPolicies":                                   "/teams/Skype.Policy/configurations/TeamsMeetingPolicy",
	"teams.guestMeetingConfiguration":                         "/teams/Skype.Policy/configurations/TeamsGuestMeetingConfiguration",
	"teams.guestCallingConfiguration":                         "/teams/Skype.Policy/configurations/TeamsGuestCallingConfiguration",
	"teams.guestMessagingConfiguration":                       "/teams/Skype.Policy/configurations/TeamsGuestMessagingConfiguration",
	"teams.channelsPolicies":                                  "/teams/Skype.Policy/configurations/TeamsChannelsPolicy",
	"governance.accessReviews.definitions":                    "/identityGovernance/accessReviews/definitions",
	"governance.entitlementManagement.settings":               "/identityGovernance/entitlementManagement/settings",
	"governance.entitlementManagement.catalogs":               "/identityGovernance/entitlementManagement/catalogs",
	"governance.entitlementManagement.accessPackages":         "/identityGovernance/entitlementManagement/accessPackages",
	"governance.entitlementManagement.assignmentPolicies":     "/identityGovernance/entitlementManagement/assignmentPolicies",
	"governance.entitlementManagement.connectedOrganizations": "/identityGovernance/entitlementManagement/connectedOrganizations",
	"governance.entitlementManagement.assignments":            "/identityGovernance/entitlementManagement/assignments",
	"governance.lifecycleWorkflows.workflows":                 "/identityGovernance/lifecycleWorkflows/workflows",
	"labels.sensitivityLabels":                                "/security/dataSecurityAndGovernance/sensitivityLabels",
	"roles.definitions":                                       "/roleManagement/directory/roleDefinitions",
	"roles.assignments":                                       "/roleManagement/directory/roleAssignments",
	"roles.eligibility":                                       "/roleManagement/directory/roleEligibilityScheduleInstances",
	"roles.schedule":                                          "/roleManagement/directory/roleAssignmentScheduleInstances",
	"roles.policies":                                          "/policies/roleManagementPolicyAssignments",
	"governance.pim.groupEligibility":                         "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
	"governance.pim.groupAssignments":                         "/identityGovernance/privilegedAccess/group/assignmentScheduleInstances",
	"applications.grants":                                     "/oauth2PermissionGrants",
}

// elsewhere are sources that the snapshot holds in another form than the service gives, for their gaps.
var elsewhere = map[string][]string{
	"licences.servicePlans":           {"/subscribedSkus"},
	"entra.b2bManagementPolicy":       {"/beta/policies/b2bManagementPolicies", "/beta/legacy/policies"},
	"applications.servicePrincipals":  {"/servicePrincipals"},
	"applications.owners":             {"/applications"},
	"guests":                          {"/users"},
	"groups":                          {"/groups"},
	"groups.externalMembers":          {"/groups/delta"},
	"guests.registration":             {"/reports/authenticationMethods/userRegistrationDetails"},
	"audit.invitations":               {"/auditLogs/directoryAudits"},
	"audit.guestSignIns":              {"/auditLogs/signIns"},
	"crossTenantAccess.partnerNames":  {"/tenantRelationships/findTenantInformationByTenantId(tenantId='{}')"},
	"crossTenantAccess.domainTenants": {domainLookup},
}

// FromSnapshot is the tenant that a snapshot describes. What the snapshot does not speak of does not exist in it, and its
// gaps are the errors that make them.
func FromSnapshot(file string) (*Tenant, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var snapshot map[string]json.RawMessage
	if err := json.Unmarshal(text, &snapshot); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	b := &snapshotReader{snapshot: snapshot, file: tenantFile{
		Objects: map[string]json.RawMessage{}, Collections: map[string]json.RawMessage{}, Teams: map[string]json.RawMessage{},
		Errors: map[string][]serviceError{},
	}}
	if err := b.read(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	state, err := json.Marshal(b.file)
	if err != nil {
		return nil, err
	}
	t, err := parseTenant(state)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	t.closed = true
	return t, nil
}

type snapshotReader struct {
	snapshot map[string]json.RawMessage
	file     tenantFile
}

func (b *snapshotReader) read() error {
	for source, path := range places {
		raw := b.at(source)
		if raw == nil || string(raw) == "null" {
			continue
		}
		b.place(source, path, raw)
	}
	if err := b.plans(); err != nil {
		return err
	}
	if err := b.domains(); err != nil {
		return err
	}
	if err := b.domainTenants(); err != nil {
		return err
	}
	if err := b.partnerNames(); err != nil {
		return err
	}
	if err := b.people(); err != nil {
		return err
	}
	if err := b.groups(); err != nil {
		return err
	}
	if err := b.applications(); err != nil {
		return err
	}
	return b.gaps()
}

// at finds a section's property.
func (b *snapshotReader) at(source string) json.RawMessage {
	name, rest, nested := strings.Cut(source, ".")
	raw := b.snapshot[name]
	for nested && raw != nil {
		var inner map[string]json.RawMessage
		if json.Unmarshal(raw, &inner) != nil {
			return nil
		}
		name, rest, nested = strings.Cut(rest, ".")
		raw = inner[name]
	}
	return raw
}

func (b *snapshotReader) place(source, path string, raw json.RawMessage) {
	switch {
	case source == "sharePoint.tenant":
		b.file.SharePoint = raw
	case source == "sites":
		b.file.Sites = raw
	case source == "tenant.organization":
		b.file.Collections[path] = join(raw)
	case strings.HasPrefix(source, "teams."):
		if raw[0] != '[' {
			raw = join(raw)
		}
		b.file.Teams[path[strings.LastIndexByte(path, '/')+1:]] = raw
	case raw[0] == '[':
		b.file.Collections[path] = raw
	default:
		b.file.Objects[path] = raw
	}
}

func join(raw ...json.RawMessage) json.RawMessage {
	out, err := json.Marshal(raw)
	if err != nil {
		panic(err) // they were parsed before
	}
	return out
}

// plans makes a subscription of the service plans, where the snapshot has none.
func (b *snapshotReader) plans() error {
	plans := b.at("licences.servicePlans")
	if plans == nil || b.file.Collections["/subscribedSkus"] != nil {
		return nil
	}
	sku, err := json.Marshal(map[string]any{
		"id": "00000130-0000-4000-8000-000000000130", "skuId": "00000130-0000-4000-8000-000000000130", "skuPartNumber": "SNAPSHOT",
		"capabilityStatus": "Enabled", "appliesTo": "User", "servicePlans": plans,
	})
	if err != nil {
		return err
	}
	b.file.Collections["/subscribedSkus"] = join(sku)
	return nil
}

// domains writes the list of domains as the policy's definition, which is JSON in text.
func (b *snapshotReader) domains() error {
	raw := b.at("entra.b2bManagementPolicy")
	if raw == nil {
		return nil
	}
	var limit struct {
		Allowed *[]string `json:"allowedDomains"`
		Blocked *[]string `json:"blockedDomains"`
	}
	if err := json.Unmarshal(raw, &limit); err != nil {
		return fmt.Errorf("entra.b2bManagementPolicy: %w", err)
	}
	list := map[string]*[]string{}
	if limit.Allowed != nil {
		list["AllowedDomains"] = limit.Allowed
	}
	if limit.Blocked != nil {
		list["BlockedDomains"] = limit.Blocked
	}
	policies := []json.RawMessage{}
	if len(list) > 0 {
		definition, err := json.Marshal(map[string]any{"B2BManagementPolicy": map[string]any{
			"InvitationsAllowedAndBlockedDomainsPolicy": list, "AutoRedeemPolicy": map[string]any{"AdminConsentedForUsersIntoTenantIds": []string{}, "NoAADConsentForUsersFromTenantsIds": []string{}},
		}})
		if err != nil {
			return err
		}
		policy, err := json.Marshal(map[string]any{
			"id": "00000140-0000-4000-8000-000000000140", "displayName": "B2BManagementPolicy", "type": "B2BManagementPolicy", "isOrganizationDefault": true,
			"definition": []string{string(definition)},
		})
		if err != nil {
			return err
		}
		policies = append(policies, policy)
	}
	for _, path := range elsewhere["entra.b2bManagementPolicy"] {
		b.file.Collections[path] = join(policies...)
	}
	return nil
}

// domainTenants are answered one by one: a domain without a tenant is not found.
func (b *snapshotReader) domainTenants() error {
	raw := b.at("crossTenantAccess.domainTenants")
	if raw == nil {
		return nil
	}
	var list []map[string]any
	if err := json.Unmarshal(raw, &list); err != nil {
		return fmt.Errorf("crossTenantAccess.domainTenants: %w", err)
	}
	for _, tenant := range list {
		domain, _ := tenant["domainName"].(string)
		path := domainPath(domain)
		if tenant["tenantId"] == nil {
			b.file.Errors[path] = []serviceError{{Status: 404, Code: "Request_ResourceNotFound", Message: "The domain belongs to no tenant."}}
			continue
		}
		delete(tenant, "domainName")
		text, err := json.Marshal(tenant)
		if err != nil {
			return err
		}
		b.file.Objects[path] = text
	}
	return nil
}

// partnerNames are found one by one.
func (b *snapshotReader) partnerNames() error {
	raw := b.at("crossTenantAccess.partnerNames")
	if raw == nil {
		return nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return fmt.Errorf("crossTenantAccess.partnerNames: %w", err)
	}
	for _, one := range list {
		var partner struct {
			TenantID string `json:"tenantId"`
		}
		if err := json.Unmarshal(one, &partner); err != nil {
			return fmt.Errorf("crossTenantAccess.partnerNames: %w", err)
		}
		b.file.Objects["/tenantRelationships/findTenantInformationByTenantId(tenantId='"+partner.TenantID+"')"] = one
	}
	return nil
}

// people are the external users, and the sponsors that they name.
func (b *snapshotReader) people() error {
	raw := b.at("guests")
	if raw == nil {
		return nil
	}
	var guests []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &guests); err != nil {
		return fmt.Errorf("guests: %w", err)
	}
	known := map[string]bool{}
	var users, more []json.RawMessage
	for _, g := range guests {
		if string(g["signInActivity"]) == "null" {
			delete(g, "signInActivity")
		}
		var id string
		if err := json.Unmarshal(g["id"], &id); err != nil {
			return fmt.Errorf("guests: %w", err)
		}
		known[id] = true
	}
	for _, g := range guests {
		var sponsors []map[string]any
		if text := g["sponsors"]; text != nil {
			if err := json.Unmarshal(text, &sponsors); err != nil {
				return fmt.Errorf("sponsors: %w", err)
			}
		}
		ids := []string{}
		for _, sponsor := range sponsors {
			id, _ := sponsor["id"].(string)
			ids = append(ids, id)
			if known[id] {
				continue
			}
			known[id] = true
			if sponsor["userPrincipalName"] == nil {
				sponsor["userPrincipalName"] = "sponsor." + id[:8] + "@internal.example"
			}
			delete(sponsor, "@odata.type")
			text, err := json.Marshal(sponsor)
			if err != nil {
				return err
			}
			more = append(more, text)
		}
		text, err := json.Marshal(ids)
		if err != nil {
			return err
		}
		g["sponsors"] = text
		if text, err = json.Marshal(g); err != nil {
			return err
		}
		users = append(users, text)
	}
	b.file.Users = join(append(users, more...)...)
	return nil
}

// groups have their members in several places.
func (b *snapshotReader) groups() error {
	raw := b.at("groups")
	if raw == nil {
		return nil
	}
	var groups []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &groups); err != nil {
		return fmt.Errorf("groups: %w", err)
	}
	for _, g := range groups {
		for name, parts := range map[string][]string{"members": {"externalMembers", "memberGroups"}, "owners": {"owners", "externalOwners"}} {
			all := []string{}
			for _, part := range parts {
				var ids []string
				if g[part] == nil {
					continue
				}
				if err := json.Unmarshal(g[part], &ids); err != nil {
					return fmt.Errorf("groups: %s: %w", part, err)
				}
				all = append(all, ids...)
			}
			slices.Sort(all)
			text, err := json.Marshal(slices.Compact(all))
			if err != nil {
				return err
			}
			g[name] = text
		}
	}
	text, err := json.Marshal(groups)
	b.file.Groups = text
	return err
}

// applications are in two sections, and so is who is assigned to them. Jobs stand below theirs.
func (b *snapshotReader) applications() error {
	var order []string
	apps := map[string]map[string]any{}
	below := func(source, key, to string) error {
		raw := b.at(source)
		if raw == nil {
			return nil
		}
		var list []map[string]any
		if err := json.Unmarshal(raw, &list); err != nil {
			return fmt.Errorf("%s: %w", source, err)
		}
		for _, app := range apps {
			if app[to] == nil {
				app[to] = []any{}
			}
		}
		for _, o := range list {
			id, _ := o[key].(string)
			if to == "" && apps[id] == nil {
				apps[id] = map[string]any{}
				order = append(order, id)
			}
			app := apps[id]
			if app == nil {
				continue
			}
			if to != "" {
				list, _ := app[to].([]any)
				app[to] = append(list, o)
				continue
			}
			if strings.HasPrefix(source, "crossTenantSync.") {
				app["applicationTemplateId"] = crossTenantTemplate
			}
			for name, value := range o {
				app[name] = value
			}
		}
		return nil
	}
	for _, step := range [][3]string{
		{"applications.servicePrincipals", "id", ""}, {"crossTenantSync.servicePrincipals", "id", ""},
		{"crossTenantSync.jobs", "servicePrincipalId", "jobs"},
		{"crossTenantSync.assignments", "resourceId", "appRoleAssignedTo"}, {"applications.assignments", "resourceId", "appRoleAssignedTo"},
	} {
		if err := below(step[0], step[1], step[2]); err != nil {
			return err
		}
	}
	if err := b.appOwners(apps); err != nil {
		return err
	}
	if len(order) == 0 && b.at("applications.servicePrincipals") == nil && b.at("crossTenantSync.servicePrincipals") == nil {
		return nil
	}
	list := []json.RawMessage{}
	for _, id := range order {
		text, err := json.Marshal(apps[id])
		if err != nil {
			return err
		}
		list = append(list, text)
	}
	b.file.Collections["/servicePrincipals"] = join(list...)
	return nil
}

// appOwners gives service principals their owners, and makes the registrations that have some.
func (b *snapshotReader) appOwners(principals map[string]map[string]any) error {
	raw := b.at("applications.owners")
	if raw == nil {
		return nil
	}
	var owners []struct {
		OwnerID, ResourceType, ResourceID, ResourceDisplayName, AppID string
	}
	if err := json.Unmarshal(raw, &owners); err != nil {
		return fmt.Errorf("applications.owners: %w", err)
	}
	list := []map[string]any{}
	registered := map[string]map[string]any{}
	for _, o := range owners {
		app := principals[o.ResourceID]
		if o.ResourceType == "application" {
			if app = registered[o.ResourceID]; app == nil {
				app = map[string]any{"id": o.ResourceID, "appId": o.AppID, "displayName": o.ResourceDisplayName}
				registered[o.ResourceID] = app
				list = append(list, app)
			}
		}
		if app == nil {
			continue
		}
		ids, _ := app["owners"].([]string)
		app["owners"] = append(ids, o.OwnerID)
	}
	text, err := json.Marshal(list)
	b.file.Collections["/applications"] = text
	return err
}

// crossTenantTemplate is the gallery's application for synchronization between tenants.
// https://learn.microsoft.com/en-us/entra/identity/multi-tenant-organizations/cross-tenant-synchronization-configure-graph
const crossTenantTemplate = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"

// gaps turns what the snapshot says is missing into what the service says then.
func (b *snapshotReader) gaps() error {
	var collection struct {
		Sources []struct {
			Source, Outcome, Reason, Code string
		} `json:"sources"`
	}
	if err := json.Unmarshal(b.snapshot["collection"], &collection); err != nil {
		return fmt.Errorf("collection: %w", err)
	}
	for _, s := range collection.Sources {
		paths := elsewhere[s.Source]
		if p := places[s.Source]; p != "" {
			paths = []string{p}
		}
		property := ""
		if s.Source == "guests.signInActivity" || s.Source == "guests.sponsors" {
			paths, property = []string{"/users"}, strings.TrimPrefix(s.Source, "guests.")
		}
		for _, path := range paths {
			if s.Outcome == "collected" {
				b.file.Licensed = append(b.file.Licensed, path, path+"/{}")
				continue
			}
			e, ok := gapError(path, s.Reason, s.Code)
			if !ok {
				continue
			}
			e.Select = property
			b.file.Errors[path] = append(b.file.Errors[path], e)
		}
	}
	slices.Sort(b.file.Licensed)
	return nil
}

func gapError(path, reason, code string) (serviceError, bool) {
	last := path[strings.LastIndexByte(path, '/')+1:]
	e := serviceError{Status: 403, Code: "Authorization_RequestDenied", Message: "Insufficient privileges to complete the operation."}
	switch reason {
	case "permission":
	case "licence":
		l := needsPremium
		if point := route(path); point != nil && point.licence != nil {
			l = point.licence
		}
		if l == needsReviews || l == needsWorkflow {
			l = needsPackages // says that it is the licence
		}
		e = serviceError{Status: l.status, Code: l.code, Message: l.text}
	case "unavailable":
		e = serviceError{Status: 400, Code: "BadRequest", Message: "Resource not found for the segment '" + last + "'."}
	case "throttled":
		e = serviceError{Status: 429, Code: "TooManyRequests", Message: "Too many requests."}
	case "error":
		e = serviceError{Status: 500, Code: "InternalServerError", Message: "An internal server error occurred."}
	default:
		return e, false
	}
	if code != "" {
		e.Code = code
	}
	return e, true
}

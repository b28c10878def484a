package rules.cross_tenant.partner_layers_test

import data.rules.cross_tenant.partner_layers as rule

_id := "0000020a-0000-4000-8000-000000000201"

_everything(access) := {
	"usersAndGroups": {"accessType": access, "targets": [{"target": "AllUsers"}]},
	"applications": {"accessType": access, "targets": [{"target": "AllApplications"}]},
}

# Fabrikam is let in by name in every layer.
_tenant := {
	"tenant": {"organization": {"id": "t1", "verifiedDomains": [{"name": "contoso.com"}]}},
	"entra": {"b2bManagementPolicy": {"allowedDomains": ["fabrikam.com", "Contoso.com"], "blockedDomains": null}},
	"crossTenantAccess": {
		"default": {"b2bCollaborationInbound": _everything("blocked"), "tenantRestrictions": _everything("blocked")},
		"partners": [{
			"tenantId": _id,
			"b2bCollaborationInbound": _everything("allowed"),
			"identitySynchronization": {"userSyncInbound": {"isSyncAllowed": true}},
			"tenantRestrictions": _everything("allowed"),
		}],
		"partnerNames": [{"tenantId": _id, "displayName": "Fabrikam", "defaultDomainName": "fabrikam.com"}],
	},
	"crossTenantSync": {"jobs": []},
	"sharePoint": {"tenant": {
		"SharingCapability": 1,
		"SharingDomainRestrictionMode": 1,
		"SharingAllowedDomainList": "fabrikam.com",
	}},
	"teams": {
		"tenantFederationConfiguration": {
			"AllowFederatedUsers": true,
			"AllowedDomains": {"AllowedDomain": [{"Domain": "fabrikam.com"}]},
		},
		"externalAccessPolicies": [],
	},
	"exchange": {"sharingPolicies": [{
		"Identity": "Default Sharing Policy",
		"Enabled": true,
		"Domains": ["Fabrikam.com: CalendarSharingFreeBusyDetail"],
	}]},
	"governance": {"entitlementManagement": {
		"connectedOrganizations": [{"state": "configured", "identitySources": [{"tenantId": _id}]}],
		"assignmentPolicies": [],
	}},
}

_whole := {
	"tenant_id": upper(_id),
	"domains": ["Fabrikam.com"],
	"allow": ["guests", "sync", "foreign_accounts", "sharepoint", "teams_federation", "calendars", "access_packages"],
}

_partner(steps) := array.concat(["crossTenantAccess", "partners", 0], steps)

_open := {
	[["entra", "b2bManagementPolicy", "allowedDomains", 0], "invitations/fabrikam.com", "may be invited", "guests"],
	[_partner(["b2bCollaborationInbound"]), $"guests_inbound/{_id}", "may come in as guests", "guests"],
	[
		_partner(["identitySynchronization", "userSyncInbound", "isSyncAllowed"]),
		$"sync_inbound/{_id}", "may synchronize its people into this tenant", "sync",
	],
	[
		_partner(["tenantRestrictions"]),
		$"foreign_accounts/{_id}", "may have its accounts used on your devices", "foreign_accounts",
	],
	[
		["sharePoint", "tenant", "SharingAllowedDomainList"],
		"sharepoint/fabrikam.com", "may be shared with in SharePoint", "sharepoint",
	],
	[
		["teams", "tenantFederationConfiguration", "AllowedDomains", "AllowedDomain", 0, "Domain"],
		"teams_federation/fabrikam.com", "may talk to your people in Teams", "teams_federation",
	],
	[
		["exchange", "sharingPolicies", 0, "Domains", 0],
		"calendars/fabrikam.com", "may be shown calendars and contacts", "calendars",
	],
	[
		["governance", "entitlementManagement", "connectedOrganizations", 0, "identitySources", 0],
		$"access_packages/{_id}", "may ask for access packages", "access_packages",
	],
}

_label(key) := "fabrikam.com (Fabrikam)" if {
	endswith(key, "fabrikam.com")
} else := $"Fabrikam ({_id})"

test_whoever_is_let_in_by_name_must_be_registered if {
	rule.findings == {found |
		some [path, key, says, _] in _open
		found := {"path": path, "key": key, "message": $"{_label(key)} {says}, and is not in the register"}
	} with input as _tenant
	rule.unknowns == set() with input as _tenant
	rule.notes == set() with input as _tenant
}

test_a_registered_organisation_needs_the_layer_allowed if {
	rule.findings == {found |
		some [path, key, says, what] in _open
		message := $"{_label(key)} {says}, which the register does not allow ({what})"
		found := {"path": path, "key": key, "message": message}
	} with input as _tenant with data.settings.partners as [{"tenant_id": _id}]
	rule.findings == set() with input as _tenant with data.settings.partners as [_whole]
	rule.notes == set() with input as _tenant with data.settings.partners as [_whole]

	# One layer taken away is one finding.
	every what in ["sync", "foreign_accounts", "sharepoint", "teams_federation", "calendars", "access_packages"] {
		entry := object.union(_whole, {"allow": [one | some one in _whole.allow; one != what]})
		count(rule.findings) == 1 with input as _tenant with data.settings.partners as [entry]
	}
}

test_an_entry_may_know_the_organisation_by_its_domain_alone if {
	entry := object.union(object.remove(_whole, ["tenant_id"]), {"name": "Fabrikam"})
	rule.findings == set() with input as _tenant with data.settings.partners as [entry]
}

# A group of companies: each domain has a tenant of its own.
test_an_entry_may_have_several_tenants if {
	other := "0000020b-0000-4000-8000-000000000202"
	access := object.union(_tenant.crossTenantAccess, {
		"partners": array.concat(
			_tenant.crossTenantAccess.partners,
			[{"tenantId": other, "b2bCollaborationInbound": _everything("allowed")}],
		),
		"domainTenants": [{"domainName": "adatum.com", "tenantId": other}],
	})
	tenant := object.union(_tenant, {"crossTenantAccess": access})
	entry := {"name": "Group", "domains": ["fabrikam.com", "adatum.com"], "allow": _whole.allow}
	rule.findings == set() with input as tenant with data.settings.partners as [entry]

	less := object.union(entry, {"allow": [one | some one in _whole.allow; one != "guests"]})
	found := {f.message | some f in rule.findings; f.path[0] == "crossTenantAccess"} with input as tenant
		with data.settings.partners as [less]
	found == {$"Group ({id}) may come in as guests, which the register does not allow (guests)" | some id in [_id, other]}
	keys := {f.key | some f in rule.findings; f.path[0] == "crossTenantAccess"} with input as tenant
		with data.settings.partners as [less]
	keys == {$"guests_inbound/{_id}", $"guests_inbound/{other}"}
}

test_names_are_told_where_they_are_known if {
	nameless := {"crossTenantAccess": {"partners": [{"tenantId": _id, "b2bCollaborationInbound": _everything("allowed")}]}}
	found := {f.message | some f in rule.findings} with input as nameless
	found == {$"{_id} may come in as guests, and is not in the register"}
	domain := {"entra": {"b2bManagementPolicy": {"allowedDomains": ["adatum.example"]}}}
	named := {f.message | some f in rule.findings} with input as domain
	named == {"adatum.example may be invited, and is not in the register"}
}

test_consumer_domains_are_another_rules_matter if {
	policy := {"allowedDomains": ["gmail.com"]}
	rule.findings == set() with input as object.union(_tenant, {"entra": {"b2bManagementPolicy": policy}})
		with data.settings.partners as [_whole]
}

# EXO-001 does not judge them.
test_a_calendar_for_a_consumer_domain_is_reported if {
	policy := {"Identity": "x", "Enabled": true, "Domains": ["*:ContactsSharing", "gmail.com:ContactsSharing"]}
	rule.findings == {{
		"path": ["exchange", "sharingPolicies", 0, "Domains", 1],
		"key": "calendars/gmail.com",
		"message": "gmail.com may be shown calendars and contacts, and is not in the register",
	}} with input as object.union(_tenant, {"exchange": {"sharingPolicies": [policy]}})
		with data.settings.partners as [_whole]
}

test_what_is_open_to_everybody_names_nobody if {
	open := {
		"entra": {"b2bManagementPolicy": {"allowedDomains": null}},
		"crossTenantAccess": {"default": {}, "partners": []},
		"sharePoint": {"settings": {"sharingDomainRestrictionMode": "none"}},
		"teams": {
			"tenantFederationConfiguration": {"AllowFederatedUsers": true, "AllowedDomains": {}},
			"externalAccessPolicies": [],
		},
		"exchange": {"sharingPolicies": [{
			"Identity": "x",
			"Enabled": true,
			"Domains": ["*:CalendarSharingFreeBusySimple", "Anonymous:CalendarSharingFreeBusyReviewer"],
		}]},
		"governance": {"entitlementManagement": {"connectedOrganizations": []}},
	}
	rule.findings == set() with input as open
	rule.unknowns == set() with input as open
}

test_what_is_allowed_and_closed_is_noted if {
	path := ["crossTenantAccess", "partners"]
	entry := {"domains": ["adatum.example"], "name": "Adatum", "allow": ["sharepoint", "guests", "access_packages"]}
	rule.notes == {
		{
			"path": path,
			"key": "adatum.example/sharepoint",
			"message": "the register allows Adatum (adatum.example) sharepoint, which is closed",
		},
		{
			"path": path,
			"key": "adatum.example/guests",
			"message": "the register allows Adatum (adatum.example) guests, which is closed",
		},
		{
			"path": path,
			"key": "adatum.example/access_packages",
			"message": "the register allows Adatum (adatum.example) access_packages, which is closed",
		},
	} with input as _tenant with data.settings.partners as [_whole, entry]
}

test_a_layer_that_was_not_read_is_unknown if {
	rule.unknowns == {
		{
			"path": ["crossTenantAccess", "partners"],
			"key": "guests_inbound",
			"message": "guests in: not in the snapshot",
		},
		{
			"path": ["entra", "b2bManagementPolicy"],
			"key": "invitations",
			"message": "invitations: not in the snapshot",
		},
		{
			"path": ["sharePoint"],
			"key": "sharepoint",
			"message": "SharePoint: whether SharePoint limits domains was not read",
		},
		{
			"path": ["teams", "tenantFederationConfiguration"],
			"key": "teams_federation",
			"message": "Teams chat: not in the snapshot",
		},
		{
			"path": ["exchange", "sharingPolicies"],
			"key": "calendars",
			"message": "calendars: not in the snapshot",
		},
		{
			"path": ["governance", "entitlementManagement", "connectedOrganizations"],
			"key": "access_packages",
			"message": "access packages: not in the snapshot",
		},
	} with input as {}
	rule.findings == set() with input as {}
}

test_a_tenant_without_the_licence_has_no_connected_organisations if {
	source := "governance.entitlementManagement.connectedOrganizations"
	gap := {"source": source, "outcome": "gap", "reason": "licence"}
	tenant := object.union(object.remove(_tenant, ["governance"]), {"collection": {"sources": [gap]}})
	rule.unknowns == set() with input as tenant
	other := object.union(tenant, {"collection": {"sources": [object.union(gap, {"reason": "permission"})]}})
	count(rule.unknowns) == 1 with input as other
}

package imports

import (
	"regexp"
	"strings"
)

var isGUID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// organization is the tenant. ScubaGear reads the organization itself only if it runs for Entra ID; run for another
// product it knows the tenant's id and name alone.
func organization(c *conversion, items []any) (any, string) {
	if problem := single(items); problem != "" {
		return nil, problem
	}
	details := items[0].(map[string]any)
	data, ok := details["AADAdditionalData"]
	if !ok {
		return c.tenantOnly(details)
	}
	objects := list(data)
	if problem := single(objects); problem != "" { // "Error retrieving additional data", for one
		return nil, "AADAdditionalData: " + problem
	}
	out, _ := graphObject(organizationNames)(c, objects[0]).(map[string]any)
	id := text(out["id"])
	if !isGUID.MatchString(id) {
		return nil, "AADAdditionalData has no Id that is a tenant's"
	}
	c.compareIDs(id, details)
	return out, ""
}

// tenantOnly makes the organization of what every product knows of it.
func (c *conversion) tenantOnly(details map[string]any) (any, string) {
	id := text(details["TenantId"])
	if !isGUID.MatchString(id) {
		return nil, "it has neither AADAdditionalData nor a TenantId"
	}
	for _, name := range []string{"verifiedDomains", "assignedPlans"} {
		source := "tenant.organization." + name
		c.gap(source, "not_requested", "ScubaGear was run without aad; run it with that product, or collect with guestward", "Organization.Read.All")
	}
	c.compareIDs(id, details)
	out := map[string]any{"id": id}
	if name, ok := details["DisplayName"].(string); ok {
		out["displayName"] = name
	}
	return out, ""
}

// compareIDs warns of parts of the export that name another tenant than the one that was taken.
func (c *conversion) compareIDs(id string, details map[string]any) {
	for _, other := range []struct {
		where string
		value any
	}{
		{"tenant_details[0].TenantId", details["TenantId"]},
		{"tenant_id", c.export.members["tenant_id"].value},
		{"MetaData.TenantId", field(c.export.metaData, "TenantId")},
	} {
		if s := text(other.value); s != "" && !strings.EqualFold(s, id) {
			c.warn("%s is %q, but the organization's own id is %s, which the snapshot has: the export may be of two tenants", other.where, clip(s), id)
		}
	}
}

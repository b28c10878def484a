package access

import (
	"net/netip"
	"strings"
)

// whatIf is the body of POST /v1.0/identity/conditionalAccess/evaluate that asks Microsoft's own evaluator about the
// point. What-If has no word for trusted locations, the compliant network and a position by GPS, and it needs all others:
// a condition whose value is missing is not evaluated.
// https://learn.microsoft.com/en-us/graph/api/conditionalaccessroot-evaluate
func (p *problem) whatIf(pt *point) map[string]any {
	who := map[string]any{"@odata.type": "#microsoft.graph.userSignIn"}
	u := pt.user
	switch {
	case len(u.Examples) > 0:
		who["userId"] = u.Examples[0].ID
	case u.Kind == InternalMember:
		who["userId"] = "<id of a member>"
	default:
		who["externalUserType"] = u.Kind
		if u.Provider == Entra && isExternal(u.Kind) {
			who["externalTenantId"] = u.Tenant
			if u.Tenant == anyOtherTenant {
				who["externalTenantId"] = "<id of any other tenant>"
			}
		}
	}
	what := map[string]any{"@odata.type": "#microsoft.graph.applicationContext"}
	switch pt.resource.Type {
	case "user_action":
		what["@odata.type"] = "#microsoft.graph.userActionContext"
		what["userAction"] = map[string]string{
			"urn:user:registersecurityinfo": "registerSecurityInformation", "urn:user:registerdevice": "registerOrJoinDevices",
		}[pt.resource.ID]
	case "authentication_context":
		what["@odata.type"] = "#microsoft.graph.authContext"
		what["authenticationContextValue"] = pt.resource.ID
	case "baseline_scopes":
		what["includeApplications"] = []string{baselineApp}
	default:
		id := pt.resource.ID
		if strings.Contains(id, " ") { // stands for an app that nobody names
			id = "<id of " + id + ">"
		}
		what["includeApplications"] = []string{id}
	}
	conditions := map[string]any{
		"clientAppType": pt.client, "signInRiskLevel": pt.signIn, "userRiskLevel": pt.userRisk, "insiderRiskLevel": pt.insider,
		"servicePrincipalRiskLevel": "none",
		"authenticationFlow":        map[string]any{"transferMethod": pt.flow},
		"deviceInfo":                whatIfDevice(pt),
	}
	if pt.platform != "unknown" {
		conditions["devicePlatform"] = pt.platform
	}
	if pt.place.Address != (netip.Addr{}) {
		conditions["ipAddress"] = pt.place.Address.String()
	}
	if pt.place.Country != "" {
		conditions["country"] = pt.place.Country
	}
	return map[string]any{"signInIdentity": who, "signInContext": what, "signInConditions": conditions, "appliedPoliciesOnly": false}
}

// deviceNames are What-If's names of attributes where they are not the filter's in lower case.
var deviceNames = map[string]string{
	"deviceid": "deviceId", "displayname": "displayName", "deviceownership": "ownership", "enrollmentprofilename": "enrollmentProfileName",
	"mdmappid": "mdmAppId", "operatingsystem": "operatingSystem", "operatingsystemversion": "operatingSystemVersion",
	"physicalids": "physicalIds", "profiletype": "profileType", "systemlabels": "systemLabels",
}

func whatIfDevice(pt *point) map[string]any {
	info := map[string]any{"isCompliant": pt.device.Compliant}
	if pt.device.TrustType != "" {
		info["trustType"] = pt.device.TrustType
	}
	for name, v := range pt.device.Attributes {
		if name == "iscompliant" {
			continue
		}
		if better, ok := deviceNames[name]; ok {
			name = better
		} else if rest, ok := strings.CutPrefix(name, "extensionattribute"); ok {
			name = "extensionAttribute" + rest
		}
		info[name] = v
	}
	return info
}

package collector

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// sku is a subscription, as Graph lists it.
type sku struct {
	CapabilityStatus string        `json:"capabilityStatus"`
	ServicePlans     []servicePlan `json:"servicePlans"`
}

type servicePlan struct {
	ServicePlanID      string  `json:"servicePlanId"`
	ServicePlanName    string  `json:"servicePlanName"`
	ProvisioningStatus string  `json:"provisioningStatus"`
	AppliesTo          *string `json:"appliesTo,omitempty"`
}

// plans are the service plans of a subscription that works: one that is enabled, or in its grace period.
// https://learn.microsoft.com/en-us/graph/api/resources/subscribedsku
func (s sku) plans() []servicePlan {
	if s.CapabilityStatus != "Enabled" && s.CapabilityStatus != "Warning" {
		return nil
	}
	return s.ServicePlans
}

// distinctPlans lists the service plans of all subscriptions once each, as provisioned where any of them is.
func distinctPlans(skus []json.RawMessage) ([]servicePlan, error) {
	found := map[string]servicePlan{}
	for _, raw := range skus {
		var s sku
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		for _, p := range s.plans() {
			id := strings.ToLower(p.ServicePlanID)
			if known, ok := found[id]; !ok || known.ProvisioningStatus != "Success" && p.ProvisioningStatus == "Success" {
				found[id] = p
			}
		}
	}
	list := slices.AppendSeq([]servicePlan{}, maps.Values(found)) // an empty list where there is none, not null
	slices.SortFunc(list, func(a, b servicePlan) int { return strings.Compare(a.ServicePlanID, b.ServicePlanID) })
	return list, nil
}

package policies

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// servicePlanIDs are the ids of the plans that built-in rules name. Plans are matched by id, as names differ by cloud.
// https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference
var servicePlanIDs = map[string]string{
	"AAD_PREMIUM":               "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
	"AAD_PREMIUM_P2":            "eec0eb4f-6444-4f95-aba0-50c24d67f998",
	"Entra_Identity_Governance": "e866a266-3cff-43a3-acca-0c90a7e00c8b",
}

// servicePlans are the plans that the tenant has bought, by id and by name; nil when the snapshot does not say.
func servicePlans(config ast.Object) map[string]bool {
	list, ok := lookup(config, "licences", "servicePlans").(*ast.Array)
	if !ok {
		return nil
	}
	plans := map[string]bool{}
	list.Foreach(func(t *ast.Term) {
		plan, ok := t.Value.(ast.Object)
		// A plan that still waits for activation or input is bought all the same.
		if !ok || text(plan, "provisioningStatus") == "Disabled" {
			return
		}
		plans[strings.ToLower(text(plan, "servicePlanId"))] = true
		plans[text(plan, "servicePlanName")] = true
	})
	return plans
}

// missingLicence says which licence the rule's control lacks, or "" when it has one or the snapshot does not say.
func missingLicence(r *Rule, plans map[string]bool) string {
	if len(r.Licence) == 0 || plans == nil {
		return ""
	}
	for _, name := range r.Licence {
		if plans[name] || plans[servicePlanIDs[name]] && servicePlanIDs[name] != "" {
			return ""
		}
	}
	return fmt.Sprintf("the tenant has no service plan %s, which this control needs", strings.Join(r.Licence, " or "))
}

// lookup follows member names; nil when one is absent.
func lookup(v ast.Value, names ...string) ast.Value {
	for _, name := range names {
		object, ok := v.(ast.Object)
		if !ok {
			return nil
		}
		t := object.Get(ast.StringTerm(name))
		if t == nil {
			return nil
		}
		v = t.Value
	}
	return v
}

// text is the string member of an object, or "".
func text(v ast.Value, names ...string) string {
	s, _ := lookup(v, names...).(ast.String)
	return string(s)
}

package policies

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/guestward/guestward/collector/snapshot"
)

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
		if id := snapshot.ServicePlans[name]; plans[name] || id != "" && plans[id] {
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

package policies

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// registerFits checks what the schema cannot say of the register of partners: that each entry names somebody, that no
// tenant or domain stands there twice, and that days of review exist. What is of the wrong kind it leaves to the schema.
func registerFits(root *yaml.Node, bad func(*yaml.Node, string, string) error) error {
	seen := map[string]*yaml.Node{}
	once := func(name, what string, node *yaml.Node) error {
		key := what + " " + strings.ToLower(node.Value)
		if first, twice := seen[key]; twice {
			return bad(node, fmt.Sprintf("%s: the %s is in the register already, at line %d", name, key, first.Line), "one organisation has one entry")
		}
		seen[key] = node
		return nil
	}
	for i, entry := range listOf(memberOf(root, "partners")) {
		if entry = target(entry); entry.Kind != yaml.MappingNode {
			continue
		}
		name := fmt.Sprintf("partners.%d", i)
		tenant, domains := memberOf(entry, "tenant_id"), listOf(memberOf(entry, "domains"))
		if tenant == nil && len(domains) == 0 {
			return bad(entry, name+" names no organisation", "give its tenant_id, or domains if it has no tenant")
		}
		if tenant != nil {
			if err := once(name+".tenant_id", "tenant", tenant); err != nil {
				return err
			}
		}
		for j, domain := range domains {
			if err := once(fmt.Sprintf("%s.domains.%d", name, j), "domain", target(domain)); err != nil {
				return err
			}
		}
		if err := dayExists(entry, name, "review_by", bad); err != nil {
			return err
		}
	}
	return nil
}

package policies

import (
	"fmt"
	"strings"
	"time"

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

// attestationsFit checks that the days of attestations exist: 30 February would be a day that no rule can compare.
func attestationsFit(root *yaml.Node, bad func(*yaml.Node, string, string) error) error {
	for i, entry := range listOf(memberOf(memberOf(root, "attestations"), "given")) {
		for _, day := range []string{"date", "expires"} {
			if err := dayExists(entry, fmt.Sprintf("attestations.given.%d", i), day, bad); err != nil {
				return err
			}
		}
	}
	return nil
}

// dayExists checks a day that has the form of one; the form is the schema's matter.
func dayExists(entry *yaml.Node, name, member string, bad func(*yaml.Node, string, string) error) error {
	day := memberOf(entry, member)
	if day == nil || len(day.Value) != len(time.DateOnly) {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, day.Value); err != nil {
		return bad(day, fmt.Sprintf("%s.%s: there is no day %s", name, member, day.Value), "")
	}
	return nil
}

func target(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// memberOf is the value of a name in a mapping, or nil.
func memberOf(node *yaml.Node, name string) *yaml.Node {
	if node = target(node); node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return target(node.Content[i+1])
		}
	}
	return nil
}

func listOf(node *yaml.Node) []*yaml.Node {
	if node = target(node); node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}

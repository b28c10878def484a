package policies

import (
	"fmt"
	"time"

	"gopkg.in/yaml.v3"
)

// What the checks of settings that a schema cannot make need of a YAML tree, so that a fault is told with its line.

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

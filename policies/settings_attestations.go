package policies

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

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

package policies

import (
	"sync"

	"gopkg.in/yaml.v3"
)

// Framework is a benchmark or standard whose controls rules name.
type Framework struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}

// Frameworks are the known frameworks by key.
var Frameworks = sync.OnceValue(func() map[string]Framework {
	data, err := files.ReadFile("frameworks.yaml")
	if err != nil {
		panic(err) // embedded
	}
	var f map[string]Framework
	if err := yaml.Unmarshal(data, &f); err != nil {
		panic(err) // a test reads it
	}
	return f
})

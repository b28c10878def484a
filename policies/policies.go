// Package policies holds the rules and the engine that asks them: the catalogue (read from the rules' METADATA and
// from nothing else), the settings, the evaluation, and the identity of what is found.
//
//	rules/<area>/<name>/   rule.rego, rule_test.rego, README.md (generated)
//	lib/                   helper packages of the rules
//	frameworks/            what benchmarks and the guide ask for, and where they disagree
//	settings/              the defaults of every parameter, their schema, and profiles
package policies

import "embed"

//go:embed rules lib settings frameworks retired.yaml
var files embed.FS

package graphtest

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// typesJSON names the properties of every entity type that is served, as the schema of v1.0 has them. TestTypes makes it
// and holds it against the schema: https://graph.microsoft.com/v1.0/$metadata
//
//go:embed types.json
var typesJSON []byte

// entity is what the schema says about a type. Names of collections end with [] in the file.
type entity struct {
	Properties []string          `json:"properties"`
	Navigation map[string]string `json:"navigation,omitempty"`
	// Evolvable are properties at any depth, each with those members of its enumeration that stand behind
	// unknownFutureValue: they are told only to who asks for them.
	Evolvable map[string][]string `json:"evolvable,omitempty"`

	name  string
	props map[string]bool   // to whether it is a collection
	navs  map[string]string // to the type of the target, with [] for a collection
}

var entities = readTypes()

func readTypes() map[string]*entity {
	var all map[string]*entity
	if err := json.Unmarshal(typesJSON, &all); err != nil {
		panic("types.json: " + err.Error())
	}
	for name, more := range betaTypes {
		e := &entity{}
		if base := all[strings.TrimPrefix(name, "beta.")]; base != nil {
			e.Properties, e.Navigation, e.Evolvable = slices.Clone(base.Properties), base.Navigation, base.Evolvable
		}
		e.Properties = append(e.Properties, more...)
		all[name] = e
	}
	for name, e := range all {
		e.name = name
		e.props, e.navs = map[string]bool{}, map[string]string{}
		for _, p := range e.Properties {
			plain := strings.TrimSuffix(p, "[]")
			e.props[plain] = plain != p
		}
		for n, target := range e.Navigation {
			plain := strings.TrimSuffix(n, "[]")
			if plain != n {
				target += "[]"
			}
			e.navs[plain] = target
		}
	}
	return all
}

// betaTypes are types, or more properties of types, that only the beta interface has.
// https://learn.microsoft.com/en-us/graph/api/overview?view=graph-rest-beta
var betaTypes = map[string][]string{
	"beta.externalIdentitiesPolicy": {
		"id", "displayName", "description", "deletedDateTime", "allowExternalIdentitiesToLeave", "allowDeletedIdentitiesDataRemoval",
	},
	"beta.b2bManagementPolicy": {"id", "displayName", "description", "deletedDateTime", "definition[]", "isOrganizationDefault"},
	"beta.legacyPolicy": {
		"id", "displayName", "definition[]", "type", "isOrganizationDefault", "alternativeIdentifier", "keyCredentials[]",
	},
	"beta.sensitivityLabel": {"applicableTo", "isEnabled", "color"},
	"beta.informationProtectionLabel": {
		"id", "name", "description", "color", "sensitivity", "tooltip", "isActive", "isAppliable", "contentFormats[]", "hasProtection", "parent",
	},
}

// directoryTypes are what a collection of directory objects may hold: properties of all of them may be selected there.
var directoryTypes = []string{"user", "group", "servicePrincipal"}

// has says whether the type has the property, and whether that is a collection.
func (e *entity) has(name string) (many, ok bool) {
	if many, ok = e.props[name]; ok || e.name != "directoryObject" {
		return many, ok
	}
	for _, t := range directoryTypes {
		if many, ok = entities[t].props[name]; ok {
			return many, ok
		}
	}
	return false, false
}

func (e *entity) lacks(name string) bool {
	_, ok := e.has(name)
	return !ok
}

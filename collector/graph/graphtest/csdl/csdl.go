// Package csdl reads Microsoft Graph's own schema, for tests that hold ours against it. The file is not part of the
// repository: tests skip where it is not beside it.
package csdl

import (
	"encoding/xml"
	"os"
	"slices"
	"strings"
)

// Schema is what tests look at of Graph's schema. Names of types are qualified, such as microsoft.graph.user.
type Schema struct {
	types     map[string]*structured
	Enums     map[string][]string   // members, by the name of the type
	Roots     map[string]string     // entity sets and singletons of the container: their type, "Collection(...)" for sets
	Functions map[string][]Function // by name
}

type structured struct {
	base  string
	props map[string]string
}

// Function is a function that can be called on a type.
type Function struct{ Bound, Returns string }

// Load reads the schema, which is nil where there is no such file.
func Load(name string) (*Schema, error) {
	f, err := os.Open(name)
	if os.IsNotExist(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	type member struct {
		Name string `xml:"Name,attr"`
		Type string `xml:"Type,attr"`
	}
	type element struct {
		Name     string   `xml:"Name,attr"`
		BaseType string   `xml:"BaseType,attr"`
		Props    []member `xml:"Property"`
		Navs     []member `xml:"NavigationProperty"`
		Members  []member `xml:"Member"`
	}
	var doc struct {
		Schemas []struct {
			Namespace string    `xml:"Namespace,attr"`
			Entities  []element `xml:"EntityType"`
			Complex   []element `xml:"ComplexType"`
			Enums     []element `xml:"EnumType"`
			Functions []struct {
				Name    string   `xml:"Name,attr"`
				Params  []member `xml:"Parameter"`
				Returns struct {
					Type string `xml:"Type,attr"`
				} `xml:"ReturnType"`
			} `xml:"Function"`
			Containers []struct {
				Sets []struct {
					Name string `xml:"Name,attr"`
					Type string `xml:"EntityType,attr"`
				} `xml:"EntitySet"`
				Singletons []member `xml:"Singleton"`
			} `xml:"EntityContainer"`
		} `xml:"DataServices>Schema"`
	}
	if err := xml.NewDecoder(f).Decode(&doc); err != nil {
		return nil, err
	}
	c := &Schema{types: map[string]*structured{}, Enums: map[string][]string{}, Roots: map[string]string{}, Functions: map[string][]Function{}}
	for _, s := range doc.Schemas {
		for _, e := range slices.Concat(s.Entities, s.Complex) {
			t := &structured{base: full(e.BaseType), props: map[string]string{}}
			for _, p := range slices.Concat(e.Props, e.Navs) {
				t.props[p.Name] = full(p.Type)
			}
			c.types[s.Namespace+"."+e.Name] = t
		}
		for _, e := range s.Enums {
			for _, m := range e.Members {
				c.Enums[s.Namespace+"."+e.Name] = append(c.Enums[s.Namespace+"."+e.Name], m.Name)
			}
		}
		for _, fn := range s.Functions {
			bound := ""
			if len(fn.Params) > 0 {
				bound = full(fn.Params[0].Type)
			}
			c.Functions[fn.Name] = append(c.Functions[fn.Name], Function{bound, full(fn.Returns.Type)})
		}
		for _, k := range s.Containers {
			for _, set := range k.Sets {
				c.Roots[set.Name] = "Collection(" + full(set.Type) + ")"
			}
			for _, one := range k.Singletons {
				c.Roots[one.Name] = full(one.Type)
			}
		}
	}
	return c, nil
}

// PropertyNames are the names of all properties of all types.
func (c *Schema) PropertyNames() map[string]bool {
	names := map[string]bool{}
	for _, t := range c.types {
		for name := range t.props {
			names[name] = true
		}
	}
	return names
}

// full replaces the alias of Graph's namespace.
func full(name string) string {
	if inner, ok := strings.CutPrefix(name, "Collection("); ok {
		return "Collection(" + full(strings.TrimSuffix(inner, ")")) + ")"
	}
	if rest, ok := strings.CutPrefix(name, "graph."); ok {
		return "microsoft.graph." + rest
	}
	return name
}

// Inner is the type of a collection's elements, or the type itself.
func Inner(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(name, "Collection("), ")")
}

// Property finds a property of the type, of those it derives from, and of those that derive from it: a directoryObject
// may be a user.
func (c *Schema) Property(typ, name string) (string, bool) {
	for at := Inner(typ); at != ""; {
		ct := c.types[at]
		if ct == nil {
			break
		}
		if p, ok := ct.props[name]; ok {
			return p, true
		}
		at = ct.base
	}
	for derived, ct := range c.types {
		if p, ok := ct.props[name]; ok && c.derives(derived, Inner(typ)) {
			return p, true
		}
	}
	return "", false
}

func (c *Schema) derives(typ, from string) bool {
	for at := typ; at != ""; at = c.types[at].base {
		if at == from {
			return true
		}
		if c.types[at] == nil {
			return false
		}
	}
	return false
}

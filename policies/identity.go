package policies

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/guestward/guestward/collector/snapshot"
)

// fingerprint identifies a finding over time. What goes in never changes by itself: no value, message, display name,
// line or index. A change of the recipe needs a new first word.
func fingerprint(rule, tenant string, resource Resource, setting, key string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"guestward/1", rule, tenant, resource.Type, resource.ID, setting, key}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// identify finds the object that a path belongs to, and the rest of the path within it, with array indexes replaced by
// what identifies the elements. root is the value that the path begins at.
func identify(root ast.Value, path snapshot.Path, tenant string) (resource Resource, setting string) {
	t := snapshot.Schema()
	v := root
	var kind, rest []string // names that lead to the resource, and from it on
	for _, step := range path {
		switch step := step.(type) {
		case string:
			t, v = t.Property(step), lookup(v, step)
			if resource.ID == "" {
				kind = append(kind, step)
			} else {
				rest = append(rest, step)
			}
		case int:
			element := elementAt(v, step)
			id := elementID(element, t)
			t, v = t.Items(), element
			if _, isObject := element.(ast.Object); isObject && resource.ID == "" {
				resource = Resource{Type: strings.Join(kind, "."), ID: id, Name: displayName(element)}
			} else if resource.ID == "" {
				kind = append(kind, "["+id+"]")
			} else {
				rest = append(rest, "["+id+"]")
			}
		}
	}
	if resource.ID != "" {
		return resource, strings.Join(rest, ".")
	}
	// A policy that the tenant has once: its section and name are its type, the tenant's id is its own.
	n := min(2, len(kind))
	return Resource{Type: strings.Join(kind[:n], "."), ID: tenant}, strings.Join(kind[n:], ".")
}

func elementAt(v ast.Value, i int) ast.Value {
	list, ok := v.(*ast.Array)
	if !ok || i < 0 || i >= list.Len() {
		return nil
	}
	return list.Elem(i).Value
}

// elementID is what identifies an element of an array of the given type: its key, itself when it is a scalar, or a
// digest of its content where the schema names no key.
func elementID(element ast.Value, array *snapshot.Type) string {
	switch e := element.(type) {
	case ast.String:
		return string(e)
	case ast.Object:
		names := []string{"id", "Identity"}
		if array != nil && array.Key != "" {
			names = []string{array.Key}
		}
		for _, name := range names {
			if id := text(e, name); id != "" {
				return id
			}
		}
	case nil:
		return "absent"
	}
	sum := sha256.Sum256([]byte(element.String()))
	return hex.EncodeToString(sum[:8])
}

// displayName is how people know the object.
func displayName(v ast.Value) string {
	for _, name := range []string{"displayName", "Title", "DisplayName", "Identity", "userPrincipalName", "Name"} {
		if s := text(v, name); s != "" {
			return s
		}
	}
	return ""
}

// toPath makes a path of what a rule reports.
func toPath(v ast.Value) (snapshot.Path, error) {
	steps, ok := v.(*ast.Array)
	if !ok || steps.Len() == 0 {
		return nil, errors.New("path is not a list of member names and indexes")
	}
	path := make(snapshot.Path, steps.Len())
	for i := range path {
		switch step := steps.Elem(i).Value.(type) {
		case ast.String:
			path[i] = string(step)
		case ast.Number:
			n, ok := step.Int()
			if !ok || n < 0 {
				return nil, fmt.Errorf("path has the index %s", step)
			}
			path[i] = n
		default:
			return nil, errors.New("path has a step that is neither a name nor an index")
		}
	}
	return path, nil
}

package graphtest

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Tenant is what the services know of a tenant.
type Tenant struct {
	objects     map[string]*object
	collections map[string]rows
	users       rows
	groups      rows
	sharePoint  *object
	sites       rows
	teams       map[string]json.RawMessage
	errors      map[string][]serviceError
	licensed    []string
	// closed tenants know nothing but what their state tells: everything else does not exist. Of the large lists, told has
	// those that the state tells of.
	closed bool
	told   map[string]bool
}

// serviceError is what a path answers instead of its content.
type serviceError struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
	// Select limits the error to requests that select or expand the property.
	Select string `json:"select,omitempty"`
}

type tenantFile struct {
	Objects     map[string]json.RawMessage `json:"objects,omitempty"`
	Collections map[string]json.RawMessage `json:"collections,omitempty"`
	Users       json.RawMessage            `json:"users,omitempty"`
	Groups      json.RawMessage            `json:"groups,omitempty"`
	SharePoint  json.RawMessage            `json:"sharePoint,omitempty"`
	Sites       json.RawMessage            `json:"sites,omitempty"`
	Teams       map[string]json.RawMessage `json:"teams,omitempty"`
	Errors      map[string][]serviceError  `json:"errors,omitempty"`
	Licensed    []string                   `json:"licensed,omitempty"`
}

// LoadTenant reads the state of a tenant from a file; the package's comment tells its form.
func LoadTenant(file string) (*Tenant, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t, err := parseTenant(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

func parseTenant(text []byte) (*Tenant, error) {
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.DisallowUnknownFields()
	var f tenantFile
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	t := &Tenant{
		objects: map[string]*object{}, collections: map[string]rows{}, told: map[string]bool{},
		teams: f.Teams, errors: f.Errors, licensed: f.Licensed,
	}
	for path, raw := range f.Objects {
		o, err := parseObject(raw)
		if err != nil {
			return nil, fmt.Errorf("objects: %s: %w", path, err)
		}
		t.objects[path] = o
	}
	for path, raw := range f.Collections {
		list, err := parseList(raw)
		if err != nil {
			return nil, fmt.Errorf("collections: %s: %w", path, err)
		}
		t.collections[path] = list
	}
	for _, part := range []struct {
		name string
		raw  json.RawMessage
		to   *rows
	}{{"users", f.Users, &t.users}, {"groups", f.Groups, &t.groups}, {"sites", f.Sites, &t.sites}} {
		list := objects{}
		t.told[part.name] = part.raw != nil
		if part.raw != nil {
			var err error
			if list, err = parseList(part.raw); err != nil {
				return nil, fmt.Errorf("%s: %w", part.name, err)
			}
		}
		*part.to = list
	}
	if f.SharePoint != nil {
		o, err := parseObject(f.SharePoint)
		if err != nil {
			return nil, fmt.Errorf("sharePoint: %w", err)
		}
		t.sharePoint = o
	}
	return t, nil
}

// list finds the elements of the path; ok is false when its parent does not exist.
func (t *Tenant) list(path string) (rows, bool) {
	path = strings.ReplaceAll(path, "/synchronization/", "/")
	switch path {
	case "/users":
		return t.users, !t.closed || t.told["users"]
	case "/groups":
		return t.groups, !t.closed || t.told["groups"]
	}
	if r := t.collections[path]; r != nil {
		return r, true
	}
	parent, name := splitPath(path)
	if strings.Count(path, "/") <= 1 || !looksLikeID(parent) {
		return objects{}, !t.closed
	}
	r, i, ok := t.element(parent)
	if !ok {
		return nil, false
	}
	if strings.HasPrefix(path, "/teams/") && strings.Count(path, "/") == 3 {
		if _, ok := r.appendValue(nil, i, "team"); !ok {
			return nil, false
		}
		name = "channels" // allChannels are the same, and those of other teams, which stand among them
	}
	raw, ok := r.appendValue(nil, i, name)
	if !ok {
		return objects{}, !t.closed
	}
	list, err := parseList(raw)
	if err != nil {
		return objects{}, true // ids of relations: they are served by name
	}
	return list, true
}

// element finds one element by the path of its list and its id.
func (t *Tenant) element(path string) (rows, int, bool) {
	parent, id := splitPath(path)
	if parent == "/teams" {
		parent = "/groups"
	}
	r, ok := t.list(parent)
	if !ok {
		return nil, 0, false
	}
	i, ok := r.find(id)
	return r, i, ok
}

// object finds the one object of the path.
func (t *Tenant) object(path string) *object {
	if o := t.objects[path]; o != nil {
		return o
	}
	parent, name := splitPath(path)
	if parent == "/teams" {
		r, i, ok := t.element(path)
		if !ok {
			return nil
		}
		return memberObject(r, i, "team")
	}
	if looksLikeID(parent) {
		if r, i, ok := t.element(parent); ok {
			return memberObject(r, i, name)
		}
	}
	return nil
}

func memberObject(r rows, i int, name string) *object {
	raw, ok := r.appendValue(nil, i, name)
	if !ok {
		return nil
	}
	o, err := parseObject(raw)
	if err != nil {
		return nil
	}
	return o
}

// lookup finds an object of the directory.
func (t *Tenant) lookup(id string) (typ string, r rows, i int, ok bool) {
	for _, place := range []struct {
		typ string
		r   rows
	}{{"user", t.users}, {"group", t.groups}, {"servicePrincipal", t.collections["/servicePrincipals"]}} {
		if place.r == nil {
			continue
		}
		if i, ok := place.r.find(id); ok {
			return place.typ, place.r, i, true
		}
	}
	return "", nil, 0, false
}

func splitPath(path string) (parent, last string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path
	}
	return path[:i], path[i+1:]
}

// looksLikeID says whether the last part of the path names an element: names of members have no digits.
func looksLikeID(path string) bool {
	_, last := splitPath(path)
	return strings.ContainsAny(last, "0123456789")
}

// plans are the service plans that the tenant has: those of subscriptions that are in force.
func (t *Tenant) plans() []string {
	var ids []string
	r, _ := t.list("/subscribedSkus")
	if r == nil {
		return nil
	}
	for i := range r.len() {
		if status, _ := r.value(i, "capabilityStatus").(string); status != "Enabled" && status != "Warning" {
			continue
		}
		list, _ := r.value(i, "servicePlans").([]any)
		for _, p := range list {
			plan, _ := p.(map[string]any)
			if plan["provisioningStatus"] == "Success" {
				id, _ := plan["servicePlanId"].(string)
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// The plans behind what is licensed: https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference
const (
	premium1   = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
	premium2   = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
	governance = "e866a266-3cff-43a3-acca-0c90a7e00c8b"
)

// has says whether the tenant has one of the plans.
func (t *Tenant) has(wanted ...string) bool {
	return slices.ContainsFunc(t.plans(), func(id string) bool { return slices.Contains(wanted, id) })
}

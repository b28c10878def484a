package graphtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// shape is how elements are told.
type shape struct {
	typ      *entity
	selected []string // nil for all that there is
	expanded []expansion
	inline   []string
	// bare objects show their id and nothing else: whoever asks may not read them.
	bare bool
	// typed objects tell their type, as they do among objects of other types.
	typed bool
	// hidden properties are left out, and blank ones empty.
	hidden, blank func(name string) bool
}

func (s *Server) shape(c *call, e *endpoint, q *query) *shape {
	sh := &shape{typ: entities[e.typ], selected: q.selected, expanded: q.expanded, inline: strings.Fields(e.inline)}
	if e.typ == "user" {
		if sh.selected == nil {
			sh.selected = defaultUser
		}
		if !c.grants.any(perm("User.Read.All Directory.Read.All")) {
			sh.blank = func(name string) bool { return !slices.Contains(basicUser, name) }
		}
		if c.header.Get("ConsistencyLevel") != "" { // the service's own fault: it gives no times then
			sh.hidden = func(name string) bool { return name == "signInActivity" }
		}
	}
	if e.path == "/identityGovernance/lifecycleWorkflows/workflows" {
		// https://learn.microsoft.com/en-us/graph/api/identitygovernance-lifecycleworkflowscontainer-list-workflows
		sh.hidden = func(name string) bool { return name == "executionConditions" || name == "tasks" }
	}
	return sh
}

// single answers with one object.
func (s *Server) single(c *call, e *endpoint, q *query, r rows, i int) *reply {
	b := append([]byte{}, `{"@odata.context":`...)
	b = append(b, quoted(s.URL+c.version+"/$metadata#"+strings.TrimPrefix(c.path, "/")+"/$entity")...)
	b = s.appendMembers(b, c, s.shape(c, e, q), r, i)
	b = append(b, '}')
	return ok(s.known(c, e, b))
}

// list answers with a page.
func (s *Server) list(c *call, e *endpoint, q *query, r rows) *reply {
	from, to := r.span(q.filter)
	from = min(from+q.skip, to)
	at := from
	if q.token != "" {
		text, ok := readSkipToken(q.token, "p", c.full(), q.rest)
		n, err := strconv.Atoi(text)
		if !ok || err != nil {
			return s.violate(c, "the $skiptoken belongs to no page of this list: it was changed, or the options beside it were")
		}
		at = n
	}
	size := s.pageSize(e, q)
	sh := s.shape(c, e, q)
	b := make([]byte, 0, 512+min(size, to-at)*(64+48*len(sh.selected)+192*len(sh.expanded)))
	n, last := 0, at
	next := -1
	for i := at; i < to; i++ {
		if q.filter != nil && !q.filter.match(r, i) {
			continue
		}
		if n == size {
			next = i
			break
		}
		if n > 0 {
			b = append(b, ',')
		}
		b = s.appendObject(b, c, sh, r, i)
		n, last = n+1, i
	}
	c.log.Elements = n
	if c.fault != nil {
		switch {
		case c.fault.Kind == Duplicate && next >= 0:
			next = last
		case c.fault.Kind == RepeatLink && (q.token != "" || next < 0):
			next = at
		}
	}
	link := ""
	if next >= 0 || c.fault.makesLink() {
		link = s.nextLink(c, q, skipToken("p", c.full(), q.rest, strconv.Itoa(max(next, at))))
	}
	total := -1
	if q.counted {
		total = s.number(c, q, r)
	}
	return ok(s.known(c, e, s.page(c, link, "", total, b)))
}

func (s *Server) pageSize(e *endpoint, q *query) int {
	size := e.page
	if slices.Contains(q.selected, "signInActivity") {
		size = min(size, activityPage)
	}
	if q.top > 0 {
		size = q.top
	}
	if size == 0 {
		return 1 << 30 // not in pages
	}
	if s.options.PageCap > 0 {
		size = min(size, s.options.PageCap)
	}
	return size
}

// nextLink is the address of a page, on this server unless a fault has it elsewhere.
func (s *Server) nextLink(c *call, q *query, token string) string {
	rest := q.rest
	if rest != "" {
		rest += "&"
	}
	return c.fault.root(s.URL) + c.version + strings.ReplaceAll(c.path, " ", "%20") + "?" + rest + "$skiptoken=" + token
}

// page puts a page together.
func (s *Server) page(c *call, next, deltaLink string, total int, elements []byte) []byte {
	b := make([]byte, 0, len(elements)+len(next)+256)
	b = append(b, `{"@odata.context":`...)
	b = append(b, quoted(s.URL+c.version+"/$metadata#"+strings.TrimPrefix(c.path, "/"))...)
	if total >= 0 {
		b = append(b, `,"@odata.count":`...)
		b = strconv.AppendInt(b, int64(total), 10)
	}
	if next != "" {
		b = append(b, `,"@odata.nextLink":`...)
		b = append(b, quoted(next)...)
	}
	if deltaLink != "" {
		b = append(b, `,"@odata.deltaLink":`...)
		b = append(b, quoted(deltaLink)...)
	}
	b = append(b, `,"value":`...)
	switch {
	case c.fault != nil && c.fault.Kind == NullValue:
		return append(b, "null}"...)
	case c.fault != nil && c.fault.Kind == WrongValue:
		return append(b, `{"id":"00000000-0000-4000-8000-000000000000"}}`...)
	}
	b = append(b, '[')
	b = append(b, elements...)
	return append(b, "]}"...)
}

func (s *Server) appendObject(b []byte, c *call, sh *shape, r rows, i int) []byte {
	b = append(b, '{')
	mark := len(b)
	b = s.appendMembers(b, c, sh, r, i)
	if len(b) > mark {
		b = append(b[:mark], b[mark+1:]...) // the first comma
	}
	return append(b, '}')
}

// appendDerived adds what an element of a derived type, such as an ipNamedLocation among named locations, has besides the
// properties of its base.
func appendDerived(b []byte, sh *shape, r rows, i int) []byte {
	kind, ok := appendNamed(nil, r, i, "@odata.type")
	if !ok || strings.Contains(string(kind), "#microsoft.graph."+sh.typ.name+`"`) {
		return b
	}
	for _, name := range r.names(i) {
		if _, known := sh.typ.has(name); !known && !strings.HasPrefix(name, "@") {
			b, _ = appendNamed(b, r, i, name)
		}
	}
	return b
}

// appendMembers adds members, each with a comma before it.
func (s *Server) appendMembers(b []byte, c *call, sh *shape, r rows, i int) []byte {
	if sh.typed {
		b = append(b, `,"@odata.type":"#microsoft.graph.`...)
		b = append(b, sh.typ.name...)
		b = append(b, '"')
	} else if text, ok := appendNamed(b, r, i, "@odata.type"); ok {
		b = text
	}
	selected := sh.selected
	if selected == nil {
		for _, name := range r.names(i) {
			if _, ok := sh.typ.has(name); ok {
				selected = append(selected, name)
			}
		}
		b = appendDerived(b, sh, r, i)
		for _, name := range sh.inline {
			if sh.hidden == nil || !sh.hidden(name) {
				b, _ = appendNamed(b, r, i, name)
			}
		}
	}
	for _, name := range selected {
		many, known := sh.typ.has(name)
		if !known || sh.hidden != nil && sh.hidden(name) {
			continue
		}
		blank := sh.bare && name != "id" || sh.blank != nil && sh.blank(name)
		if !blank {
			if text, ok := appendNamed(b, r, i, name); ok {
				b = text
				continue
			}
		}
		switch {
		case name == "signInActivity" && !blank:
			// who never signed in has none at all
		case many && !blank:
			b = append(append(b, ',', '"'), name...)
			b = append(b, `":[]`...)
		default:
			b = append(append(b, ',', '"'), name...)
			b = append(b, `":null`...)
		}
	}
	if sh.selected != nil && sh.bare && !slices.Contains(sh.selected, "id") {
		b, _ = appendNamed(b, r, i, "id")
	}
	for _, x := range sh.expanded {
		b = s.appendExpansion(b, c, &x, r, i)
	}
	return b
}

func appendNamed(b []byte, r rows, i int, name string) ([]byte, bool) {
	mark := len(b)
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	b, ok := r.appendValue(b, i, name)
	if !ok {
		return b[:mark], false
	}
	return b, true
}

// expandedMost is how many related objects $expand shows.
// https://learn.microsoft.com/en-us/graph/query-parameters#expand-parameter
const expandedMost = 20

func (s *Server) appendExpansion(b []byte, c *call, x *expansion, r rows, i int) []byte {
	n := r.related(i, x.name)
	b = append(append(b, ',', '"'), x.name...)
	if !x.many {
		b = append(b, `":`...)
		if n == 0 {
			return append(b, "null"...)
		}
		return s.appendLink(b, c, x, r.relation(i, x.name, 0))
	}
	b = append(b, `@odata.context":"`...)
	b = append(append(b, s.URL...), `/v1.0/$metadata#`...)
	b = append(append(b, x.name...), '"')
	if n > expandedMost && x.target != nil && x.target.name == "directoryObject" {
		b = append(append(b, ',', '"'), x.name...)
		b = append(b, `@odata.nextLink":`...)
		id, _ := r.value(i, "id").(string)
		b = append(b, quoted(s.URL+c.version+c.path+"/"+id+"/"+x.name+"?$skiptoken=more")...)
		n = expandedMost
	}
	b = append(append(b, ',', '"'), x.name...)
	b = append(b, `":[`...)
	for k := range n {
		if k > 0 {
			b = append(b, ',')
		}
		b = s.appendLink(b, c, x, r.relation(i, x.name, k))
	}
	return append(b, ']')
}

// appendLink adds a related object, as far as the permissions show it.
func (s *Server) appendLink(b []byte, c *call, x *expansion, l link) []byte {
	if x.target == nil { // of a type that the table leaves out: as it stands
		if l.o == nil {
			return append(b, "null"...)
		}
		return appendWhole(b, l.o)
	}
	sh := &shape{typ: x.target, selected: x.selected, expanded: x.expanded}
	if l.o != nil {
		t, known := strings.CutPrefix(string(l.o.member("@odata.type")), `"#microsoft.graph.`)
		sh.bare = known && x.target.name == "directoryObject" && !c.grants.reads(strings.TrimSuffix(t, `"`))
		if x.target.name != "directoryObject" && sh.selected == nil {
			return appendWhole(b, l.o)
		}
		if x.target.name == "directoryObject" && sh.selected == nil && !sh.bare {
			return appendWhole(b, l.o)
		}
		return s.appendObject(b, c, sh, objects{l.o}, 0)
	}
	if x.target.name != "directoryObject" && x.target.name != "user" && x.target.name != "group" {
		return s.appendNamedTarget(b, c, x, sh, l.id)
	}
	typ, r, i, found := s.options.Tenant.lookup(l.id)
	if !found { // an object that the directory has lost, or that belongs to another tenant
		return append(b, `{"@odata.type":"#microsoft.graph.directoryObject","id":`+quoted(l.id)+`}`...)
	}
	return s.appendDirectory(b, c, x.name, sh, typ, r, i)
}

// appendDirectory adds an object of the directory among others.
func (s *Server) appendDirectory(b []byte, c *call, navigation string, sh *shape, typ string, r rows, i int) []byte {
	readable := c.grants.reads(typ)
	if navigation == "sponsors" {
		// https://learn.microsoft.com/en-us/graph/api/user-list-sponsors#permissions
		readable = c.grants.any(perm("User.Read.All"))
	}
	own := *sh
	own.typed, own.bare, own.typ = true, !readable, entities[typ]
	if own.selected == nil {
		own.selected = shownByDefault[typ]
	} else if foreign := own.typ.lacks; slices.ContainsFunc(own.selected, foreign) {
		own.selected = slices.DeleteFunc(slices.Clone(own.selected), foreign)
	}
	return s.appendObject(b, c, &own, r, i)
}

// shownByDefault is what an object of the directory shows among others without $select: enough to be told apart.
var shownByDefault = map[string][]string{
	"user": append(slices.Clone(defaultUser), "userType", "accountEnabled"),
	"group": {
		"id", "displayName", "description", "groupTypes", "mail", "mailEnabled", "securityEnabled", "isAssignableToRole", "visibility",
	},
	"servicePrincipal": {"id", "appId", "displayName", "accountEnabled", "appOwnerOrganizationId", "servicePrincipalType"},
}

// targets are the lists in which related objects are found that are not the directory's.
var targets = map[string]string{
	"unifiedRoleDefinition":         "/roleManagement/directory/roleDefinitions",
	"accessPackage":                 "/identityGovernance/entitlementManagement/accessPackages",
	"accessPackageCatalog":          "/identityGovernance/entitlementManagement/catalogs",
	"accessPackageAssignmentPolicy": "/identityGovernance/entitlementManagement/assignmentPolicies",
}

func (s *Server) appendNamedTarget(b []byte, c *call, x *expansion, sh *shape, id string) []byte {
	if r, ok := s.options.Tenant.list(targets[x.target.name]); ok {
		if i, ok := r.find(id); ok {
			return s.appendObject(b, c, sh, r, i)
		}
	}
	return append(b, `{"id":`+quoted(id)+`}`...)
}

func appendWhole(b []byte, o *object) []byte {
	b = append(b, '{')
	for i, name := range o.names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, quoted(name)...), ':'), o.raw[i]...)
	}
	return append(b, '}')
}

// known replaces members of enumerations that only those see who ask for them.
// https://learn.microsoft.com/en-us/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
func (s *Server) known(c *call, e *endpoint, body []byte) []byte {
	hidden := entities[e.typ].Evolvable
	if len(hidden) == 0 || strings.Contains(c.header.Get("Prefer"), "include-unknown-enum-members") {
		return body
	}
	var doc any
	if json.Unmarshal(body, &doc) != nil {
		return body
	}
	out, err := json.Marshal(obscure(doc, "", hidden))
	if err != nil {
		return body
	}
	return out
}

func obscure(v any, name string, hidden map[string][]string) any {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			v[k] = obscure(inner, k, hidden)
		}
	case []any:
		for i, inner := range v {
			v[i] = obscure(inner, name, hidden)
		}
	case string:
		for part := range strings.SplitSeq(v, ",") {
			if slices.Contains(hidden[name], part) {
				return "unknownFutureValue"
			}
		}
	}
	return v
}

package graphtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// found is an object of the directory, as a row of its own list.
type found struct {
	typ string
	r   rows
	i   int
}

// directoryRows are objects of several types, in one list.
type directoryRows []found

func (d directoryRows) len() int                       { return len(d) }
func (d directoryRows) find(string) (int, bool)        { return 0, false }
func (d directoryRows) value(i int, name string) any   { return d[i].r.value(d[i].i, name) }
func (d directoryRows) names(i int) []string           { return d[i].r.names(d[i].i) }
func (d directoryRows) span(*node) (from, to int)      { return 0, len(d) }
func (d directoryRows) related(int, string) int        { return 0 }
func (d directoryRows) relation(int, string, int) link { return link{} }
func (d directoryRows) appendValue(b []byte, i int, name string) ([]byte, bool) {
	return d[i].r.appendValue(b, d[i].i, name)
}

// relations lists the members, owners or sponsors of an object.
func (s *Server) relations(c *call, e *endpoint, q *query) *reply {
	parts := strings.Split(c.path, "/") // "", users, id, sponsors and perhaps a cast
	r, i, ok := s.options.Tenant.element(strings.Join(parts[:3], "/"))
	if !ok {
		return s.notFound(c)
	}
	navigation, cast := parts[3], ""
	if len(parts) > 4 {
		cast = parts[4][strings.LastIndexByte(parts[4], '.')+1:]
	}
	hidden := r.value(i, "visibility") == "HiddenMembership" && navigation != "owners"
	if hidden && !c.grants.any(perm("Member.Read.Hidden")) {
		return denied(e.path)
	}
	list := directoryRows{}
	seen := map[string]bool{}
	var walk func(r rows, i int, navigation string, deep bool)
	walk = func(r rows, i int, navigation string, deep bool) {
		for k := range r.related(i, navigation) {
			l := r.relation(i, navigation, k)
			typ, tr, ti, ok := s.options.Tenant.lookup(l.id)
			if !ok || seen[l.id] {
				continue
			}
			seen[l.id] = true
			if cast == "" || cast == typ {
				list = append(list, found{typ, tr, ti})
			}
			if deep && typ == "group" {
				walk(tr, ti, navigation, true)
			}
		}
	}
	if navigation == "transitiveMembers" {
		walk(r, i, "members", true)
	} else {
		walk(r, i, navigation, false)
	}
	return s.directoryPage(c, e, q, list, navigation)
}

// directoryPage is a page of objects of the directory.
func (s *Server) directoryPage(c *call, e *endpoint, q *query, list directoryRows, navigation string) *reply {
	if q.filter != nil {
		list = slices.DeleteFunc(list, func(f found) bool { return !q.filter.match(f.r, f.i) })
	}
	at := 0
	if q.token != "" {
		text, ok := readSkipToken(q.token, "r", c.full(), q.rest)
		n, err := strconv.Atoi(text)
		if !ok || err != nil {
			return s.violate(c, "the $skiptoken belongs to no page of this list")
		}
		at = n
	}
	size := s.pageSize(e, q)
	end := min(len(list), at+size)
	var b []byte
	for k := at; k < end; k++ {
		if k > at {
			b = append(b, ',')
		}
		f := list[k]
		b = s.appendDirectory(b, c, navigation, &shape{selected: q.selected}, f.typ, f.r, f.i)
	}
	c.log.Elements = end - at
	link := ""
	if end < len(list) || c.fault.makesLink() {
		if c.fault != nil && c.fault.Kind == Duplicate {
			end--
		}
		if c.fault != nil && c.fault.Kind == RepeatLink && (q.token != "" || end == len(list)) {
			end = at
		}
		link = s.nextLink(c, q, skipToken("r", c.full(), q.rest, strconv.Itoa(end)))
	}
	total := -1
	if q.counted {
		total = len(list)
	}
	return ok(s.page(c, link, "", total, b))
}

// idsMost is how many ids one request may name.
// https://learn.microsoft.com/en-us/graph/api/directoryobject-getbyids#request-body
const idsMost = 1000

func (s *Server) byIDs(c *call, e *endpoint, q *query) *reply {
	if c.method != http.MethodPost {
		return s.violate(c, "getByIds is asked with POST")
	}
	var body struct {
		IDs   []string `json:"ids"`
		Types []string `json:"types"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil {
		return s.violate(c, "the body is no list of ids: %v", err)
	}
	if len(body.IDs) == 0 || len(body.IDs) > idsMost {
		return s.violate(c, "%d ids: there may be 1 to %d", len(body.IDs), idsMost)
	}
	list := directoryRows{}
	for _, id := range body.IDs {
		typ, r, i, ok := s.options.Tenant.lookup(id)
		if ok && (len(body.Types) == 0 || slices.Contains(body.Types, typ)) {
			list = append(list, found{typ, r, i})
		}
	}
	all := *e
	all.page = idsMost
	return s.directoryPage(c, &all, q, list, "")
}

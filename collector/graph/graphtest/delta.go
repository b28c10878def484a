package graphtest

import (
	"slices"
	"strconv"
	"strings"
)

// deltaReferences is how many members and owners one page tells of, for each group that it may have. Larger groups go on
// on the next page. The service does not say where it breaks them.
const deltaReferences = 10

// delta answers a round of groups/delta: every group with its members and owners, a large one on several pages.
// https://learn.microsoft.com/en-us/graph/delta-query-groups
func (s *Server) delta(c *call, e *endpoint, q *query, r rows) *reply {
	group, done, start := 0, 0, 0
	if q.token != "" {
		text, ok := readSkipToken(q.token, "d", "/groups/delta", q.rest)
		before, after, _ := strings.Cut(text, "-")
		var err1, err2 error
		group, err1 = strconv.Atoi(before)
		done, err2 = strconv.Atoi(after)
		if !ok || err1 != nil || err2 != nil {
			return s.violate(c, "the $skiptoken belongs to no page of this query")
		}
		start = group
	}
	size := s.pageSize(e, q)
	budget := size * deltaReferences
	relation := func(name string) bool { return name == "members" || name == "owners" }
	sh := &shape{typ: entities["group"], selected: slices.DeleteFunc(slices.Clone(q.selected), relation)}
	if len(sh.selected) == 0 {
		sh.selected = []string{"id"}
	} else if !slices.Contains(sh.selected, "id") {
		sh.selected = append(sh.selected, "id")
	}
	var parts []string // what a group is related to, in order
	for _, name := range []string{"members", "owners"} {
		if slices.Contains(q.selected, name) {
			parts = append(parts, name)
		}
	}
	hidden := c.grants.any(perm("Member.Read.Hidden"))
	b := make([]byte, 0, size*512)
	n := 0
	for ; group < r.len() && n < size && budget > 0; n++ {
		if n > 0 {
			b = append(b, ',')
		}
		if group%9 == 8 && done == 0 { // a group that was there when the round began
			b = append(b, `{"id":"`+deletedID(group)+`","@removed":{"reason":"deleted"}},`...)
		}
		b = s.appendObject(b, c, sh, r, group)
		b = b[:len(b)-1]
		position, whole := 0, true
		for _, name := range parts {
			total := r.related(group, name)
			if name == "members" && !hidden && r.value(group, "visibility") == "HiddenMembership" {
				total = 0
			}
			first := true
			for k := range total {
				if position++; position <= done {
					continue
				}
				if budget == 0 {
					position, whole = position-1, false
					break
				}
				budget--
				if first {
					b = append(append(b, `,"`...), name...)
					b = append(b, `@delta":[`...)
				} else {
					b = append(b, ',')
				}
				first = false
				b = s.appendReference(b, r.relation(group, name, k).id)
			}
			if !first {
				if id := s.leaver(r, group, total); name == "members" && whole && id != "" {
					b = append(b, `,{"@odata.type":"#microsoft.graph.user","id":"`+id+`","@removed":{"reason":"deleted"}}`...)
				}
				b = append(b, ']')
			}
			if !whole {
				break
			}
		}
		b = append(b, '}')
		if !whole {
			done = position
			n++
			break
		}
		group, done = group+1, 0
	}
	c.log.Elements = n
	next, last := "", ""
	token := func(group, done int) string {
		return skipToken("d", "/groups/delta", q.rest, strconv.Itoa(group)+"-"+strconv.Itoa(done))
	}
	switch {
	case c.fault != nil && c.fault.Kind == RepeatLink && (q.token != "" || group >= r.len()):
		next = s.nextLink(c, q, token(start, 0))
	case c.fault != nil && c.fault.Kind == Duplicate && group < r.len():
		next = s.nextLink(c, q, token(max(0, group-1), 0))
	case group < r.len() || c.fault.makesLink():
		next = s.nextLink(c, q, token(group, done))
	default:
		last = s.URL + c.version + "/groups/delta?$deltatoken=" + token(group, done)
	}
	return ok(s.page(c, next, last, -1, b))
}

// leaver is a user who left the group while the round went on, now and then: told, and no member.
func (s *Server) leaver(r rows, group, members int) string {
	users := s.options.Tenant.users
	if group%8 != 7 || members > 100 || users.len() == 0 {
		return ""
	}
	id, _ := users.value(group*37%users.len(), "id").(string)
	for k := range members {
		if r.relation(group, "members", k).id == id {
			return ""
		}
	}
	return id
}

// deletedID is the id of an object that is gone.
func deletedID(i int) string { return syntheticID(9, i) }

func (s *Server) appendReference(b []byte, id string) []byte {
	typ := "user"
	if t, _, _, ok := s.options.Tenant.lookup(id); ok {
		typ = t
	}
	b = append(b, `{"@odata.type":"#microsoft.graph.`...)
	b = append(append(b, typ...), `","id":"`...)
	return append(append(b, id...), `"}`...)
}

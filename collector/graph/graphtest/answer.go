package graphtest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// answer serves one request, in a batch or by itself.
func (s *Server) answer(c *call) *reply {
	g, refusal := s.authenticate(c.header.Get("Authorization"))
	c.grants = g
	c.fault = s.faults.pick(c)
	if c.fault != nil {
		if r := c.fault.reply(s, c); r != nil {
			return r
		}
	}
	if r := s.limits.take(c); r != nil {
		return r
	}
	if refusal != nil {
		return refusal
	}
	switch c.version {
	case "/v1.0", "/beta":
		return s.graph(c)
	case "/sharepoint":
		return s.sharePoint(c)
	case "/teams":
		return s.teams(c)
	}
	return s.violate(c, "unknown path")
}

// graph serves a request to Graph.
func (s *Server) graph(c *call) *reply {
	accept := c.header.Get("Accept")
	if !c.item && !strings.Contains(accept, "application/json") && !strings.HasSuffix(c.path, "/$count") {
		return s.violate(c, "the header Accept is %q, and JSON is what there is", accept)
	}
	e := route(c.full())
	switch {
	case e == nil:
		return s.violate(c, "unknown path")
	case e.path == "/$batch":
		return s.batch(c)
	case e.path == domainLookup && !isDomain(strings.Split(c.path, "'")[1]):
		return s.violate(c, "the parameter is no name of a domain")
	case c.method != http.MethodGet && (e.kind != byIDs || c.method != http.MethodPost):
		return s.violate(c, "a request that writes")
	}
	if r := s.permitted(c, e); r != nil {
		return r
	}
	if r := s.stateError(c); r != nil {
		return r
	}
	if l := e.licence; l != nil && !s.licensed(c, l) {
		return failure(l.status, l.code, l.text)
	}
	q, err := parseQuery(c.query, e)
	if err != nil {
		return s.violate(c, "%v", err)
	}
	if r := s.advanced(c, e, q); r != nil {
		return r
	}
	switch e.kind {
	case one:
		o := s.options.Tenant.object(c.full())
		if o == nil {
			return s.notFound(c)
		}
		return s.single(c, e, q, objects{o}, 0)
	case item:
		r, i, found := s.options.Tenant.element(c.full())
		if !found {
			return s.notFound(c)
		}
		return s.single(c, e, q, r, i)
	case byIDs:
		return s.byIDs(c, e, q)
	case related:
		return s.relations(c, e, q)
	}
	path := strings.TrimSuffix(c.full(), "/$count")
	if e.kind == delta {
		path = "/groups"
	}
	r, found := s.options.Tenant.list(path)
	if !found {
		return s.notFound(c)
	}
	switch e.kind {
	case count:
		return plain(200, "text/plain", strconv.Itoa(s.number(c, q, r)))
	case delta:
		return s.delta(c, e, q, r)
	}
	return s.list(c, e, q, r)
}

// permitted refuses a request whose token lacks the permission.
func (s *Server) permitted(c *call, e *endpoint) *reply {
	if e.accepts == nil && slices.Contains(c.grants.delegated, e.delegated) || c.grants.any(e.accepts) {
		return nil
	}
	return denied(e.path)
}

// denied is how the workload behind a path says that a permission is missing.
func denied(path string) *reply {
	switch {
	case strings.Contains(path, "conditionalAccess"), strings.HasPrefix(path, "/policies/crossTenant"):
		return failure(403, "AccessDenied",
			"You cannot perform the requested operation, required scopes are missing in the token.")
	case strings.HasPrefix(path, "/admin/sharepoint"):
		return failure(403, "accessDenied", "Access denied")
	case strings.HasPrefix(path, "/identityGovernance/accessReviews"), strings.HasPrefix(path, "/identityGovernance/lifecycle"):
		return failure(403, "UnknownError", "")
	}
	return failure(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
}

func (s *Server) licensed(c *call, l *licence) bool {
	path := c.full()
	for _, free := range s.options.Tenant.licensed {
		if matchesPath(free, path) {
			return true
		}
	}
	return s.options.Tenant.has(l.plans...)
}

// stateError is what the tenant's state says that the path answers instead.
func (s *Server) stateError(c *call) *reply {
	for path, list := range s.options.Tenant.errors {
		if !matchesPath(path, c.full()) {
			continue
		}
		for _, e := range list {
			if e.Select != "" && !mentions(c, e.Select) {
				continue
			}
			if c.version == "/sharepoint" {
				return spError(e.Status, e.Code, e.Message)
			}
			return failure(e.Status, e.Code, e.Message)
		}
	}
	return nil
}

// mentions says whether the options name the property.
func mentions(c *call, property string) bool {
	query, err := url.QueryUnescape(c.query)
	if err != nil {
		query = c.query
	}
	words := strings.FieldsFunc(query, func(r rune) bool { return strings.ContainsRune("=,&()", r) })
	return slices.Contains(words, property)
}

func (s *Server) notFound(c *call) *reply {
	if s.options.Tenant.closed {
		last := c.path[strings.LastIndexByte(c.path, '/')+1:]
		return failure(400, "BadRequest", "Resource not found for the segment '"+last+"'.")
	}
	return failure(404, "Request_ResourceNotFound",
		"Resource '"+c.path+"' does not exist or one of its queried reference-property objects are not present.")
}

// advanced holds the request against the rules of advanced queries, and of sign-in times.
// https://learn.microsoft.com/en-us/graph/aad-advanced-queries
func (s *Server) advanced(c *call, e *endpoint, q *query) *reply {
	eventual := strings.EqualFold(c.header.Get("ConsistencyLevel"), "eventual")
	activity := slices.Contains(q.selected, "signInActivity")
	if activity {
		if !c.grants.any(audit) || !c.grants.any(perm("User.Read.All Directory.Read.All")) {
			return denied("/users")
		}
		if l := needsPremium; !s.licensed(c, l) {
			return failure(l.status, l.code, l.text)
		}
		if q.top > activityPage {
			return s.violate(c, "$top=%d: with signInActivity a page has at most %d elements", q.top, activityPage)
		}
		if eventual {
			s.note(c, "ConsistencyLevel together with signInActivity, which leaves the times empty")
		}
	}
	if c.header.Get("ConsistencyLevel") != "" && !eventual {
		return s.violate(c, "ConsistencyLevel: %s is unknown", c.header.Get("ConsistencyLevel"))
	}
	if e.needs != "" {
		found := false
		for _, name := range strings.Fields(e.needs) {
			_, ok := q.filter.equals(name)
			found = found || ok
		}
		if !found {
			return s.violate(c, "a $filter by %s is required", strings.ReplaceAll(e.needs, " ", " or "))
		}
	}
	if !e.directory {
		return nil
	}
	needed := q.filter.advanced() || e.kind == count || strings.Contains(e.path, "/microsoft.graph.") && q.filter != nil
	switch {
	case needed && !eventual:
		s.note(c, "an advanced query without ConsistencyLevel: eventual")
		return failure(400, "Request_UnsupportedQuery", "Unsupported Query.")
	case needed && e.kind != count && !q.counted:
		s.note(c, "an advanced query without $count=true")
		return failure(400, "Request_UnsupportedQuery", "Unsupported Query.")
	case len(q.expanded) > 0 && eventual && (needed || q.counted):
		s.note(c, "$expand in an advanced query")
		return failure(400, "Request_UnsupportedQuery", "$expand is not supported together with advanced query capabilities.")
	}
	q.counted = q.counted && eventual // without the header the service takes no notice of it
	return nil
}

// number counts the elements that the filter lets through, and remembers it.
func (s *Server) number(c *call, q *query, r rows) int {
	key := fmt.Sprint(c.full(), "?", q.text)
	if n, ok := s.counts.Load(key); ok {
		return n.(int)
	}
	n := 0
	from, to := r.span(q.filter)
	for i := from; i < to; i++ {
		if q.filter == nil || q.filter.match(r, i) {
			n++
		}
	}
	s.counts.Store(key, n)
	return n
}

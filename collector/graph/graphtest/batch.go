package graphtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// batchMost is how many requests a batch may hold.
// https://learn.microsoft.com/en-us/graph/json-batching#batch-size-limitations
const batchMost = 20

type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

type batchAnswer struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body,omitempty"`
}

// batch serves several requests in one. Each is held to the same rules as if it came by itself.
func (s *Server) batch(c *call) *reply {
	if c.method != http.MethodPost || c.version != "/v1.0" || c.query != "" {
		return s.violate(c, "a batch is sent to /v1.0/$batch with POST")
	}
	if !strings.HasPrefix(c.header.Get("Content-Type"), "application/json") {
		return s.violate(c, "the Content-Type of a batch is %q", c.header.Get("Content-Type"))
	}
	var body struct {
		Requests []batchItem `json:"requests"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil {
		return s.violate(c, "the batch is not readable: %v", err)
	}
	if n := len(body.Requests); n == 0 || n > batchMost {
		return s.violate(c, "a batch of %d requests: there may be 1 to %d", n, batchMost)
	}
	seen := map[string]bool{}
	var answers []batchAnswer
	for k, q := range body.Requests {
		if q.ID == "" || seen[q.ID] {
			return s.violate(c, "the ids of a batch must be there, and differ: %q", q.ID)
		}
		seen[q.ID] = true
		inner := &call{method: q.Method, version: c.version, item: true, body: q.Body, header: http.Header{}}
		for name, value := range q.Headers {
			inner.header.Set(name, value)
		}
		var r *reply
		switch {
		case c.fault != nil && c.fault.Kind == ItemMissing && k == 0:
			continue
		case c.fault != nil && c.fault.Kind == ItemThrottled && k == 0:
			inner.path, inner.query, _ = strings.Cut(q.URL, "?")
			inner.fault = c.fault
			r = s.throttled(c.fault)
		default:
			r = s.batchAnswer(c, inner, q)
		}
		s.logged(inner, r.status)
		a := batchAnswer{ID: q.ID, Status: r.status, Headers: maps.Clone(r.header), Body: r.body}
		if !json.Valid(r.body) {
			a.Body = nil
		}
		answers = append(answers, a)
	}
	if c.fault != nil && c.fault.Kind == ItemOrder {
		slices.Reverse(answers)
	}
	out, err := json.Marshal(map[string]any{"responses": answers})
	if err != nil {
		panic(err) // bodies were looked at
	}
	return ok(out)
}

func (s *Server) batchAnswer(c, inner *call, q batchItem) *reply {
	u, err := url.Parse(q.URL)
	inner.path = q.URL
	switch {
	case err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(q.URL, "/") || u.Fragment != "":
		return s.violate(inner, "the address of a request in a batch begins with / and goes on without version or fragment")
	case inner.header.Get("Authorization") != "":
		return s.violate(inner, "a token inside a batch")
	}
	inner.path, inner.query = u.Path, u.RawQuery
	if v, _ := cutVersion(u.Path); v == "/v1.0" || v == "/beta" {
		return s.violate(inner, "the address of a request in a batch has no version")
	}
	if strings.HasPrefix(u.Path, "/identity/conditionalAccess") || strings.HasPrefix(u.Path, "/identityProtection") {
		return s.violate(inner, "Conditional Access takes one request a second: no batches")
	}
	if u.Path == "/$batch" {
		return s.violate(inner, "a batch in a batch")
	}
	inner.header.Set("Authorization", c.header.Get("Authorization"))
	return s.answer(inner)
}

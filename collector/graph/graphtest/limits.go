package graphtest

import (
	"strings"
	"sync"
	"time"
)

// Limit is how often something may be asked.
type Limit struct {
	Requests int
	Per      time.Duration
	// RetryAfter is the header of the refusal; some services send none.
	RetryAfter string
}

// NoLimits let everything through.
var NoLimits = map[string]Limit{}

// DocumentedLimits are the limits that Microsoft writes of, for one application in one tenant.
// https://learn.microsoft.com/en-us/graph/throttling-limits
func DocumentedLimits() map[string]Limit {
	return map[string]Limit{
		"/identity/conditionalAccess/*":       {Requests: 1, Per: time.Second},
		"/policies/authenticationFlowsPolicy": {Requests: 200, Per: time.Minute, RetryAfter: "10"},
		"/identity/b2xUserFlows":              {Requests: 200, Per: time.Minute, RetryAfter: "10"},
		"/identity/identityProviders":         {Requests: 200, Per: time.Minute, RetryAfter: "10"},
		"/auditLogs/*":                        {Requests: 5, Per: 10 * time.Second, RetryAfter: "10"},
		"/reports/*":                          {Requests: 5, Per: 10 * time.Second, RetryAfter: "10"},
		"/teams/*":                            {Requests: 60, Per: time.Second, RetryAfter: "1"},
		"/teams/{}":                           {Requests: 30, Per: time.Second, RetryAfter: "1"},
	}
}

type limits struct {
	list map[string]Limit
	mu   sync.Mutex
	past map[string][]time.Time
}

func newLimits(list map[string]Limit) *limits {
	if list == nil {
		list = DocumentedLimits()
	}
	return &limits{list: list, past: map[string][]time.Time{}}
}

// take counts the request, and refuses it when there were too many. Items of a batch count one by one.
func (l *limits) take(c *call) *reply {
	if len(l.list) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	path := withoutVersion(c.version + c.path)
	for pattern, limit := range l.list {
		if !matchesPath(pattern, path) {
			continue
		}
		past := l.past[pattern]
		for len(past) > 0 && now.Sub(past[0]) >= limit.Per {
			past = past[1:]
		}
		if len(past) >= limit.Requests {
			l.past[pattern] = past
			return failure(429, "TooManyRequests", "Too many requests.").with("Retry-After", limit.RetryAfter)
		}
		l.past[pattern] = append(past, now)
	}
	return nil
}

// matchesPath holds a path against a pattern: exactly, with {} for ids, or as a beginning when it ends with *.
func matchesPath(pattern, path string) bool {
	if start, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(path, start)
	}
	return pattern == "" || pathMatches(pattern, path)
}

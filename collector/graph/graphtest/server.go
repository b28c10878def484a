package graphtest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Options say what is served, and how badly.
type Options struct {
	Tenant *Tenant
	// Latency is how long every request takes at least; a batch counts once.
	Latency time.Duration
	Faults  []Fault
	// Limits are how often paths may be asked; nil is DocumentedLimits, NoLimits none.
	Limits map[string]Limit
	// PageCap makes pages smaller than the service's, for small tenants. What $top may ask for stays the same.
	PageCap int
	// Now is the service's time at the start; zero is now.
	Now time.Time
	// Permissions are granted to a bearer token that is no JWT; nil grants all.
	Permissions []string
	// Gzip compresses answers for those who ask for it.
	Gzip bool
	// Allowed are violations that do not fail the test: substrings of their text.
	Allowed []string
}

// Server is a Graph that is running.
type Server struct {
	// URL is Graph's root, without a version; SharePointURL and TeamsURL are the other services on the same host.
	URL, SharePointURL, TeamsURL string

	options Options
	tb      testing.TB
	http    *httptest.Server
	host    string
	started time.Time
	done    chan struct{}
	closing sync.Once
	tokens  sync.Map // of text to *parsedToken
	counter atomic.Int64
	counts  sync.Map // of filters to numbers of elements
	faults  *faults
	limits  *limits

	mu         sync.Mutex
	requests   []Request
	violations []string
}

// Request is a request that was served, or an item of a batch.
type Request struct {
	Method string
	// Path has the version, and Query the options without escapes.
	Path, Query string
	// Item says that the request stood in a batch.
	Item   bool
	Status int
	// Fault is the kind of fault that met it, if any.
	Fault string
	// Elements are how many the page held.
	Elements int
	// What the headers said.
	ConsistencyLevel, Prefer, UserAgent string
	At                                  time.Time
}

// New starts a server that ends with the test. Violations fail the test.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := start(o, tb)
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server that is not bound to one test. Who calls it asks for Violations, and closes it.
func Start(o Options) *Server { return start(o, nil) }

func start(o Options, tb testing.TB) *Server {
	if o.Tenant == nil {
		o.Tenant = &Tenant{users: objects{}, groups: objects{}, sites: objects{}}
	}
	s := &Server{options: o, tb: tb, started: time.Now(), done: make(chan struct{})}
	if o.Now.IsZero() {
		s.options.Now = s.started
	}
	s.faults, s.limits = newFaults(o.Faults), newLimits(o.Limits)
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.http.Config.ErrorLog = quiet
	// All is set before the first request can come.
	s.host = s.http.Listener.Addr().String()
	s.URL = "http://" + s.host
	s.SharePointURL, s.TeamsURL = s.URL+"/sharepoint", s.URL+"/teams"
	s.http.Start()
	return s
}

// Close ends the server.
func (s *Server) Close() {
	s.closing.Do(func() {
		close(s.done)
		s.http.CloseClientConnections()
		s.http.Close()
	})
}

// now is the service's time.
func (s *Server) now() time.Time { return s.options.Now.Add(time.Since(s.started)) }

// Requests are all that were served so far, in the order of their ends.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Count is how many requests there were for a path without its version, items of batches included. Below a path that ends
// with * everything counts.
func (s *Server) Count(path string) int {
	n := 0
	for _, r := range s.Requests() {
		if matchesPath(path, withoutVersion(r.Path)) {
			n++
		}
	}
	return n
}

// Violations are what a service would not have understood, or should never be asked.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// call is one request on its way, in a batch or by itself.
type call struct {
	method  string
	version string // /v1.0, /beta, /sharepoint or /teams
	path    string // without version, and without escapes
	query   string
	header  http.Header
	body    []byte
	item    bool
	grants  *grants
	fault   *Fault
	log     Request
}

// full is the path as endpoints and states name it.
func (c *call) full() string {
	if c.version == "/v1.0" {
		return c.path
	}
	return c.version + c.path
}

func (c *call) String() string {
	s := c.method + " " + c.version + c.path
	if c.query != "" {
		q, err := url.QueryUnescape(c.query)
		if err != nil {
			q = c.query
		}
		s += "?" + q
	}
	if c.item {
		s += " (in a batch)"
	}
	return s
}

// violate notes a violation, and refuses the request.
func (s *Server) violate(c *call, format string, args ...any) *reply {
	s.note(c, format, args...)
	return failure(http.StatusBadRequest, "BadRequest", fmt.Sprintf(format, args...))
}

func (s *Server) note(c *call, format string, args ...any) {
	text := c.String() + ": " + fmt.Sprintf(format, args...)
	s.mu.Lock()
	s.violations = append(s.violations, text)
	s.mu.Unlock()
	if s.tb == nil {
		return
	}
	for _, allowed := range s.options.Allowed {
		if strings.Contains(text, allowed) {
			return
		}
	}
	s.tb.Errorf("a request that the service would not understand: %s", text)
}

func (s *Server) serve(w http.ResponseWriter, req *http.Request) {
	version, path := cutVersion(req.URL.Path)
	c := &call{method: req.Method, version: version, path: path, query: req.URL.RawQuery, header: req.Header}
	if s.options.Latency > 0 {
		select {
		case <-time.After(s.options.Latency):
		case <-s.done:
		case <-req.Context().Done():
		}
	}
	body, err := readBody(req)
	c.body = body
	var r *reply
	switch {
	case err != nil:
		r = s.violate(c, "the request's body cannot be read: %v", err)
	case !loopback(req.Host) || req.Host != s.host:
		r = s.violate(c, "the host is %q", req.Host)
	default:
		r = s.answer(c)
	}
	s.write(w, req, c, r)
}

// write sends the reply, as the fault has it.
func (s *Server) write(w http.ResponseWriter, req *http.Request, c *call, r *reply) {
	n := s.counter.Add(1)
	w.Header().Set("request-id", requestID(n))
	w.Header().Set("client-request-id", requestID(n))
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	s.logged(c, r.status)
	if c.fault != nil && s.disturb(w, req, c, r) {
		return
	}
	if s.options.Gzip && strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") && len(r.body) > 512 {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(r.status)
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // the level exists
		z.Write(r.body)
		z.Close()
		return
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(r.body)))
	w.WriteHeader(r.status)
	w.Write(r.body)
}

func (s *Server) logged(c *call, status int) {
	l := c.log
	l.Method, l.Path, l.Item, l.Status, l.At = c.method, c.version+c.path, c.item, status, s.now()
	l.Query, _ = url.QueryUnescape(c.query) // a query that is not escaped well is a violation already
	l.ConsistencyLevel, l.Prefer = c.header.Get("ConsistencyLevel"), c.header.Get("Prefer")
	l.UserAgent = c.header.Get("User-Agent")
	if c.fault != nil {
		l.Fault = c.fault.Kind
	}
	s.mu.Lock()
	s.requests = append(s.requests, l)
	s.mu.Unlock()
}

var versions = []string{"/v1.0", "/beta", "/sharepoint", "/teams"}

func cutVersion(path string) (version, rest string) {
	for _, v := range versions {
		if rest, ok := strings.CutPrefix(path, v); ok && strings.HasPrefix(rest, "/") {
			return v, rest
		}
	}
	return "", path
}

// withoutVersion leaves the other services' names, which tell them apart.
func withoutVersion(path string) string {
	version, rest := cutVersion(path)
	if version == "/v1.0" || version == "/beta" {
		return rest
	}
	return path
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func readBody(req *http.Request) ([]byte, error) {
	var in io.Reader = io.LimitReader(req.Body, 8<<20)
	if req.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = z
	}
	body, err := io.ReadAll(in)
	return bytes.TrimSpace(body), err
}

package graphtest

import (
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The kinds of fault. Those that break an answer off count as status 504 inside a batch.
const (
	Throttled   = "429"
	Unavailable = "503"
	Timeout     = "504"
	ServerError = "500"

	Reset     = "reset"     // the connection is reset before the answer
	Truncated = "truncated" // the body ends before its Content-Length
	Cut       = "cut"       // the chunks end before their end
	Drip      = "drip"      // a byte now and then, until the client gives up
	Empty     = "empty"     // 200 and no body
	HTML      = "html"      // 200 and a page for people
	WrongType = "wrong-type"
	Huge      = "huge" // a body without end: Size bytes of it

	NullValue  = "null-value"  // "value": null
	WrongValue = "wrong-value" // "value" is an object
	Duplicate  = "duplicate"   // the next page begins with the last element of this one

	RepeatLink    = "repeat-link"    // the next page is this page, for ever
	ForeignLink   = "foreign-link"   // the next page is on another host
	DowngradeLink = "downgrade-link" // the next page is on another port

	Forbidden = "403"
	Licence   = "licence" // as the path says it; spurious where the tenant has the licence
	Expired   = "401"     // the token is said to have expired
	NotFound  = "404"
	Redirect  = "302" // to another host

	ItemThrottled = "item-429" // of /$batch: the first item is throttled
	ItemMissing   = "item-missing"
	ItemOrder     = "item-order"
)

// Fault is something that goes wrong.
type Fault struct {
	// Path is what it meets, after the version: "/groups/delta", "/groups/{}/settings", or "/groups/*" for everything that
	// begins so; empty for everything. Items of a batch are met by their own path, the batch itself by "/$batch", and the
	// other services by "/sharepoint/..." and "/teams/...".
	Path string
	// Query limits it to requests whose options, without escapes, contain this.
	Query string
	Kind  string
	// After requests that go well it begins; Times requests long it lasts, 0 is for ever.
	After, Times int
	// Rate is how many of the requests it meets, as a part of 1; 0 is all. Which ones depends on Seed and on the request
	// alone: its address, and how often that was asked for already.
	Rate float64
	Seed int64
	// RetryAfter is the header of 429, 503 and 504; "date:2s" is the time two seconds from now.
	RetryAfter string
	// Size is how long a huge body is: 80 MiB when it is 0.
	Size int
}

type faults struct {
	list []Fault
	mu   sync.Mutex
	met  []int
	hits []int
	asks map[string]int
}

func newFaults(list []Fault) *faults {
	return &faults{list: list, met: make([]int, len(list)), hits: make([]int, len(list)), asks: map[string]int{}}
}

// pick says which fault meets the request: the first one that does.
func (f *faults) pick(c *call) *Fault {
	if len(f.list) == 0 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := c.method + c.version + c.path + "?" + c.query
	if c.path == "/$batch" {
		key += string(c.body)
	}
	attempt := -1
	for i := range f.list {
		fault := &f.list[i]
		if !matchesPath(fault.Path, withoutVersion(c.version+c.path)) || !strings.Contains(c.String(), fault.Query) {
			continue
		}
		if f.met[i]++; f.met[i] <= fault.After || fault.Times > 0 && f.hits[i] >= fault.Times {
			continue
		}
		if fault.Rate > 0 {
			if attempt < 0 {
				attempt = f.asks[key]
				f.asks[key]++
			}
			h := fnv.New64a()
			fmt.Fprint(h, fault.Seed, i, key, attempt)
			if x := mix(h.Sum64()); float64(x>>11)/(1<<53) >= fault.Rate {
				continue
			}
		}
		f.hits[i]++
		return fault
	}
	return nil
}

// mix spreads the bits of a hash, whose last letters alone differ.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// reply is what the fault answers instead of the service; nil lets the service answer.
func (f *Fault) reply(s *Server, c *call) *reply {
	switch f.Kind {
	case Throttled:
		return s.throttled(f)
	case Unavailable:
		return failure(503, "ServiceNotAvailable", "The service is temporarily unavailable.").
			with("Retry-After", s.retryAfter(f.RetryAfter))
	case Timeout:
		return failure(504, "GatewayTimeout", "The gateway did not receive a timely response.").
			with("Retry-After", s.retryAfter(f.RetryAfter))
	case ServerError:
		return failure(500, "InternalServerError", "An internal server error occurred.")
	case Forbidden:
		return denied(c.path)
	case Licence:
		l := needsPremium
		if e := route(c.full()); e != nil && e.licence != nil {
			l = e.licence
		}
		return failure(l.status, l.code, l.text)
	case Expired:
		return failure(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
	case NotFound:
		return failure(404, "Request_ResourceNotFound", "Resource does not exist.")
	case Redirect:
		return (&reply{status: 302, header: map[string]string{}}).with("Location", "https://evil.example"+c.version+c.path)
	}
	if c.item && f.breaksOff() {
		return failure(504, "GatewayTimeout", "The gateway did not receive a timely response.")
	}
	return nil
}

func (f *Fault) breaksOff() bool {
	switch f.Kind {
	case Reset, Truncated, Cut, Drip, Empty, HTML, WrongType, Huge:
		return true
	}
	return false
}

func (s *Server) throttled(f *Fault) *reply {
	return failure(429, "TooManyRequests", "Too many requests.").with("Retry-After", s.retryAfter(f.RetryAfter))
}

func (s *Server) retryAfter(text string) string {
	after, ok := strings.CutPrefix(text, "date:")
	if !ok {
		return text
	}
	d, err := time.ParseDuration(after)
	if err != nil {
		panic("Fault.RetryAfter: " + err.Error()) // a mistake in the test
	}
	return time.Now().Add(d).UTC().Format(http.TimeFormat)
}

// makesLink says that even a last page names a next one.
func (f *Fault) makesLink() bool {
	return f != nil && (f.Kind == RepeatLink || f.Kind == ForeignLink || f.Kind == DowngradeLink)
}

// root is where the next page is said to be.
func (f *Fault) root(own string) string {
	switch {
	case f != nil && f.Kind == ForeignLink:
		return "https://evil.example"
	case f != nil && f.Kind == DowngradeLink:
		return "http://127.0.0.1:1"
	}
	return own
}

// disturb sends the answer in a broken way; false leaves it to be sent well.
func (s *Server) disturb(w http.ResponseWriter, req *http.Request, c *call, r *reply) bool {
	half := r.body[:len(r.body)/2]
	switch c.fault.Kind {
	case Reset:
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		conn.Close()
	case Truncated:
		w.Header().Set("Content-Length", fmt.Sprint(len(r.body)))
		w.WriteHeader(r.status)
		w.Write(half)
		panic(http.ErrAbortHandler)
	case Cut:
		w.WriteHeader(r.status)
		w.Write(half)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case Drip:
		w.Header().Set("Content-Length", fmt.Sprint(len(r.body)))
		w.WriteHeader(r.status)
		for i := range r.body {
			w.Write(r.body[i : i+1])
			w.(http.Flusher).Flush()
			select {
			case <-time.After(2 * time.Millisecond):
			case <-s.done:
				panic(http.ErrAbortHandler)
			case <-req.Context().Done():
				panic(http.ErrAbortHandler)
			}
		}
	case Empty:
		w.WriteHeader(http.StatusOK)
	case HTML:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>")
	case WrongType:
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(r.status)
		w.Write(r.body)
	case Huge:
		size := c.fault.Size
		if size == 0 {
			size = 80 << 20
		}
		io.WriteString(w, `{"value":[{"id":"`)
		chunk := []byte(strings.Repeat("a", 1<<16))
		for sent := 0; sent < size; sent += len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				panic(http.ErrAbortHandler)
			}
		}
		io.WriteString(w, `"}]}`)
	default:
		return false
	}
	return true
}

var quiet = log.New(io.Discard, "", 0)

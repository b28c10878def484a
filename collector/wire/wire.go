// Package wire is how guestward talks to Microsoft's services over HTTP: only to the hosts that were named, no faster than
// each interface allows, patient with throttling, and never taking a part of an answer for the whole.
package wire

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/go-retryablehttp"
)

// maxBody is the largest answer that is read, in bytes. A page of a thousand users has two MiB.
const maxBody = 64 << 20

// Options say whom a client may talk to, and how.
type Options struct {
	// Hosts are the only ones that are ever contacted, as host or host:port.
	Hosts []string
	// Lanes limit how fast the paths below a prefix are asked; the longest prefix wins, and "" is for the rest.
	Lanes []Lane
	// Retries is how often a request is tried again, Patience the longest time that one wait may take.
	Retries  int
	Patience time.Duration
	// Pause is the first wait where the service names none; it doubles with every further try.
	Pause time.Duration
	// Timeout is how long one try may take, its body included; 0 stands for DefaultTimeout.
	Timeout time.Duration
	// Waiting is told of every wait for a service that throttles.
	Waiting func(path string, d time.Duration)
	// Log is told of every try.
	Log func(Entry)
	// Transport carries the requests; nil is Go's own.
	Transport http.RoundTripper
	UserAgent string
}

// Entry is one try of a request, for a log. It holds neither headers nor bodies.
type Entry struct {
	Method    string
	URL       string // without the values of tokens that stand in it
	Status    int    // 0 when no answer came
	Bytes     int
	Took      time.Duration
	RequestID string
	Err       error
}

// The defaults.
const (
	DefaultRetries  = 8
	DefaultPatience = 5 * time.Minute
	DefaultPause    = 2 * time.Second
	DefaultTimeout  = 2 * time.Minute
)

// NewClient makes a client. Redirects are not followed: no interface that is read here has any.
func NewClient(o Options) *http.Client {
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 16
		o.Transport = t
	}
	o.Timeout = cmp.Or(o.Timeout, DefaultTimeout)
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax = o.Retries
	c.HTTPClient = &http.Client{Transport: &attempt{Options: o, lanes: newLanes(o.Lanes)}, CheckRedirect: noRedirect}
	c.CheckRetry = o.again
	c.Backoff = o.backoff
	c.ErrorHandler = last
	client := c.StandardClient()
	client.CheckRedirect = noRedirect
	return client
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// last is what comes of the last try: its answer, or an error, but not both, which net/http complains of.
func last(resp *http.Response, err error, _ int) (*http.Response, error) {
	if err == nil || resp == nil {
		return resp, err
	}
	return nil, errors.Join(err, resp.Body.Close())
}

// again says whether a try failed in a way that another may not.
func (o Options) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		var final *refused
		var untrusted *tls.CertificateVerificationError
		return !errors.As(err, &final) && !errors.As(err, &untrusted), nil
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		wait, ok := retryAfter(resp)
		return !ok || wait <= o.Patience, nil
	}
	return false, nil
}

// longestBlind is the longest wait after a try that brought no answer at all.
const longestBlind = 10 * time.Second

// backoff is how long to wait before the next try: what the service asks for, or ever longer. A little chance keeps
// requests that failed together from coming back together.
func (o Options) backoff(_, _ time.Duration, tries int, resp *http.Response) time.Duration {
	wait, ok := retryAfter(resp)
	switch {
	case ok:
	case resp == nil: // a network that is down does not get better by the minute
		wait = min(o.Pause<<min(tries, 10), longestBlind)
	default:
		wait = min(o.Pause<<min(tries, 10), o.Patience)
	}
	wait += time.Duration(rand.Int64N(int64(wait)/5 + 1))
	if o.Waiting != nil && resp == nil {
		o.Waiting("the network", wait)
	}
	if o.Waiting != nil && resp != nil && resp.StatusCode != http.StatusInternalServerError {
		o.Waiting(resp.Request.URL.Path, wait)
	}
	return wait
}

// retryAfter reads the header, which holds seconds or a date.
// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
func retryAfter(resp *http.Response) (time.Duration, bool) {
	if resp == nil {
		return 0, false
	}
	return RetryAfter(resp.Header.Get("Retry-After"))
}

// RetryAfter reads the value of a Retry-After header; ok is false when there is none that asks for a wait. A date that is
// over (or that another clock than ours wrote) asks for none, and neither does 0.
func RetryAfter(text string) (wait time.Duration, ok bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 0 && !math.IsInf(n, 0) {
		return time.Duration(min(n, longest.Seconds()) * float64(time.Second)), true
	}
	if at, err := http.ParseTime(text); err == nil {
		wait = min(time.Until(at), longest)
	}
	return wait, wait > 0
}

// longest is the longest wait that is told: nobody has the patience for more.
const longest = 1000 * time.Hour

// attempt carries one try of a request, and reads its answer to the end.
type attempt struct {
	Options
	lanes []*lane
}

// refused is an error that another try would meet again.
type refused struct{ error }

func (e *refused) Unwrap() error { return e.error }

func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := a.allowed(req.URL); err != nil {
		return nil, &refused{err}
	}
	l := laneOf(a.lanes, req.URL.Path)
	if err := l.enter(req.Context()); err != nil {
		return nil, err
	}
	defer l.leave()
	started := time.Now()
	resp, n, err := a.try(req)
	if a.Log != nil {
		e := Entry{Method: req.Method, URL: Loggable(req.URL), Bytes: n, Took: time.Since(started), Err: err}
		if resp != nil {
			e.Status, e.RequestID = resp.StatusCode, resp.Header.Get("request-id")
		}
		a.Log(e)
	}
	if resp != nil && (resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable) {
		if wait, ok := retryAfter(resp); ok && wait <= a.Patience {
			l.hold(wait) // who asks for the same waits too
		}
	}
	return resp, err
}

// try sends the request and reads the answer whole, within the time of one try.
func (a *attempt) try(req *http.Request) (*http.Response, int, error) {
	ctx, stop := context.WithTimeout(req.Context(), a.Timeout)
	defer stop()
	sent := req.Clone(ctx) // the transport may still write the headers of an earlier try
	if a.UserAgent != "" {
		sent.Header.Set("User-Agent", a.UserAgent)
	}
	resp, err := a.Transport.RoundTrip(sent)
	if err != nil {
		return nil, 0, a.plain(req, ctx, fmt.Errorf("no answer came: %w", err))
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	b.Grow(int(min(max(resp.ContentLength, 0), maxBody)) + bytes.MinRead) // a page has megabytes: growing would copy them
	_, err = b.ReadFrom(io.LimitReader(resp.Body, maxBody+1))
	body := b.Bytes()
	switch {
	case err != nil:
		return nil, len(body), a.plain(req, ctx, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err))
	case len(body) > maxBody:
		return nil, len(body), &refused{fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)}
	}
	resp.Request = req
	resp.Body = wholeBody{bytes.NewReader(body), body}
	resp.ContentLength = int64(len(body))
	return resp, len(body), nil
}

// wholeBody is an answer that is in memory.
type wholeBody struct {
	*bytes.Reader
	bytes []byte
}

func (wholeBody) Close() error { return nil }

// Bytes is the answer's body without reading it through a copy; it must not be changed.
func Bytes(resp *http.Response) ([]byte, error) {
	if whole, ok := resp.Body.(wholeBody); ok {
		return whole.bytes, nil
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// plain says of an error what happened; the user's own stop stays what it is.
func (a *attempt) plain(req *http.Request, try context.Context, err error) error {
	if req.Context().Err() == nil && try.Err() != nil {
		return fmt.Errorf("no complete answer within %s", a.Timeout)
	}
	return err
}

// allowed refuses every host but the configured ones. Plain HTTP never leaves the machine.
func (a *attempt) allowed(u *url.URL) error {
	known := false
	for _, h := range a.Hosts {
		known = known || strings.EqualFold(h, u.Host)
	}
	switch {
	case !known:
		return fmt.Errorf("refused to contact %s, which is none of the configured hosts (%s)", u.Host, strings.Join(a.Hosts, ", "))
	case u.Scheme != "https" && !(u.Scheme == "http" && IsLoopback(u.Hostname())):
		return fmt.Errorf("refused to contact %s without TLS", u.Host)
	}
	return nil
}

// IsLoopback says whether the host is this machine.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Parameters of which the value may be logged, which is what OData lets a client ask for, and of which the name may.
// https://learn.microsoft.com/en-us/graph/query-parameters
var (
	shownParameters = []string{"$count", "$expand", "$filter", "$format", "$orderby", "$search", "$select", "$skip", "$top", "api-version"}
	namedParameters = []string{"$skiptoken", "$deltatoken"}
)

// Loggable is the URL with everything cut out that only the service understands and that may grant something: the
// tokens of pages, and whatever else is not known to be harmless.
func Loggable(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	var parts []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		name, value = readable(name), readable(value)
		switch known := strings.ToLower(name); {
		case part == "":
		case slices.Contains(shownParameters, known) && !strings.Contains(strings.ToLower(value), "token"):
			parts = append(parts, name+"="+value)
		case slices.Contains(shownParameters, known) || slices.Contains(namedParameters, known):
			parts = append(parts, name+"=...")
		default:
			parts = append(parts, "...")
		}
	}
	s := shown.String()
	if len(parts) > 0 {
		s += "?" + strings.Join(parts, "&")
	}
	return s
}

// readable is text of a query as people write it, where it fits into one line.
func readable(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil && strings.IndexFunc(plain, unicode.IsControl) < 0 && utf8.ValidString(plain) {
		return plain
	}
	return s
}

package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
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

// quick are options for a server on this machine, with nothing that makes a test slow.
func quick(servers ...*httptest.Server) Options {
	o := Options{Retries: 3, Patience: time.Minute, Pause: time.Microsecond, Timeout: 10 * time.Second}
	for _, s := range servers {
		o.Hosts = append(o.Hosts, s.Listener.Addr().String())
	}
	return o
}

// serve starts a server that gives one answer after the other, and the last one for ever; n counts the requests.
func serve(t *testing.T, answers ...http.HandlerFunc) (s *httptest.Server, n *atomic.Int32) {
	t.Helper()
	n = new(atomic.Int32)
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := int(n.Add(1)) - 1
		answers[min(i, len(answers)-1)](w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(s.Close)
	return s, n
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprintf(w, "answer %d", code)
	}
}

func say(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) }
}

// reset ends the connection before any answer.
func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// truncated ends an answer in its middle, whose length was announced.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	io.WriteString(w, `{"value":[`)
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// brokenChunks ends an answer in its middle, whose length nobody knew.
func brokenChunks(w http.ResponseWriter, _ *http.Request) {
	io.WriteString(w, `{"value":[]}`) // whole to look at, but the last chunk is missing
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// brokenGzip ends compressed text in its middle, in a response that is whole.
func brokenGzip(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	w.Write([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xabV*K"))
}

// drip says one byte and nothing more.
func drip(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte("{"))
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func get(t *testing.T, o Options, address string) (*http.Response, string, error) {
	t.Helper()
	resp, err := NewClient(o).Get(address)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body), nil
}

func TestRetries(t *testing.T) {
	ok := say("ok")
	for _, test := range []struct {
		name    string
		answers []http.HandlerFunc
		status  int // 0 for an error
		sent    int32
		says    string // the body, or a part of the error
	}{
		{"at once", []http.HandlerFunc{ok}, 200, 1, "ok"},
		{"empty", []http.HandlerFunc{status(204)}, 204, 1, ""},
		{"429", []http.HandlerFunc{status(429), ok}, 200, 2, "ok"},
		{"500", []http.HandlerFunc{status(500), ok}, 200, 2, "ok"},
		{"502", []http.HandlerFunc{status(502), ok}, 200, 2, "ok"},
		{"503", []http.HandlerFunc{status(503), ok}, 200, 2, "ok"},
		{"504", []http.HandlerFunc{status(504), ok}, 200, 2, "ok"},
		{"400", []http.HandlerFunc{status(400)}, 400, 1, "answer 400"},
		{"401", []http.HandlerFunc{status(401)}, 401, 1, "answer 401"},
		{"403", []http.HandlerFunc{status(403)}, 403, 1, "answer 403"},
		{"404", []http.HandlerFunc{status(404)}, 404, 1, "answer 404"},
		{"410", []http.HandlerFunc{status(410)}, 410, 1, "answer 410"},
		{"501", []http.HandlerFunc{status(501)}, 501, 1, "answer 501"},
		{"429 to the end", []http.HandlerFunc{status(429)}, 429, 4, "answer 429"},
		{"503 to the end", []http.HandlerFunc{status(503)}, 503, 4, "answer 503"},
		{"the last of many", []http.HandlerFunc{reset, status(500), status(503), status(429)}, 429, 4, "answer 429"},
		{"reset", []http.HandlerFunc{reset, ok}, 200, 2, "ok"},
		{"truncated", []http.HandlerFunc{truncated, ok}, 200, 2, "ok"},
		{"broken chunks", []http.HandlerFunc{brokenChunks, ok}, 200, 2, "ok"},
		{"broken gzip", []http.HandlerFunc{brokenGzip, ok}, 200, 2, "ok"},
		{"everything", []http.HandlerFunc{reset, truncated, status(429), ok}, 200, 4, "ok"},
		{"reset to the end", []http.HandlerFunc{reset}, 0, 4, "no answer came"},
		{"truncated to the end", []http.HandlerFunc{truncated}, 0, 4, "the answer broke off after 10 bytes"},
		{"broken chunks to the end", []http.HandlerFunc{brokenChunks}, 0, 4, "the answer broke off after 12 bytes"},
		{"broken gzip to the end", []http.HandlerFunc{brokenGzip}, 0, 4, "the answer broke off after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, n := serve(t, test.answers...)
			resp, body, err := get(t, quick(s), s.URL)
			switch {
			case test.status == 0:
				if err == nil || !strings.Contains(err.Error(), test.says) {
					t.Errorf("got %v, want an error with %q", err, test.says)
				}
			case err != nil:
				t.Error(err)
			case test.says != "" && body != test.says || resp.StatusCode != test.status:
				t.Errorf("got %d %q", resp.StatusCode, body)
			case resp.ContentLength != int64(len(body)):
				t.Errorf("a length of %d for %d bytes", resp.ContentLength, len(body))
			}
			if n.Load() != test.sent {
				t.Errorf("%d requests, want %d", n.Load(), test.sent)
			}
		})
	}
}

func TestSlowAnswersAreTriedAgain(t *testing.T) {
	s, n := serve(t, drip)
	o := quick(s)
	o.Retries, o.Timeout = 1, 5*time.Millisecond
	_, _, err := get(t, o, s.URL)
	if err == nil || !strings.Contains(err.Error(), "no complete answer within 5ms") {
		t.Error(err)
	}
	if n.Load() != 2 {
		t.Errorf("%d requests", n.Load())
	}
}

func TestRetryAfter(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, test := range []struct {
		text      string
		least, up time.Duration
	}{
		{"7", 7 * time.Second, 7 * time.Second},
		{" 7 ", 7 * time.Second, 7 * time.Second},
		{"0.5", time.Second / 2, time.Second / 2},
		{"2000000", 2e6 * time.Second, 2e6 * time.Second},
		{"1e300", longest, longest},
		{in(time.Hour), 59 * time.Minute, time.Hour},
		{"Fri, 31 Dec 9999 23:59:59 GMT", longest, longest},
		{"0", 0, 0},
		{"-1", 0, 0},
		{"", 0, 0},
		{"soon", 0, 0},
		{"NaN", 0, 0},
		{"Inf", 0, 0},
		{"1e999", 0, 0},
		{in(-time.Hour), 0, 0},
		{"Fri, 31 Dec", 0, 0},
	} {
		wait, ok := RetryAfter(test.text)
		if ok != (test.up > 0) || ok && (wait < test.least || wait > test.up) {
			t.Errorf("%q: %s, %t", test.text, wait, ok)
		}
	}
}

func TestPauses(t *testing.T) {
	o := Options{Pause: time.Second, Patience: 20 * time.Second}
	answer := func(code int, after string) *http.Response {
		r := &http.Response{StatusCode: code, Header: http.Header{}, Request: &http.Request{URL: &url.URL{Path: "/p"}}}
		if after != "" {
			r.Header.Set("Retry-After", after)
		}
		return r
	}
	for _, test := range []struct {
		resp  *http.Response
		tries int
		want  time.Duration
	}{
		{nil, 0, time.Second}, // no answer came
		{nil, 3, 8 * time.Second},
		{answer(429, ""), 0, time.Second},
		{answer(429, ""), 1, 2 * time.Second},
		{answer(429, "garbage"), 2, 4 * time.Second},
		{answer(429, "0"), 2, 4 * time.Second}, // not at once, again and again
		{answer(503, ""), 5, 20 * time.Second},
		{answer(503, ""), 1000, 20 * time.Second},
		{answer(429, "13"), 0, 13 * time.Second},
		{answer(500, "13"), 4, 13 * time.Second},
	} {
		if got := o.backoff(0, 0, test.tries, test.resp); got < test.want || got > test.want*6/5 {
			t.Errorf("%+v, try %d: %s, want %s and a little more", test.resp, test.tries, got, test.want)
		}
	}
	if got := (Options{}).backoff(0, 0, 3, nil); got != 0 {
		t.Errorf("no pause: %s", got)
	}
}

func TestWaitingIsTold(t *testing.T) {
	s, _ := serve(t, reset, status(500), status(429), say("ok"))
	o := quick(s)
	var told []string
	o.Waiting = func(path string, _ time.Duration) { told = append(told, path) }
	if _, _, err := get(t, o, s.URL+"/v1.0/users?$skiptoken=secret"); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(told) != "[the network /v1.0/users]" { // the 500 between them is no wait for anything
		t.Error(told)
	}
}

func TestMoreThanPatienceComesBackAtOnce(t *testing.T) {
	for _, code := range []int{429, 503} {
		for _, after := range []string{"61", "1e12", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)} {
			s, n := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", after)
				w.WriteHeader(code)
			})
			resp, _, err := get(t, quick(s), s.URL)
			if err != nil || resp.StatusCode != code || resp.Header.Get("Retry-After") != after || n.Load() != 1 {
				t.Errorf("%d after %s: %v, %v, %d requests", code, after, resp, err, n.Load())
			}
		}
	}
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// transport is a function that carries requests.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(code int, body io.Reader) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(body), ContentLength: -1}
}

func TestTooLargeAnAnswerIsRefusedOnce(t *testing.T) {
	for _, test := range []struct {
		body io.Reader
		want string
	}{
		{endless{}, "larger than 64 MiB"},
		{io.LimitReader(endless{}, maxBody), ""},
	} {
		n := 0
		o := Options{Hosts: []string{"graph.example"}, Retries: 3, Transport: transport(func(*http.Request) (*http.Response, error) {
			n++
			return answer(200, test.body), nil
		})}
		resp, err := NewClient(o).Get("https://graph.example/")
		switch {
		case n != 1:
			t.Errorf("%d requests", n)
		case test.want == "" && (err != nil || resp.ContentLength != maxBody):
			t.Error(err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}

func TestForeignHostsAreNeverContacted(t *testing.T) {
	var connections atomic.Int32
	canary := httptest.NewUnstartedServer(say("caught"))
	canary.Config.ConnState = func(net.Conn, http.ConnState) { connections.Add(1) }
	canary.Start()
	defer canary.Close()
	s, n := serve(t, say("ok"))
	port := s.Listener.Addr().(*net.TCPAddr).Port
	o := quick(s)
	for _, address := range []string{
		canary.URL,
		canary.URL + "/?host=" + o.Hosts[0],
		"http://" + o.Hosts[0] + "@" + canary.Listener.Addr().String(),
		"http://127.0.0.1", // another port
		fmt.Sprintf("http://127.0.0.1.:%d", port),
		fmt.Sprintf("http://localhost:%d", port),
		fmt.Sprintf("http://[::1]:%d", port),
		"https://graph.microsoft.com.evil.example",
	} {
		_, _, err := get(t, o, address)
		if err == nil || !strings.Contains(err.Error(), "refused to contact") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if connections.Load() != 0 || n.Load() != 0 {
		t.Errorf("%d connections to a foreign host, %d requests", connections.Load(), n.Load())
	}
}

func TestWhoMayBeContacted(t *testing.T) {
	for _, test := range []struct {
		host, address string
		allowed       bool
	}{
		{"graph.example", "https://graph.example/v1.0", true},
		{"graph.example", "https://GRAPH.Example/v1.0", true},
		{"Graph.Example", "https://graph.example/v1.0", true},
		{"graph.example", "https://graph.example:8443/", false},
		{"graph.example:8443", "https://graph.example:8443/", true},
		{"graph.example:8443", "https://graph.example/", false},
		{"graph.example", "https://graph.example./", false},
		{"graph.example", "https://a.graph.example/", false},
		{"graph.example", "http://graph.example/", false},
		{"graph.example", "ftp://graph.example/", false},
		{"10.0.0.1", "http://10.0.0.1/", false},
		{"localhost:1", "http://localhost:1/", true},
		{"LOCALHOST:1", "http://localhost:1/", true},
		{"127.8.8.8:1", "http://127.8.8.8:1/", true},
		{"[::1]:1", "http://[::1]:1/", true},
		{"localhost.example:1", "http://localhost.example:1/", false},
	} {
		sent := 0
		o := Options{Hosts: []string{"other.example", test.host}, Retries: 3, Transport: transport(func(*http.Request) (*http.Response, error) {
			sent++
			return answer(200, strings.NewReader("ok")), nil
		})}
		_, err := NewClient(o).Get(test.address)
		if (err == nil) != test.allowed || (sent == 1) != test.allowed || sent > 1 {
			t.Errorf("%s where %s is configured: %v, %d sent", test.address, test.host, err, sent)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	canary, caught := serve(t, say("caught"))
	for _, code := range []int{301, 302, 303, 307, 308} {
		s, n := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", canary.URL)
			w.WriteHeader(code)
		})
		resp, _, err := get(t, quick(s, canary), s.URL) // not even to a host that is allowed
		if err != nil || resp.StatusCode != code || n.Load() != 1 {
			t.Errorf("%d: %v, %v, %d requests", code, resp, err, n.Load())
		}
	}
	if caught.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestBodiesAreSentWholeAgain(t *testing.T) {
	want := strings.Repeat(`{"requests":[]} `, 10_000)
	for name, body := range map[string]func() io.Reader{
		"one that can be read again": func() io.Reader { return strings.NewReader(want) },
		"a stream":                   func() io.Reader { return io.MultiReader(strings.NewReader(want)) },
	} {
		var got []string
		keep := func(then http.HandlerFunc) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				b, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				got = append(got, r.Method+" "+r.Header.Get("Content-Type")+" "+string(b))
				then(w, r)
			}
		}
		s, _ := serve(t, keep(status(503)), keep(truncated), keep(reset), keep(say("ok")))
		resp, err := NewClient(quick(s)).Post(s.URL, "application/json", body())
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if len(got) != 4 {
			t.Errorf("%s: %d requests", name, len(got))
		}
		for i, b := range got {
			if b != "POST application/json "+want {
				t.Errorf("%s: request %d has %d bytes", name, i, len(b))
			}
		}
	}
}

func TestTheCallersRequestStaysAsItIs(t *testing.T) {
	var agent string
	s, _ := serve(t, status(503), func(_ http.ResponseWriter, r *http.Request) { agent = r.UserAgent() })
	o := quick(s)
	o.UserAgent = "guestward/1"
	req, err := http.NewRequest(http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer t")
	resp, err := NewClient(o).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if agent != "guestward/1" || len(req.Header) != 1 {
		t.Errorf("sent as %q, and the headers became %v", agent, req.Header)
	}
}

func TestCertificatesAreNotTriedAgain(t *testing.T) {
	s := httptest.NewUnstartedServer(say("ok"))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS() // with a certificate that nobody trusts
	defer s.Close()
	tries := 0
	o := quick(s)
	o.Log = func(Entry) { tries++ }
	_, _, err := get(t, o, s.URL)
	var untrusted *tls.CertificateVerificationError
	if !errors.As(err, &untrusted) || tries != 1 {
		t.Errorf("%v after %d tries", err, tries)
	}
}

// closing notes that a body was closed.
type closing struct {
	io.Reader
	closed *bool
}

func (c closing) Close() error { *c.closed = true; return nil }

// TestStopBetweenTries stops when an answer came that asks for another try: net/http must get no answer beside the error.
func TestStopBetweenTries(t *testing.T) {
	var said bytes.Buffer
	defer log.SetOutput(log.Writer())
	log.SetOutput(&said)
	for _, code := range []int{200, 429, 500} {
		ctx, stop := context.WithCancel(t.Context())
		closed := false
		o := Options{Hosts: []string{"graph.example"}, Retries: 3, Patience: time.Minute, Pause: time.Hour}
		o.Transport = transport(func(*http.Request) (*http.Response, error) {
			stop()
			resp := answer(code, nil)
			resp.Body = closing{strings.NewReader("x"), &closed}
			return resp, nil
		})
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://graph.example/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := NewClient(o).Do(req); !errors.Is(err, context.Canceled) || resp != nil {
			t.Errorf("%d: %v, %v", code, resp, err)
		}
		if !closed {
			t.Errorf("%d: the body was left open", code)
		}
	}
	if said.Len() > 0 {
		t.Errorf("printed: %s", said.String())
	}
}

// TestConnectionsAreUsedAgain reads the answers that are thrown away, so that a retry needs no new connection.
func TestConnectionsAreUsedAgain(t *testing.T) {
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(nil)
	n := 0
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n++; n < 4 {
			w.WriteHeader(503)
		}
		io.WriteString(w, strings.Repeat("x", 1<<20))
	})
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	if resp, _, err := get(t, quick(s), s.URL); err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections", opened.Load())
	}
}

func TestManyAtOnce(t *testing.T) {
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch n.Add(1) % 7 {
		case 1:
			w.WriteHeader(429)
		case 3:
			truncated(w, r)
		case 5:
			reset(w, r)
		default:
			w.Write(body)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer s.Close()
	o := quick(s)
	o.Retries, o.UserAgent = 40, "guestward/1"
	var logged atomic.Int32
	o.Log = func(Entry) { logged.Add(1) }
	o.Lanes = []Lane{{Prefix: "/a", Parallel: 3}, {Prefix: "/b", Parallel: 2, Every: time.Microsecond}}
	client := NewClient(o)
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			want := fmt.Sprintf("body %d", i)
			resp, err := client.Post(s.URL+[]string{"/a", "/b", "/c"}[i%3], "text/plain", strings.NewReader(want))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if got, err := io.ReadAll(resp.Body); err != nil || string(got) != want || resp.StatusCode != 200 {
				t.Errorf("%d %q, %v, want %q", resp.StatusCode, got, err, want)
			}
		})
	}
	all.Wait()
	if logged.Load() < n.Load() {
		t.Errorf("%d requests, %d entries", n.Load(), logged.Load())
	}
}

package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

func TestLogHoldsNoSecrets(t *testing.T) {
	const secret = "CANARY"
	s, _ := serve(t,
		func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("request-id", "req-1")
			w.Header().Set("X-Token", secret)
			w.WriteHeader(429)
			fmt.Fprint(w, secret)
		},
		truncated, reset, say(secret))
	o := quick(s)
	var mu sync.Mutex
	var entries []Entry
	o.Log = func(e Entry) {
		mu.Lock()
		defer mu.Unlock()
		entries = append(entries, e)
	}
	address := s.URL + "/v1.0/users?$top=5&$skiptoken=" + secret + "&%24deltatoken=" + secret + "&sig=" + secret
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(secret))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Cookie", secret)
	resp, err := NewClient(o).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if len(entries) != 4 {
		t.Fatalf("%d entries", len(entries))
	}
	for i, e := range entries {
		if text := fmt.Sprintf("%+v %v", e, e.Err); strings.Contains(text, secret) {
			t.Errorf("entry %d: %s", i, text)
		}
		if want := s.URL + "/v1.0/users?$top=5&$skiptoken=...&$deltatoken=...&..."; e.URL != want || e.Method != "POST" {
			t.Errorf("entry %d: %s %s, want %s", i, e.Method, e.URL, want)
		}
	}
	if e := entries[0]; e.Status != 429 || e.RequestID != "req-1" || e.Bytes != len(secret) || e.Err != nil {
		t.Errorf("%+v", e)
	}
	if e := entries[1]; e.Status != 0 || e.Err == nil || e.Bytes != 10 {
		t.Errorf("%+v", e)
	}
	if e := entries[3]; e.Status != 200 || e.Err != nil || e.Bytes != len(secret) {
		t.Errorf("%+v", e)
	}
}

func TestLoggable(t *testing.T) {
	for address, want := range map[string]string{
		"https://h/p":                                    "https://h/p",
		"https://h/p?":                                   "https://h/p",
		"https://h/p?&&":                                 "https://h/p",
		"https://user:CANARY@h/p":                        "https://h/p",
		"https://h/p#CANARY":                             "https://h/p",
		"https://h/p?$filter=a%20eq%20'b'&$top=3":        "https://h/p?$filter=a eq 'b'&$top=3",
		"https://h/p?%24select=id,x":                     "https://h/p?$select=id,x",
		"https://h/p?$SkipToken=CANARY":                  "https://h/p?$SkipToken=...",
		"https://h/p?%24%73kiptoken=CANARY":              "https://h/p?$skiptoken=...",
		"https://h/p?$skiptoken=CANARY=CANARY==":         "https://h/p?$skiptoken=...",
		"https://h/p?$top=1;$skiptoken=CANARY":           "https://h/p?$top=...",
		"https://h/p?$top=1%26$skiptoken%3DCANARY":       "https://h/p?$top=...",
		"https://h/p?CANARY":                             "https://h/p?...",
		"https://h/p?eyJCANARY==":                        "https://h/p?...",
		"https://h/p?access_token=CANARY&code=CANARY":    "https://h/p?...&...",
		"https://h/p?sig=CANARY&$top=1":                  "https://h/p?...&$top=1",
		"https://h/p?$search=%ZZ":                        "https://h/p?$search=%ZZ",
		"https://h/p?$search=a%0Ab%1B[31m":               "https://h/p?$search=a%0Ab%1B[31m",
		"https://h/p?$search=%FF":                        "https://h/p?$search=%FF",
		"https://h/a%0Ab":                                "https://h/a%0Ab",
		"mailto:CANARY":                                  "mailto:",
		"/relative?$top=1":                               "/relative?$top=1",
		"https://h/v1.0/$batch":                          "https://h/v1.0/$batch",
		"https://h/_api?api-version=2.1&tempauth=CANARY": "https://h/_api?api-version=2.1&...",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := Loggable(u); got != want || strings.Contains(got, "CANARY") {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

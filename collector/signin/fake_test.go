package signin

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	testTenant = "aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb"
	testClient = "cccccccc-4444-5555-6666-dddddddddddd"
	testToken  = "the-access-token"

	canarySecret    = "canary~secret/with+signs="
	canaryPassword  = "canary password"
	canaryRequest   = "canary-github-request"
	canaryPipelines = "canary-pipelines-access"
	canaryHeader    = "canary-identity-header"
	canaryAssertion = "canary-assertion-of-github"
	canaryToken     = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzIn0.canary-of-pipelines" // azidentity fetches it: not known here
)

// request is what the fake services saw.
type request struct {
	method, url, host, path string
	header                  http.Header
	form                    url.Values
}

// services stand for every host that a sign-in speaks to: a login authority, GitHub, Azure Pipelines and the endpoint
// of managed identities. Any other request is an error.
type services struct {
	mu       sync.Mutex
	requests []request
	token    func(r request) (status int, body string) // answers a token request; a token if nil
	github   func(r request) (status int, body string)
	broken   func(r request) error // the connection's own error, if any
}

func (s *services) Do(req *http.Request) (*http.Response, error) {
	r := request{method: req.Method, url: req.URL.String(), host: req.URL.Host, path: req.URL.Path, header: req.Header}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		if r.form, err = url.ParseQuery(string(body)); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	s.requests = append(s.requests, r)
	s.mu.Unlock()
	if s.broken != nil {
		if err := s.broken(r); err != nil {
			return nil, err
		}
	}
	status, body, err := s.answer(r, req.URL.Query())
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: req,
	}, nil
}

func (s *services) answer(r request, query url.Values) (int, string, error) {
	switch {
	case r.host == "github.example":
		if s.github != nil {
			status, body := s.github(r)
			return status, body, nil
		}
		if r.header.Get("Authorization") != "Bearer "+canaryRequest || query.Get("api-version") != "2.0" {
			return 401, "{}", nil
		}
		return 200, fmt.Sprintf(`{"value": %q}`, canaryAssertion+" for "+query.Get("audience")), nil
	case r.host == "pipelines.example":
		if r.header.Get("Authorization") != "Bearer "+canaryPipelines || query.Get("serviceConnectionId") != "connection" {
			return 401, "{}", nil
		}
		return 200, fmt.Sprintf(`{"oidcToken": %q}`, canaryToken), nil
	case r.host == "identity.example":
		if s.token != nil {
			status, body := s.token(r)
			return status, body, nil
		}
		return 200, fmt.Sprintf(`{"access_token": %q, "expires_in": 3600, "resource": "r"}`, testToken), nil
	case strings.HasSuffix(r.path, "/openid-configuration"):
		tenant, _, _ := strings.Cut(strings.TrimPrefix(r.path, "/"), "/")
		base := "https://" + r.host + "/" + tenant
		return 200, fmt.Sprintf(`{"token_endpoint": %q, "authorization_endpoint": %q, "issuer": %q,
			"device_authorization_endpoint": %q}`, base+"/oauth2/v2.0/token", base+"/oauth2/v2.0/authorize",
			base+"/v2.0", base+"/oauth2/v2.0/devicecode"), nil
	case strings.HasSuffix(r.path, "/oauth2/v2.0/devicecode"):
		return 200, `{"device_code": "d", "user_code": "U", "verification_uri": "https://example.com", "interval": 5,
			"expires_in": 600, "message": "open the page\u001b[2J and enter U"}`, nil
	case strings.HasSuffix(r.path, "/oauth2/v2.0/token"):
		if s.token != nil {
			status, body := s.token(r)
			return status, body, nil
		}
		return 200, fmt.Sprintf(`{"access_token": %q, "expires_in": 3600, "token_type": "Bearer"}`, testToken), nil
	}
	return 0, "", finalError("unexpected request for " + r.url)
}

// finalError is one that is not worth a retry, so that no test waits for one.
type finalError string

func (e finalError) Error() string { return string(e) }
func (finalError) NonRetriable()   {}

// hosts are those that were spoken to.
func (s *services) hosts() []string {
	seen := map[string]bool{}
	for _, r := range s.requests {
		seen[r.host] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// tokenRequest is the one token request that was made.
func (s *services) tokenRequest(t *testing.T) request {
	t.Helper()
	var found []request
	for _, r := range s.requests {
		if strings.HasSuffix(r.path, "/oauth2/v2.0/token") {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d token requests, want 1", len(found))
	}
	return found[0]
}

// environment makes Options.Env of a map.
func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

// with adds variables to others.
func with(vars map[string]string, more ...string) map[string]string {
	all := maps.Clone(vars)
	if all == nil {
		all = map[string]string{}
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

var ids = map[string]string{envTenant: testTenant, envClient: testClient}

func noPath(string) (string, error) { return "", exec.ErrNotFound }

func azPath(name string) (string, error) { return "/bin/" + name, nil }

// jwt makes an unsigned token.
func jwt(t *testing.T, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + encode(payload) + "." + encode([]byte("signature"))
}

// isolate keeps variables that the libraries read themselves out of a test.
func isolate(t *testing.T) {
	for _, name := range []string{"AZURE_REGIONAL_AUTHORITY_NAME", "AZURE_AUTHORITY_HOST", "IDENTITY_ENDPOINT",
		"IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "MSI_ENDPOINT", "MSI_SECRET", "IMDS_ENDPOINT"} {
		t.Setenv(name, "")
	}
	t.Setenv(envPipelinesURI, "https://pipelines.example/oidc")
}

func lines(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

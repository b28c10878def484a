package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// refusal is an answer of Entra ID as it looks:
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func refusal(text string) string {
	return fmt.Sprintf(`{"error": "invalid_client", "error_description": %q, "error_codes": [1],
		"correlation_id": "11111111-2222-3333-4444-555555555555"}`, text+" Trace ID: 99999999-2222-3333-4444-555555555555 "+
		"Correlation ID: 11111111-2222-3333-4444-555555555555 Timestamp: 2026-06-01 00:00:00Z")
}

// signIn gets a token with a client secret from an authority that answers as given.
func signIn(t *testing.T, status int, body string) error {
	t.Helper()
	isolate(t)
	s := services{token: func(request) (int, string) { return status, body }}
	c, err := New(Options{Env: environment(with(ids, envSecret, canarySecret)), LookPath: noPath, Transport: &s})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{"a/.default"}})
	return err
}

func TestExplain(t *testing.T) {
	const subject = "repo:contoso/m365:environment:audit"
	for _, test := range []struct {
		text string
		code string
		want []string
	}{
		{"AADSTS700016: Application with identifier 'x' was not found in the directory 'Contoso'.", "AADSTS700016",
			[]string{testClient, testTenant, "--cloud (now global)", "[correlation id 11111111-2222-3333-4444-555555555555]"}},
		{"AADSTS7000215: Invalid client secret provided.", "AADSTS7000215", []string{"value, not its id"}},
		{"AADSTS7000222: The provided client secret keys for app 'x' are expired.", "AADSTS7000222", []string{"has expired"}},
		{"AADSTS700213: No matching federated identity record found for presented assertion subject '" + subject + "'.",
			"AADSTS700213", []string{"(subject " + subject + ")", "guestward doctor"}},
		{"AADSTS70021: No matching federated identity record found for presented assertion. Assertion Issuer: 'https://i'. " +
			"Assertion Subject: '" + subject + "'. Assertion Audience: 'api://x'.", "AADSTS70021",
			[]string{"(issuer https://i, subject " + subject + ", audience api://x)"}},
		{"AADSTS700212: No matching federated identity record found for presented assertion audience 'api://x'.",
			"AADSTS700212", []string{"(audience api://x)", "api://AzureADTokenExchange"}},
		{"AADSTS7002138: No matching federated identity record found for presented assertion subject 'repo:A/b:x'.",
			"AADSTS7002138", []string{"letter case", "repo:A/b:x"}},
		{"AADSTS90002: Tenant 'x' not found.", "AADSTS90002", []string{testTenant, "--cloud"}},
		{"AADSTS53003: Access has been blocked by Conditional Access policies.", "AADSTS53003",
			[]string{"Conditional Access", testTenant}},
		{"AADSTS700027: The certificate with identifier used to sign the client assertion is not registered.",
			"AADSTS700027", []string{"upload its public part"}},
		{"AADSTS999999: Something new.", "AADSTS999999", []string{"failed: Something new. [correlation id"}},
		{"no code at all", "", []string{"failed: no code at all"}},
	} {
		t.Run(test.code, func(t *testing.T) {
			err := signIn(t, http.StatusUnauthorized, refusal(test.text))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v of type %T", err, err)
			}
			if e.Code != test.code || e.Method != ClientSecret {
				t.Errorf("code %q, method %q", e.Code, e.Method)
			}
			for _, want := range append(test.want, "sign-in with client-secret failed: ", test.code) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "Trace ID") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is not one plain line", err)
			}
		})
	}
}

// Every remedy reads whole, whatever is known.
func TestRemediesAreWhole(t *testing.T) {
	for code, remedy := range remedies {
		for _, c := range []*Credential{
			{Method: AzureCLI, Cloud: Clouds[0], vault: &vault{}},
			{Method: GitHub, Cloud: Clouds[1], TenantID: testTenant, ClientID: testClient, vault: &vault{}},
		} {
			text := c.Explain(errors.New(code + ": x")).Error()
			if strings.ContainsAny(text, "{}") || strings.Contains(text, "  ") || strings.HasSuffix(text, "...") {
				t.Errorf("%s: %q", code, text)
			}
			if codePattern.FindString(text) != code || strings.HasSuffix(remedy, ".") {
				t.Errorf("%s: %q", code, text)
			}
		}
	}
}

func TestExplainKeepsWhatItExplained(t *testing.T) {
	c := &Credential{Method: ClientSecret, Cloud: Clouds[0], vault: &vault{}}
	if c.Explain(nil) != nil {
		t.Error("nil became an error")
	}
	once := c.Explain(errors.New("AADSTS7000215: x"))
	if twice := c.Explain(fmt.Errorf("reading users: %w", once)); twice != once {
		t.Errorf("explained twice: %v", twice)
	}
}

func TestTimeLimit(t *testing.T) {
	isolate(t)
	var s services
	c, err := New(Options{Env: environment(with(ids, envSecret, "secret")), LookPath: noPath, Transport: &s})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	s.token = func(request) (int, string) { return 400, "" }
	_, err = c.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{"a/.default"}})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

// echo answers with everything that it was sent, as a hostile or talkative service might.
func echo(r request) string {
	var b strings.Builder
	for name, values := range r.header {
		fmt.Fprintln(&b, name, values)
	}
	for name, values := range r.form {
		fmt.Fprintln(&b, name, values, url.QueryEscape(values[0]))
	}
	fmt.Fprintln(&b, r.form.Encode())
	return b.String()
}

// No error and no printed credential holds a secret, an assertion or a token, whatever the service answers.
func TestCanaries(t *testing.T) {
	isolate(t)
	answers := map[string]func(r request) (int, string){
		"unknown code": func(r request) (int, string) { return 400, refusal("AADSTS999999: " + echo(r)) },
		"known code":   func(r request) (int, string) { return 400, refusal("AADSTS7000215: " + echo(r)) },
		"quoted as a subject": func(r request) (int, string) {
			return 400, refusal("AADSTS700213: presented assertion subject '" +
				r.form.Get("client_assertion") + r.form.Get("client_secret") + "'")
		},
		"plain text":   func(r request) (int, string) { return 400, echo(r) },
		"broken token": func(r request) (int, string) { return 200, `{"access_token": "canary-token", ` + echo(r) },
		"no token":     func(r request) (int, string) { return 200, fmt.Sprintf(`{"access_token": "", "x": %q}`, echo(r)) },
	}
	all := flows(t, Clouds[0])
	all = append(all, flow{method: ManagedIdentity, env: map[string]string{"IDENTITY_HEADER": canaryHeader}})
	t.Setenv("IDENTITY_ENDPOINT", "https://identity.example/token")
	t.Setenv("IDENTITY_HEADER", canaryHeader)
	for _, f := range all {
		for name, answer := range answers {
			t.Run(f.method+"/"+name, func(t *testing.T) {
				reached := false
				s := services{token: func(r request) (int, string) { reached = true; return answer(r) }}
				c, err := New(Options{Method: f.method, Env: environment(f.env), LookPath: noPath, Transport: &s})
				if err != nil {
					t.Fatal(err)
				}
				// A scope of its own: managed identities share a cache.
				scope := "https://" + strings.ReplaceAll(name, " ", "-") + ".example/.default"
				_, err = c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{scope}})
				if err == nil || !reached {
					t.Fatalf("error %v, reached the token request: %v", err, reached)
				}
				for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, err), fmt.Sprintf("%v %+v %#v", c, c, c)} {
					checkNoCanary(t, text, f.env)
				}
				for unwrapped := err; unwrapped != nil; unwrapped = errors.Unwrap(unwrapped) {
					checkNoCanary(t, unwrapped.Error(), f.env)
				}
			})
		}
	}
}

func checkNoCanary(t *testing.T, text string, env map[string]string) {
	t.Helper()
	secrets := []string{"canary", "eyJ"}
	if token := env[envGitLabToken]; token != "" {
		secrets = append(secrets, strings.Split(token, ".")...)
	}
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("%q holds %q", text, secret)
		}
	}
}

// An error of the connection may quote the request.
func TestConnectionCanaries(t *testing.T) {
	isolate(t)
	broken := func(r request) error {
		if strings.HasSuffix(r.path, "/openid-configuration") {
			return nil
		}
		return finalError("connection lost after sending " + echo(r))
	}
	for _, f := range flows(t, Clouds[0]) {
		c, err := New(Options{Env: environment(f.env), LookPath: noPath, Transport: &services{broken: broken}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{"a/.default"}})
		if err == nil || !strings.Contains(err.Error(), "connection lost") {
			t.Errorf("%s: error %v", f.method, err)
			continue
		}
		checkNoCanary(t, err.Error(), f.env)
		if f.method != GitHub {
			continue
		}
		_, err = GitHubSubject(context.Background(), Clouds[0], environment(f.env), &services{broken: broken}, "")
		if err == nil || !strings.Contains(err.Error(), "connection lost") {
			t.Errorf("subject: error %v", err)
			continue
		}
		checkNoCanary(t, err.Error(), f.env)
	}
}

// What GitHub and Azure Pipelines answer to a request for an id token is not repeated either.
func TestAssertionCanaries(t *testing.T) {
	isolate(t)
	env := with(ids, envGitHubURL, "https://github.example/id?api-version=2.0", envGitHubToken, canaryRequest)
	for name, answer := range map[string]func(request) (int, string){
		"refused":    func(r request) (int, string) { return 403, echo(r) },
		"not JSON":   func(r request) (int, string) { return 200, echo(r) },
		"no value":   func(r request) (int, string) { return 200, fmt.Sprintf(`{"values": %q}`, echo(r)) },
		"wrong type": func(r request) (int, string) { return 200, `{"value": ["canary"]}` },
	} {
		t.Run(name, func(t *testing.T) {
			s := services{github: answer}
			c, err := New(Options{Env: environment(env), LookPath: noPath, Transport: &s})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{"a/.default"}})
			if err == nil || !strings.Contains(err.Error(), "GitHub") {
				t.Fatalf("error %v", err)
			}
			checkNoCanary(t, err.Error(), env)
			_, err = GitHubSubject(context.Background(), Clouds[0], environment(env), &s, "")
			if err == nil || !strings.Contains(err.Error(), "GitHub") {
				t.Fatalf("error %v", err)
			}
			checkNoCanary(t, err.Error(), env)
		})
	}
	// Azure Pipelines: azidentity repeats the answer.
	pipelines := with(ids, envPipelinesURI, "https://github.example", envPipelinesToken, canaryPipelines,
		envPipelinesConnection, "c")
	t.Setenv(envPipelinesURI, "https://github.example")
	s := services{github: func(r request) (int, string) { return 403, echo(r) }}
	c, err := New(Options{Env: environment(pipelines), LookPath: noPath, Transport: &s})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{"a/.default"}})
	if err == nil {
		t.Fatal("no error")
	}
	checkNoCanary(t, err.Error(), pipelines)
}

func TestClean(t *testing.T) {
	var v vault
	v.keep("s3cr", "s3cret value", "abc")
	v.renew("assertion", "older")
	v.renew("assertion", "newer")
	for _, test := range [][2]string{
		{"a s3cret value, s3cret+value and s3cret%20value", "a [hidden], [hidden] and [hidden]"},
		{"s3crs3cr", "[hidden][hidden]"},
		{"abc is too short to be one", "abc is too short to be one"},
		{"older and newer", "older and [hidden]"},
		{"token eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln!", "token [hidden]!"},
		{"cut off: eyJhbGciOiJub25lIn0.eyJhIj", "cut off: [hidden]"},
		{`{"access_token":"opaque","token_type":"Bearer"}`, `{"access_token":"[hidden]","token_type":"Bearer"}`},
		{`{\"refresh_token\": \"opaque\"}`, `{\"refresh_token\": \"[hidden]\"}`},
		{`{"value": "opaque one"}`, `{"value": "[hidden]"}`},
		{"grant_type=x&client_secret=y&client_assertion=z&scope=s",
			"grant_type=x&client_secret=[hidden]&client_assertion=[hidden]&scope=s"},
		{"Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"},
		{"two\nlines\tand\x1b[2J\u202e controls", "two lines and[2J controls"},
		{strings.Repeat("ä", textLimit), strings.Repeat("ä", textLimit)},
		{strings.Repeat("ä", textLimit+1), strings.Repeat("ä", textLimit) + "..."},
	} {
		if got := v.clean(test[0]); got != test[1] {
			t.Errorf("clean(%q) = %q, want %q", test[0], got, test[1])
		}
	}
}

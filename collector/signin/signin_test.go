package signin

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// flow is a way to sign in with what it needs from its surroundings.
type flow struct {
	method     string
	env        map[string]string
	sharePoint bool
	extraHosts []string
	// check looks at the token request.
	check func(t *testing.T, in Cloud, r request)
}

func assertionIs(want string) func(*testing.T, Cloud, request) {
	return func(t *testing.T, in Cloud, r request) {
		t.Helper()
		if got := r.form.Get("client_assertion"); got != strings.ReplaceAll(want, "AUDIENCE", in.FederationAudience) {
			t.Errorf("assertion %q, want %q", got, want)
		}
	}
}

// flows are all that application credentials can do against the fake services in a cloud.
func flows(t *testing.T, in Cloud) []flow {
	gitlab := jwt(t, map[string]any{"aud": in.FederationAudience, "exp": time.Now().Add(time.Hour).Unix()})
	return []flow{
		{ClientSecret, with(ids, envSecret, canarySecret+"\n"), false, nil, func(t *testing.T, _ Cloud, r request) {
			if got := r.form.Get("client_secret"); got != canarySecret {
				t.Errorf("secret %q", got)
			}
		}},
		{Certificate, with(ids, envCertificate, certificateFile(t)), true, nil, checkSignature},
		{WorkloadIdentity, with(ids, envFederatedFile, write(t, "token", []byte("canary-in-file\n"))), true, nil,
			assertionIs("canary-in-file")},
		{GitHub, with(ids, envGitHubURL, "https://github.example/id?api-version=2.0", envGitHubToken, canaryRequest), true,
			[]string{"github.example"}, assertionIs(canaryAssertion + " for AUDIENCE")},
		{AzurePipelines, map[string]string{envPipelinesURI: "https://pipelines.example/oidc",
			envPipelinesToken: canaryPipelines, envPipelinesConnection: "connection", envPipelinesTenant: testTenant,
			envPipelinesClient: testClient}, true, []string{"pipelines.example"}, assertionIs(canaryToken)},
		{GitLab, with(ids, envGitLabToken, gitlab), true, nil, assertionIs(gitlab)},
	}
}

// checkSignature verifies the assertion that a certificate makes.
func checkSignature(t *testing.T, in Cloud, r request) {
	t.Helper()
	assertion := r.form.Get("client_assertion")
	dot := strings.LastIndex(assertion, ".")
	signature, err := base64.RawURLEncoding.DecodeString(assertion[dot+1:])
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(assertion[:dot]))
	options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto, Hash: crypto.SHA256}
	if err := rsa.VerifyPSS(&testKey().PublicKey, crypto.SHA256, digest[:], signature, options); err != nil {
		t.Errorf("signature: %v", err)
	}
	claims, err := ReadClaims(assertion)
	if err != nil {
		t.Fatal(err)
	}
	if claims.Subject != testClient || len(claims.Audience) != 1 ||
		!strings.HasPrefix(claims.Audience[0], in.Login+"/"+testTenant+"/") {
		t.Errorf("assertion of %q for %q", claims.Subject, claims.Audience)
	}
}

// Every way that needs no person gets a token, in every cloud, from that cloud's authority, and speaks to nobody else.
func TestFlows(t *testing.T) {
	isolate(t)
	for _, in := range Clouds {
		for _, f := range flows(t, in) {
			for _, method := range []string{f.method, Auto} {
				t.Run(in.Name+"/"+f.method+"/by "+method, func(t *testing.T) {
					var s services
					c, err := New(Options{Method: method, Cloud: in, Env: environment(f.env), LookPath: noPath, Transport: &s})
					if err != nil {
						t.Fatal(err)
					}
					if c.Method != f.method || !c.AppOnly || c.SharePoint != f.sharePoint {
						t.Errorf("credential %+v", *c)
					}
					if c.TenantID != testTenant || c.ClientID != testClient || c.Cloud.Name != in.Name {
						t.Errorf("credential of %s in %s, %s", c.ClientID, c.TenantID, c.Cloud.Name)
					}
					if len(s.requests) != 0 {
						t.Errorf("New made requests: %v", s.requests)
					}
					for range 2 { // the second comes from the cache
						want := policy.TokenRequestOptions{Scopes: []string{in.GraphScope()}}
						token, err := c.GetToken(context.Background(), want)
						if err != nil {
							t.Fatal(err)
						}
						if token.Token != testToken || time.Until(token.ExpiresOn) < 50*time.Minute {
							t.Errorf("token %q until %s", token.Token, token.ExpiresOn)
						}
					}
					r := s.tokenRequest(t)
					if "https://"+r.host != in.Login || !strings.HasPrefix(r.path, "/"+testTenant+"/") {
						t.Errorf("token from %s%s", r.host, r.path)
					}
					if r.form.Get("client_id") != testClient || r.form.Get("grant_type") != "client_credentials" ||
						!strings.Contains(r.form.Get("scope"), in.GraphScope()) {
						t.Errorf("token request %v", r.form)
					}
					f.check(t, in, r)
					want := append([]string{strings.TrimPrefix(in.Login, "https://")}, f.extraHosts...)
					slices.Sort(want)
					if got := s.hosts(); !slices.Equal(got, want) {
						t.Errorf("spoke to %v, want %v", got, want)
					}
				})
			}
		}
	}
}

// A federated file is read again for each token: its owner replaces it.
func TestWorkloadIdentityRereads(t *testing.T) {
	isolate(t)
	path := write(t, "token", []byte("first"))
	var s services
	c, err := New(Options{Env: environment(with(ids, envFederatedFile, path)), LookPath: noPath, Transport: &s})
	if err != nil {
		t.Fatal(err)
	}
	for i, content := range []string{"first", "second"} {
		overwrite(t, path, content)
		scope := fmt.Sprintf("scope%d/.default", i)
		if _, err := c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{scope}}); err != nil {
			t.Fatal(err)
		}
		if got := s.requests[len(s.requests)-1].form.Get("client_assertion"); got != content {
			t.Errorf("presented %q, want %q", got, content)
		}
	}
	overwrite(t, path, " \n")
	_, err = c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{"third/.default"}})
	if err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("empty file: %v", err)
	}
}

func TestManagedIdentity(t *testing.T) {
	for _, client := range []string{"", testClient} {
		isolate(t)
		// The library reads these itself.
		t.Setenv("IDENTITY_ENDPOINT", "https://identity.example/token")
		t.Setenv("IDENTITY_HEADER", canaryHeader)
		env := map[string]string{"IDENTITY_ENDPOINT": "https://identity.example/token", envClient: client}
		var s services
		c, err := New(Options{Env: environment(env), LookPath: azPath, Transport: &s})
		if err != nil {
			t.Fatal(err)
		}
		if c.Method != ManagedIdentity || !c.AppOnly || !c.SharePoint {
			t.Errorf("credential %+v", *c)
		}
		// A scope per round: the library shares its cache between credentials.
		scope := "https://graph.microsoft.com/" + client + ".default"
		if _, err := c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{scope}}); err != nil {
			t.Fatal(err)
		}
		if len(s.requests) != 1 || s.requests[0].header.Get("X-IDENTITY-HEADER") != canaryHeader ||
			strings.Contains(s.requests[0].url, "client_id="+testClient) != (client != "") {
			t.Errorf("requests %v", s.requests)
		}
	}
}

// The device code's message reaches the person without what could control the terminal, and an interrupt ends the wait.
func TestDeviceCode(t *testing.T) {
	isolate(t)
	ctx, cancel := context.WithCancel(context.Background())
	var shown []string
	var s services
	c, err := New(Options{Env: environment(ids), LookPath: noPath, Transport: &s, Interactive: true,
		Prompt: func(m string) { shown = append(shown, m); cancel() }})
	if err != nil {
		t.Fatal(err)
	}
	if c.Method != DeviceCode || c.AppOnly || !c.SharePoint {
		t.Errorf("credential %+v", *c)
	}
	_, err = c.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.Cloud.GraphScope()}})
	if !errors.Is(err, context.Canceled) || err.Error() != "sign-in with device-code failed: it was interrupted" {
		t.Errorf("error %v", err)
	}
	if want := []string{"open the page[2J and enter U"}; !slices.Equal(shown, want) {
		t.Errorf("shown %q", shown)
	}
}

func TestBrowser(t *testing.T) {
	c, err := New(Options{Method: Browser, Env: environment(ids), LookPath: noPath, Interactive: true})
	if err != nil || c.Method != Browser || c.AppOnly || !c.SharePoint {
		t.Errorf("got %v, %v", c, err)
	}
}

// What the environment holds decides, in the documented order.
func TestAuto(t *testing.T) {
	github := with(ids, envGitHubURL, "https://github.example/?v=1", envGitHubToken, "t")
	pipelines := with(ids, envPipelinesURI, "https://pipelines.example", envPipelinesToken, "t",
		envPipelinesConnection, "c")
	t.Setenv(envPipelinesURI, "https://pipelines.example")
	gitlab := jwt(t, map[string]any{"aud": Clouds[0].FederationAudience})
	file := write(t, "token", []byte("t"))
	certificate := certificateFile(t)
	for _, test := range []struct {
		name        string
		env         map[string]string
		look        func(string) (string, error)
		interactive bool
		want        string
		passedOver  string
	}{
		{"all at once", with(github, envCertificate, certificate, envSecret, "s", envFederatedFile, file), azPath, true,
			Certificate, ""},
		{"secret before federation", with(github, envSecret, "s", envFederatedFile, file), azPath, true, ClientSecret, ""},
		{"file before GitHub", with(github, envFederatedFile, file), azPath, true, WorkloadIdentity, ""},
		{"GitHub before the rest", with(github, envPipelinesURI, "https://p", envGitLabToken, gitlab), azPath, true,
			GitHub, ""},
		{"Azure Pipelines", with(pipelines, envGitLabToken, gitlab), azPath, true, AzurePipelines, ""},
		{"GitLab", with(ids, envGitLabToken, gitlab, "MSI_ENDPOINT", "https://m"), azPath, true, GitLab, ""},
		{"managed identity", with(ids, "MSI_ENDPOINT", "https://m"), azPath, true, ManagedIdentity, ""},
		{"az", ids, azPath, true, AzureCLI, ""},
		{"az without ids", nil, azPath, false, AzureCLI, ""},
		{"a person", ids, noPath, true, DeviceCode, ""},
		{"GitHub job signed in by azure/login", with(nil, envGitHubURL, "https://g", envGitHubToken, "t"), azPath, false,
			AzureCLI, "github was passed over: missing AZURE_TENANT_ID"},
		{"pipeline with az", with(nil, envPipelinesURI, "https://p"), azPath, false, AzureCLI,
			"azure-pipelines was passed over: missing SYSTEM_ACCESSTOKEN"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := New(Options{Env: environment(test.env), LookPath: test.look, Interactive: test.interactive})
			if err != nil {
				t.Fatal(err)
			}
			if c.Method != test.want {
				t.Errorf("chose %s, want %s", c.Method, test.want)
			}
			// What was passed over explains a failure that follows from it.
			text := c.Explain(errors.New("please run az login")).Error()
			if !strings.Contains(text, test.passedOver) || strings.Contains(text, "passed over") != (test.passedOver != "") {
				t.Errorf("explained as %q", text)
			}
		})
	}
}

// Each refusal says what is missing and how to give it.
func TestRefusals(t *testing.T) {
	expired := jwt(t, map[string]any{"aud": "somebody else"})
	for _, test := range []struct {
		name    string
		options Options
		env     map[string]string
		want    []string // parts of the error
	}{
		{"unknown method", Options{Method: "password"}, ids, []string{`"password"`, "auto, certificate, client-secret"}},
		{"certificate", Options{Method: Certificate}, nil, []string{"sign-in with certificate: missing", envCertificate,
			"--certificate", envTenant, "--tenant", envClient, "--client-id"}},
		{"no file", Options{Method: Certificate, CertificatePath: "absent.pem"}, ids, []string{"absent.pem"}},
		{"secret", Options{Method: ClientSecret}, ids, []string{"AZURE_CLIENT_SECRET, the value"}},
		{"secret, no tenant", Options{}, map[string]string{envSecret: "s", envClient: testClient},
			[]string{"client-secret (chosen because AZURE_CLIENT_SECRET is set): missing AZURE_TENANT_ID"}},
		{"secret, no client", Options{TenantID: testTenant}, map[string]string{envSecret: "s"},
			[]string{"missing AZURE_CLIENT_ID"}},
		{"workload identity", Options{Method: WorkloadIdentity}, ids, []string{envFederatedFile}},
		{"workload identity, no file", Options{}, with(ids, envFederatedFile, "absent-token"),
			[]string{envFederatedFile, "absent-token"}},
		{"github", Options{Method: GitHub}, ids, []string{envGitHubURL, "id-token: write"}},
		{"github, no token", Options{Method: GitHub}, with(ids, envGitHubURL, "https://g"), []string{envGitHubToken}},
		{"pipelines", Options{Method: AzurePipelines}, nil, []string{envPipelinesURI, "$(System.AccessToken)",
			envPipelinesConnection, envPipelinesTenant, envPipelinesClient}},
		{"gitlab", Options{Method: GitLab}, ids, []string{"id_tokens: {GITLAB_OIDC_TOKEN"}},
		{"gitlab, opaque", Options{}, with(ids, envGitLabToken, "opaque"), []string{envGitLabToken, "not a JWT"}},
		{"gitlab, other audience", Options{Cloud: Clouds[1]}, with(ids, envGitLabToken, expired),
			[]string{"another audience", "aud: api://AzureADTokenExchangeUSGov"}},
		{"cli", Options{Method: AzureCLI}, ids, []string{"az, the Azure CLI", "az login"}},
		{"device code, nobody there", Options{Method: DeviceCode}, ids, []string{"a person at a terminal"}},
		{"device code, no ids", Options{Method: DeviceCode, Interactive: true}, nil, []string{envTenant, envClient}},
		{"browser, nobody there", Options{Method: Browser}, ids, []string{"a person at a terminal"}},
		{"browser, no client", Options{Method: Browser, Interactive: true, TenantID: testTenant}, nil,
			[]string{"missing AZURE_CLIENT_ID"}},
		{"tenant of many", Options{Method: ClientSecret, TenantID: "common"}, with(ids, envSecret, "s"),
			[]string{"neither a tenant's id", "contoso.onmicrosoft.com"}},
		{"client that is none", Options{Method: ClientSecret, ClientID: "guestward"}, with(ids, envSecret, "s"),
			[]string{envClient, "is not an application (client) id"}},
		{"other authority", Options{Method: ClientSecret}, with(ids, envAuthorityHost, "https://login.microsoftonline.us/"),
			[]string{envAuthorityHost, "login.microsoftonline.us", "global", "--cloud"}},
		{"nothing at all", Options{}, nil, []string{"found no way to sign in", "--auth", "\n  certificate: " + envCertificate,
			"\n  managed-identity: nothing is missing", "\n  azure-cli: az", "\n  browser: "}},
		{"a person, nothing else", Options{Interactive: true}, nil,
			[]string{"found no way to sign in", "\n  device-code: " + envTenant}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.options.Env, test.options.LookPath = environment(test.env), noPath
			c, err := New(test.options)
			if err == nil {
				t.Fatalf("got %v", c)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
		})
	}
}

// Names of hosts that mean the chosen cloud do no harm.
func TestAuthorityHostAgrees(t *testing.T) {
	for _, in := range Clouds {
		login := []string{in.Login, in.Login + "/", strings.TrimPrefix(in.Login, "https://")}
		for _, host := range append(login, in.aliases...) {
			if err := in.checkAuthority(host); err != nil {
				t.Errorf("%s: %v", in.Name, err)
			}
		}
		if err := in.checkAuthority("https://login.example.com"); err == nil {
			t.Errorf("%s accepts a strange authority", in.Name)
		}
	}
}

// Ids in the wrong place may be secrets: no error repeats them.
func TestIDsAreNotRepeated(t *testing.T) {
	for _, o := range []Options{{TenantID: "canary value"}, {ClientID: "canary value"}} {
		o.Method, o.Env, o.LookPath = ClientSecret, environment(with(ids, envSecret, "s")), noPath
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("error %v", err)
		}
	}
}

func TestGitLabTokenExpires(t *testing.T) {
	isolate(t)
	token := jwt(t, map[string]any{"aud": []string{"x", Clouds[0].FederationAudience}, "exp": 1767225600})
	var s services
	c, err := New(Options{Env: environment(with(ids, envGitLabToken, token)), LookPath: noPath, Transport: &s})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.GetToken(context.Background(), policy.TokenRequestOptions{Scopes: []string{"a/.default"}})
	if err == nil || !strings.Contains(err.Error(), "expired at 2026-01-01T00:00:00Z and GitLab") {
		t.Errorf("error %v", err)
	}
}

func TestMethodsAgree(t *testing.T) {
	names := []string{Auto}
	for _, m := range methods {
		names = append(names, m.name)
	}
	if !slices.Equal(names, Methods) {
		t.Errorf("Methods are %v, the table has %v", Methods, names)
	}
}

// counting gives a new token each time.
type counting struct {
	n    int
	ends time.Time
	err  error
}

func (c *counting) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.n++
	return azcore.AccessToken{Token: fmt.Sprint(c.n), ExpiresOn: c.ends}, c.err
}

func TestCache(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	inner := &counting{ends: now.Add(time.Hour)}
	c := &cache{inner: inner, now: func() time.Time { return now }}
	get := func(want string, o policy.TokenRequestOptions) {
		t.Helper()
		token, err := c.GetToken(context.Background(), o)
		if err != nil || token.Token != want {
			t.Errorf("token %q, error %v, want %q", token.Token, err, want)
		}
	}
	a, b := policy.TokenRequestOptions{Scopes: []string{"a"}}, policy.TokenRequestOptions{Scopes: []string{"b"}}
	get("1", a)
	get("1", a)
	get("2", b)
	get("1", a)
	get("3", policy.TokenRequestOptions{Scopes: []string{"a"}, Claims: "{}"})
	get("3", a)
	now = now.Add(time.Hour - cacheMargin - time.Second)
	get("3", a)
	now = now.Add(time.Second)
	get("4", a)
	inner.err = errors.New("no")
	if _, err := c.GetToken(context.Background(), b); err == nil {
		t.Error("an error was lost")
	}
}

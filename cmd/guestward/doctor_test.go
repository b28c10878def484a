package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/signin"
)

// fakeTokens gives a token for each scope; a scope without one is refused.
type fakeTokens map[string]string

func (f fakeTokens) GetToken(ctx context.Context, want policy.TokenRequestOptions) (azcore.AccessToken, error) {
	if token, ok := f[want.Scopes[0]]; ok {
		return azcore.AccessToken{Token: token}, ctx.Err()
	}
	return azcore.AccessToken{}, errors.New("sign-in refused for " + want.Scopes[0])
}

const graphScope = "https://graph.microsoft.com/.default"

func fakeJWT(t *testing.T, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return "e30." + base64.RawURLEncoding.EncodeToString(payload) + ".canary"
}

func appToken(t *testing.T, roles ...string) string {
	return fakeJWT(t, map[string]any{"idtyp": "app", "tid": "11111111-1111-1111-1111-111111111111",
		"appid": "22222222-2222-2222-2222-222222222222", "roles": roles})
}

// examine runs doctor with a session that is there already.
func examine(t *testing.T, sess *session, env map[string]string, o doctorOptions) (out string, err error) {
	t.Helper()
	var stdout bytes.Buffer
	s := streams{in: strings.NewReader(""), out: &stdout, err: &stdout, env: func(name string) string { return env[name] }}
	if o.format == "" {
		o.format = "table"
	}
	o.signIn.cloud = "global"
	err = runDoctor(context.Background(), s, &o, func(context.Context, streams) (*session, error) {
		if sess == nil {
			return nil, usagef("found no way to sign in")
		}
		return sess, nil
	})
	if strings.Contains(stdout.String(), "canary") || err != nil && strings.Contains(err.Error(), "canary") {
		t.Error("the token is shown")
	}
	return stdout.String(), err
}

func certificateSession(tokens fakeTokens) *session {
	return &session{Credential: tokens, Cloud: signin.Clouds[0], Method: signin.Certificate, AppOnly: true, SharePoint: true}
}

// everyGrant are the permissions that `guestward permissions --sharepoint-admin` lists.
func everyGrant(t *testing.T) (graph, sharePoint []string) {
	t.Helper()
	out, errs, _ := runPermissionsText(t, "--sharepoint-admin", "-f", "json")
	var doc permissionsJSON
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err, errs)
	}
	for _, g := range doc.Grants {
		if g.API == collector.SharePoint {
			sharePoint = append(sharePoint, g.Name)
		} else {
			graph = append(graph, g.Name)
		}
	}
	return graph, sharePoint
}

func diagnosis(t *testing.T, text string) doctorJSON {
	t.Helper()
	var doc doctorJSON
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return doc
}

// What permissions lists is what doctor wants: with all of it nothing is missing, without any of it exactly that is.
func TestDoctorAgreesWithPermissions(t *testing.T) {
	oneThread(t)
	graph, sharePoint := everyGrant(t)
	o := doctorOptions{format: "json", exclude: []string{"TMS,EXO,LOG-001,LOG-002,LOG-003,PBI,AZDO,CA-012,XTA-012"}}
	out, err := examine(t, certificateSession(fakeTokens{graphScope: appToken(t, graph...), sharePointScope: appToken(t, sharePoint...)}), nil, o)
	if err != nil {
		t.Fatalf("with everything: %v\n%s", err, out)
	}
	if doc := diagnosis(t, out); !doc.Complete || len(doc.Missing)+len(doc.Excess) > 0 || doc.SharePoint.State != "readable" {
		t.Fatalf("with everything: %s", out)
	}
	for i, name := range graph {
		less := slices.Delete(slices.Clone(graph), i, i+1)
		out, err := examine(t, certificateSession(fakeTokens{graphScope: appToken(t, less...), sharePointScope: appToken(t)}), nil, o)
		if code, say := exitCode(err); code != exitIncomplete || say {
			t.Errorf("without %s: %v", name, err)
		}
		var missing []string
		for _, g := range diagnosis(t, out).Missing {
			missing = append(missing, g.Name)
		}
		if !slices.Equal(missing, []string{name, "Sites.FullControl.All"}) {
			t.Errorf("without %s and SharePoint: missing %q", name, missing)
		}
	}
}

func TestDoctorTable(t *testing.T) {
	oneThread(t)
	person := fakeJWT(t, map[string]any{"idtyp": "user", "scp": "openid Policy.Read.All Organization.Read.All"})
	for _, test := range []struct {
		name  string
		sess  *session
		rules string
		code  int
		want  []string
		not   []string
	}{
		{"complete", certificateSession(fakeTokens{graphScope: appToken(t, "Policy.Read.All", "Organization.Read.All")}), "GST-002", exitClean,
			[]string{"Signed in with certificate in the cloud global", "tenant       11111111-", "application  22222222-",
				"1 rule: 1 can be decided, 0 in part, 0 stay unknown", "no chosen rule needs them"},
			[]string{"Grant", "Unknown", "GitHub"}},
		{"missing", certificateSession(fakeTokens{graphScope: appToken(t, "Organization.Read.All")}), "GST-002", exitIncomplete,
			[]string{"GST-002\n      needs Policy.Read.All\n", "Policy.Read.All  246dd0d5-5bd0-4def-940b-0421030a5b68", "Application permissions, then",
				"guestward permissions --for 'GST-002' --format", "GST-002"}, []string{"--sharepoint-admin"}},
		{"too much", certificateSession(fakeTokens{graphScope: appToken(t, "Policy.Read.All", "Organization.Read.All", "Mail.ReadWrite", "User.Read.All")}),
			"GST-002", exitClean,
			[]string{"warning: Mail.ReadWrite: allows more than reading, and no chosen rule", "  User.Read.All: no chosen rule needs it; collect"}, nil},
		{"client secret", &session{Credential: fakeTokens{graphScope: appToken(t, "Organization.Read.All", "SharePointTenantSettings.Read.All")},
			Cloud: signin.Clouds[0], Method: signin.ClientSecret, AppOnly: true}, "SPO-001,SPO-002", exitIncomplete,
			[]string{"SharePoint refuses client-secret", "SharePoint refuses client secrets: sign in with a certificate", "2 rules: 1 can be decided"}, nil},
		{"no token for SharePoint", certificateSession(fakeTokens{graphScope: appToken(t, "Organization.Read.All")}), "SPO-002", exitIncomplete,
			[]string{"no token for SharePoint: sign-in refused", "the token does not tell whether Sites.FullControl.All (SharePoint)"}, []string{"\nGrant"}},
		{"SharePoint without permission", certificateSession(fakeTokens{graphScope: appToken(t, "Organization.Read.All", "Sites.FullControl.All"),
			sharePointScope: appToken(t)}), "SPO-002", exitIncomplete,
			[]string{"needs Sites.FullControl.All (SharePoint)", "--sharepoint-admin --format", "opens no settings: that takes SharePoint's"}, nil},
		{"opaque", certificateSession(fakeTokens{graphScope: "canary"}), "GST-002", exitIncomplete,
			[]string{"the token is opaque", "What was granted cannot be told", "the token does not tell whether Policy.Read.All was granted"}, nil},
		{"Teams", certificateSession(fakeTokens{graphScope: fakeJWT(t, map[string]any{"idtyp": "app", "roles": []string{"Organization.Read.All"},
			"wids": []string{"1076ac91-f3d9-41a7-a339-dcdf5f480acc"}})}), "TMS-001,EXO-001", exitIncomplete,
			[]string{"Teams: an export", "Exchange Online: guestward does not", "a directory role with which"}, []string{"\nGrant"}},
		{"person", &session{Credential: fakeTokens{graphScope: person}, Cloud: signin.Clouds[0], Method: signin.Browser, SharePoint: true},
			"GST-002,LIF-003", exitIncomplete,
			[]string{"as a person (delegated)", "Global Reader", "Delegated permissions", "needs User.Read.All"}, []string{"df021288", "openid"}},
		{"Azure CLI", &session{Credential: fakeTokens{graphScope: person}, Cloud: signin.Clouds[0], Method: signin.AzureCLI, SharePoint: true},
			"LIF-003", exitIncomplete, []string{"whose scopes are fixed"}, []string{"not needed\n"}},
		{"another cloud", &session{Credential: fakeTokens{"https://graph.microsoft.us/.default": appToken(t, "Policy.Read.All", "Organization.Read.All")},
			Cloud: signin.Clouds[1], Method: signin.Certificate, AppOnly: true, SharePoint: true}, "GST-004", exitIncomplete,
			[]string{"this cloud does not have entra.authenticationFlowsPolicy"}, []string{"\nGrant"}},
		{"in part", certificateSession(fakeTokens{graphScope: appToken(t, "Organization.Read.All", "AccessReview.Read.All", "EntitlementManagement.Read.All")}),
			"LIF-005", exitIncomplete, []string{"0 can be decided, 1 in part", "in part: needs LifecycleWorkflows-Workflow.Read.All"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, err := examine(t, test.sess, nil, doctorOptions{include: []string{test.rules}})
			if code, _ := exitCode(err); code != test.code {
				t.Errorf("exit code %d: %v", code, err)
			}
			flat := strings.Join(strings.Fields(out), " ")
			for _, want := range test.want {
				if !strings.Contains(out, want) && !strings.Contains(flat, want) {
					t.Errorf("lacks %q:\n%s", want, out)
				}
			}
			for _, not := range test.not {
				if strings.Contains(out, not) {
					t.Errorf("has %q:\n%s", not, out)
				}
			}
		})
	}
}

// The Graph for tests has one token for all services.
func TestDoctorWithOneToken(t *testing.T) {
	f := signInFlags{cloud: "global", graphURL: "http://127.0.0.1:1"}
	env := map[string]string{"GUESTWARD_TEST_TOKEN": appToken(t, "Organization.Read.All", "Sites.FullControl.All")}
	sess, err := f.open(context.Background(), streams{env: func(name string) string { return env[name] }})
	if err != nil {
		t.Fatal(err)
	}
	out, err := examine(t, sess, env, doctorOptions{format: "json", include: []string{"SPO-002"}})
	if doc := diagnosis(t, out); err != nil || len(doc.Excess) > 0 || doc.SharePoint.State != "readable" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestDoctorRepeatsTheSelection(t *testing.T) {
	got := selection(&doctorOptions{include: []string{"GST,LIF", "SPO"}, exclude: []string{"SPO-001"}, policy: []string{"a b", "it's"}})
	if want := ` --for 'GST,LIF,SPO' --exclude 'SPO-001' --policy 'a b' --policy 'it'\''s'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDoctorCannotSignIn(t *testing.T) {
	out, err := examine(t, certificateSession(fakeTokens{}), nil, doctorOptions{})
	if code, say := exitCode(err); code != exitFailed || !say || out != "" {
		t.Errorf("exit code %d, %v, %q", code, err, out)
	}
	if _, err := examine(t, nil, nil, doctorOptions{}); !strings.Contains(fmt.Sprint(err), "found no way") {
		t.Error(err)
	}
}

// githubIDToken answers as GitHub does when a job asks for its id token.
type githubIDToken struct{ t *testing.T }

func (g githubIDToken) Do(r *http.Request) (*http.Response, error) {
	token := fakeJWT(g.t, map[string]any{"iss": signin.GitHubIssuer, "sub": "repo:o@1/r@2:ref:refs/heads/main\u001b[31m", "aud": r.URL.Query().Get("audience")})
	body := io.NopCloser(strings.NewReader(`{"value": "` + token + `"}`))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}, nil
}

func TestDoctorTellsWhatGitHubSends(t *testing.T) {
	oneThread(t)
	job := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "push",
		"GITHUB_REPOSITORY_OWNER_ID": "1", "GITHUB_REPOSITORY_ID": "2"}
	withToken := map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.example/token?v=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "canary"}
	for name, value := range job {
		withToken[name] = value
	}
	for _, test := range []struct {
		name string
		env  map[string]string
		o    githubOptions
		want []string
	}{
		{"in a job", job, githubOptions{}, []string{"subject   repo:o/r:ref:refs/heads/main\n", "or        repo:o@1/r@2:ref:refs/heads/main\n"}},
		{"in a job that may ask", withToken, githubOptions{}, []string{"subject   repo:o@1/r@2:ref:refs/heads/main\ufffd[31m  (sent by this job)\n",
			"or        repo:o/r:ref:refs/heads/main\n"}},
		{"with an environment", nil, githubOptions{repository: "contoso/x", environment: "prod:eu"},
			[]string{"subject   repo:contoso/x:environment:prod%3Aeu\n", "or        repo:contoso@<owner id>/x@<repository id>:environment:prod%3Aeu\n",
				"gh api repos/contoso/x --jq"}},
		{"with a branch", job, githubOptions{repository: "o/r", branch: "dev"}, []string{"repo:o/r:ref:refs/heads/dev\n", "repo:o@1/r@2:ref:refs/heads/dev\n"}},
		{"another repository", withToken, githubOptions{repository: "p/q"}, []string{"subject   repo:p/q:ref:refs/heads/main\n"}},
		{"a job that says nothing", map[string]string{"GITHUB_ACTIONS": "true"}, githubOptions{}, []string{"name it with --github"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, format := range doctorFormats {
				test.o.transport = githubIDToken{t}
				// The sign-in fails: that is when somebody needs it.
				out, err := examine(t, certificateSession(fakeTokens{}), test.env, doctorOptions{format: format, github: test.o})
				if code, _ := exitCode(err); code != exitFailed {
					t.Errorf("exit code %d: %v", code, err)
				}
				if strings.Contains(out, "\x1b") || !strings.Contains(out, signin.GitHubIssuer) || !strings.Contains(out, "api://AzureADTokenExchange") {
					t.Errorf("%s: %s", format, out)
				}
				if format == "json" {
					if doc := diagnosis(t, out); doc.GitHub == nil || doc.SignIn != nil || doc.Error == "" {
						t.Errorf("%s", out)
					}
					continue
				}
				flat := strings.Join(strings.Fields(out), " ")
				for _, want := range test.want {
					if !strings.Contains(out, want) && !strings.Contains(flat, want) {
						t.Errorf("lacks %q:\n%s", want, out)
					}
				}
			}
		})
	}
	out, err := examine(t, certificateSession(fakeTokens{graphScope: appToken(t, "Policy.Read.All", "Organization.Read.All")}), nil,
		doctorOptions{include: []string{"GST-002"}, github: githubOptions{repository: "o/r"}})
	if err != nil || !strings.Contains(out, "Signed in") || !strings.Contains(out, "repo:o/r:ref") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestDoctorRefusesWrongCalls(t *testing.T) {
	oneThread(t)
	for _, o := range []doctorOptions{
		{format: "xml"},
		{include: []string{"NOPE"}},
		{policy: []string{"absent"}},
		{github: githubOptions{repository: "o"}},
		{github: githubOptions{repository: "o/r/s"}},
		{github: githubOptions{repository: "o/r", environment: "e", branch: "b"}},
		{github: githubOptions{environment: "e"}},
	} {
		out, err := examine(t, nil, nil, o)
		if code, _ := exitCode(err); code != exitUsage || out != "" {
			t.Errorf("%+v: exit code %d, %v", o, code, err)
		}
	}
}

// A token's words are those of whoever issued it: here of nobody trustworthy.
func TestDoctorShowsHostileTokensSafely(t *testing.T) {
	evil := "\u001b]0;owned\u0007\n::error::x ##[error]y \u202eAll.daeR"
	token := fakeJWT(t, map[string]any{"idtyp": "app", "tid": evil, "appid": evil, "roles": []string{evil, "Policy.Read.All"}, "wids": []string{evil}})
	for _, format := range doctorFormats {
		out, err := examine(t, certificateSession(fakeTokens{graphScope: token}), nil, doctorOptions{format: format, include: []string{"GST-002"}})
		if code, _ := exitCode(err); code != exitIncomplete {
			t.Error(err)
		}
		for line := range strings.Lines(out) {
			if strings.ContainsAny(line, "\x1b\x07\u202e") || strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("%s: %q", format, line)
			}
		}
	}
}

func TestDoctorIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := streams{out: &bytes.Buffer{}, err: os.Stderr, env: func(string) string { return "" }}
	o := doctorOptions{format: "table", signIn: signInFlags{cloud: "global"}}
	err := runDoctor(ctx, s, &o, func(context.Context, streams) (*session, error) {
		return certificateSession(fakeTokens{graphScope: appToken(t)}), nil
	})
	if code, _ := exitCode(err); code != exitInterrupt {
		t.Errorf("exit code %d, %v", code, err)
	}
}

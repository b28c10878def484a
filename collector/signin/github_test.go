package signin

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestExpectedSubjects(t *testing.T) {
	base := map[string]string{"GITHUB_REPOSITORY": "octo-org/octo-repo", "GITHUB_REPOSITORY_OWNER_ID": "123456",
		"GITHUB_REPOSITORY_ID": "456789", "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "push"}
	const named, numbered = "repo:octo-org/octo-repo:", "repo:octo-org@123456/octo-repo@456789:"
	both := func(context string) []string { return []string{named + context, numbered + context} }
	for _, test := range []struct {
		name        string
		env         map[string]string
		environment string
		want        []string
	}{
		{"branch", base, "", both("ref:refs/heads/main")},
		{"tag", with(base, "GITHUB_REF", "refs/tags/v1"), "", both("ref:refs/tags/v1")},
		{"schedule", with(base, "GITHUB_EVENT_NAME", "schedule"), "", both("ref:refs/heads/main")},
		{"environment", base, "m365-audit", both("environment:m365-audit")},
		{"environment with a colon", base, "Production:V1", both("environment:Production%3AV1")},
		{"environment of a pull request", with(base, "GITHUB_EVENT_NAME", "pull_request"), "e", both("environment:e")},
		{"pull request", with(base, "GITHUB_EVENT_NAME", "pull_request", "GITHUB_REF", "refs/pull/1/merge"), "",
			both("pull_request")},
		{"pull request target", with(base, "GITHUB_EVENT_NAME", "pull_request_target"), "", []string{
			named + "pull_request", named + "ref:refs/heads/main",
			numbered + "pull_request", numbered + "ref:refs/heads/main"}},
		{"no ids", with(base, "GITHUB_REPOSITORY_ID", ""), "", []string{named + "ref:refs/heads/main"}},
		{"outside of a job", map[string]string{"GITHUB_REPOSITORY": "octo-org/octo-repo"}, "e",
			[]string{named + "environment:e"}},
		{"nothing to go by", map[string]string{"GITHUB_REPOSITORY": "octo-org/octo-repo"}, "", nil},
		{"no repository", nil, "e", nil},
		{"half a repository", map[string]string{"GITHUB_REPOSITORY": "octo-org/"}, "e", nil},
		{"too much of a repository", map[string]string{"GITHUB_REPOSITORY": "a/b/c"}, "e", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := ExpectedSubjects(environment(test.env), test.environment); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestGitHubSubject(t *testing.T) {
	job := map[string]string{envGitHubURL: "https://github.example/id?api-version=2.0", envGitHubToken: canaryRequest}
	ask := func(in Cloud, env map[string]string, s *services, name string) (Federation, error) {
		return GitHubSubject(context.Background(), in, environment(env), s, name)
	}
	for _, in := range Clouds {
		s := services{github: func(r request) (int, string) {
			u, err := url.Parse(r.url)
			if err != nil {
				t.Error(err)
			}
			body, err := json.Marshal(map[string]string{"value": jwt(t, map[string]any{
				"iss": GitHubIssuer, "sub": "repo:a@1/b@2:ref:refs/heads/main", "aud": u.Query().Get("audience")})})
			if err != nil {
				t.Error(err)
			}
			return 200, string(body)
		}}
		got, err := ask(in, job, &s, "ignored: the token tells")
		if err != nil {
			t.Fatal(err)
		}
		if !got.FromToken || got.Issuer != GitHubIssuer || !slices.Equal(got.Audiences, []string{in.FederationAudience}) ||
			!slices.Equal(got.Subjects, []string{"repo:a@1/b@2:ref:refs/heads/main"}) {
			t.Errorf("%s: %+v", in.Name, got)
		}
		if r := s.requests[0]; len(s.requests) != 1 || r.method != "GET" ||
			r.header.Get("Authorization") != "Bearer "+canaryRequest || !strings.Contains(r.url, "api-version=2.0") {
			t.Errorf("%s: requests %v", in.Name, s.requests)
		}
		// Outside of such a job nobody is asked.
		quiet := services{}
		got, err = ask(in, map[string]string{"GITHUB_REPOSITORY": "a/b"}, &quiet, "e")
		if err != nil || got.FromToken || got.Issuer != GitHubIssuer ||
			!slices.Equal(got.Subjects, []string{"repo:a/b:environment:e"}) ||
			!slices.Equal(got.Audiences, []string{in.FederationAudience}) || len(quiet.requests) != 0 {
			t.Errorf("%s: %+v, %v", in.Name, got, err)
		}
	}
	for name, env := range map[string]map[string]string{
		"GITHUB_REPOSITORY": nil,
		"https address":     with(job, envGitHubURL, "http://github.example/id"),
		"not a JWT":         job, // the fake's usual answer
	} {
		if got, err := ask(Clouds[0], env, &services{}, "e"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

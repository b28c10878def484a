package signin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/go-json-experiment/json"
)

// GitHubIssuer issues the id tokens of GitHub Actions on github.com.
// https://docs.github.com/actions/reference/security/oidc
const GitHubIssuer = "https://token.actions.githubusercontent.com"

// answerLimit bounds the answer to a request for an id token.
const answerLimit = 1 << 20

// Federation is what a federated credential of the app registration must say so that a GitHub job may sign in.
type Federation struct {
	Issuer    string
	Subjects  []string // one that GitHub sent, or the ones that it may send
	Audiences []string
	FromToken bool // whether GitHub itself said so, now; else it is worked out from the environment
}

// GitHubSubject tells what GitHub presents to Entra ID. In a job that may ask for id tokens it asks for one and reads
// it (without using it); elsewhere it works out what such a token would say, for the environment if one is named.
func GitHubSubject(ctx context.Context, in Cloud, env func(string) string, transport policy.Transporter,
	environment string) (Federation, error) {
	if env(envGitHubURL) == "" {
		subjects := ExpectedSubjects(env, environment)
		if len(subjects) == 0 {
			return Federation{}, errors.New("not in a GitHub job: GITHUB_REPOSITORY is not set to OWNER/REPOSITORY, or " +
				"neither GITHUB_REF nor an environment name is known")
		}
		return Federation{Issuer: GitHubIssuer, Subjects: subjects, Audiences: []string{in.FederationAudience}}, nil
	}
	var v vault
	v.keep(env(envGitHubToken))
	token, err := githubAssertion(ctx, env, transport, in.FederationAudience)
	if err != nil {
		return Federation{}, errors.New(v.clean(err.Error()))
	}
	claims, err := ReadClaims(token)
	if err != nil {
		return Federation{}, fmt.Errorf("the id token from GitHub cannot be read: %w", err)
	}
	return Federation{
		Issuer: claims.Issuer, Subjects: []string{claims.Subject}, Audiences: claims.Audience, FromToken: true,
	}, nil
}

// ExpectedSubjects are the subjects that GitHub may give a job: with names alone, and with names and ids where the ids
// are known. Repositories made, renamed or moved after 15 July 2026, and those that opted in, have the second form.
// An organisation that customises its subjects has neither.
// https://docs.github.com/actions/reference/security/oidc#immutable-subject-claims
func ExpectedSubjects(env func(string) string, environment string) []string {
	owner, repository, ok := strings.Cut(env("GITHUB_REPOSITORY"), "/")
	if !ok || owner == "" || repository == "" || strings.Contains(repository, "/") {
		return nil
	}
	var contexts []string
	event, ref := env("GITHUB_EVENT_NAME"), env("GITHUB_REF")
	switch {
	case environment != "":
		contexts = []string{"environment:" + escapeColon(environment)}
	case event == "pull_request":
		contexts = []string{"pull_request"}
	case strings.HasPrefix(event, "pull_request") && ref != "":
		// Such as pull_request_target: the documentation does not say which of the two it gets.
		contexts = []string{"pull_request", "ref:" + escapeColon(ref)}
	case ref != "":
		contexts = []string{"ref:" + escapeColon(ref)}
	}
	bases := []string{"repo:" + owner + "/" + repository}
	ownerID, repositoryID := env("GITHUB_REPOSITORY_OWNER_ID"), env("GITHUB_REPOSITORY_ID")
	if ownerID != "" && repositoryID != "" {
		bases = append(bases, fmt.Sprintf("repo:%s@%s/%s@%s", owner, ownerID, repository, repositoryID))
	}
	var subjects []string
	for _, base := range bases {
		for _, c := range contexts {
			subjects = append(subjects, base+":"+c)
		}
	}
	return subjects
}

// escapeColon writes a value as GitHub does in a subject, whose parts colons separate.
func escapeColon(value string) string { return strings.ReplaceAll(value, ":", "%3A") }

// githubAssertion asks GitHub for an id token of this job.
// https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
func githubAssertion(ctx context.Context, env func(string) string, transport policy.Transporter,
	audience string) (string, error) {
	u, err := url.Parse(env(envGitHubURL))
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("%s is not an https address: it is set by GitHub and should be left alone", envGitHubURL)
	}
	query := u.Query() // it has a version already
	query.Set("audience", audience)
	u.RawQuery = query.Encode()
	req, err := runtime.NewRequest(ctx, http.MethodGet, u.String())
	if err != nil {
		return "", fmt.Errorf("asking GitHub for an id token: %w", err)
	}
	req.Raw().Header.Set("Authorization", "Bearer "+env(envGitHubToken))
	req.Raw().Header.Set("Accept", "application/json")
	runtime.SkipBodyDownload(req) // read below, with a bound
	// The pipeline brings the retries of passing faults.
	pipeline := runtime.NewPipeline("guestward", "", runtime.PipelineOptions{}, &policy.ClientOptions{
		Transport: transport, Telemetry: policy.TelemetryOptions{Disabled: true},
	})
	res, err := pipeline.Do(req)
	if err != nil {
		return "", fmt.Errorf("asking GitHub for an id token: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("GitHub answered %d to the request for an id token: the job needs "+
			"`permissions: id-token: write`, and a pull request from a fork never gets one", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return "", fmt.Errorf("reading GitHub's id token: %w", err)
	}
	var answer struct {
		Value string `json:"value"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Value == "" {
		return "", errors.New("GitHub's answer to the request for an id token holds no token")
	}
	return answer.Value, nil
}

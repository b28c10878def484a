package main

import (
	"context"
	"fmt"
	"io"
	"regexp"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/report"
)

// githubOptions name the job whose subject is wanted; in a job of GitHub Actions it is known.
type githubOptions struct {
	repository, environment, branch string
	transport                       policy.Transporter // carries the request to GitHub; nil but in tests
}

// githubSubject is what a federated credential must say so that a job may sign in.
type githubSubject struct {
	Issuer    string   `json:"issuer"`
	Audiences []string `json:"audiences"`
	// Sent is the subject that GitHub sends in this very job, "" elsewhere.
	Sent string `json:"sent,omitempty"`
	// Expected are those that it may send: with names alone, and with the ids that outlive a rename.
	Expected []string `json:"expected"`
	Notes    []string `json:"notes"`
}

var repositoryPattern = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)

// subject finds what GitHub sends; nil where nobody asked and this is no job of its.
func (o githubOptions) subject(ctx context.Context, s streams, cloud signin.Cloud) (*githubSubject, error) {
	inJob := s.env("GITHUB_ACTIONS") == "true"
	switch {
	case o.repository != "" && !repositoryPattern.MatchString(o.repository):
		return nil, usagef("--github %q: expected OWNER/REPO", o.repository)
	case o.environment != "" && o.branch != "":
		return nil, usagef("--environment and --branch exclude each other: with an environment the subject names no branch")
	case o.repository == "" && !inJob && o.environment+o.branch != "":
		return nil, usagef("--environment and --branch say more of --github OWNER/REPO, which is missing")
	case o.repository == "" && !inJob:
		return nil, nil
	}
	var g githubSubject
	env := o.variables(s.env)
	if o.repository == "" && o.environment == "" && o.branch == "" {
		now, err := signin.GitHubSubject(ctx, cloud, s.env, o.transport, "")
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err != nil:
			g.Notes = append(g.Notes, err.Error())
		case now.FromToken:
			g.Sent = now.Subjects[0]
			g.Issuer, g.Audiences = now.Issuer, now.Audiences
		}
	}
	if g.Issuer == "" {
		g.Issuer, g.Audiences = signin.GitHubIssuer, []string{cloud.FederationAudience}
	}
	g.Expected = signin.ExpectedSubjects(env, o.environment)
	if g.Sent == "" && len(g.Expected) == 0 {
		g.Notes = append(g.Notes, "GITHUB_REPOSITORY and GITHUB_REF do not say what the job is; "+
			"name it with --github OWNER/REPO")
	}
	if o.unknownIDs(s.env) {
		g.Notes = append(g.Notes, "the ids of the second form: gh api repos/"+o.repository+" --jq '.owner.id, .id'")
	}
	g.Notes = append(g.Notes, "repositories made, renamed or moved after 15 July 2026, or opted in, send the second "+
		"form; an organisation that customises its subjects sends neither")
	return &g, nil
}

// unknownIDs says whether the environment does not know the ids of the repository that was asked for.
func (o githubOptions) unknownIDs(env func(string) string) bool {
	return o.repository != "" && o.repository != env("GITHUB_REPOSITORY")
}

// variables is the environment of the job that was asked for.
func (o githubOptions) variables(env func(string) string) func(string) string {
	set := map[string]string{}
	if o.unknownIDs(env) {
		set["GITHUB_REPOSITORY"] = o.repository
		set["GITHUB_REPOSITORY_OWNER_ID"], set["GITHUB_REPOSITORY_ID"] = "<owner id>", "<repository id>"
	}
	if o.repository != "" || o.branch != "" {
		branch := o.branch
		if branch == "" {
			branch = "main"
		}
		set["GITHUB_EVENT_NAME"], set["GITHUB_REF"] = "push", "refs/heads/"+branch
	}
	return func(name string) string {
		if value, ok := set[name]; ok {
			return value
		}
		return env(name)
	}
}

func (g *githubSubject) write(w io.Writer) {
	fmt.Fprintln(w, "GitHub: what a federated credential of the application must have")
	block(w, "  issuer    ", g.Issuer)
	for _, audience := range g.Audiences {
		block(w, "  audience  ", audience)
	}
	// Subjects are copied: a line break would spoil them.
	if g.Sent != "" {
		fmt.Fprintf(w, "  subject   %s  (sent by this job)\n", report.Terminal(g.Sent))
	}
	for i, subject := range g.Expected {
		switch {
		case subject == g.Sent:
		case i == 0 && g.Sent == "":
			fmt.Fprintf(w, "  subject   %s\n", report.Terminal(subject))
		default:
			fmt.Fprintf(w, "  or        %s\n", report.Terminal(subject))
		}
	}
	for _, note := range g.Notes {
		block(w, "  note      ", note)
	}
}

// forJSON is the subject with everything that somebody else chose made harmless.
func (g *githubSubject) forJSON() *githubSubject {
	if g == nil {
		return nil
	}
	safely := *g
	safely.Issuer, safely.Sent = report.Terminal(g.Issuer), report.Terminal(g.Sent)
	safely.Audiences, safely.Expected = safe(g.Audiences), safe(g.Expected)
	safely.Notes = safe(g.Notes)
	return &safely
}

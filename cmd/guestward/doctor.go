package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/spf13/cobra"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/policies"
)

type doctorOptions struct {
	signIn                   signInFlags
	include, exclude, policy []string
	format                   string
	github                   githubOptions
}

func newDoctor(s streams) *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Compare what a sign-in may read with what the rules need",
		Long: `Sign in, and compare the permissions that were granted with those that the chosen rules
need: which rules will be unknown and which grant closes that, what was granted and is not
needed, and whether SharePoint's full settings can be read. It reads tokens alone and
contacts no other service than the sign-in. Whether the tenant has the licences is not
looked at.

In a GitHub job, or with --github, it also prints what GitHub presents at the sign-in: the
issuer, audience and subject that a federated credential must have.

` + signInHelp + `

Exit codes:
    0  everything that the rules need is granted
    2  a wrong flag, or nothing to sign in with
    3  could not sign in
    4  something will be unknown; Teams and what is exported are, as no permission reads
       them: --exclude TMS,EXO,LOG-001,LOG-002,LOG-003,PBI,AZDO,CA-012,XTA-012 leaves their rules out
  130  interrupted`,
		Example: `  guestward doctor
  guestward doctor --auth azure-cli --for GST,LIF
  guestward doctor --github contoso/security --environment production`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), s, &o, o.signIn.open) },
	}
	addSignInFlags(cmd, &o.signIn)
	f := cmd.Flags()
	f.StringArrayVar(&o.include, "for", nil, rulesHelp("look at"))
	f.StringArrayVar(&o.exclude, "exclude", nil, "`RULES` to leave out")
	f.StringArrayVar(&o.policy, "policy", nil, "`DIR` with rules of your own; may be repeated")
	f.StringVarP(&o.format, "format", "f", "table", "`FORMAT`: table or json")
	f.StringVar(&o.github.repository, "github", "", "`OWNER/REPO` whose subject to print, outside of its jobs")
	f.StringVar(&o.github.environment, "environment", "", "`NAME` of the GitHub environment that the job uses")
	f.StringVar(&o.github.branch, "branch", "", "`BRANCH` that the GitHub job runs on (default main)")
	complete(cmd, "for", ruleNames)
	complete(cmd, "exclude", ruleNames)
	complete(cmd, "format", func() []string { return doctorFormats })
	return cmd
}

var doctorFormats = []string{"table", "json"}

// examination is all that doctor has to tell.
type examination struct {
	session    *session
	claims     *signin.Claims // nil where the token is opaque
	opaque     string         // why it cannot be read
	reach      access.Reach
	diagnosis  access.Diagnosis
	sharePoint sharePointState
	github     *githubSubject
	rules      []*policies.Rule
	selection  string // the flags that choose the same rules for guestward permissions
}

// openSession prepares a sign-in.
type openSession func(context.Context, streams) (*session, error)

func runDoctor(ctx context.Context, s streams, o *doctorOptions, open openSession) error {
	if !slices.Contains(doctorFormats, o.format) {
		return usagef("--format %q: expected %s", o.format, orList(doctorFormats))
	}
	cloud, err := signin.CloudByName(o.signIn.cloud)
	if err != nil {
		return usageError{err}
	}
	rules, err := chooseRules(o.policy, o.include, o.exclude)
	if err != nil {
		return err
	}
	e := &examination{rules: rules, selection: selection(o)}
	if e.github, err = o.github.subject(ctx, s, cloud); err != nil {
		return err
	}
	failed := func() error {
		session, err := open(ctx, s)
		if err != nil {
			return err
		}
		e.session = session
		return e.signIn(ctx)
	}()
	if failed != nil && e.github == nil {
		return failed
	}
	// The subject is what somebody wants to see whose sign-in does not work yet.
	w := bufio.NewWriter(s.out)
	switch {
	case o.format == "json":
		err = writeJSON(w, doctorDocument(e, failed))
	case failed != nil:
		e.github.write(w)
	default:
		e.write(w)
	}
	if err = cmp.Or(err, w.Flush()); err != nil {
		return fmt.Errorf("write the diagnosis to standard output: %w", err)
	}
	if failed != nil {
		return failed
	}
	if !e.diagnosis.Complete() {
		return verdict(exitIncomplete)
	}
	return nil
}

// selection writes the flags that choose the rules once more.
func selection(o *doctorOptions) string {
	var b strings.Builder
	for _, flag := range []struct {
		name   string
		values []string
	}{{"--for", words(o.include)}, {"--exclude", words(o.exclude)}, {"--policy", o.policy}} {
		if flag.name != "--policy" && len(flag.values) > 0 {
			flag.values = []string{strings.Join(flag.values, ",")}
		}
		for _, value := range flag.values {
			fmt.Fprintf(&b, " %s '%s'", flag.name, strings.ReplaceAll(value, "'", `'\''`))
		}
	}
	return b.String()
}

// signIn gets the tokens and compares what they say with what the rules need.
func (e *examination) signIn(ctx context.Context) error {
	token, err := e.token(ctx, e.session.Cloud.GraphScope())
	if err != nil {
		return err
	}
	e.reach = access.Reach{Cloud: e.session.Cloud.Name, AppOnly: e.session.AppOnly, SharePointLogin: e.session.SharePoint}
	if claims, err := signin.ReadClaims(token); err != nil {
		e.opaque = err.Error()
	} else {
		e.claims = &claims
		e.reach.AppOnly = claims.AppOnly()
		e.reach.Graph = granted(claims)
	}
	if err := e.lookAtSharePoint(ctx); err != nil {
		return err
	}
	e.diagnosis = access.Diagnose(e.rules, e.reach)
	if e.session.Method == signin.AzureCLI && !e.reach.AppOnly {
		e.diagnosis.Excess = nil // the scopes are those of Microsoft's application: nobody can take them away
	}
	return nil
}

func (e *examination) token(ctx context.Context, scope string) (string, error) {
	t, err := e.session.Credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
	return t.Token, err
}

// granted are the permissions that a token holds: an application's roles or a person's scopes.
func granted(c signin.Claims) access.Grants {
	if c.AppOnly() {
		return access.Grants{Known: true, Names: c.Roles}
	}
	return access.Grants{Known: true, Names: c.Scopes}
}

// needs says whether the rules need something of the service.
func (e *examination) needs(api collector.API) bool {
	return slices.ContainsFunc(access.Sources(e.rules), func(s *collector.Source) bool { return s.API == api })
}

// sharePointState says whether all settings of SharePoint can be read.
type sharePointState struct {
	State string `json:"state"` // readable, not_granted, refused, untold or not_needed
	Text  string `json:"text"`
}

// sharePointScope is the scope of SharePoint's tokens, by its application id.
var sharePointScope = collector.SharePoint.AppID() + "/.default"

// lookAtSharePoint asks for a token for SharePoint, whose permissions Graph's token does not tell. It is asked for by
// the application id, as the tenant's own host is not known before something is read.
func (e *examination) lookAtSharePoint(ctx context.Context) error {
	needed := e.needs(collector.SharePoint)
	state := func(name, text string) { e.sharePoint = sharePointState{name, text} }
	switch {
	case !needed:
		state("not_needed", "no chosen rule needs them")
		return nil
	case !e.session.SharePoint:
		state("refused", "SharePoint refuses "+e.session.Method+": sign in with a certificate or a federated credential. "+
			"Graph gives only the few that Microsoft put there")
		return nil
	}
	token, err := e.token(ctx, sharePointScope)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		state("untold", "no token for SharePoint: "+err.Error())
		return nil
	}
	claims, err := signin.ReadClaims(token)
	if err != nil {
		state("untold", "what is granted for SharePoint cannot be told: "+err.Error())
		return nil
	}
	e.reach.SharePoint = granted(claims)
	if e.session.Method == testMethod { // one token for all
		e.reach.Graph.Names, e.reach.SharePoint.Names = split(e.reach.Graph.Names)
	}
	full, _ := collector.PermissionNamed("Sites.FullControl.All")
	name := full.Name
	if !e.reach.AppOnly {
		name = access.AllSites
	}
	if slices.ContainsFunc(e.reach.SharePoint.Names, func(n string) bool { return strings.EqualFold(n, name) }) {
		state("readable", name+" is granted")
	} else {
		state("not_granted", name+" is not granted. It allows writing too, and there is no smaller one; "+
			"without it Graph gives only the few that Microsoft put there")
	}
	return nil
}

// testMethod is the sign-in of a Graph for tests, whose one token stands for the tokens of all services.
const testMethod = "test"

// split tells SharePoint's permissions from Graph's, by the table.
func split(names []string) (graph, sharePoint []string) {
	for _, name := range names {
		if p, _ := collector.PermissionNamed(name); p.API == collector.SharePoint {
			sharePoint = append(sharePoint, name)
		} else {
			graph = append(graph, name)
		}
	}
	return graph, sharePoint
}

// Package live is the engine room of a collection: a sign-in and a choice of sources in, what was read out. It joins the
// readers of the services, and knows no flags and prints nothing.
package live

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/graph"
	"github.com/guestward/guestward/collector/imports"
	"github.com/guestward/guestward/collector/sharepoint"
	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/collector/teams"
	"github.com/guestward/guestward/collector/wire"
)

// Options say what to collect from where.
type Options struct {
	Sources []*collector.Source
	// Credential signs in; SharePoint says whether SharePoint takes it.
	Credential azcore.TokenCredential
	SharePoint bool
	Cloud      signin.Cloud
	// GraphURL, SharePointURL and TeamsURL are where the services are, where it is not what the cloud says.
	GraphURL, SharePointURL, TeamsURL string
	// TeamsExport has the settings of Teams; TeamsLive reads them from an interface that is not documented.
	TeamsExport *imports.Export
	TeamsLive   bool
	// Exports has what guestward does not read from a tenant, and may have the settings of Teams.
	Exports *imports.Export

	MaxGuests int
	LogDays   int

	Spool   string
	Resume  bool
	Target  string
	Version string
	Now     time.Time
	// Pause is the first wait for a service that throttles; 0 is the usual one.
	Pause time.Duration

	Progress collector.Progress
	Waiting  func(path string, d time.Duration)
	Log      func(wire.Entry)
}

// Collect reads the sources.
func Collect(ctx context.Context, o Options) (*collector.Collection, error) {
	if o.Pause == 0 {
		o.Pause = wire.DefaultPause
	}
	if o.GraphURL == "" {
		o.GraphURL = o.Cloud.Graph
	}
	client, err := o.client(o.GraphURL, graph.Lanes())
	if err != nil {
		return nil, err
	}
	claims, err := o.claims(ctx)
	if err != nil {
		return nil, err
	}
	o.Target += ", signed in to tenant " + claims.TenantID // what flags and environment amount to
	reader, err := graph.New(graph.Options{
		URL: o.GraphURL, Credential: o.Credential, HTTP: client, Cloud: o.Cloud.Name, Granted: slices.Concat(claims.Roles, claims.Scopes),
		MaxGuests: o.MaxGuests, LogDays: o.LogDays, Pause: o.Pause, TeamsPause: graph.TeamsPause,
	})
	if err != nil {
		return nil, err
	}
	readers := map[collector.API]collector.Reader{
		collector.Graph:      reader,
		collector.SharePoint: &sharePoint{Options: o},
	}
	missing := map[collector.API]*collector.Gap{
		collector.Exchange: notExported("the settings of Exchange"),
		collector.Azure:    notExported("Azure's diagnostic settings"),
		collector.Fabric:   notExported("the settings of Power BI"),
		collector.DevOps:   notExported("the policies of Azure DevOps"),
		collector.Teams:    {Reason: collector.NotRequested, Detail: "Microsoft Graph does not have the settings of Teams; export them with PowerShell and give --teams-export"},
	}
	var notes []string
	for e, name := range map[*imports.Export]string{o.TeamsExport: "the Teams export", o.Exports: "the export"} {
		if e != nil && e.TenantID != "" && claims.TenantID != "" && !strings.EqualFold(e.TenantID, claims.TenantID) {
			return nil, fmt.Errorf("%s is of tenant %s, the sign-in of %s; export in the same tenant", name, e.TenantID, claims.TenantID)
		}
	}
	if o.Exports != nil {
		for _, api := range []collector.API{collector.Exchange, collector.Azure, collector.Fabric, collector.DevOps} {
			readers[api] = o.Exports.Reader()
		}
		notes = append(notes, o.Exports.Notes...)
	}
	switch {
	case o.TeamsExport != nil:
		readers[collector.Teams] = o.TeamsExport.Reader()
		notes = append(notes, o.TeamsExport.Notes...)
	case o.Exports != nil && o.Exports.Brings("teams") && !o.TeamsLive:
		readers[collector.Teams] = o.Exports.Reader()
	case o.TeamsLive:
		r, err := o.teams(claims.TenantID)
		if err != nil {
			missing[collector.Teams] = &collector.Gap{Reason: collector.Unavailable, Detail: err.Error()}
			break
		}
		readers[collector.Teams] = r
		if slices.ContainsFunc(o.Sources, func(s *collector.Source) bool { return s.API == collector.Teams }) {
			notes = append(notes, "Teams was read from an interface that Microsoft does not document (--experimental-teams-api)")
		}
	}
	return collector.Collect(ctx, collector.Options{
		Sources: o.Sources, Readers: readers, Missing: missing,
		Spool: o.Spool, Resume: o.Resume, Target: o.Target,
		Cloud: o.Cloud.Name, Version: o.Version, Now: o.Now, Notes: notes, Progress: o.Progress,
	})
}

// notExported is the gap of what only an administrator's export brings.
func notExported(what string) *collector.Gap {
	return &collector.Gap{
		Reason: collector.NotRequested,
		Detail: "Microsoft Graph does not have " + what + "; export them as .github/EXPORTS.md says, then guestward collect --exports or guestward import exports",
	}
}

// client is one that talks to the service at the address, and to nobody else.
func (o Options) client(address string, lanes []wire.Lane) (*http.Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not the address of a service", address)
	}
	return wire.NewClient(wire.Options{
		Hosts: []string{u.Host}, Lanes: lanes,
		Retries: wire.DefaultRetries, Patience: wire.DefaultPatience, Pause: o.Pause, Timeout: wire.DefaultTimeout,
		Waiting: o.Waiting, Log: o.Log, UserAgent: "NONISV|guestward|guestward/" + o.Version,
	}), nil
}

// claims are what the token for Graph says of the sign-in; nothing, where it is in a form of its own. Without a token
// there is nothing to collect.
func (o Options) claims(ctx context.Context) (signin.Claims, error) {
	token, err := o.Credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{strings.TrimSuffix(o.GraphURL, "/") + "/.default"}})
	if err != nil {
		return signin.Claims{}, fmt.Errorf("sign in: %w", err)
	}
	claims, err := signin.ReadClaims(token.Token)
	if err != nil {
		return signin.Claims{}, nil
	}
	return claims, nil
}

func (o Options) teams(tenant string) (collector.Reader, error) {
	address := o.TeamsURL
	if address == "" {
		address = o.Cloud.Teams
	}
	if address == "" {
		return nil, fmt.Errorf("the address of the Teams interface in the cloud %q is not known", o.Cloud.Name)
	}
	client, err := o.client(address, nil)
	if err != nil {
		return nil, err
	}
	return teams.New(teams.Options{URL: address, TenantID: tenant, Credential: o.Credential, Audience: o.Cloud.TeamsAudience, HTTP: client})
}

// sharePoint reads SharePoint's administration interface, whose address follows from the tenant's name.
type sharePoint struct {
	Options
	once sync.Once
	made *sharepoint.Reader
	err  error
}

func (s *sharePoint) Read(ctx context.Context, source *collector.Source, out *collector.Output) error {
	if !s.SharePoint {
		return &collector.Gap{
			Reason: collector.NoPermission, Permission: source.Permission(),
			Detail: "SharePoint takes no client secret: sign in with a certificate or a federated credential",
		}
	}
	s.once.Do(func() { s.made, s.err = s.open(out) })
	if s.err != nil {
		return s.err
	}
	return s.made.Read(ctx, source, out)
}

func (s *sharePoint) open(out *collector.Output) (*sharepoint.Reader, error) {
	address := s.SharePointURL
	if address == "" {
		owned, err := out.Domains()
		if err != nil {
			return nil, err
		}
		var domains []string
		for _, d := range owned {
			if d.IsInitial {
				domains = append(domains, d.Name)
			}
		}
		if address, err = sharepoint.AdminURL(domains, s.Cloud.SharePointAdminSuffix); err != nil {
			return nil, err
		}
	}
	client, err := s.client(address, sharepoint.Lanes())
	if err != nil {
		return nil, err
	}
	return sharepoint.New(sharepoint.Options{AdminURL: address, Credential: s.Credential, HTTP: client})
}

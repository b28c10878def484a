// Package sharepoint reads the sharing settings of SharePoint and OneDrive, of the tenant and of single sites, from
// SharePoint's administration interface. Microsoft Graph knows little of them.
package sharepoint

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/wire"
)

// Options say where the administration interface is and who asks.
type Options struct {
	// AdminURL is the address of the tenant's administration site, such as https://contoso-admin.sharepoint.com.
	AdminURL   string
	Credential azcore.TokenCredential
	// HTTP carries the requests; wire.NewClient makes one. It says in its User-Agent who asks, as Microsoft wishes:
	// https://learn.microsoft.com/en-us/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
	HTTP *http.Client
}

// Reader reads sources from SharePoint.
type Reader struct {
	Options
	digest digest
}

var _ collector.Reader = (*Reader)(nil)

// flag is what the user gives where the address does not follow from the tenant's name.
const flag = "--sharepoint-admin-url"

// New makes a reader.
func New(o Options) (*Reader, error) {
	u, err := url.Parse(o.AdminURL)
	// A service on this machine, for tests, may stand under a path.
	local := err == nil && wire.IsLoopback(u.Hostname())
	secure := err == nil && (u.Scheme == "https" || u.Scheme == "http" && local)
	if !secure || u.Host == "" || !local && strings.TrimSuffix(o.AdminURL, "/") != u.Scheme+"://"+u.Host {
		return nil, fmt.Errorf("%s: %q is not the address of SharePoint's administration, such as "+
			"https://contoso-admin.sharepoint.com", flag, o.AdminURL)
	}
	o.AdminURL = strings.TrimSuffix(o.AdminURL, "/")
	return &Reader{Options: o}, nil
}

// Lanes are how fast SharePoint may be asked, by path. Nothing is published for these interfaces but that they cost
// more than those of Microsoft Graph.
// https://learn.microsoft.com/en-us/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
func Lanes() []wire.Lane {
	return []wire.Lane{
		{Prefix: "/_api/", Parallel: 1},
		{Prefix: processQuery, Parallel: atOnce},
	}
}

// Read reads a source of the table.
func (r *Reader) Read(ctx context.Context, s *collector.Source, out *collector.Output) error {
	switch s.Path {
	case "sharePoint.tenant":
		return gap(r.tenant(ctx, s, out), s)
	case "sites":
		return gap(r.sites(ctx, s, out), s)
	}
	return fmt.Errorf("no reading of %s is known", s.Path)
}

// initialDomains are what the domain ends with that a tenant is born with, in one cloud or another. SharePoint's hosts
// are named after it until an administrator renames them.
// https://learn.microsoft.com/en-us/sharepoint/change-your-sharepoint-domain-name
var initialDomains = []string{".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn"}

var tenantName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// AdminURL is the address of SharePoint's administration in the tenant that has the domains. The suffix is what follows
// the tenant's name there, such as -admin.sharepoint.com.
func AdminURL(domains []string, suffix string) (string, error) {
	var names []string
	for _, domain := range domains {
		domain = strings.ToLower(strings.TrimSpace(domain))
		for _, end := range initialDomains {
			if name, ok := strings.CutSuffix(domain, end); ok && tenantName.MatchString(name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	switch {
	case suffix == "":
		return "", errors.New("the address of SharePoint's administration is not known in this cloud: give it with " + flag)
	case len(names) == 0:
		return "", errors.New("the address of SharePoint's administration does not follow from the tenant's domains, " +
			"none of which is its initial one: give it with " + flag)
	case len(names) > 1:
		return "", fmt.Errorf("the tenant has several domains after which SharePoint may be named (%s): give the address of "+
			"its administration with %s", strings.Join(names, ", "), flag)
	}
	return "https://" + names[0] + suffix, nil
}

package signin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// Options say how to sign in. What is empty is taken from the environment.
type Options struct {
	Method          string // one of Methods; "" is auto
	Cloud           Cloud  // the zero value is the global cloud
	TenantID        string // the tenant's id or one of its domains; else AZURE_TENANT_ID
	ClientID        string // of the app registration, or of a user-assigned managed identity; else AZURE_CLIENT_ID
	CertificatePath string // PEM or PFX; else AZURE_CLIENT_CERTIFICATE_PATH

	Interactive bool         // whether a person sits at a terminal
	Prompt      func(string) // shows the message of device-code; standard error if nil

	Env       func(string) string               // os.Getenv if nil
	LookPath  func(name string) (string, error) // exec.LookPath if nil
	Transport policy.Transporter                // carries every request; azcore's own client if nil
}

// Credential gets tokens in the way that was chosen. Its errors are of type *Error. It holds secrets and prints none.
type Credential struct {
	Method string // how it signs in: one of Methods, never auto

	// AppOnly says that an application signs in for itself. With azure-cli it may be either: see Claims.AppOnly.
	AppOnly bool

	// SharePoint says whether SharePoint takes the tokens: an application with a client secret is refused with 401.
	// https://learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread
	SharePoint bool

	Cloud    Cloud
	TenantID string // as given; "" if the method knows it itself
	ClientID string // as given; "" if the method knows it itself

	inner      azcore.TokenCredential
	vault      *vault
	passedOver []string // what auto left aside for want of something
}

var _ azcore.TokenCredential = (*Credential)(nil)

// String names the way to sign in and nothing secret.
func (c *Credential) String() string {
	return "sign-in with " + c.Method + " in the cloud " + c.Cloud.Name
}

// GoString keeps %#v from walking into the secrets.
func (c *Credential) GoString() string { return c.String() }

// GetToken gets a token. It is safe for concurrent use.
func (c *Credential) GetToken(ctx context.Context, want policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := c.inner.GetToken(ctx, want)
	if err == nil && token.Token == "" {
		err = errors.New("the answer holds no token")
	}
	if err != nil {
		// The libraries below lose what ended the context.
		return azcore.AccessToken{}, c.Explain(errors.Join(ctx.Err(), err))
	}
	return token, nil
}

// setup is what a sign-in is built from: the options with the environment looked through.
type setup struct {
	Options
	tenant, client string
	certificate    string
	vault          *vault
}

// New chooses a way to sign in and prepares it. It contacts nobody: tokens are asked for later. An error says what is
// missing and how to give it.
func New(opts Options) (*Credential, error) {
	s := newSetup(opts)
	if err := s.Cloud.checkAuthority(s.get(envAuthorityHost)); err != nil {
		return nil, err
	}
	m, because, passedOver, err := s.choose()
	if err != nil {
		return nil, err
	}
	if m.name == AzurePipelines {
		s.tenant = first(s.tenant, s.get(envPipelinesTenant))
		s.client = first(s.client, s.get(envPipelinesClient))
	}
	fail := func(what string) error { return fmt.Errorf("sign-in with %s%s: %s", m.name, because, what) }
	if missing := s.missing(m); len(missing) > 0 {
		return nil, fail("missing " + strings.Join(missing, "; and "))
	}
	if err := s.checkIDs(); err != nil {
		return nil, fail(err.Error())
	}
	inner, err := m.build(s)
	if err != nil {
		return nil, fail(s.vault.clean(err.Error()))
	}
	return &Credential{
		Method: m.name, AppOnly: m.appOnly, SharePoint: m.sharePoint, Cloud: s.Cloud, TenantID: s.tenant, ClientID: s.client,
		inner: inner, vault: s.vault, passedOver: passedOver,
	}, nil
}

func newSetup(opts Options) *setup {
	if opts.Env == nil {
		opts.Env = os.Getenv
	}
	if opts.LookPath == nil {
		opts.LookPath = exec.LookPath
	}
	if opts.Prompt == nil {
		opts.Prompt = func(message string) { fmt.Fprintln(os.Stderr, message) }
	}
	if opts.Cloud.Name == "" {
		opts.Cloud = Clouds[0]
	}
	s := &setup{Options: opts, vault: &vault{}}
	s.tenant = first(opts.TenantID, s.get(envTenant))
	s.client = first(opts.ClientID, s.get(envClient))
	s.certificate = first(opts.CertificatePath, s.get(envCertificate))
	for _, name := range secretVariables {
		s.vault.keep(opts.Env(name), s.get(name))
	}
	return s
}

// get reads a variable without the blanks and line ends that come along when one is pasted or read from a file.
func (s *setup) get(name string) string { return strings.TrimSpace(s.Env(name)) }

// set reports whether a variable holds anything.
func (s *setup) set(name string) bool { return s.get(name) != "" }

// choose finds the method asked for, or for auto the first one that the environment speaks for.
func (s *setup) choose() (m method, because string, passedOver []string, err error) {
	if s.Method != "" && s.Method != Auto {
		i := slices.IndexFunc(methods, func(m method) bool { return m.name == s.Method })
		if i < 0 {
			return method{}, "", nil, fmt.Errorf("unknown way to sign in %q: use one of %s",
				s.Method, strings.Join(Methods, ", "))
		}
		return methods[i], "", nil, nil
	}
	for _, m := range methods {
		sign := m.sign(s)
		if sign == "" {
			continue
		}
		// Where every job has the sign, its being there is no wish yet.
		if missing := s.missing(m); m.ambient && len(missing) > 0 {
			passedOver = append(passedOver, m.name+" was passed over: missing "+strings.Join(missing, "; and "))
			continue
		}
		return m, " (chosen because " + sign + ")", passedOver, nil
	}
	return method{}, "", nil, errors.New(s.nothingFound())
}

// nothingFound lists what each way would take.
func (s *setup) nothingFound() string {
	var b strings.Builder
	b.WriteString("found no way to sign in: choose one with --auth and give what it needs")
	for _, m := range methods {
		missing := strings.Join(s.missing(m), "; and ")
		if missing == "" {
			missing = "nothing is missing, but it must be asked for"
		}
		fmt.Fprintf(&b, "\n  %s: %s", m.name, missing)
	}
	return b.String()
}

// missing lists what a method lacks.
func (s *setup) missing(m method) []string {
	var missing []string
	for _, n := range m.needs {
		if !n.has(s) {
			missing = append(missing, n.give)
		}
	}
	return missing
}

var (
	guidPattern   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	domainPattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$`)
)

// checkIDs refuses ids that cannot be right. It does not repeat them: what was pasted there may be a secret.
func (s *setup) checkIDs() error {
	if t := s.tenant; t != "" && !guidPattern.MatchString(t) && !domainPattern.MatchString(t) {
		return fmt.Errorf("%s is neither a tenant's id (a GUID) nor one of its domains, such as contoso.onmicrosoft.com",
			giveTenant)
	}
	if c := s.client; c != "" && !guidPattern.MatchString(c) {
		return fmt.Errorf("%s is not an application (client) id, which is a GUID", giveClient)
	}
	return nil
}

// first is the first of two that is not empty.
func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

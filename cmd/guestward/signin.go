package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/spf13/cobra"

	"github.com/guestward/guestward/collector/signin"
	"github.com/guestward/guestward/collector/wire"
	"github.com/guestward/guestward/report"
)

// signInFlags are how a command that talks to a tenant signs in.
type signInFlags struct {
	auth        string
	cloud       string
	tenant      string
	client      string
	certificate string
	graphURL    string
}

const signInHelp = `Sign-in: --auth auto takes what the environment offers, in this order: a certificate
(AZURE_CLIENT_CERTIFICATE_PATH), a client secret (AZURE_CLIENT_SECRET), workload identity
federation (AZURE_FEDERATED_TOKEN_FILE, GitHub Actions, Azure Pipelines, GitLab), managed
identity, the Azure CLI, and on a terminal a device code. The tenant and the application
are AZURE_TENANT_ID and AZURE_CLIENT_ID. SharePoint's settings take a certificate or a
federated credential.`

func addSignInFlags(cmd *cobra.Command, f *signInFlags) {
	flags := cmd.Flags()
	flags.StringVar(&f.auth, "auth", signin.Auto, "`HOW` to sign in: "+strings.Join(signin.Methods, ", "))
	flags.StringVar(&f.cloud, "cloud", "global", "`CLOUD` of the tenant: global, usgov, dod or china")
	flags.StringVar(&f.tenant, "tenant", "", "`ID` or domain of the tenant (default AZURE_TENANT_ID)")
	flags.StringVar(&f.client, "client-id", "", "`ID` of the application (default AZURE_CLIENT_ID)")
	flags.StringVar(&f.certificate, "certificate", "", "PEM or PFX `FILE` with certificate and key (default AZURE_CLIENT_CERTIFICATE_PATH)")
	flags.StringVar(&f.graphURL, "graph-url", "", "`URL` of a Microsoft Graph for tests, on this machine only; its token is GUESTWARD_TEST_TOKEN")
	complete(cmd, "auth", func() []string { return signin.Methods })
	complete(cmd, "cloud", func() []string {
		var names []string
		for _, c := range signin.Clouds {
			names = append(names, c.Name)
		}
		return names
	})
}

// session is a sign-in that is prepared: tokens are fetched when they are needed.
type session struct {
	Credential azcore.TokenCredential
	Cloud      signin.Cloud
	GraphURL   string
	Method     string
	AppOnly    bool
	SharePoint bool
	// TeamsURL is set where Graph is one for tests.
	TeamsURL string
}

// open prepares the sign-in.
func (f *signInFlags) open(_ context.Context, s streams) (*session, error) {
	cloud, err := signin.CloudByName(f.cloud)
	if err != nil {
		return nil, usageError{err}
	}
	if f.graphURL != "" {
		return f.openTest(cloud, s)
	}
	credential, err := signin.New(signin.Options{
		Method: f.auth, Cloud: cloud, TenantID: f.tenant, ClientID: f.client, CertificatePath: f.certificate,
		Env: s.env, Interactive: s.inTTY && s.errTTY,
		Prompt: func(text string) { fmt.Fprintln(s.err, report.Terminal(text)) },
	})
	if err != nil {
		return nil, usageError{err}
	}
	return &session{
		Credential: credential, Cloud: cloud, GraphURL: cloud.Graph,
		Method: credential.Method, AppOnly: credential.AppOnly, SharePoint: credential.SharePoint,
	}, nil
}

// openTest is a session with a Graph on this machine, which takes whatever token it is given.
func (f *signInFlags) openTest(cloud signin.Cloud, s streams) (*session, error) {
	u, err := url.Parse(f.graphURL)
	if err != nil || u.Host == "" || !wire.IsLoopback(u.Hostname()) {
		return nil, usagef("--graph-url %s: only an address of this machine, such as http://127.0.0.1:8080; a tenant's cloud is chosen with --cloud", f.graphURL)
	}
	address := strings.TrimSuffix(f.graphURL, "/")
	return &session{
		Credential: testToken(s.env("GUESTWARD_TEST_TOKEN")), Cloud: cloud, GraphURL: address, TeamsURL: address + "/teams",
		Method: "test", AppOnly: true, SharePoint: true,
	}, nil
}

// testToken is a token for a Graph on this machine.
type testToken string

func (t testToken) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(t), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

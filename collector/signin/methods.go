package signin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// The ways to sign in, as --auth takes them.
const (
	Auto             = "auto"
	Certificate      = "certificate"
	ClientSecret     = "client-secret"
	WorkloadIdentity = "workload-identity"
	GitHub           = "github"
	AzurePipelines   = "azure-pipelines"
	GitLab           = "gitlab"
	ManagedIdentity  = "managed-identity"
	AzureCLI         = "azure-cli"
	DeviceCode       = "device-code"
	Browser          = "browser"
)

// Methods lists the ways to sign in. Auto takes the first of the others that the environment speaks for, in this
// order, and never browser.
var Methods = []string{Auto, Certificate, ClientSecret, WorkloadIdentity, GitHub, AzurePipelines, GitLab,
	ManagedIdentity, AzureCLI, DeviceCode, Browser}

// The environment variables that are read. Those of Azure are named as the azidentity module names them:
// https://pkg.go.dev/github.com/Azure/azure-sdk-for-go/sdk/azidentity#readme-environment-variables
const (
	envTenant              = "AZURE_TENANT_ID"
	envClient              = "AZURE_CLIENT_ID"
	envSecret              = "AZURE_CLIENT_SECRET"
	envCertificate         = "AZURE_CLIENT_CERTIFICATE_PATH"
	envCertificatePassword = "AZURE_CLIENT_CERTIFICATE_PASSWORD"
	envSendChain           = "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"
	envFederatedFile       = "AZURE_FEDERATED_TOKEN_FILE"
	envAuthorityHost       = "AZURE_AUTHORITY_HOST"

	// Set in a GitHub job that has `id-token: write`.
	envGitHubURL   = "ACTIONS_ID_TOKEN_REQUEST_URL"
	envGitHubToken = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"

	// Set in every Azure Pipelines job; the token only where the step maps it:
	// https://learn.microsoft.com/azure/devops/pipelines/build/variables#systemaccesstoken
	envPipelinesURI   = "SYSTEM_OIDCREQUESTURI"
	envPipelinesToken = "SYSTEM_ACCESSTOKEN"
	// Set by the tasks AzureCLI@2 and AzurePowerShell@5 for their service connection.
	envPipelinesConnection = "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"
	envPipelinesTenant     = "AZURESUBSCRIPTION_TENANT_ID"
	envPipelinesClient     = "AZURESUBSCRIPTION_CLIENT_ID"

	// GitLab lets the job name the variable of its id token; this is the name that is read here.
	// https://docs.gitlab.com/ci/secrets/id_token_authentication/
	envGitLabToken = "GITLAB_OIDC_TOKEN"
)

// secretVariables hold what no text may repeat.
var secretVariables = []string{envSecret, envCertificatePassword, envGitHubToken, envPipelinesToken, envGitLabToken,
	"IDENTITY_HEADER", "MSI_SECRET"}

// How to give the two ids that most ways need.
const (
	giveTenant = envTenant + " (or --tenant)"
	giveClient = envClient + " (or --client-id)"
)

// need is one thing that a method cannot do without.
type need struct {
	give string // what it is and how to give it
	has  func(*setup) bool
}

func needVariable(name, what string) need {
	return need{name + ", " + what, func(s *setup) bool { return s.set(name) }}
}

var (
	needTenant = need{giveTenant + ", the tenant's id or one of its domains",
		func(s *setup) bool { return s.tenant != "" }}
	needClient = need{giveClient + ", the application (client) id of the app registration",
		func(s *setup) bool { return s.client != "" }}
	needPerson = need{"a person at a terminal: use certificate or a federated way in automation",
		func(s *setup) bool { return s.Interactive }}
)

// method is one way to sign in.
type method struct {
	name       string
	appOnly    bool
	sharePoint bool
	// sign says what in the environment speaks for the method, "" if nothing does.
	sign func(*setup) string
	// ambient marks a sign that is there without anybody having wished for this way to sign in.
	ambient bool
	needs   []need
	build   func(*setup) (azcore.TokenCredential, error)
}

// variableIsSet is the sign of most methods.
func variableIsSet(name string) func(*setup) string {
	return func(s *setup) string {
		if s.set(name) {
			return name + " is set"
		}
		return ""
	}
}

// methods are the ways to sign in, in the order in which auto looks for their signs.
var methods = []method{
	{
		name: Certificate, appOnly: true, sharePoint: true,
		sign: func(s *setup) string {
			if s.certificate != "" {
				return "a certificate file is given"
			}
			return ""
		},
		needs: []need{
			{envCertificate + " (or --certificate), a PEM or PFX file with certificate and private key",
				func(s *setup) bool { return s.certificate != "" }},
			needTenant, needClient,
		},
		build: (*setup).certificateCredential,
	},
	{
		name: ClientSecret, appOnly: true, sharePoint: false,
		sign:  variableIsSet(envSecret),
		needs: []need{needVariable(envSecret, "the value (not the id) of a client secret"), needTenant, needClient},
		build: func(s *setup) (azcore.TokenCredential, error) {
			return azidentity.NewClientSecretCredential(s.tenant, s.client, s.get(envSecret),
				&azidentity.ClientSecretCredentialOptions{ClientOptions: s.clientOptions()})
		},
	},
	{
		name: WorkloadIdentity, appOnly: true, sharePoint: true,
		sign: variableIsSet(envFederatedFile),
		needs: []need{needVariable(envFederatedFile, "a file with a token of the federated issuer, as Kubernetes mounts it"),
			needTenant, needClient},
		build: (*setup).workloadIdentity,
	},
	{
		name: GitHub, appOnly: true, sharePoint: true,
		sign: variableIsSet(envGitHubURL), ambient: true,
		needs: []need{
			{envGitHubURL + " and " + envGitHubToken + ", which GitHub sets in jobs with `permissions: id-token: write`",
				func(s *setup) bool { return s.set(envGitHubURL) && s.set(envGitHubToken) }},
			needTenant, needClient,
		},
		build: func(s *setup) (azcore.TokenCredential, error) {
			return s.assertion(func(ctx context.Context) (string, error) {
				return githubAssertion(ctx, s.get, s.Transport, s.Cloud.FederationAudience)
			})
		},
	},
	{
		name: AzurePipelines, appOnly: true, sharePoint: true,
		sign: variableIsSet(envPipelinesURI), ambient: true,
		needs: []need{
			needVariable(envPipelinesURI, "which Azure Pipelines sets"),
			needVariable(envPipelinesToken, "to be mapped in the step: `env: {SYSTEM_ACCESSTOKEN: $(System.AccessToken)}`"),
			needVariable(envPipelinesConnection, "the id of the service connection, which AzureCLI@2 sets"),
			{giveTenant + " or " + envPipelinesTenant + ", the tenant of the service connection",
				func(s *setup) bool { return s.tenant != "" || s.set(envPipelinesTenant) }},
			{giveClient + " or " + envPipelinesClient + ", the application of the service connection",
				func(s *setup) bool { return s.client != "" || s.set(envPipelinesClient) }},
		},
		build: func(s *setup) (azcore.TokenCredential, error) {
			return azidentity.NewAzurePipelinesCredential(s.tenant, s.client, s.get(envPipelinesConnection),
				s.get(envPipelinesToken), &azidentity.AzurePipelinesCredentialOptions{ClientOptions: s.clientOptions()})
		},
	},
	{
		name: GitLab, appOnly: true, sharePoint: true,
		sign: variableIsSet(envGitLabToken),
		needs: []need{
			needVariable(envGitLabToken,
				"to be declared in the job: `id_tokens: {GITLAB_OIDC_TOKEN: {aud: api://AzureADTokenExchange}}`"),
			needTenant, needClient,
		},
		build: (*setup).gitlab,
	},
	{
		name: ManagedIdentity, appOnly: true, sharePoint: true,
		// A virtual machine has no variable of the kind: there it must be asked for.
		sign: func(s *setup) string {
			for _, name := range []string{"IDENTITY_ENDPOINT", "MSI_ENDPOINT"} {
				if s.set(name) {
					return name + " is set"
				}
			}
			return ""
		},
		build: func(s *setup) (azcore.TokenCredential, error) {
			options := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: s.clientOptions()}
			if s.client != "" {
				options.ID = azidentity.ClientID(s.client) // a user-assigned one
			}
			return azidentity.NewManagedIdentityCredential(options)
		},
	},
	{
		name: AzureCLI, sharePoint: true,
		sign: func(s *setup) string {
			if _, err := s.LookPath("az"); err == nil {
				return "az is installed"
			}
			return ""
		},
		needs: []need{{"az, the Azure CLI, on the PATH, signed in with `az login --allow-no-subscriptions`",
			func(s *setup) bool { _, err := s.LookPath("az"); return err == nil }}},
		build: func(s *setup) (azcore.TokenCredential, error) {
			cli, err := azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: s.tenant})
			if err != nil {
				return nil, err
			}
			return &cache{inner: cli, now: time.Now}, nil
		},
	},
	{
		name: DeviceCode, sharePoint: true,
		sign: func(s *setup) string {
			if s.Interactive {
				return "nothing else was found and a person is at the terminal"
			}
			return ""
		},
		ambient: true,
		needs:   []need{needPerson, needTenant, needClient},
		build: func(s *setup) (azcore.TokenCredential, error) {
			return azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
				ClientOptions: s.clientOptions(), TenantID: s.tenant, ClientID: s.client,
				UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error {
					s.Prompt(s.vault.clean(m.Message))
					return nil
				},
			})
		},
	},
	{
		name: Browser, sharePoint: true,
		sign:  func(*setup) string { return "" }, // only if asked for
		needs: []need{needPerson, needTenant, needClient},
		build: func(s *setup) (azcore.TokenCredential, error) {
			return azidentity.NewInteractiveBrowserCredential(&azidentity.InteractiveBrowserCredentialOptions{
				ClientOptions: s.clientOptions(), TenantID: s.tenant, ClientID: s.client,
			})
		},
	},
}

// clientOptions are what every credential of azidentity takes. Naming the cloud keeps azidentity from reading
// AZURE_AUTHORITY_HOST itself.
func (s *setup) clientOptions() azcore.ClientOptions {
	return azcore.ClientOptions{Cloud: s.Cloud.azure, Transport: s.Transport}
}

func (s *setup) certificateCredential() (azcore.TokenCredential, error) {
	certs, key, err := loadCertificate(s.certificate, s.Env(envCertificatePassword), time.Now())
	if err != nil {
		return nil, err
	}
	sendChain, _ := strconv.ParseBool(s.get(envSendChain))
	return azidentity.NewClientCertificateCredential(s.tenant, s.client, certs, key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: s.clientOptions(), SendCertificateChain: sendChain})
}

// workloadIdentity presents the token in a file, which whoever runs the workload replaces before it expires.
func (s *setup) workloadIdentity() (azcore.TokenCredential, error) {
	read := func(context.Context) (string, error) {
		data, err := readBounded(s.get(envFederatedFile), tokenLimit)
		if err != nil {
			return "", fmt.Errorf("the file that %s names cannot be used: %w", envFederatedFile, err)
		}
		token := strings.TrimSpace(string(data))
		if token == "" {
			return "", fmt.Errorf("%s, which %s names, is empty: it should hold a token",
				s.get(envFederatedFile), envFederatedFile)
		}
		return token, nil
	}
	if _, err := read(context.Background()); err != nil {
		return nil, err
	}
	return s.assertion(read)
}

// gitlab presents the id token that GitLab put into the job's environment. It cannot be renewed, so its age matters.
func (s *setup) gitlab() (azcore.TokenCredential, error) {
	token := s.get(envGitLabToken)
	claims, err := ReadClaims(token)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", envGitLabToken, err)
	}
	if want := s.Cloud.FederationAudience; !slices.Contains(claims.Audience, want) {
		return nil, fmt.Errorf("%s is made for another audience: declare `id_tokens: {%s: {aud: %s}}` in the job",
			envGitLabToken, envGitLabToken, want)
	}
	return s.assertion(func(context.Context) (string, error) {
		if !claims.Expires.IsZero() && time.Now().After(claims.Expires) {
			return "", errors.New("the id token in " + envGitLabToken + " expired at " + claims.Expires.Format(time.RFC3339) +
				" and GitLab gives a job no second one: give the job a longer `timeout`, which the token's life follows")
		}
		return token, nil
	})
}

// assertion signs in with the token of another issuer, which is fetched again for each new access token.
func (s *setup) assertion(get func(context.Context) (string, error)) (azcore.TokenCredential, error) {
	return azidentity.NewClientAssertionCredential(s.tenant, s.client, func(ctx context.Context) (string, error) {
		token, err := get(ctx)
		if err != nil {
			return "", err
		}
		s.vault.renew("assertion", token)
		return token, nil
	}, &azidentity.ClientAssertionCredentialOptions{ClientOptions: s.clientOptions()})
}

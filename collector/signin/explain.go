package signin

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/go-json-experiment/json"
)

// Error is a sign-in that failed, in words for people. It holds no secret and does not lead to the original error,
// whose request does.
type Error struct {
	Method string
	Code   string // the code of Entra ID, such as AADSTS7000215; "" if it gave none
	Text   string // what is wrong and what to do

	ended error // context.Canceled or context.DeadlineExceeded, if that was it
}

func (e *Error) Error() string {
	text := "sign-in with " + e.Method + " failed: " + e.Text
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	return text
}

// Unwrap leads to context.Canceled or context.DeadlineExceeded alone.
func (e *Error) Unwrap() error { return e.ended }

// remedies say in plain words what the frequent codes mean and what to do.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var remedies = map[string]string{
	"AADSTS50034": "that account does not exist in {tenant}: check the tenant, or sign in with an account of it",
	"AADSTS50076": "multifactor authentication is required: sign in with device-code or browser, or run az login " +
		"again",
	"AADSTS50079": "multifactor authentication must be set up for this account first: sign in to " +
		"https://myaccount.microsoft.com",
	"AADSTS50105": "this account is not assigned to {application}: assign it under Enterprise applications",
	"AADSTS53003": "a Conditional Access policy of {tenant} blocks this sign-in: see the sign-in log (service " +
		"principal sign-ins for an application) for the policy, and exclude this identity or sign in from a " +
		"permitted place",
	"AADSTS65001": "nobody consented to the application's permissions: an administrator must grant admin consent to " +
		"{application}",
	"AADSTS70021": "no federated credential of {application} matches the presented token{presented}: add one with " +
		"exactly this issuer, subject and audience, in the same letter case (guestward doctor prints what is sent)",
	"AADSTS90002": "{tenant} does not exist in the cloud {cloud}: check " + envTenant + ", or choose its cloud with " +
		"--cloud",
	"AADSTS500011": "the service that the token is for is unknown in {tenant}: it has no licence for it, or --cloud " +
		"{cloud} is not its cloud",
	"AADSTS700016": "{application} does not exist in {tenant}: check " + envClient + " (not the object id), " +
		envTenant + " and --cloud (now {cloud}); an application of another tenant needs admin consent here " +
		"first",
	"AADSTS700024": "the presented token or assertion is expired or not yet valid: check this machine's clock, and " +
		"the age of the federated token",
	"AADSTS700027": "the certificate is not one of {application}: upload its public part under Certificates & secrets",
	"AADSTS700082": "the stored sign-in has expired: sign in again (az login)",
	"AADSTS700211": "no federated credential of {application} has the issuer of the presented token{presented}: " +
		"correct its issuer (no slash too many)",
	"AADSTS700212": "no federated credential of {application} has the audience of the presented token{presented}: it " +
		"must be {audience}",
	"AADSTS700213": "no federated credential of {application} has the subject of the presented token{presented}: add " +
		"one with exactly this subject (guestward doctor prints it; GitHub's new form has numeric ids)",
	"AADSTS900023":  "{tenant} is neither the id nor a domain of a tenant: check " + envTenant,
	"AADSTS7000112": "{application} is disabled in {tenant}: enable sign-in under Enterprise applications",
	"AADSTS7000215": "the client secret is wrong: " + envSecret + " must be the secret's value, not its id, of " +
		"{application}",
	"AADSTS7000218": "{application} allows no sign-in of a person without a secret: switch on Allow public client " +
		"flows under Authentication",
	"AADSTS7000222": "the client secret has expired: make a new one for {application}, or better use a certificate",
	"AADSTS7002138": "the subject of a federated credential of {application} differs from that of the presented " +
		"token{presented} in letter case alone: write it exactly so",
}

var (
	codePattern        = regexp.MustCompile(`AADSTS[0-9]{4,9}`)
	presentedPattern   = regexp.MustCompile(`(?i)assertion (subject|issuer|audience):? '([^']{1,300})'`)
	correlationPattern = regexp.MustCompile(`(?i)correlation[ _]id"?:? ?"?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})`)
	tailPattern        = regexp.MustCompile(`\s*Trace ID:.*$`)
)

// Explain puts the error of a sign-in into plain words without secrets. GetToken's errors are explained already.
func (c *Credential) Explain(err error) error {
	if err == nil {
		return nil
	}
	if known := (*Error)(nil); errors.As(err, &known) {
		return known
	}
	e := &Error{Method: c.Method}
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			e.ended = ended
		}
	}
	if e.ended == context.Canceled {
		e.Text = "it was interrupted"
		return e
	}
	text := serviceText(err)
	e.Code = codePattern.FindString(text)
	if remedy, ok := remedies[e.Code]; ok {
		e.Text = c.fill(remedy, text)
	} else {
		e.Text = tailPattern.ReplaceAllString(c.vault.clean(text), "")
		if e.Code != "" {
			e.Text = strings.TrimPrefix(e.Text, e.Code+": ")
		}
	}
	if match := correlationPattern.FindStringSubmatch(text); match != nil {
		e.Text += " [correlation id " + match[1] + "]"
	}
	for _, note := range c.passedOver {
		e.Text += "; " + note
	}
	return e
}

// fill puts what is known into a remedy.
func (c *Credential) fill(remedy, text string) string {
	var presented []string
	for _, match := range presentedPattern.FindAllStringSubmatch(text, 3) {
		presented = append(presented, strings.ToLower(match[1])+" "+match[2])
	}
	list := ""
	if len(presented) > 0 {
		list = " (" + strings.Join(presented, ", ") + ")"
	}
	return c.vault.clean(strings.NewReplacer(
		"{tenant}", named("tenant", c.TenantID, "the tenant"),
		"{application}", named("the application", c.ClientID, "the application"),
		"{cloud}", c.Cloud.Name,
		"{audience}", c.Cloud.FederationAudience,
		"{presented}", list,
	).Replace(remedy))
}

// named puts a name after what it names, where there is one.
func named(what, name, nameless string) string {
	if name == "" {
		return nameless
	}
	return what + " " + name
}

// serviceText is what the service said, or else what the library did.
func serviceText(err error) string {
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) || failed.RawResponse == nil || failed.RawResponse.Body == nil {
		return err.Error()
	}
	body, readErr := runtime.Payload(failed.RawResponse)
	if readErr != nil {
		return err.Error()
	}
	var answer struct {
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Description == "" {
		return err.Error()
	}
	return answer.Description
}

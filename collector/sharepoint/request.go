package sharepoint

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector"
)

// plainJSON asks for objects without annotations. Verbose answers are understood too.
const plainJSON = "application/json;odata=nometadata"

// send sends a request and returns the body of a good answer. Every other answer is a *refusal.
func (r *Reader) send(ctx context.Context, method, path string, body []byte, header http.Header) ([]byte, error) {
	token, err := r.Credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{r.AdminURL + "/.default"}})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, r.AdminURL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", plainJSON)
	req.Header.Set("Authorization", "Bearer "+token.Token)
	resp, err := r.HTTP.Do(req)
	if err != nil {
		return nil, transportError(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(answer), err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, newRefusal(resp.StatusCode, answer)
	}
	if start := bytes.TrimLeft(answer, " \t\r\n"); len(start) == 0 || start[0] != '{' && start[0] != '[' {
		begin := clip(string(answer[:min(len(answer), 60)]), 60)
		return nil, &misdirected{fmt.Errorf("the answer is no JSON: it begins with %q", begin)}
	}
	return answer, nil
}

// misdirected is an error after which the address is to be doubted.
type misdirected struct{ error }

func (e *misdirected) Unwrap() error { return e.error }

// transportError leaves out the address that Go's client puts before its errors, and tells a host that is not there
// from one that cannot be reached.
func transportError(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	var dns *net.DNSError
	var name x509.HostnameError
	if errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &name) {
		return &misdirected{err}
	}
	return err
}

// refusal is an answer other than what was asked for.
type refusal struct {
	status        int
	code, message string
}

func (e *refusal) Error() string {
	return joined(fmt.Sprintf("%d %s", e.status, http.StatusText(e.status)), e.code, e.message)
}

// newRefusal reads an error of SharePoint, which comes as odata.error or error, with its text in message or in
// message.value; the sign-in's own come as error_description.
func newRefusal(status int, body []byte) *refusal {
	e := &refusal{status: status}
	var answer map[string]json.RawMessage
	if json.Unmarshal(body, &answer) != nil { // a page for people, or nothing
		return e
	}
	problem := map[string]json.RawMessage{}
	for _, name := range []string{"odata.error", "error"} {
		if json.Unmarshal(answer[name], &problem) == nil {
			break
		}
	}
	e.code = clip(text(problem["code"]), 100)
	message := text(problem["message"])
	var long map[string]json.RawMessage
	if json.Unmarshal(problem["message"], &long) == nil {
		message = text(long["value"])
	}
	if message == "" {
		message = text(answer["error_description"])
	}
	e.message = clip(message, 240)
	return e
}

// fault is an error inside a good answer of ProcessQuery.
type fault struct {
	code          int
	kind, message string
}

func (e *fault) Error() string {
	return joined("SharePoint could not do it", e.kind, e.message)
}

// The codes of a request digest that is not good any more: invalid, and timed out.
// https://github.com/pnp/pnpjs/issues/2186, https://github.com/vgrem/phpSPO/pull/61
const (
	digestInvalid  = -2130575251
	digestTimedOut = -2130575252
	accessDenied   = -2147024891 // E_ACCESSDENIED
)

// mayBeDigest says whether the error may be for want of a good request digest. SharePoint answers that with 403 and
// words in the language of the site, so every 403 is doubted.
func mayBeDigest(err error) bool {
	var f *fault
	if errors.As(err, &f) {
		return f.code == digestInvalid || f.code == digestTimedOut
	}
	var e *refusal
	return errors.As(err, &e) && e.status == http.StatusForbidden
}

// digest keeps the request digest, which every writing method wants, reading ones among them. It lasts half an hour.
// https://learn.microsoft.com/en-us/sharepoint/dev/sp-add-ins/complete-basic-operations-using-sharepoint-rest-endpoints
type digest struct {
	mu    sync.Mutex
	value string
}

// get is a digest other than the stale one.
func (d *digest) get(ctx context.Context, r *Reader, stale string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.value != "" && d.value != stale {
		return d.value, nil
	}
	body, err := r.send(ctx, http.MethodPost, "/_api/contextinfo", nil, nil)
	if err != nil {
		return "", err
	}
	var plain struct {
		FormDigestValue string
		D               struct {
			GetContextWebInformation struct{ FormDigestValue string }
		}
	}
	if err := json.Unmarshal(body, &plain); err != nil {
		return "", fmt.Errorf("contextinfo: %w", broken(err))
	}
	if d.value = plain.FormDigestValue; d.value == "" {
		d.value = plain.D.GetContextWebInformation.FormDigestValue
	}
	if d.value == "" {
		return "", errors.New("contextinfo: FormDigestValue is missing")
	}
	return d.value, nil
}

// gap says what an error amounts to in the snapshot.
func gap(err error, s *collector.Source) error {
	var e *refusal
	var f *fault
	var m *misdirected
	switch {
	case errors.As(err, &m):
		return &collector.Gap{Reason: collector.Failed, Detail: wrongAddress(err)}
	case errors.As(err, &f):
		g := &collector.Gap{Reason: collector.Failed, Code: f.kind, Detail: err.Error()}
		if f.code == accessDenied || f.kind == "System.UnauthorizedAccessException" {
			g.Reason, g.Permission, g.Detail = collector.NoPermission, s.Permission(), grant(s, err)
		}
		return g
	case !errors.As(err, &e):
		return err
	}
	g := &collector.Gap{Reason: collector.Failed, Code: e.code, Detail: err.Error()}
	switch {
	case e.status == http.StatusUnauthorized && strings.Contains(strings.ToLower(e.message), unsupportedToken):
		g.Reason, g.Permission = collector.NoPermission, s.Permission()
		g.Detail = "SharePoint takes no client secret: sign in with a certificate or a federated credential"
	case e.status == http.StatusUnauthorized, e.status == http.StatusForbidden:
		g.Reason, g.Permission, g.Detail = collector.NoPermission, s.Permission(), grant(s, err)
	case e.status == http.StatusTooManyRequests, e.status == http.StatusServiceUnavailable:
		g.Reason = collector.Throttled
	case e.status == http.StatusNotFound, e.status >= 300 && e.status < 400:
		g.Detail = wrongAddress(err)
	}
	return g
}

// unsupportedToken is what SharePoint says of a token that a client secret brought.
// https://learn.microsoft.com/en-us/sharepoint/dev/solution-guidance/security-apponly-azuread
const unsupportedToken = "unsupported app only token"

func wrongAddress(err error) string {
	return joined("is that the address of SharePoint's administration? Give it with "+flag, err.Error())
}

func grant(s *collector.Source, err error) string {
	return joined("grant the application "+s.Permission()+" of SharePoint, not of Microsoft Graph; a person who signs in "+
		"needs the role SharePoint Administrator", err.Error())
}

func joined(parts ...string) string {
	kept := parts[:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ": ")
}

// text is a JSON string, "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // what is no text says nothing
	return s
}

func broken(err error) error { return fmt.Errorf("the answer is not whole JSON: %w", err) }

// clip shortens the service's words, on one line.
func clip(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

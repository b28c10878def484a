// Package teams reads the configuration of Teams from the interface behind Teams PowerShell. Microsoft does not
// document it, so that it may change or vanish: what it answers is taken only where it looks like what PowerShell
// prints.
package teams

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/imports"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/collector/wire"
)

// Options say where the interface is and who asks.
type Options struct {
	URL        string // such as https://api.interfaces.records.teams.microsoft.com
	TenantID   string
	Credential azcore.TokenCredential
	// Audience is the application whom the token is for.
	Audience string
	// HTTP carries the requests; wire.NewClient makes one.
	HTTP *http.Client
}

// Reader reads sources from Teams.
type Reader struct{ Options }

var _ collector.Reader = (*Reader)(nil)

// New makes a reader.
func New(o Options) (*Reader, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && wire.IsLoopback(u.Hostname())) {
		return nil, fmt.Errorf("%q is not the address of the Teams interface", o.URL)
	}
	switch {
	case o.Audience == "":
		return nil, errors.New("the application that the Teams interface wants tokens for is not known in this cloud")
	case o.TenantID == "":
		return nil, errors.New("the Teams interface wants the tenant's id, which the sign-in does not tell")
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	return &Reader{o}, nil
}

// configurations are the names by which the interface has them. They are those of the cmdlets without Get-Cs but for
// the first: https://github.com/terraprovider/go-teams, https://github.com/silverhack/monkey365
var configurations = map[string]string{
	"teams.tenantFederationConfiguration": "TenantFederationSettings",
	"teams.clientConfiguration":           "TeamsClientConfiguration",
	"teams.externalAccessPolicies":        "ExternalAccessPolicy",
	"teams.meetingPolicies":               "TeamsMeetingPolicy",
	"teams.guestMeetingConfiguration":     "TeamsGuestMeetingConfiguration",
	"teams.guestCallingConfiguration":     "TeamsGuestCallingConfiguration",
	"teams.guestMessagingConfiguration":   "TeamsGuestMessagingConfiguration",
	"teams.channelsPolicies":              "TeamsChannelsPolicy",
}

// Read reads a source of the table.
func (r *Reader) Read(ctx context.Context, s *collector.Source, out *collector.Output) error {
	name, ok := configurations[s.Path]
	if !ok {
		return fmt.Errorf("no reading of %s is known", s.Path)
	}
	out.Remark(s.MayChange())
	body, err := r.get(ctx, s, name)
	if err != nil {
		return err
	}
	value, sources, err := imports.TeamsObject(s.Path, body)
	switch {
	case err != nil:
		return &collector.Gap{Reason: collector.Failed, Detail: err.Error()}
	case len(sources) == 0 || sources[0].Source != s.Path:
		return errors.New("the answer was not understood")
	case sources[0].Outcome != snapshot.Collected || value == nil:
		return collector.GapOf(sources[0])
	}
	for _, lost := range sources[1:] {
		if lost.Outcome == snapshot.Collected {
			continue
		}
		if err := out.Also(lost.Source, collector.GapOf(lost)); err != nil {
			return err
		}
	}
	return imports.Bring(out, s.Path, value)
}

// get asks for a configuration. An answer other than a good one is a gap.
func (r *Reader) get(ctx context.Context, s *collector.Source, name string) ([]byte, error) {
	token, err := r.Credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{r.Audience + "/.default"}})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/Skype.Policy/configurations/"+name, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+token.Token)
	req.Header.Set("x-ms-tenant-id", r.TenantID)
	req.Header.Set("x-ms-correlation-id", correlation())
	resp, err := r.HTTP.Do(req)
	if err != nil {
		return nil, withoutAddress(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err)
	case resp.StatusCode != http.StatusOK:
		return nil, refusal(resp.StatusCode, body, s, name)
	}
	return body, nil
}

// refusal is the gap that an answer other than a good one amounts to.
func refusal(status int, body []byte, s *collector.Source, name string) *collector.Gap {
	code, message := words(body)
	detail := fmt.Sprintf("%d %s", status, http.StatusText(status))
	for _, word := range []string{code, message} {
		if word != "" {
			detail += ": " + word
		}
	}
	g := &collector.Gap{Reason: collector.Failed, Code: code, Detail: detail}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		g.Reason, g.Permission = collector.NoPermission, s.Permission()
		g.Detail = "assign the Entra role Teams Reader or Global Reader to the identity that signs in: " + detail
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		g.Reason = collector.Throttled
	case http.StatusNotFound:
		g.Detail = "the interface does not know " + name + ", it may have changed: " + detail
	}
	return g
}

// words are the code and message of an error, in the forms in which such interfaces write one.
func words(body []byte) (code, message string) {
	var answer map[string]json.RawMessage
	if json.Unmarshal(body, &answer) != nil { // a page for people, or nothing
		return "", ""
	}
	var inner map[string]json.RawMessage
	if json.Unmarshal(answer["error"], &inner) == nil && inner != nil {
		answer = inner
	}
	first := func(names ...string) string {
		for _, name := range names {
			var s string
			if json.Unmarshal(answer[name], &s) == nil && s != "" {
				return clip(s)
			}
		}
		return ""
	}
	return first("code", "Code"), first("message", "Message")
}

// withoutAddress leaves out the address that Go's client puts before its errors.
func withoutAddress(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return err
}

// correlation is a new id for the request, by which Microsoft's support finds it.
func correlation() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// clip shortens the service's words, on one line.
func clip(s string) string {
	const most = 240
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// Package graph reads sources from Microsoft Graph. It alone imports Microsoft's SDK: the SDK's typed builders write the
// requests, so that a path or parameter that does not exist does not compile, and its adapter signs and sends them. What
// comes back is kept as the bytes that Graph sent, because the SDK's models drop what they do not know.
package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	abs "github.com/microsoft/kiota-abstractions-go"
	auth "github.com/microsoft/kiota-authentication-azure-go"
	kiota "github.com/microsoft/kiota-http-go"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/wire"
)

// Options say where Graph is and who asks.
type Options struct {
	// URL is Graph's root without a version, such as https://graph.microsoft.com.
	URL        string
	Credential azcore.TokenCredential
	// Cloud is the national cloud, by the name that --cloud takes.
	Cloud string
	// HTTP carries the requests; wire.NewClient makes one.
	HTTP *http.Client
	// MaxGuests ends the reading of external users early; 0 reads all.
	MaxGuests int
	// LogDays is how many days of audit and sign-in logs are counted.
	LogDays int
	// Granted are the permissions of the sign-in, where it tells; nil where it does not.
	Granted []string
	// TeamsPause is the time between two batches about teams; the constant of that name is what the service wants.
	TeamsPause time.Duration
	// Pause is the first wait for requests of a batch that were throttled without a time.
	Pause time.Duration
}

// Reader reads sources from Graph.
type Reader struct {
	Options
	adapter *kiota.NetHttpRequestAdapter
	root    *url.URL
	pause   func(context.Context, time.Duration) error
}

var _ collector.Reader = (*Reader)(nil)

// New makes a reader.
func New(o Options) (*Reader, error) {
	root, err := url.Parse(o.URL)
	if err != nil || root.Host == "" {
		return nil, fmt.Errorf("%q is not the address of Microsoft Graph", o.URL)
	}
	provider, err := auth.NewAzureIdentityAuthenticationProviderWithScopesAndValidHosts(o.Credential,
		[]string{strings.TrimSuffix(o.URL, "/") + "/.default"}, []string{root.Hostname(), root.Host})
	if err != nil {
		return nil, err
	}
	client := *o.HTTP
	client.Transport = kiota.NewCustomTransportWithParentTransport(o.HTTP.Transport, kiota.NewParametersNameDecodingHandler())
	adapter, err := kiota.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(provider, nil, nil, &client)
	if err != nil {
		return nil, err
	}
	adapter.SetBaseUrl(strings.TrimSuffix(o.URL, "/") + "/v1.0")
	return &Reader{Options: o, adapter: adapter, root: root, pause: wire.Sleep}, nil
}

// Lanes are how fast Graph may be asked, by path.
// https://learn.microsoft.com/en-us/graph/throttling-limits
func Lanes() []wire.Lane {
	const audit = 2200 * time.Millisecond // five requests in ten seconds, with something left for others
	return []wire.Lane{
		{Prefix: "/v1.0/", Parallel: 4},
		// One request a second for the whole tenant, all applications together, and no Retry-After.
		{Prefix: "/v1.0/identity/conditionalAccess", Parallel: 1, Every: 1100 * time.Millisecond},
		{Prefix: "/v1.0/auditLogs", Parallel: 1, Every: audit},
		{Prefix: "/v1.0/reports", Parallel: 1, Every: audit},
		{Prefix: "/v1.0/$batch", Parallel: 2},
		// Nothing is published for these, so gently.
		{Prefix: "/v1.0/identityGovernance", Parallel: 2},
		{Prefix: "/v1.0/roleManagement", Parallel: 2},
		{Prefix: "/beta/", Parallel: 1},
	}
}

// allMembers asks for the members of enumerations that Graph would else replace by unknownFutureValue.
// https://learn.microsoft.com/en-us/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
const allMembers = "include-unknown-enum-members"

type request = *abs.RequestInformation

// answer is what Graph says to one request.
type answer struct {
	status     int
	retryAfter string
	body       []byte
}

// send sends a request and returns Graph's own answer, whatever its status.
func (r *Reader) send(ctx context.Context, info request) (a answer, err error) {
	info.Headers.Add("Prefer", allMembers)
	handler := abs.NewRequestHandlerOption()
	handler.SetResponseHandler(func(response any, _ abs.ErrorMappings) (any, error) {
		resp, ok := response.(*http.Response)
		if !ok {
			return nil, fmt.Errorf("unexpected response %T", response)
		}
		a.status, a.retryAfter = resp.StatusCode, resp.Header.Get("Retry-After")
		var err error
		a.body, err = wire.Bytes(resp)
		return nil, err
	})
	info.AddRequestOptions([]abs.RequestOption{handler})
	_, err = r.adapter.SendPrimitive(ctx, info, "[]byte", nil)
	return a, err
}

// get sends a request and returns the body of a good answer. Every other answer is a *refusal.
func (r *Reader) get(ctx context.Context, info request) ([]byte, error) {
	a, err := r.send(ctx, info)
	if err != nil {
		return nil, transportError(err)
	}
	return a.good()
}

func (a answer) good() ([]byte, error) {
	switch {
	case a.status >= 200 && a.status < 300 && len(a.body) > 0:
		return a.body, nil
	case a.status >= 200 && a.status < 300:
		return nil, errors.New("the answer is empty")
	}
	return nil, newRefusal(a.status, a.body)
}

// transportError takes the request's address out of an error that Go's client made: it holds page tokens.
func transportError(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return err
}

// raw is a request for an address that Graph gave, or that no builder knows.
func (r *Reader) raw(method abs.HttpMethod, address string) (request, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("not an address: %w", err)
	}
	info := abs.NewRequestInformation()
	info.Method = method
	info.SetUri(*u)
	info.Headers.TryAdd("Accept", "application/json")
	return info, nil
}

// beta is a request for a path of the beta interface.
func (r *Reader) beta(path string) (request, error) {
	return r.raw(abs.GET, strings.TrimSuffix(r.URL, "/")+"/beta"+path)
}

// address is where a request goes.
func (r *Reader) address(info request) (*url.URL, error) {
	if info.PathParameters != nil {
		info.PathParameters["baseurl"] = r.adapter.GetBaseUrl()
	}
	return info.GetUri()
}

// paths are the parameters with which builders begin.
func paths() map[string]string { return map[string]string{} }

// object reads one JSON object.
func (r *Reader) object(ctx context.Context, info request) (json.RawMessage, error) {
	body, err := r.get(ctx, info)
	if err != nil {
		return nil, err
	}
	_, raw, err := clean(body, "id")
	return raw, err
}

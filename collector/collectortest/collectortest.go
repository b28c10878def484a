// Package collectortest is what the tests of several readers need: a credential, and what every collection must hold.
package collectortest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/guestward/guestward/collector/snapshot"
)

// Token is the text of every token, so that a test finds it where it must not be.
const Token = "token-canary"

// Credential gives tokens for the scopes that it is asked for, and remembers them; or the error.
type Credential struct {
	Err error

	mu     sync.Mutex
	scopes []string
}

// GetToken implements azcore.TokenCredential.
func (c *Credential) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scopes = append(c.scopes, o.Scopes...)
	return azcore.AccessToken{Token: Token, ExpiresOn: time.Now().Add(time.Hour)}, c.Err
}

// Scopes are those that were asked for.
func (c *Credential) Scopes() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.scopes
}

// CheckDocument holds that a collected document can be read again, and that no token is in it.
func CheckDocument(t *testing.T, doc snapshot.Document) {
	t.Helper()
	var b strings.Builder
	if err := doc.Encode(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), Token) {
		t.Error("the snapshot holds the token")
	}
	opened, err := snapshot.OpenBytes("test", []byte(b.String()))
	if err != nil {
		t.Fatalf("the snapshot cannot be read: %v", err)
	}
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
}

// WantGap holds that the record is of a gap for the reason, and that the parts are in what it tells.
func WantGap(t *testing.T, record snapshot.Source, reason string, parts ...string) {
	t.Helper()
	if record.Outcome != snapshot.Gap || record.Reason != reason {
		t.Errorf("record %+v, want a gap %s", record, reason)
	}
	for _, part := range parts {
		if !strings.Contains(record.Detail+" "+record.Permission+" "+record.Code, part) {
			t.Errorf("record %+v lacks %q", record, part)
		}
	}
}

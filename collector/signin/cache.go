package signin

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// cacheMargin is how long before its end a token is no longer handed out.
const cacheMargin = 5 * time.Minute

// cache keeps the tokens of a credential that keeps none itself: azidentity starts `az` anew for every one, and a
// collection asks for one with each request.
type cache struct {
	inner azcore.TokenCredential
	now   func() time.Time

	mu     sync.Mutex
	tokens map[string]azcore.AccessToken
}

func (c *cache) GetToken(ctx context.Context, want policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := want.TenantID + "\n" + strings.Join(want.Scopes, "\n")
	// Claims ask for a token other than the one before.
	if token, ok := c.tokens[key]; ok && want.Claims == "" && c.now().Add(cacheMargin).Before(token.ExpiresOn) {
		return token, nil
	}
	token, err := c.inner.GetToken(ctx, want)
	if err != nil {
		return azcore.AccessToken{}, err
	}
	if c.tokens == nil {
		c.tokens = map[string]azcore.AccessToken{}
	}
	c.tokens[key] = token
	return token, nil
}

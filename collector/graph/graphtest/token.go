package graphtest

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// TokenOptions say what a token holds.
type TokenOptions struct {
	// Permissions are the application's.
	Permissions []string
	// Scopes are a signed-in user's; a token has either.
	Scopes []string
	// Secret says that the application signed in with a client secret, which SharePoint does not accept.
	Secret bool
	// Expires is an hour from now when it is zero.
	Expires time.Time
	// Tenant is the id of the tenant, and App that of the application.
	Tenant, App string
}

// Token is a token that grants exactly these permissions. It is not signed.
func (s *Server) Token(permissions ...string) string {
	return s.TokenWith(TokenOptions{Permissions: permissions})
}

// TokenWith is a token for more particular needs.
func (s *Server) TokenWith(o TokenOptions) string {
	if o.Expires.IsZero() {
		o.Expires = s.now().Add(time.Hour)
	}
	if o.Tenant == "" {
		o.Tenant = "00000100-0000-4000-8000-000000000100"
	}
	if o.App == "" {
		o.App = "00000999-0000-4000-8000-000000000999"
	}
	c := claims{
		Roles: o.Permissions, Scopes: strings.Join(o.Scopes, " "), Expires: o.Expires.Unix(), Tenant: o.Tenant, App: o.App, Method: "2",
	}
	if o.Secret {
		c.Method = "1"
	}
	body, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers only
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + encode(body) + "."
}

// claims are what is read of a token.
// https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
type claims struct {
	Roles   []string `json:"roles"`
	Scopes  string   `json:"scp,omitempty"`
	Expires int64    `json:"exp"`
	Tenant  string   `json:"tid"`
	App     string   `json:"appid"`
	// Method is how the application signed in: 1 with a secret, 2 with a certificate or an assertion.
	Method string `json:"appidacr"`
}

// grants are what a request may do.
type grants struct {
	permissions []string
	delegated   []string
	secret      bool
}

func (g *grants) any(accepted []string) bool {
	return slices.ContainsFunc(accepted, func(name string) bool { return slices.Contains(g.permissions, name) })
}

// reads says whether objects of a type of the directory show more than their id.
// https://learn.microsoft.com/en-us/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
func (g *grants) reads(typ string) bool {
	switch typ {
	case "user":
		return g.any(perm("User.Read.All Directory.Read.All"))
	case "group":
		return g.any(perm("GroupMember.Read.All Group.Read.All Directory.Read.All"))
	case "servicePrincipal":
		return g.any(apps)
	}
	return true
}

// authenticate reads the bearer token of a request; the reply is the refusal, if it is refused.
func (s *Server) authenticate(header string) (*grants, *reply) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" {
		return nil, failure(401, "InvalidAuthenticationToken", "Access token is empty.")
	}
	if g, ok := s.tokens.Load(token); ok {
		if e := g.(*parsedToken); !s.now().Before(e.expires) {
			return nil, failure(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
		} else {
			return &e.grants, nil
		}
	}
	parsed := &parsedToken{grants: grants{permissions: s.options.Permissions}, expires: s.now().AddDate(10, 0, 0)}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		var c claims
		body, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err == nil {
			err = json.Unmarshal(body, &c)
		}
		if err != nil {
			return nil, failure(401, "InvalidAuthenticationToken", "CompactToken parsing failed with error code: 80049217")
		}
		parsed.grants = grants{permissions: c.Roles, secret: c.Method == "1"}
		if c.Scopes != "" {
			parsed.delegated = strings.Fields(c.Scopes)
			parsed.permissions = parsed.delegated
		}
		if c.Expires != 0 {
			parsed.expires = time.Unix(c.Expires, 0)
		}
	} else if parsed.permissions == nil {
		parsed.permissions = Permissions()
	}
	s.tokens.Store(token, parsed)
	return s.authenticate(header)
}

type parsedToken struct {
	grants
	expires time.Time
}

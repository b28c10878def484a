package signin

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// tokenLimit bounds what is read as a token. Entra ID's own stay far below it: many groups overflow into a link.
const tokenLimit = 256 << 10

// Claims is what a token says of itself.
type Claims struct {
	Issuer    string
	Subject   string
	Audience  []string
	TenantID  string
	AppID     string
	ObjectID  string
	Type      string   // "app" or "user" where the token says so (idtyp)
	Roles     []string // application permissions
	Scopes    []string // delegated permissions
	WIDs      []string // template ids of the directory roles held
	Expires   time.Time
	NotBefore time.Time
}

// AppOnly reports whether the token is an application's own, with no person behind it.
func (c Claims) AppOnly() bool {
	if c.Type != "" {
		return c.Type == "app"
	}
	// Without idtyp: scp is what a delegated token always has and an application's never.
	// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
	return len(c.Scopes) == 0
}

// ReadClaims reads the claims of a JWT without verifying its signature: they tell people what a token that was just
// received allows, and decide nothing that the service does not check itself.
func ReadClaims(token string) (Claims, error) {
	if len(token) > tokenLimit {
		return Claims{}, fmt.Errorf("the token has %d bytes, more than the %d that are read", len(token), tokenLimit)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Claims{}, errors.New("the token is opaque: not a JWT of three parts")
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return Claims{}, errors.New("the token's payload is not base64url")
	}
	var wire struct {
		Issuer    string      `json:"iss"`
		Subject   string      `json:"sub"`
		Audience  listOrOne   `json:"aud"`
		TenantID  string      `json:"tid"`
		AppID     string      `json:"appid"`
		Party     string      `json:"azp"` // the name of appid in v2.0 tokens
		ObjectID  string      `json:"oid"`
		Type      string      `json:"idtyp"`
		Roles     listOrOne   `json:"roles"`
		Scopes    string      `json:"scp"`
		WIDs      listOrOne   `json:"wids"`
		Expires   numericDate `json:"exp"`
		NotBefore numericDate `json:"nbf"`
	}
	// The decoder's own words are left out: they may quote the token.
	if err := json.Unmarshal(payload, &wire); err != nil {
		return Claims{}, errors.New("the token's payload is not a JSON object with the claims of a token")
	}
	c := Claims{
		Issuer: wire.Issuer, Subject: wire.Subject, Audience: wire.Audience, TenantID: wire.TenantID,
		AppID: wire.AppID, ObjectID: wire.ObjectID, Type: wire.Type, Roles: wire.Roles,
		Scopes: strings.Fields(wire.Scopes), WIDs: wire.WIDs,
		Expires: time.Time(wire.Expires), NotBefore: time.Time(wire.NotBefore),
	}
	if c.AppID == "" {
		c.AppID = wire.Party
	}
	return c, nil
}

// listOrOne is a claim that is an array of strings or, for one, the string itself.
type listOrOne []string

func (l *listOrOne) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == '"' {
		var one string
		if err := json.UnmarshalDecode(dec, &one); err != nil {
			return err
		}
		*l = listOrOne{one}
		return nil
	}
	return json.UnmarshalDecode(dec, (*[]string)(l))
}

// numericDate is seconds since 1970, with or without a fraction (RFC 7519, section 2).
type numericDate time.Time

// lastDate is the end of the year 9999, after which no time can be written down.
const lastDate = 253402300799

func (d *numericDate) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var seconds float64
	if err := json.UnmarshalDecode(dec, &seconds); err != nil {
		return err
	}
	if seconds < 0 || seconds > lastDate {
		return errors.New("a date out of range")
	}
	if seconds != 0 {
		*d = numericDate(time.Unix(int64(seconds), 0).UTC())
	}
	return nil
}

package signin

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// hidden stands where a secret stood.
const hidden = "[hidden]"

// textLimit bounds, in characters, what is repeated of another program's error.
const textLimit = 600

var (
	// A JWT, whole or cut off: its first part always starts with the base64 of `{"`.
	jwtPattern = regexp.MustCompile(`eyJ[A-Za-z0-9_=-]{6,}(\.[A-Za-z0-9_=-]*)*`)
	// The fields of OAuth requests and answers that hold something to keep.
	fieldPattern = regexp.MustCompile(`(?i)\b(access_token|refresh_token|id_token|client_secret|client_assertion|` +
		`assertion|device_code|oidcToken|system_access_?token)(\\?"?\s*[:=]\s*\\?"?)[^\s"\\&,}]+`)
	// The one field of GitHub's answer. The word is too common to be hidden outside JSON.
	valuePattern  = regexp.MustCompile(`(\\?"value\\?"\s*:\s*\\?")[^"\\]+`)
	bearerPattern = regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/=-]+`)
)

// vault knows the secrets of a sign-in, to take them out of texts. It is safe for concurrent use.
type vault struct {
	mu     sync.Mutex
	fixed  []string          // those known from the start
	latest map[string]string // those that change with time, by what they are
}

// keep adds secrets that stay the same.
func (v *vault) keep(secrets ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.fixed = append(v.fixed, secrets...)
}

// renew adds a secret in the place of the one before it.
func (v *vault) renew(what, secret string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.latest == nil {
		v.latest = map[string]string{}
	}
	v.latest[what] = secret
}

// clean gives a text as one line of bounded length without secrets and without what could control a terminal.
func (v *vault) clean(text string) string {
	v.mu.Lock()
	secrets := slices.Clone(v.fixed)
	for _, secret := range v.latest {
		secrets = append(secrets, secret)
	}
	v.mu.Unlock()
	var forms []string
	for _, secret := range secrets {
		// Anything shorter is no secret that a service would accept, and replacing it would only garble the text.
		if len(secret) >= 4 {
			forms = append(forms, secret, url.QueryEscape(secret), url.PathEscape(secret))
		}
	}
	// The longest first: a secret may hold another.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, hidden)
	}
	text = jwtPattern.ReplaceAllString(text, hidden)
	text = fieldPattern.ReplaceAllString(text, "${1}${2}"+hidden)
	text = valuePattern.ReplaceAllString(text, "${1}"+hidden)
	text = bearerPattern.ReplaceAllString(text, "Bearer "+hidden)
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > textLimit {
		text = string(runes[:textLimit]) + "..."
	}
	return text
}

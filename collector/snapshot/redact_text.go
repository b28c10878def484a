package snapshot

import (
	"regexp"
	"strconv"
	"strings"
)

// apply does to the text what the rule says. Ids have no meaning outside of the directory and stay.
func (r *Redactor) apply(rule rule, text string) string {
	if text == "" || rule != keep && isID(text) {
		return text
	}
	switch rule {
	case keep:
		return r.text(text)
	case address:
		return r.account(text)
	case addresses:
		return listItem.ReplaceAllStringFunc(text, func(item string) string {
			if domainName.MatchString(item) && strings.Contains(item, ".") {
				return item
			}
			return r.address(item)
		})
	case proxy:
		kind, rest, ok := strings.Cut(text, ":")
		if !ok {
			return r.account(text)
		}
		return kind + ":" + r.account(rest)
	case assigned:
		if isOpaque(text) {
			return text
		}
		return r.account(text)
	case principal:
		claim := strings.LastIndexByte(text, '|') + 1
		if isID(text[claim:]) || strings.HasPrefix(text, "c:0") {
			return r.text(text)
		}
		return text[:claim] + r.account(text[claim:])
	case location:
		return r.url(text)
	case identity:
		return r.identity(text)
	case setting:
		if _, err := strconv.ParseFloat(text, 64); err == nil || isSwitch(text) {
			return text
		}
		if strings.HasPrefix(text, "https://") { // a page of the organisation
			return r.url(text)
		}
		return r.pseudonym("text", text)
	default: // a name
		if wholeAddress(text) { // guests are often called by their address
			return r.address(text)
		}
		return r.pseudonym(string(rule), text)
	}
}

// account redacts what should be one address or the name of an account, word by word where it is several.
func (r *Redactor) account(text string) string {
	return listItem.ReplaceAllStringFunc(text, r.address)
}

// address redacts the name of one account: alice@contoso.com, alice_fabrikam.com#EXT#@contoso.onmicrosoft.com, alice.
func (r *Redactor) address(text string) string {
	if at, end := guestMark(text); at >= 0 {
		out := r.guestName(text[:at]) + text[at:end]
		middle, domain, ok := cutLastAt(text[end:])
		if middle != "" {
			out += r.pseudonym(accountPrefix, middle)
		}
		if ok {
			out += "@" + r.domain(domain)
		}
		return out
	}
	local, domain, ok := cutLastAt(text)
	switch {
	case !ok:
		return r.pseudonym(accountPrefix, text)
	case local == "":
		return "@" + r.domain(domain)
	default:
		return r.pseudonym(accountPrefix, local+"@"+domain) + "@" + r.domain(domain)
	}
}

// guestName redacts what stands before #EXT#: an address with its @ turned into _, and a domain has no _.
func (r *Redactor) guestName(text string) string {
	if i := strings.LastIndexByte(text, '_'); i >= 0 && strings.Contains(text[i:], ".") {
		return r.pseudonym(accountPrefix, text[:i]+"@"+text[i+1:]) + "_" + r.domain(text[i+1:])
	}
	if text == "" {
		return ""
	}
	return r.pseudonym(accountPrefix, text)
}

// domain keeps a domain, and replaces what is none by one that cannot exist: https://www.rfc-editor.org/rfc/rfc2606
func (r *Redactor) domain(text string) string {
	if text == "" || strings.Contains(text, ".") && domainName.MatchString(text) {
		return text
	}
	return r.pseudonym("name", text) + ".invalid"
}

// text redacts addresses and paths of SharePoint within any text.
func (r *Redactor) text(text string) string {
	if strings.Contains(text, "://") {
		text = anyURL.ReplaceAllStringFunc(text, func(url string) string {
			if host := anyURL.FindStringSubmatch(url)[1]; !strings.Contains(strings.ToLower(host), ".sharepoint") {
				return url
			}
			return r.url(url)
		})
	}
	if at, _ := guestMark(text); at < 0 && !strings.Contains(text, "@") && !strings.Contains(text, "%40") {
		return text
	}
	return anyAddress.ReplaceAllStringFunc(text, func(found string) string {
		if len(found) == 3 && found[0] == '%' || threadID.MatchString(found) {
			return found
		}
		return r.address(strings.ReplaceAll(found, "''", "'")) // OData doubles the quote
	})
}

// url redacts everything but host and managed path: https://contoso.sharepoint.com/sites/name-0123456789ab
func (r *Redactor) url(text string) string {
	m := wholeURL.FindStringSubmatch(text)
	switch {
	case m != nil:
	case strings.HasPrefix(text, "/"):
		m = []string{text, "", "", text}
	case strings.Contains(text, ".") && domainName.MatchString(text):
		return text
	case wholeAddress(text):
		return r.address(text)
	default:
		return r.pseudonym("text", text)
	}
	path, query := m[3], ""
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path, query = path[:i], path[i:]
	}
	steps := strings.Split(path, "/")
	for i, step := range steps {
		switch {
		case step == "", step == "*", isID(step), i == 1 && managedPaths[strings.ToLower(step)]:
		case i == 2 && strings.EqualFold(steps[1], "personal"): // alice_contoso_com
			steps[i] = r.pseudonym(accountPrefix, step)
		default:
			steps[i] = r.pseudonym("name", step)
		}
	}
	if len(query) > 1 {
		query = query[:1] + r.pseudonym("text", query[1:])
	}
	return m[1] + r.text(m[2]) + strings.Join(steps, "/") + query
}

func (r *Redactor) identity(text string) string {
	if microsoftsPolicies[strings.ToLower(text)] {
		return text
	}
	if tag, name, ok := strings.Cut(text, ":"); ok && strings.EqualFold(tag, "tag") {
		return tag + ":" + r.pseudonym("policy", name)
	}
	return r.pseudonym("policy", text)
}

var (
	domainName = regexp.MustCompile(`^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$`)
	listItem   = regexp.MustCompile(`[^\s,;]+`)
	// What ends the ids of Teams' channels and chats, which look like addresses.
	threadID = regexp.MustCompile(`(?:@|%40)(?:thread\.(?:tacv2|skype|v2)|unq\.gbl\.spaces)$`)
	anyURL   = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://([^\s'"<>/?#]*)[^\s'"<>]*`)
	wholeURL = regexp.MustCompile(`(?s)^([a-zA-Z][a-zA-Z0-9+.-]*://)([^/?#]*)(.*)$`)
	// An address, or an encoded character that belongs to none: a query in a URL has them between its words.
	anyAddress = regexp.MustCompile(`(?i)` + localPart + `(?:'{1,2}` + localPart + `)*` +
		`(?:(?:#|%23)ext(?:#|%23)(?:(?:@|%40)` + domainPart + `)?|(?:@|%40)` + domainPart + `)|%[0-9a-f]{2}`)
)

const (
	localPart  = `(?:[^\s'"<>()\[\]{},;:/\\|=?@%` + "`" + `\x00-\x1f]|%(?:23|2b|2d|2e|5f))+`
	domainPart = `[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*`
)

// wholeAddress says whether the text is an address and nothing else.
func wholeAddress(text string) bool {
	return (strings.Contains(text, "@") || strings.Contains(text, "#")) && anyAddress.FindString(text) == text
}

// guestMark finds the first #EXT# of a name, in any case, also as it stands in a URL.
func guestMark(text string) (start, end int) {
	for i := range len(text) {
		for _, mark := range []string{"#ext#", "%23ext%23"} {
			if len(text)-i >= len(mark) && text[i] == mark[0] && strings.EqualFold(text[i:i+len(mark)], mark) {
				return i, i + len(mark)
			}
		}
	}
	return -1, -1
}

// cutLastAt cuts around the last @, also as it stands in a URL.
func cutLastAt(text string) (before, after string, found bool) {
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		return text[:i], text[i+1:], true
	}
	if i := strings.LastIndex(text, "%40"); i >= 0 {
		return text[:i], text[i+3:], true
	}
	return text, "", false
}

// isID says whether the text is a GUID, perhaps with the _o that SharePoint appends to owners of a group.
func isID(text string) bool {
	text = strings.TrimSuffix(text, "_o")
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		if hyphen := i == 8 || i == 13 || i == 18 || i == 23; hyphen != (text[i] == '-') || !hyphen && !isHex(text[i]) {
			return false
		}
	}
	return true
}

// isOpaque says whether an identity provider's id says nothing about a person: digits, or much hexadecimal.
func isOpaque(text string) bool {
	digits := true
	for i := range len(text) {
		if !isHex(text[i]) {
			return false
		}
		digits = digits && text[i] <= '9'
	}
	return digits || len(text) >= 16
}

func isHex(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'f' }

func isSwitch(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return text == "true" || text == "false" || text == ""
}

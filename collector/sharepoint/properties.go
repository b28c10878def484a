package sharepoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// kind is how a property of a site is written, in the answer and in the snapshot.
type kind int

const (
	isText kind = iota
	isNumber
	isSwitch
	isGUID
)

// always are properties that the list of sites has right.
var always = map[string]kind{"Url": isText, "Title": isText, "Template": isText, "LockState": isText}

// details are what else the snapshot keeps of a site: what decides about sharing, and whose site it is. The other
// hundred properties would make it large and say nothing about outsiders.
// https://learn.microsoft.com/en-us/previous-versions/office/sharepoint-csom/dn174923(v=office.15)
var details = map[string]kind{
	"Owner": isText, "GroupId": isGUID, "RelatedGroupId": isGUID,
	"IsTeamsConnected": isSwitch, "IsTeamsChannelConnected": isSwitch, "TeamsChannelType": isNumber,
	"SharingCapability": isNumber, "SiteDefinedSharingCapability": isNumber, "OverrideSharingCapability": isSwitch,
	"SharingDomainRestrictionMode": isNumber, "SharingAllowedDomainList": isText, "SharingBlockedDomainList": isText,
	"DefaultSharingLinkType": isNumber, "DefaultLinkPermission": isNumber,
	"DefaultShareLinkScope": isNumber, "DefaultShareLinkRole": isNumber,
	"ConditionalAccessPolicy": isNumber, "AuthenticationContextName": isText,
	"SensitivityLabel": isGUID, "SensitivityLabel2": isText,
	"BlockGuestsAsSiteAdmin": isNumber, "SharingLockDownEnabled": isSwitch,
	"ExternalUserExpirationInDays": isNumber, "OverrideTenantExternalUserExpirationPolicy": isSwitch,
	"AnonymousLinkExpirationInDays": isNumber, "OverrideTenantAnonymousLinkExpirationPolicy": isSwitch,
	"ShowPeoplePickerSuggestionsForGuestUsers": isSwitch, "DisableCompanyWideSharingLinks": isNumber,
	"RestrictedAccessControl": isSwitch,
}

// pick copies the wanted properties. Not every cloud has every one.
func pick(into map[string]any, site map[string]json.RawMessage, wanted map[string]kind) error {
	for name, k := range wanted {
		raw, ok := site[name]
		if !ok {
			continue
		}
		v, err := k.value(raw)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		into[name] = v
	}
	return nil
}

var (
	wrappedGUID = regexp.MustCompile(`^/Guid\((.*)\)/$`)
	guid        = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

// value reads a property. Only what is known to be an id is unwrapped: a title may say /Guid(...)/ too.
func (k kind) value(raw json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if v == nil {
		return nil, nil
	}
	word, isWord := v.(string)
	switch k {
	case isText:
		if isWord {
			return word, nil
		}
		return nil, errors.New("expected text, found " + describe(v))
	case isSwitch:
		if _, ok := v.(bool); ok {
			return v, nil
		}
		return nil, errors.New("expected true or false, found " + describe(v))
	case isNumber:
		if n, ok := v.(json.Number); ok {
			word = n.String()
		}
		if isInteger(word) {
			return json.Number(word), nil
		}
		return nil, errors.New("expected an integer, found " + describe(v))
	}
	if match := wrappedGUID.FindStringSubmatch(word); match != nil {
		word = match[1]
	}
	if !guid.MatchString(word) {
		return nil, errors.New("expected an id, found " + describe(v))
	}
	return strings.ToLower(word), nil
}

// addressOf is the address of a site, by which the snapshot knows it.
func addressOf(site map[string]json.RawMessage) (string, error) {
	if site["Url"] == nil {
		return "", errors.New("the Url is missing")
	}
	v, err := isText.value(site["Url"])
	if err != nil {
		return "", fmt.Errorf("the Url: %w", err)
	}
	address, _ := v.(string)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsFunc(address, unfit) {
		return "", fmt.Errorf("the Url: %q is no address", clip(address, 80))
	}
	return address, nil
}

// unfit are characters that no address has.
func unfit(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }

// sameAddress compares addresses as SharePoint does.
func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "/"), strings.TrimSuffix(b, "/"))
}

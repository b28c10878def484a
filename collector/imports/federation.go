package imports

import (
	"maps"
	"regexp"
	"strings"
)

// federation is what Get-CsTenantFederationConfiguration says, with its domain lists in the snapshot's form.
func federation(c *conversion, v any) any {
	return withDomains(c, v, map[string]func(any) (any, string){
		"AllowedDomains": allowedDomains, "BlockedDomains": blockedDomains,
	})
}

// withDomains is an object of Teams whose domain lists are converted. A list that is not understood is lost; the rest is
// not.
func withDomains(c *conversion, v any, lists map[string]func(any) (any, string)) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	object = maps.Clone(object)
	domains := map[string]any{}
	for name, convert := range lists {
		value, ok := object[name]
		if !ok {
			continue
		}
		delete(object, name)
		converted, problem := convert(value)
		if problem == "" {
			domains[name] = converted
		} else {
			c.within(name, func() { c.lost(problem) })
		}
	}
	out := cmdletObject(c, object)
	if converted, ok := out.(map[string]any); ok {
		maps.Copy(converted, domains)
	}
	return out
}

const everybody = "AllowAllKnownDomains"

// allowedDomains reads the forms in which AllowedDomains arrives. In PowerShell it is one of two objects. The one for
// every domain has no members, so ConvertTo-Json writes {}; ScubaGear's own rule takes an empty value for it:
// https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/Rego/TeamsConfig.rego
//
// The other one has the list as AllowedDomain. An empty list lets nobody in (example 6 of
// https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-cstenantfederationconfiguration), but only a
// list that is written as one is taken for empty: text or null in its place is what is left of one that was cut off, and
// to read "nobody" into it could hide an open door. Reading "everybody" into nothing at all cannot.
func allowedDomains(v any) (any, string) {
	all := map[string]any{everybody: map[string]any{}}
	switch v := unwrap(v).(type) {
	case nil:
		return all, ""
	case string:
		if strings.EqualFold(v, everybody) {
			return all, ""
		}
	case map[string]any:
		listed, isList := v["AllowedDomain"]
		_, isOpen := v[everybody]
		switch {
		case len(v) == 0, len(v) == 1 && isOpen:
			return all, ""
		case len(v) == 1 && isList:
			if elements, ok := unwrap(listed).([]any); ok && len(elements) == 0 {
				return map[string]any{"AllowedDomain": []any{}}, ""
			}
			return allowList(listed)
		}
	case []any:
		if len(list(v)) == 0 || len(v) == 1 && v[0] == everybody {
			return all, ""
		}
	}
	return allowList(v)
}

func allowList(v any) (any, string) {
	domains, problem := domainList(v)
	if problem != "" {
		return nil, problem
	}
	return map[string]any{"AllowedDomain": domains}, ""
}

// blockedDomains reads the block list; an empty one blocks nobody.
func blockedDomains(v any) (any, string) {
	switch v := unwrap(v).(type) {
	case nil:
		return nil, ""
	case []any:
		if len(list(v)) == 0 {
			return []any{}, ""
		}
	}
	return domainList(v)
}

// domainList reads one domain or more, each as {"Domain": "fabrikam.com"}, or as "Domain=fabrikam.com", which is how such
// an object looks where ConvertTo-Json wrote it as text; a list of them written as text has blanks between them.
func domainList(v any) ([]any, string) {
	domains := []any{}
	for _, element := range list(v) {
		switch e := element.(type) {
		case map[string]any:
			domain, ok := e["Domain"].(string)
			if !ok || len(e) != 1 || !isDomain.MatchString(domain) {
				return nil, "expected a domain, found an object that is none"
			}
			domains = append(domains, map[string]any{"Domain": domain})
		case string:
			if cutOff.MatchString(e) {
				return nil, cutOffProblem
			}
			written := strings.FieldsFunc(e, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
			if len(written) == 0 {
				return nil, "expected Domain=fabrikam.com, found " + describe(e)
			}
			for _, field := range written {
				domain := strings.TrimPrefix(field, "Domain=")
				if !isDomain.MatchString(domain) {
					return nil, "expected Domain=fabrikam.com, found " + describe(e)
				}
				domains = append(domains, map[string]any{"Domain": domain})
			}
		default:
			return nil, "expected a domain, found " + describe(e)
		}
	}
	if len(domains) == 0 {
		return nil, "expected a list of domains, found " + describe(v)
	}
	return domains, ""
}

// isDomain knows a domain: labels of letters, digits and hyphens, two at least. Teams takes no wildcards.
var isDomain = regexp.MustCompile(`^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+\.?$`)

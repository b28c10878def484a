package imports

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What PowerShell does to values on their way through ConvertTo-Json, undone where that is possible without a guess.

// jsonDate is how Windows PowerShell 5.1 writes a time: milliseconds since 1970 in UTC; an offset behind them says only
// in which zone the time was shown.
// https://learn.microsoft.com/en-us/previous-versions/dotnet/articles/bb299886(v=msdn.10)#from-javascript-literals-to-json
var jsonDate = regexp.MustCompile(`^/Date\((-?\d{1,15})([+-]\d{4})?\)/$`)

// date is text with a JSON date replaced by RFC 3339.
func date(s string) string {
	match := jsonDate.FindStringSubmatch(s)
	if match == nil {
		return s
	}
	milliseconds, err := strconv.ParseInt(match[1], 10, 64)
	if err != nil {
		return s
	}
	t := time.UnixMilli(milliseconds).UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return s
	}
	return t.Format(time.RFC3339Nano)
}

// dateObject is the time inside what PowerShell writes for one that a command decorated, such as Get-Date:
// {"value": "/Date(0)/", "DisplayHint": 2, "DateTime": "Thursday, January 1, 1970 12:00:00 AM"}.
func dateObject(object map[string]any) (string, bool) {
	if object["DateTime"] == nil || len(object) > 3 {
		return "", false
	}
	s, ok := object["value"].(string)
	return date(s), ok && jsonDate.MatchString(s)
}

// cutOff knows text that stands for an object or list nested deeper than ConvertTo-Json's -Depth.
// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/convertto-json#-depth
var cutOff = regexp.MustCompile("(?s)^(@\\{.*\\}|(System|Microsoft\\.Graph\\.PowerShell\\.Models)\\.[A-Za-z0-9_.+`]+(\\[.*\\])?)$")

const cutOffProblem = "PowerShell wrote text in place of an object, for it was nested too deep"

// walk rebuilds a value: strings through date, text that stands for something cut off dropped and recorded, and the
// members of objects through member, which may rename, replace or (with "") drop one.
func (c *conversion) walk(v any, member func(object map[string]any, name string, v any) (string, any)) any {
	switch v := unwrap(v).(type) {
	case string:
		return date(v)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			c.within(i, func() { out[i] = c.walk(element, member) })
		}
		return out
	case map[string]any:
		if s, ok := dateObject(v); ok {
			return s
		}
		return c.walkObject(v, member)
	default:
		return v
	}
}

func (c *conversion) walkObject(object map[string]any, member func(map[string]any, string, any) (string, any)) map[string]any {
	out := make(map[string]any, len(object))
	torn := map[string]bool{} // names that two members of the object ask for
	for _, old := range slices.Sorted(maps.Keys(object)) {
		name, value := member(object, old, object[old])
		if name == "" || torn[name] {
			continue
		}
		c.within(name, func() {
			if _, twice := out[name]; twice {
				delete(out, name)
				torn[name] = true
				c.lost("the name stands twice, in different case")
			} else if isCutOff(name, value) {
				c.lost(cutOffProblem)
			} else {
				out[name] = c.walk(value, member)
			}
		})
	}
	return out
}

// isCutOff says whether the value, or one of its elements, stands for something that was cut off. Names and
// descriptions are people's own words.
func isCutOff(name string, v any) bool {
	switch v := v.(type) {
	case string:
		return !strings.EqualFold(name, "displayName") && !strings.EqualFold(name, "description") && cutOff.MatchString(v)
	case []any:
		return slices.ContainsFunc(v, func(element any) bool { return isCutOff(name, element) })
	}
	return false
}

// plumbing is what commands add to what was asked for: how the object is stored, and by whom it was sent, which differs
// from call to call.
var plumbing = map[string]bool{
	"ConfigId": true, "ConfigMetadata": true, "DataSource": true, "Key": true, // Teams
	"DistinguishedName": true, "ExchangeVersion": true, "ObjectCategory": true, "ObjectClass": true, "ObjectState": true,
	"OrganizationId": true, "OrganizationalUnitRoot": true, "OriginatingServer": true, // Exchange
	"PSComputerName": true, "PSShowComputerName": true, "PSSourceJobInstanceId": true, "RunspaceId": true, // remoting
}

// cmdletObject is an object of Teams or Exchange, under the names of its command.
func cmdletObject(c *conversion, v any) any {
	return c.walk(v, func(_ map[string]any, name string, v any) (string, any) {
		if plumbing[name] || strings.ContainsRune(name, '@') { // @odata.type and the like, of the REST interfaces
			return "", nil
		}
		return name, v
	})
}

// isBlank says whether an object says nothing: it has no members, or all of them are null.
func isBlank(object map[string]any) bool {
	for _, v := range object {
		if v != nil {
			return false
		}
	}
	return true
}

// describe names a value of the export for a message.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprintf("boolean %t", v)
	case json.Number:
		return "number " + clip(v.String())
	case string:
		return "string " + strconv.QuoteToASCII(clip(v))
	case []any:
		return "array"
	default:
		return "object"
	}
}

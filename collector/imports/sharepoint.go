package imports

import "strings"

// verboseOData turns an object as _api/SPO.Tenant sends it with odata=verbose, which ScubaGear asks for, into what it
// sends with odata=nometadata: https://learn.microsoft.com/en-us/sharepoint/dev/sp-add-ins/complete-basic-operations-using-sharepoint-rest-endpoints
func verboseOData(c *conversion, v any) any {
	return c.walk(plainCollections(v), func(_ map[string]any, name string, v any) (string, any) {
		if name == "__metadata" || strings.HasPrefix(name, "odata.") || strings.ContainsRune(name, '@') {
			return "", nil
		}
		if object, ok := v.(map[string]any); ok && object["__deferred"] != nil { // a link to what was not asked for
			return "", nil
		}
		return name, v
	})
}

// plainCollections replaces every {"__metadata": ..., "results": [...]} by the list.
func plainCollections(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = plainCollections(element)
		}
		return out
	case map[string]any:
		if results, ok := v["results"].([]any); ok && (len(v) == 1 || len(v) == 2 && v["__metadata"] != nil) {
			return plainCollections(results)
		}
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = plainCollections(value)
		}
		return out
	}
	return v
}

package sharepoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/snapshot"
)

// tenant reads the settings of the tenant. A setting of a type that nobody expects is left out and recorded: the others
// are no less true for it.
func (r *Reader) tenant(ctx context.Context, s *collector.Source, out *collector.Output) error {
	body, err := r.send(ctx, http.MethodGet, "/_api/SPO.Tenant", nil, nil)
	if err != nil {
		return err
	}
	object, odd, err := parseTenant(body)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(odd)) {
		problem := &collector.Gap{Reason: collector.Failed, Detail: name + ": " + odd[name]}
		if err := out.Also(s.Path+"."+name, problem); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return out.Add("", raw)
}

// parseTenant reads an answer, in either form that SharePoint has for one. Odd says what is wrong with settings that
// were left out.
func parseTenant(body []byte) (object map[string]any, odd map[string]string, err error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber() // the largest of these numbers are larger than a float holds
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, nil, broken(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("the answer goes on behind its end")
	}
	object, _ = v.(map[string]any)
	if d, ok := object["d"].(map[string]any); ok && len(object) == 1 {
		object = d
	}
	object, _ = plain(object).(map[string]any)
	if _, ok := object["SharingCapability"]; !ok {
		return nil, nil, errors.New("the answer is not the settings of a tenant: SharingCapability is missing")
	}
	odd = map[string]string{}
	for name, want := range tenantTypes() {
		value, ok := object[name]
		if !ok {
			continue // not every cloud has every setting
		}
		fitted, problem := want.fit(value)
		if problem != "" {
			odd[name] = problem
			delete(object, name)
			continue
		}
		object[name] = fitted
	}
	return object, odd, nil
}

// plain undoes the annotations of a value: {"__metadata": ..., "results": [...]} is the list, and links to what was not
// asked for are nothing.
// https://learn.microsoft.com/en-us/sharepoint/dev/sp-add-ins/complete-basic-operations-using-sharepoint-rest-endpoints
func plain(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		if results, ok := v["results"].([]any); ok && (len(v) == 1 || len(v) == 2 && v["__metadata"] != nil) {
			return plain(results)
		}
		for name, value := range v {
			object, _ := value.(map[string]any)
			annotation := name == "__metadata" || strings.HasPrefix(name, "odata.") || strings.ContainsRune(name, '@')
			if annotation || object["__deferred"] != nil {
				delete(v, name)
				continue
			}
			v[name] = plain(value)
		}
	}
	return v
}

// shape is what the snapshot's schema says of a value, as far as settings need it.
type shape struct {
	Type  types  `json:"type"`
	Items *shape `json:"items"`
}

// types is the schema's "type": one name or several.
type types []string

func (t *types) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*t = make(types, 1)
		return json.Unmarshal(data, &(*t)[0])
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// tenantTypes are the settings that the schema knows.
var tenantTypes = sync.OnceValue(func() map[string]*shape {
	var schema struct {
		Properties struct {
			SharePoint struct {
				Properties struct {
					Tenant struct {
						Properties map[string]*shape `json:"properties"`
					} `json:"tenant"`
				} `json:"properties"`
			} `json:"sharePoint"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(snapshot.SchemaJSON, &schema); err != nil {
		panic(fmt.Sprintf("schema.json: %v", err)) // package snapshot compiles it too
	}
	return schema.Properties.SharePoint.Properties.Tenant.Properties
})

// fit gives a value the type that the schema asks for, where nothing is lost by it: SharePoint writes large integers as
// text.
func (s *shape) fit(v any) (fitted any, problem string) {
	wantsInteger := slices.Contains(s.Type, "integer") && !slices.Contains(s.Type, "string")
	if word, ok := v.(string); ok && wantsInteger && isInteger(word) {
		v = json.Number(word)
	}
	if !slices.ContainsFunc(s.Type, func(t string) bool { return isOf(t, v) }) {
		return nil, "expected " + strings.Join(s.Type, " or ") + ", found " + describe(v)
	}
	if list, ok := v.([]any); ok && s.Items != nil {
		for i := range list {
			if list[i], problem = s.Items.fit(list[i]); problem != "" {
				return nil, fmt.Sprintf("element %d: %s", i, problem)
			}
		}
	}
	return v, ""
}

// isOf says whether the value is of the schema's type.
func isOf(name string, v any) bool {
	if n, ok := v.(json.Number); ok {
		return name == "number" || name == "integer" && isInteger(n.String())
	}
	return name == kindOf(v)
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// describe names a value for a message.
func describe(v any) string {
	switch v := v.(type) {
	case bool, json.Number:
		return fmt.Sprintf("%s %v", kindOf(v), v)
	case string:
		return fmt.Sprintf("string %q", clip(v, 40))
	}
	return kindOf(v)
}

// isInteger knows a plain integer: digits, perhaps behind a minus sign.
func isInteger(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == s
}

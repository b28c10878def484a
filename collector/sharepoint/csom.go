package sharepoint

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// processQuery runs calls of SharePoint's client object model (CSOM), several in one request.
const processQuery = "/_vti_bin/client.svc/ProcessQuery"

// Types of the object model: the tenant, and the filter of its sites. They, and the members of the filter, are those of
// https://github.com/pnp/cli-microsoft365/blob/main/src/m365/spo/commands/site/site-list.ts
const (
	tenantType = "{268004ae-ef6b-4e9b-8425-127220d84719}"
	filterType = "{b92aeee2-c92c-4b67-abcc-024e471bc140}"
)

// query is a request under way.
type query struct {
	actions, paths strings.Builder
	last           int // the last number that was given to an action or a path
}

func newQuery() *query {
	q := &query{}
	fmt.Fprintf(&q.paths, `<Constructor Id="%d" TypeId="%s"/>`, q.number(), tenantType)
	fmt.Fprintf(&q.actions, `<ObjectPath Id="%d" ObjectPathId="1"/>`, q.number())
	return q
}

func (q *query) number() int {
	q.last++
	return q.last
}

// call adds a method of the tenant and asks for all properties of what it returns. Single ones cannot be asked for: one
// that a cloud does not have yet would spoil the whole request. The result is the number of the answer.
func (q *query) call(method, parameters string, list bool) int {
	path, made, asked := q.number(), q.number(), q.number()
	children := ""
	if list {
		children = `<ChildItemQuery SelectAllProperties="true"><Properties/></ChildItemQuery>`
	}
	fmt.Fprintf(&q.paths, `<Method Id="%d" ParentId="1" Name="%s"><Parameters>%s</Parameters></Method>`,
		path, method, parameters)
	fmt.Fprintf(&q.actions, `<ObjectPath Id="%d" ObjectPathId="%d"/><Query Id="%d" ObjectPathId="%d">`+
		`<Query SelectAllProperties="true"><Properties/></Query>%s</Query>`, made, path, asked, path, children)
	return asked
}

// listSites asks for a page of sites, people's OneDrives among them (1 is Include). Details would make it slow, and
// could not be relied on: each site is asked for them by itself.
func (q *query) listSites(start string) int {
	return q.call("GetSitePropertiesFromSharePointByFilters", `<Parameter TypeId="`+filterType+`">`+
		`<Property Name="Filter" Type="String"></Property>`+
		`<Property Name="IncludeDetail" Type="Boolean">false</Property>`+
		`<Property Name="IncludePersonalSite" Type="Enum">1</Property>`+
		`<Property Name="StartIndex" Type="String">`+escape(start)+`</Property>`+
		`<Property Name="Template" Type="String"></Property></Parameter>`, true)
}

// site asks for one site with all its details.
func (q *query) site(address string) int {
	return q.call("GetSitePropertiesByUrl",
		`<Parameter Type="String">`+escape(address)+`</Parameter><Parameter Type="Boolean">true</Parameter>`, false)
}

func (q *query) body() []byte {
	return []byte(`<Request AddExpandoFieldTypeSuffix="true" SchemaVersion="15.0.0.0" LibraryVersion="16.0.0.0" ` +
		`ApplicationName="guestward" xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009"><Actions>` +
		q.actions.String() + `</Actions><ObjectPaths>` + q.paths.String() + `</ObjectPaths></Request>`)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// run sends the request and returns the answers by their numbers. A request digest that has expired is renewed once.
func (r *Reader) run(ctx context.Context, q *query) (map[int]json.RawMessage, error) {
	body, stale := q.body(), ""
	for {
		value, err := r.digest.get(ctx, r, stale)
		if err != nil {
			return nil, err
		}
		raw, err := r.send(ctx, http.MethodPost, processQuery, body, http.Header{
			"Content-Type": {"text/xml"}, "X-Requestdigest": {value},
		})
		var answers map[int]json.RawMessage
		if err == nil {
			answers, err = parseAnswers(raw)
		}
		if err == nil || stale != "" || !mayBeDigest(err) {
			return answers, err
		}
		stale = value
	}
}

// parseAnswers takes the answer of ProcessQuery apart: a list of a header, then numbers, each with its answer.
func parseAnswers(body []byte) (map[int]json.RawMessage, error) {
	var parts []json.RawMessage
	if err := json.Unmarshal(body, &parts); err != nil {
		return nil, broken(err)
	}
	if len(parts) == 0 {
		return nil, errors.New("the answer has no header")
	}
	var header map[string]json.RawMessage
	if err := json.Unmarshal(parts[0], &header); err != nil {
		return nil, errors.New("the answer's header is no object")
	}
	info, ok := header["ErrorInfo"]
	if !ok {
		return nil, errors.New("the answer's header has no ErrorInfo")
	}
	if string(info) != "null" {
		return nil, newFault(info)
	}
	if len(parts)%2 == 0 {
		return nil, errors.New("the answer ends with a number that has no answer")
	}
	answers := map[int]json.RawMessage{}
	for i := 1; i < len(parts); i += 2 {
		var n int
		if err := json.Unmarshal(parts[i], &n); err != nil || string(parts[i]) == "null" {
			return nil, fmt.Errorf("part %d of the answer is no number", i)
		}
		if answers[n] != nil {
			return nil, fmt.Errorf("the number %d stands twice in the answer", n)
		}
		answers[n] = parts[i+1]
	}
	return answers, nil
}

func newFault(info json.RawMessage) *fault {
	var e struct {
		ErrorMessage, ErrorTypeName string
		ErrorCode                   int
	}
	if err := json.Unmarshal(info, &e); err != nil {
		return &fault{message: "its ErrorInfo is not understood"}
	}
	return &fault{code: e.ErrorCode, kind: clip(e.ErrorTypeName, 100), message: clip(e.ErrorMessage, 240)}
}

// page is one answer of the list of sites.
type page struct {
	sites []map[string]json.RawMessage
	next  string // where the next page begins; "" after the last one
}

func parsePage(answer json.RawMessage) (p page, err error) {
	list, err := object(answer)
	if err != nil {
		return p, fmt.Errorf("the list of sites is %w", err)
	}
	next, ok := list["NextStartIndexFromSharePoint"]
	if !ok {
		return p, errors.New("the list of sites: NextStartIndexFromSharePoint is missing")
	}
	if json.Unmarshal(next, &p.next) != nil {
		return p, errors.New("the list of sites: NextStartIndexFromSharePoint is no text")
	}
	p.next = strings.TrimSpace(p.next)
	var items []json.RawMessage
	if json.Unmarshal(list["_Child_Items_"], &items) != nil || items == nil {
		return p, errors.New("the list of sites: _Child_Items_ is no list")
	}
	for i, raw := range items {
		site, err := object(raw)
		if err != nil {
			return p, fmt.Errorf("the list of sites: element %d is %w", i, err)
		}
		p.sites = append(p.sites, site)
	}
	return p, nil
}

func object(raw json.RawMessage) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return nil, errors.New("no object")
	}
	return members, nil
}

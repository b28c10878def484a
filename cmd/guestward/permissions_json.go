package main

import (
	"encoding/json"
	"io"

	"github.com/guestward/guestward/cmd/internal/access"
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
)

// permissionsJSON is the plan as --format json writes it. No list is null.
type permissionsJSON struct {
	Cloud     string       `json:"cloud"`
	Rules     []string     `json:"rules"`
	Grants    []jsonGrant  `json:"grants"`
	Withheld  []jsonGrant  `json:"withheld"`
	Delegated []jsonGrant  `json:"delegated"`
	Outside   []jsonRoute  `json:"outside"`
	Unknown   []jsonStatus `json:"unknown"`
}

type jsonGrant struct {
	Name     string        `json:"name"`
	ID       string        `json:"id,omitempty"` // of the application permission; a delegated one has another
	API      collector.API `json:"api"`
	AppID    string        `json:"appId"`
	Writes   bool          `json:"writes"`
	Reads    string        `json:"reads"`
	Rules    []string      `json:"rules"`
	Sources  []string      `json:"sources"`
	EveryRun bool          `json:"everyRun"`
}

type jsonRoute struct {
	API   collector.API `json:"api"`
	How   string        `json:"how"`
	Role  string        `json:"role,omitempty"` // template id of the directory role that reads it
	Rules []string      `json:"rules"`
}

type jsonStatus struct {
	Rule    string        `json:"rule"`
	Status  access.Status `json:"status"`
	Reasons []jsonReason  `json:"reasons"`
}

type jsonReason struct {
	Path       string       `json:"path"`
	Cause      access.Cause `json:"cause"`
	Permission string       `json:"permission,omitempty"`
	ID         string       `json:"id,omitempty"`
	Text       string       `json:"text"`
}

func permissionsDocument(p access.Plan) permissionsJSON {
	doc := permissionsJSON{
		Cloud: p.Cloud, Rules: ruleIDs(p.Rules), Outside: []jsonRoute{},
		Grants: jsonGrants(p.Grants), Withheld: jsonGrants(p.Withheld), Delegated: jsonGrants(p.Delegated),
		Unknown: jsonStatuses(p.Unknown),
	}
	for _, g := range p.Outside {
		doc.Outside = append(doc.Outside, jsonRoute{g.API, routes[g.API], g.Role, list(g.Rules)})
	}
	return doc
}

func ruleIDs(rules []*policies.Rule) []string {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	return ids
}

func jsonGrants(grants []access.Grant) []jsonGrant {
	out := make([]jsonGrant, len(grants))
	for i, g := range grants {
		out[i] = jsonGrant{
			Name: g.Name, ID: g.ID, API: g.API, AppID: g.API.AppID(), Writes: g.Writes, Reads: g.About,
			Rules: list(g.Rules), Sources: list(g.Sources), EveryRun: g.Always,
		}
	}
	return out
}

func jsonStatuses(verdicts []access.Verdict) []jsonStatus {
	out := make([]jsonStatus, len(verdicts))
	for i, v := range verdicts {
		out[i] = jsonStatus{Rule: v.Rule.ID, Status: v.Status, Reasons: make([]jsonReason, len(v.Obstacles))}
		for j, o := range v.Obstacles {
			reason := jsonReason{Path: o.Path, Cause: o.Cause, Text: obstacleText(o)}
			if o.Permission != nil {
				reason.Permission, reason.ID = o.Permission.Name, o.Permission.ID
			}
			out[i].Reasons[j] = reason
		}
	}
	return out
}

// list is the list, [] where there is none.
func list(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}

func writeJSON(w io.Writer, doc any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

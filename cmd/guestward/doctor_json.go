package main

import (
	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/report"
)

// doctorJSON is the diagnosis as --format json writes it.
type doctorJSON struct {
	SignIn     *jsonSignIn      `json:"signIn"`          // null where it failed
	Error      string           `json:"error,omitempty"` // of the sign-in
	Complete   bool             `json:"complete"`
	Rules      []jsonStatus     `json:"rules"`
	Missing    []jsonGrant      `json:"missing"`
	Excess     []jsonExcess     `json:"excess"`
	SharePoint *sharePointState `json:"sharePoint"`
	Hints      []string         `json:"hints"`
	GitHub     *githubSubject   `json:"github"`
}

type jsonSignIn struct {
	Method   string   `json:"method"`
	Cloud    string   `json:"cloud"`
	AppOnly  bool     `json:"appOnly"`
	Readable bool     `json:"readable"` // whether the token tells what was granted
	TenantID string   `json:"tenantId,omitempty"`
	AppID    string   `json:"appId,omitempty"`
	Granted  []string `json:"granted"`
}

type jsonExcess struct {
	Name    string        `json:"name"`
	API     collector.API `json:"api"`
	Writes  bool          `json:"writes"`
	Instead string        `json:"instead,omitempty"`
	Text    string        `json:"text"`
}

func doctorDocument(e *examination, failed error) doctorJSON {
	doc := doctorJSON{
		Rules: []jsonStatus{}, Missing: []jsonGrant{}, Excess: []jsonExcess{}, Hints: []string{}, GitHub: e.github.forJSON(),
	}
	if failed != nil {
		doc.Error = report.Terminal(failed.Error())
		return doc
	}
	doc.SignIn = &jsonSignIn{
		Method: e.session.Method, Cloud: e.session.Cloud.Name, AppOnly: e.reach.AppOnly, Granted: safe(e.reach.Graph.Names),
	}
	if e.claims != nil {
		doc.SignIn.Readable = true
		doc.SignIn.TenantID, doc.SignIn.AppID = report.Terminal(e.claims.TenantID), report.Terminal(e.claims.AppID)
	}
	doc.Complete = e.diagnosis.Complete()
	doc.Rules = jsonStatuses(e.diagnosis.Verdicts)
	doc.Missing = jsonGrants(e.diagnosis.Missing)
	for _, x := range e.diagnosis.Excess {
		doc.Excess = append(doc.Excess, jsonExcess{report.Terminal(x.Name), x.API, x.Writes, x.Instead, excessText(x)})
	}
	doc.SharePoint = &sharePointState{e.sharePoint.State, report.Terminal(e.sharePoint.Text)}
	doc.Hints = append(doc.Hints, e.hints()...)
	return doc
}

package graphtest

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHost(t *testing.T) {
	s, _ := contoso(t, Options{Allowed: []string{"the host is"}})
	req, err := http.NewRequest("GET", s.URL+"/v1.0/domains", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "graph.microsoft.com"
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 400 || len(s.Violations()) != 1 {
		t.Errorf("%d, violations %q", resp.StatusCode, s.Violations())
	}
}

func TestGzip(t *testing.T) {
	for asked, want := range map[string]bool{"gzip": true, "identity": false} {
		s, _ := contoso(t, Options{Gzip: true})
		req, err := http.NewRequest("GET", s.URL+"/v1.0/users?$select=id", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Accept": "application/json", "Authorization": "Bearer x", "Accept-Encoding": asked} {
			req.Header.Set(name, value)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body := io.Reader(resp.Body)
		if got := resp.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Fatalf("asked for %s: compressed is %v", asked, got)
		} else if got {
			if body, err = gzip.NewReader(body); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(body)
		resp.Body.Close()
		if err != nil || !json.Valid(text) {
			t.Errorf("%v %.100s", err, text)
		}
	}
}

func TestLatency(t *testing.T) {
	s, c := contoso(t, Options{Latency: 3 * time.Millisecond})
	started := time.Now()
	c.get(s.URL + "/v1.0/domains")
	if d := time.Since(started); d < 3*time.Millisecond {
		t.Errorf("answered after %s", d)
	}
}

// TestWorkflows says that only the single workflow has its conditions and tasks.
func TestWorkflows(t *testing.T) {
	s, c := contoso(t, Options{})
	const path = "/v1.0/identityGovernance/lifecycleWorkflows/workflows"
	if a := c.get(s.URL + path); strings.Contains(a.text, "executionConditions") || strings.Contains(a.text, "tasks") {
		t.Errorf("the list: %s", a.text)
	}
	if a := c.get(s.URL + path + "/" + id(891)); !strings.Contains(a.text, "userInactivityTrigger") || !strings.Contains(a.text, "taskDefinitionId") {
		t.Errorf("the one: %s", a.text)
	}
}

// TestExpansions says what may be told of related objects, and what is not told without $expand.
func TestExpansions(t *testing.T) {
	s, c := contoso(t, Options{})
	text := func(path string) string {
		t.Helper()
		a := c.get(s.URL + path)
		if a.status != 200 {
			t.Fatalf("%s: %d %s", path, a.status, a.text)
		}
		return a.text
	}
	for path, want := range map[string]string{
		em + "accessPackages?$expand=catalog":                                                                 `"catalog":{"id":"` + id(841),
		em + "assignments?$expand=target":                                                                     `"target":{"id":"` + id(891),
		em + "connectedOrganizations?$expand=internalSponsors":                                                `"internalSponsors":[{"@odata.type":"#microsoft.graph.user"`,
		"/v1.0/policies/crossTenantAccessPolicy/partners?$expand=identitySynchronization":                     `"isSyncAllowed":true`,
		"/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/'&$expand=policy($expand=rules)": `"#microsoft.graph.unifiedRoleManagementPolicyApprovalRule"`,
		"/v1.0/roleManagement/directory/roleAssignments?$expand=principal":                                    `"principal":{"@odata.type":"#microsoft.graph.directoryObject","id":"` + id(2400),
		"/v1.0/users?$filter=userType eq 'Guest'&$select=id&$expand=sponsors($select=id)":                     `"sponsors":[{"@odata.type":"#microsoft.graph.group","id":"` + id(1701) + `"}]`,
	} {
		if got := text(path); !strings.Contains(got, want) {
			t.Errorf("%s: no %s in %s", path, want, got)
		}
		plain, _, _ := strings.Cut(strings.Replace(path, "&$expand", "?$expand", 1), "?$expand")
		if strings.Contains(plain, "$filter") {
			continue
		}
		if got := text(plain); strings.Contains(got, want) {
			t.Errorf("%s has %s without being asked", plain, want)
		}
	}
	if a := c.get(s.URL + "/v1.0/users?$select=id&$expand=sponsors($select=id)"); strings.Contains(a.text, "accountEnabled") {
		t.Errorf("more than selected: %s", a.text)
	}
	large := &Tenant{groups: objects{}, sites: objects{}}
	owners := []string{}
	users := objects{}
	for i := range 25 {
		owners = append(owners, id(i))
		o, err := parseObject([]byte(`{"id":"` + id(i) + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		users = append(users, o)
	}
	list, err := json.Marshal(owners)
	if err != nil {
		t.Fatal(err)
	}
	g, err := parseObject([]byte(`{"id":"` + id(100) + `","owners":` + string(list) + `}`))
	if err != nil {
		t.Fatal(err)
	}
	large.users, large.groups = users, objects{g}
	s, c = synthetic(t, Options{Tenant: large})
	got := c.get(s.URL + "/v1.0/groups?$select=id&$expand=owners($select=id)").value()[0]
	if n := len(got["owners"].([]any)); n != 20 || got["owners@odata.nextLink"] == nil {
		t.Errorf("25 owners: %d, and then %v", n, got["owners@odata.nextLink"])
	}
}

// TestSnapshotOfEverything goes from a snapshot with the sections that come in pieces to what the service says.
func TestSnapshotOfEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "snapshot.json")
	text := `{
		"licences": {"servicePlans": [{"servicePlanId": "eec0eb4f-6444-4f95-aba0-50c24d67f998", "provisioningStatus": "Success"}]},
		"crossTenantSync": {"servicePrincipals": [{"id": "00000401-0000-4000-8000-000000000401"}],
			"jobs": [{"id": "job1", "servicePrincipalId": "00000401-0000-4000-8000-000000000401", "schema": {"id": "schema1"}}],
			"assignments": [{"id": "a1", "resourceId": "00000401-0000-4000-8000-000000000401"}]},
		"crossTenantAccess": {"domainTenants": [{"domainName": "fabrikam.com", "tenantId": "00000200-0000-4000-8000-000000000200"}, {"domainName": "gmail.com", "tenantId": null}]},
		"applications": {"servicePrincipals": [{"id": "00000402-0000-4000-8000-000000000402"}], "assignments": [],
			"owners": [
				{"id": "1", "ownerId": "00001001-0000-4000-8000-000000001001", "resourceType": "application", "resourceId": "00000411-0000-4000-8000-000000000411", "appId": "x"},
				{"id": "2", "ownerId": "00001002-0000-4000-8000-000000001002", "resourceType": "application", "resourceId": "00000411-0000-4000-8000-000000000411", "appId": "x"},
				{"id": "3", "ownerId": "00001002-0000-4000-8000-000000001002", "resourceType": "servicePrincipal", "resourceId": "00000402-0000-4000-8000-000000000402"},
				{"id": "4", "ownerId": "00001002-0000-4000-8000-000000001002", "resourceType": "servicePrincipal", "resourceId": "lost"}]},
		"guests": [{"id": "00001001-0000-4000-8000-000000001001"}, {"id": "00001002-0000-4000-8000-000000001002"}],
		"groups": [{"id": "00001701-0000-4000-8000-000000001701", "externalMembers": ["b"], "memberGroups": ["a"], "owners": ["o"], "externalOwners": ["o"]}],
		"collection": {"sources": [{"source": "audit.guestSignIns", "outcome": "gap", "reason": "licence"}]}
	}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tenant, err := FromSnapshot(file)
	if err != nil {
		t.Fatal(err)
	}
	s := New(t, Options{Tenant: tenant})
	c := client{t: t, token: "opaque"}
	for path, n := range map[string]int{
		"/servicePrincipals": 2,
		"/servicePrincipals?$filter=applicationTemplateId eq '518e5f48-1fc8-4c48-9387-9fdf28b0dfe7'": 1,
		"/servicePrincipals/" + id(401) + "/synchronization/jobs":                                    1,
		"/servicePrincipals/" + id(401) + "/appRoleAssignedTo":                                       1,
		"/servicePrincipals/" + id(402) + "/appRoleAssignedTo":                                       0,
		"/applications":                             1,
		"/applications/" + id(411) + "/owners":      2,
		"/servicePrincipals/" + id(402) + "/owners": 1,
		"/users?$filter=userType eq 'Guest'":        0,
		"/groups/delta?$select=id,members,owners":   1,
	} {
		if got := len(c.all(s.URL + "/v1.0" + path)); got != n {
			t.Errorf("%s: %d, want %d", path, got, n)
		}
	}
	members, owners, _, _ := merge(c, s.URL+"/v1.0/groups/delta?$select=id,members,owners")
	if len(members[id(1701)]) != 2 || len(owners[id(1701)]) != 1 {
		t.Errorf("members %v, owners %v", members, owners)
	}
	for path, status := range map[string]int{"/auditLogs/signIns": 403, "/organization": 400, "/groups/" + id(1701) + "/settings": 400, domainPath("fabrikam.com"): 200, domainPath("gmail.com"): 404} {
		if a := c.get(s.URL + "/v1.0" + path); a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.text)
		}
	}
	for _, bad := range []string{"{", `{"collection": 1}`, `{"guests": {}, "collection": {}}`, `{"applications": {"owners": {}}, "collection": {}}`, `{"crossTenantAccess": {"domainTenants": {}}, "collection": {}}`} {
		if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := FromSnapshot(file); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

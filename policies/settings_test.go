package policies

import (
	"fmt"
	"strings"
	"testing"
)

func TestSettingsMerge(t *testing.T) {
	c := catalogue(t)
	s, err := c.Settings("scuba", SettingsFile{"own.yaml", []byte("guests:\n  inactive_days: 30\ndomains:\n  approved: [fabrikam.com]\n")})
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := s.Value("guests.inactive_days"); v != 30 {
		t.Errorf("inactive_days is %v", v)
	}
	if v, _ := s.Value("guests.pending_invitation_days"); v != 30 {
		t.Errorf("what the file does not name is %v", v)
	}
	if _, ok := s.Value("guests.inactive_days.x"); ok {
		t.Error("a number has a member")
	}
	again, err := c.Settings("")
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := again.Value("guests.inactive_days"); v != 90 {
		t.Errorf("the defaults were changed: %v", v)
	}
	if _, err := c.Settings("", SettingsFile{"empty.yaml", []byte("# nothing\n")}); err != nil {
		t.Errorf("a file of comments: %v", err)
	}
}

func TestBadSettings(t *testing.T) {
	c := catalogue(t)
	for _, test := range []struct{ data, want string }{
		{"guests: [", "own.yaml: line 1: did not find expected node content; the file is not valid YAML"},
		{"- a", "own.yaml:1:1: expected settings by name"},
		{"guest: {}", `own.yaml:1:1: there is no setting "guest"; here are: access_packages, access_reviews, attestations, azure_devops`},
		{"guests:\n  idle_days: 3", `own.yaml:2:3: there is no setting "guests.idle_days"; here are: access_package_cleanup_suffices, deletion_after_block_max_days`},
		{"guests:\n  inactive_days: soon", "own.yaml:2:18: guests.inactive_days must be a whole number, found a text"},
		{"guests:\n  inactive_days: 1.5", "must be a whole number, found a number"},
		{"guests:\n  inactive_days: 0", "own.yaml:2:18: guests.inactive_days: Must be greater than or equal to 1"},
		{"guests:\n  inactive_days:", "guests.inactive_days must be a whole number, found nothing"},
		{"guests: 3", "own.yaml:1:9: guests must be a group of settings, found a whole number"},
		{"guests:\n  exempt: {a: 1}", "own.yaml:2:11: guests.exempt is a list, not a group of settings"},
		{"guests:\n  exempt: [1]", "own.yaml:2:12: guests.exempt.0: Invalid type. Expected: string, given: integer"},
		{"entra:\n  guest_directory_access: nothing", "own.yaml:2:27: entra.guest_directory_access: must be one of the following: "},
		{"partners: [fabrikam]", "own.yaml:1:12: partners.0: Invalid type. Expected: object, given: string"},
		{"partners:\n  - tenant_id: fabrikam", "own.yaml:2:16: partners.0.tenant_id: Does not match pattern"},
		{"partners:\n  - name: Fabrikam", "own.yaml:2:5: partners.0 names no organisation; give its tenant_id, or domains if it has no tenant"},
		{"partners:\n  - {name: Fabrikam, domains: []}", "own.yaml:2:5: partners.0 names no organisation"},
		{"partners:\n  - {domains: [a b]}", "own.yaml:2:16: partners.0.domains.0: Does not match pattern"},
		{"partners:\n  - {domains: [a.example], ownr: a}", "own.yaml:2:5: partners.0: Additional property ownr is not allowed"},
		{"partners:\n  - {domains: [a.example], review_by: 1 May}", "own.yaml:2:39: partners.0.review_by: Does not match pattern"},
		{"partners:\n  - {domains: [a.example], review_by: 2027-02-30}", "own.yaml:2:39: partners.0.review_by: there is no day 2027-02-30"},
		{"attestations:\n  given:\n    - {rule: GOV-001, date: 2019-02-30}", "own.yaml:3:29: attestations.given.0.date: there is no day 2019-02-30"},
		{"attestations:\n  given:\n    - {rule: GOV-001, owner: ' ', date: 2026-02-03, expires: 2026-03-03, evidence: a, statement: b}", "own.yaml:3:30: attestations.given.0.owner: Does not match pattern"},
		{"partners:\n  - {domains: [a.example], allow: [everything]}", "own.yaml:2:36: partners.0.allow.0: must be one of"},
		{"partners:\n  - domains: [a.example]\n  - domains: [b.example, A.example]", "own.yaml:3:26: partners.1.domains.1: the domain a.example is in the register already, at line 2; one organisation has one entry"},
		{"partners:\n  - tenant_id: 0000020a-0000-4000-8000-000000000200\n  - tenant_id: 0000020A-0000-4000-8000-000000000200", "own.yaml:3:16: partners.1.tenant_id: the tenant 0000020a-0000-4000-8000-000000000200 is in the register already, at line 2"},
		{"guests: {inactive_days: 3, inactive_days: 4}", `mapping key "inactive_days" already defined at line 1`},
		{"guests: {}\n---\nguests: {}", "more than one YAML document; keep the first alone"},
		{strings.Repeat("#", maxSettings+1), "own.yaml: larger than 4 MiB"},
	} {
		_, err := c.Settings("", SettingsFile{"own.yaml", []byte(test.data)})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q\ngot  %v\nwant %s", test.data[:min(60, len(test.data))], err, test.want)
		}
	}
	if _, err := c.Settings("nist"); err == nil || !strings.Contains(err.Error(), `no profile is called "nist"; there are`) {
		t.Errorf("unknown profile: %v", err)
	}
}

func TestRegisterOfPartners(t *testing.T) {
	s, err := catalogue(t).Settings("", SettingsFile{"own.yaml", []byte(`
partners:
  - tenant_id: 00000200-0000-4000-8000-000000000200
    domains: [fabrikam.com, "*.fabrikam.com"]
    name: Fabrikam
    owner: collaboration@contoso.com
    relation: supplier
    purpose: development
    review_by: 2027-01-31
    allow: [direct_connect, mfa_trust]
  - domains: [adatum.example]
`)})
	if err != nil {
		t.Fatal(err)
	}
	partners, _ := s.Value("partners")
	entry := partners.([]any)[0].(map[string]any)
	if entry["review_by"] != "2027-01-31" || len(entry["allow"].([]any)) != 2 || len(partners.([]any)) != 2 {
		t.Errorf("the register is %v", partners)
	}
}

func TestSettingsComeInSeveralFiles(t *testing.T) {
	oneThread(t)
	s, err := catalogue(t).Settings("scuba",
		SettingsFile{"settings.yaml", []byte("guests: {inactive_days: 30, disabled_days: 7}\ndomains: {approved: [a.example, b.example]}\n")},
		SettingsFile{"partners.yaml", []byte("partners: [{domains: [c.example]}]\n")},
		SettingsFile{"later.yaml", []byte("guests: {inactive_days: 60}\ndomains: {approved: [d.example]}\n")},
	)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"guests.inactive_days": "60", "guests.disabled_days": "7", "domains.approved": "[d.example]",
		"partners": "[map[domains:[c.example]]]", "cross_tenant.default_inbound": "allow_list",
	} {
		if got, _ := s.Value(path); fmt.Sprint(got) != want {
			t.Errorf("%s is %v, not %s", path, got, want)
		}
	}
	_, err = catalogue(t).Settings("", SettingsFile{"settings.yaml", nil}, SettingsFile{"partners.yaml", []byte("partners: {}")})
	if err == nil || !strings.Contains(err.Error(), "partners.yaml:1:11: partners is a list, not a group of settings") {
		t.Errorf("a mistake in the second file: %v", err)
	}
}

// FuzzSettings feeds anything: the reader never panics, and what it accepts leaves every setting in place.
func FuzzSettings(f *testing.F) {
	c, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("guests: {inactive_days: 30}"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("partners: &p [{domains: *p}, *p, {tenant_id: , review_by: 2027-02-30}]"))
	f.Add([]byte("guests: &x\n  exempt: [a]\ndomains: *x"))
	standard, err := c.Settings("")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := c.Settings("", SettingsFile{"fuzz.yaml", data})
		if err != nil {
			return
		}
		for _, path := range standard.Paths() {
			v, ok := s.Value(path)
			was, _ := standard.Value(path)
			if !ok || typeWord(v) != typeWord(was) {
				t.Errorf("%s is %v", path, v)
			}
		}
	})
}

package policies

import (
	"strings"
	"testing"
)

func TestSettingsMerge(t *testing.T) {
	c := catalogue(t)
	s, err := c.Settings("scuba", "own.yaml", []byte("guests:\n  inactive_days: 30\ndomains:\n  approved: [fabrikam.com]\n"))
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
	again, err := c.Settings("", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := again.Value("guests.inactive_days"); v != 90 {
		t.Errorf("the defaults were changed: %v", v)
	}
	if _, err := c.Settings("", "empty.yaml", []byte("# nothing\n")); err != nil {
		t.Errorf("a file of comments: %v", err)
	}
}

func TestBadSettings(t *testing.T) {
	c := catalogue(t)
	for _, test := range []struct{ data, want string }{
		{"guests: [", "own.yaml: line 1: did not find expected node content; the file is not valid YAML"},
		{"- a", "own.yaml:1:1: expected settings by name"},
		{"guest: {}", `own.yaml:1:1: there is no setting "guest"; here are: access_reviews, conditional_access, cross_tenant, domains, entra`},
		{"guests:\n  idle_days: 3", `own.yaml:2:3: there is no setting "guests.idle_days"; here are: access_package_cleanup_suffices, deletion_after_block_max_days`},
		{"guests:\n  inactive_days: soon", "own.yaml:2:18: guests.inactive_days must be a whole number, found a text"},
		{"guests:\n  inactive_days: 1.5", "must be a whole number, found a number"},
		{"guests:\n  inactive_days: 0", "own.yaml:2:18: guests.inactive_days: Must be greater than or equal to 1"},
		{"guests:\n  inactive_days:", "guests.inactive_days must be a whole number, found nothing"},
		{"guests: 3", "own.yaml:1:9: guests must be a group of settings, found a whole number"},
		{"guests:\n  exempt: {a: 1}", "own.yaml:2:11: guests.exempt is a list, not a group of settings"},
		{"guests:\n  exempt: [1]", "own.yaml:2:12: guests.exempt.0: Invalid type. Expected: string, given: integer"},
		{"entra:\n  guest_directory_access: nothing", "own.yaml:2:27: entra.guest_directory_access: must be one of the following: "},
		{"cross_tenant:\n  partners: [fabrikam]", "own.yaml:2:14: cross_tenant.partners.0: Invalid type. Expected: object, given: string"},
		{"cross_tenant:\n  partners:\n    - tenant_id: fabrikam", "own.yaml:3:18: cross_tenant.partners.0.tenant_id: Does not match pattern"},
		{"cross_tenant:\n  partners:\n    - name: Fabrikam", "own.yaml:3:7: cross_tenant.partners.0: tenant_id is required"},
		{"cross_tenant:\n  partners:\n    - {tenant_id: 00000200-0000-4000-8000-000000000200, ownr: a}", "own.yaml:3:7: cross_tenant.partners.0: Additional property ownr is not allowed"},
		{"cross_tenant:\n  partners:\n    - {tenant_id: 00000200-0000-4000-8000-000000000200, review_by: 1 May}", "cross_tenant.partners.0.review_by: Does not match pattern"},
		{"guests: {inactive_days: 3, inactive_days: 4}", `mapping key "inactive_days" already defined at line 1`},
		{"guests: {}\n---\nguests: {}", "more than one YAML document; keep the first alone"},
		{strings.Repeat("#", maxSettings+1), "own.yaml: larger than 1 MiB"},
	} {
		_, err := c.Settings("", "own.yaml", []byte(test.data))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q\ngot  %v\nwant %s", test.data[:min(60, len(test.data))], err, test.want)
		}
	}
	if _, err := c.Settings("nist", "", nil); err == nil || !strings.Contains(err.Error(), `no profile is called "nist"; there are`) {
		t.Errorf("unknown profile: %v", err)
	}
}

func TestRegisterOfPartners(t *testing.T) {
	s, err := catalogue(t).Settings("", "own.yaml", []byte(`
cross_tenant:
  partners:
    - tenant_id: 00000200-0000-4000-8000-000000000200
      name: Fabrikam
      owner: collaboration@contoso.com
      relation: supplier
      purpose: development
      review_by: 2027-01-31
      allow: [direct_connect, mfa_trust]
`))
	if err != nil {
		t.Fatal(err)
	}
	partners, _ := s.Value("cross_tenant.partners")
	entry := partners.([]any)[0].(map[string]any)
	if entry["review_by"] != "2027-01-31" || len(entry["allow"].([]any)) != 2 {
		t.Errorf("the entry is %v", entry)
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
	f.Add([]byte("guests: &x\n  exempt: [a]\ndomains: *x"))
	standard, err := c.Settings("", "", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := c.Settings("", "fuzz.yaml", data)
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

package access

import (
	"slices"
	"testing"
)

// TestTakesGuests tries rules of groups.
func TestTakesGuests(t *testing.T) {
	for rule, want := range map[string]string{
		`user.userType -eq "Guest"`:     "every",
		`(User.UserType  -EQ  'guest')`: "every",
		`user.userType -in ["Guest"]`:   "every",
		`user.userType -ne "Member"`:    "every",
		`(user.userType -eq "Guest") -or (user.userPrincipalName -contains "#EXT#")`: "every",
		`(user.userType -eq "Guest") -or (user.creationType -eq "Invitation")`:       "every",

		`(user.userType -eq "Guest") -and (user.accountEnabled -eq true)`:        "some",
		`(user.userType -eq "Guest") -and (user.mail -endsWith "@fabrikam.com")`: "some",
		`(user.userType -eq "Guest") -and (user.department -eq null)`:            "some",
		`user.userPrincipalName -contains "#EXT#"`:                               "some",
		`user.creationType -eq "Invitation"`:                                     "some",

		`user.objectId -ne null`:                                        "",
		`user.userType -eq "Member"`:                                    "",
		`-not (user.userType -eq "Guest")`:                              "",
		`user.userType -in ["Guest", "Member"]`:                         "",
		`(user.userType -eq "Guest") -or (user.department -eq "Sales")`: "",
		`user.companyName -eq "Fabrikam"`:                               "",
		`user.memberOf -any (group.objectId -in ["1"])`:                 "",
		`device.displayName -eq "Guest"`:                                "",
		`Direct Reports for "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"`:     "",

		`user.userType -equals "Guest"`: "unknown",
		`user.department -equals "x"`:   "",
	} {
		if got := takesGuests(rule); got != want {
			t.Errorf("%s: %q, not %q", rule, got, want)
		}
	}
}

func TestGuestGroups(t *testing.T) {
	const rule = `user.userType -eq "Guest"`
	dynamic := []any{"DynamicMembership"}
	group := func(id string, types any, rule, state string) any {
		return map[string]any{"id": id, "displayName": "Group " + id, "groupTypes": types, "membershipRule": rule, "membershipRuleProcessingState": state}
	}
	tenant, err := New(FromDocument(map[string]any{"groups": []any{
		group("A", dynamic, rule, "On"),
		group("B", dynamic, rule, "Paused"),
		group("C", dynamic, rule, ""),
		group("D", nil, rule, "On"),
		group("E", []any{"Unified"}, rule, "On"), // it was dynamic once
		group("F", dynamic, `user.userType -eq "Member"`, "On"),
		group("G", []any{}, "", ""),
	}}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := tenant.GuestGroups()
	if err != nil {
		t.Fatal(err)
	}
	want := []GuestGroup{
		{"a", "Group A", rule, "every", "yes"},
		{"b", "Group B", rule, "every", "paused"},
		{"c", "Group C", rule, "every", "unknown"},
		{"d", "Group D", rule, "every", "unknown"},
	}
	if !got.Whole || !slices.Equal(got.Groups, want) {
		t.Errorf("whole: %v\n%v, not\n%v", got.Whole, got.Groups, want)
	}
	tenant, err = New(FromDocument(map[string]any{}))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tenant.GuestGroups(); err != nil || got.Whole || len(got.Groups) > 0 {
		t.Errorf("without groups: %v, %v", got, err)
	}
}

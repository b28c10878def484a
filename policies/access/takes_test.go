package access

import (
	"maps"
	"testing"
)

// TestTakes asks whom groups take in by their rules.
func TestTakes(t *testing.T) {
	const all, guests, members = `(user.objectId -ne null)`, `(user.userType -eq "Guest")`, `user.userType -eq "Member"`
	for rule, want := range map[string]Takes{
		all:                                     {"every", "every"},
		`user.accountEnabled -eq true`:          {"every", "every"},
		`user.userType -in ["Guest", "Member"]`: {"every", "every"},
		`user.displayName -ne null`:             {"every", "every"},
		guests:                                  {"every", "some"},
		`(user.userType -eq "Guest") -and (user.accountEnabled -eq true)`: {"every", "some"},
		members: {"some", "every"},
		`(user.objectId -ne null) -and (user.userType -ne "Guest")`:         {"some", "every"},
		`-not (user.userPrincipalName -contains "#EXT#")`:                   {"some", "every"},
		`user.department -eq "Sales"`:                                       {"some", "some"},
		`(user.userType -eq "Guest") -and (user.companyName -eq "Contoso")`: {"some", "some"},
		`device.displayName -ne null`:                                       {"some", "some"},
		`Direct Reports for "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"`:         {"some", "some"},
		`user.objectId -notequals null`:                                     {"unknown", "unknown"},
		`user.memberOf -any (group.objectId -in ["ALL"])`:                   {"every", "every"},
		`user.memberOf -any (group.objectId -in ["guests"])`:                {"every", "some"},
		`user.memberOf -any (group.objectId -in ["paused"])`:                {"unknown", "unknown"},
		`user.memberOf -any (group.objectId -in ["chain"])`:                 {"some", "some"},
		`user.memberOf -any (group.objectId -in ["nowhere"])`:               {"some", "some"},
	} {
		group := func(id, rule, state string) any {
			return map[string]any{"id": id, "groupTypes": []any{"DynamicMembership"}, "membershipRule": rule, "membershipRuleProcessingState": state}
		}
		tenant, err := New(FromDocument(map[string]any{"groups": []any{
			group("G1", rule, "On"), group("all", all, "On"), group("Guests", guests, "On"), group("paused", all, "Paused"),
			group("chain", `user.memberOf -any (group.objectId -in ["all"])`, "On"),
		}}))
		if err != nil {
			t.Fatal(err)
		}
		got, err := tenant.Takes([]string{"g1", "x"})
		if err != nil || !maps.Equal(got, map[string]Takes{"g1": want}) {
			t.Errorf("%s: %v, %v, not %v", rule, got, err, want)
		}
	}
}

// TestTakesNested asks of groups within groups, of rules that are not in force, and of what is not there.
func TestTakesNested(t *testing.T) {
	dynamic := []any{"DynamicMembership"}
	group := func(id string, types any, rule, state string, within ...any) any {
		return map[string]any{
			"id": id, "groupTypes": types, "membershipRule": rule, "membershipRuleProcessingState": state, "memberGroups": within,
		}
	}
	const all = `user.objectId -ne null`
	document := map[string]any{"groups": []any{
		group("top", []any{}, "", "", "Middle"),
		group("middle", []any{}, "", "", "ALL", "top"),
		group("all", dynamic, all, "On"),
		group("above", []any{}, "", "", "paused", "assigned"),
		group("paused", dynamic, all, "Paused"),
		group("unsaid", nil, all, "On"),
		group("was", []any{}, all, "On"),
		group("assigned", []any{}, "", ""),
	}}
	tenant, err := New(FromDocument(document))
	if err != nil {
		t.Fatal(err)
	}
	got, err := tenant.Takes([]string{"TOP", "above", "paused", "unsaid", "was", "assigned", "absent"})
	want := map[string]Takes{
		"TOP": {"every", "every"}, "above": {"unknown", "unknown"}, "paused": {"unknown", "unknown"},
		"unsaid": {"unknown", "unknown"}, "was": {"some", "some"}, "assigned": {"some", "some"},
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v\nnot %v", got, err, want)
	}
	if got, err := tenant.Takes(nil); err != nil || len(got) > 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	if tenant, err = New(FromDocument(map[string]any{})); err != nil {
		t.Fatal(err)
	}
	if got, err := tenant.Takes([]string{"top"}); err != nil || len(got) > 0 {
		t.Errorf("without groups: %v, %v", got, err)
	}
}

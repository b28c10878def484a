package graph

import (
	"encoding/json"
	"reflect"
	"testing"
)

// TestDecisionsAreCounted holds what the counts mean: what the service decides in a reviewer's place is no answer, and
// its justification is nobody's reason.
func TestDecisionsAreCounted(t *testing.T) {
	sum := decisions{Decisions: map[string]int{}, ApplyResults: map[string]int{}}
	reviewers := map[string]bool{}
	for _, raw := range []string{
		`{"decision": "Approve", "applyResult": "New", "justification": "still on the project", "reviewedBy": {"id": "m1"}, "principal": {"id": "g1", "userPrincipalName": "a_b.com#EXT#@contoso.com"}}`,
		`{"decision": "Deny", "applyResult": "AppliedSuccessfully", "justification": " ", "reviewedBy": {"id": "m1"}, "principal": {"id": "g2"}}`,
		`{"decision": "Approve", "justification": "I need it", "reviewedBy": {"id": "g3"}, "principal": {"id": "g3"}}`,
		`{"decision": "Deny", "applyResult": "New", "justification": "no answer", "reviewedBy": {"id": "00000000-0000-0000-0000-000000000000"}, "principal": {"id": "g4"}}`,
		`{"decision": "NotReviewed", "reviewedBy": null, "principal": {"id": "g5"}}`,
	} {
		if err := sum.add(json.RawMessage(raw), reviewers); err != nil {
			t.Fatal(err)
		}
	}
	sum.saw(reviewers)
	want := decisions{
		Total:        5,
		Decisions:    map[string]int{"Approve": 2, "Deny": 2, "NotReviewed": 1},
		ApplyResults: map[string]int{"AppliedSuccessfully": 1, "New": 1},
		Unanswered:   2, Justified: 2, Reviewers: 2, ReviewerIDs: []string{"g3", "m1"}, Self: 1, External: 1,
	}
	if !reflect.DeepEqual(sum, want) {
		t.Errorf("got %+v, want %+v", sum, want)
	}
}

package graph

import "encoding/json"

// sight tells whether people who are part of other objects can be seen. Without the permission to read them Graph gives
// their ids, and null for everything else, instead of an error:
// https://learn.microsoft.com/en-us/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
//
// A single one may be null for other reasons, and is unknown to the rules. Where nobody is seen, the permission is missing.
type sight struct{ seen, unseen int }

// look takes note of one person; other objects say nothing.
func (s *sight) look(object map[string]json.RawMessage) {
	if kind := object["@odata.type"]; len(kind) > 0 && string(kind) != `"#microsoft.graph.user"` {
		return
	}
	if absent(object["userPrincipalName"]) && absent(object["userType"]) && absent(object["accountEnabled"]) {
		s.unseen++
	} else {
		s.seen++
	}
}

// sponsors takes note of the sponsors of a user, and counts them.
func (s *sight) sponsors(raw json.RawMessage) (int, error) {
	list, err := lookup(raw, "sponsors")
	if err != nil || len(list) <= 2 { // none, or []
		return 0, err
	}
	var sponsors []map[string]json.RawMessage
	if err := json.Unmarshal(list, &sponsors); err != nil {
		return 0, err
	}
	for _, sponsor := range sponsors {
		s.look(sponsor)
	}
	return len(sponsors), nil
}

func (s *sight) blind() bool { return s.unseen > 0 && s.seen == 0 }

func absent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

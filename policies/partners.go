package policies

import (
	"context"
	"encoding/json"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/policies/access/crosstenant"
	"github.com/guestward/guestward/policies/partners"
)

// Partners is who is open where in a snapshot: the register of the settings, joined with what the tenant lets in by name
// and with the external users there are. Of those only a count for each domain is kept.
func Partners(snap *snapshot.Snapshot, s *Settings) (*partners.Matrix, error) {
	facts, err := Facts(snap)
	if err != nil {
		return nil, err
	}
	f := partnerFacts(facts.Sections)
	f.Sections["collection"] = map[string]any{"sources": sourcesOf(snap)}
	if at := snap.Collection.CollectedAt; !at.IsZero() {
		f.Today = at.UTC().Format(time.DateOnly)
	}
	if err := s.decode("partners", &f.Register); err != nil {
		return nil, err
	}
	if err := s.decode("teams.unassigned_policies", &f.Unassigned); err != nil {
		return nil, err
	}
	if facts.Guests != nil {
		f.Guests = map[string]int{}
		for g, err := range facts.Guests() {
			if err != nil {
				return nil, err
			}
			f.Guests[access.HomeDomain(&g)]++
		}
	}
	return partners.Join(f), nil
}

func partnerFacts(sections map[string]any) partners.Facts {
	section, _ := sections["crossTenantAccess"].(map[string]any)
	return partners.Facts{Sections: sections, Access: crosstenant.Read(section)}
}

// sourcesOf is what the snapshot says of its sources, as a document has it.
func sourcesOf(snap *snapshot.Snapshot) []any {
	out := []any{}
	for _, s := range snap.Collection.Sources {
		out = append(out, map[string]any{"source": s.Source, "outcome": s.Outcome, "reason": s.Reason})
	}
	return out
}

// decode reads a setting into a Go value.
func (s *Settings) decode(dotted string, into any) error {
	v, _ := s.Value(dotted)
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

func init() {
	topdown.RegisterBuiltinFunc("register.layers", answering(func(_ context.Context, args []*ast.Term) (ast.Value, error) {
		doc, err := documentOf(args[0].Value)
		if err != nil {
			return nil, err
		}
		raw, err := plain(args[1].Value)
		if err != nil {
			return nil, err
		}
		var decided struct {
			Partners   []partners.Entry `json:"partners"`
			Unassigned []string         `json:"unassigned_policies"`
		}
		if err := json.Unmarshal(raw, &decided); err != nil {
			return nil, err
		}
		f := partnerFacts(doc)
		f.Register, f.Unassigned = decided.Partners, decided.Unassigned
		return value(partners.Join(f))
	}))
}

package access

import (
	"strings"

	"github.com/guestward/guestward/policies/access/truth"
)

// Specification is the tenant's facts as the specification in Rego reads them.
func (t *Tenant) Specification(assume []string) map[string]any {
	values, err := Assuming(assume...)
	if err != nil {
		values, _ = Assuming() // whoever asked the question has been told
	}
	strengths := map[string]any{}
	for id, s := range t.strengths {
		strengths[strings.ToLower(id)] = s
	}
	raw := t.raw
	if raw == nil {
		raw = []any{}
	}
	return map[string]any{
		"policies":          raw,
		"strengths":         strengths,
		"security_defaults": map[truth.Truth]any{truth.No: false, truth.Maybe: "maybe", truth.Yes: true}[t.defaultsOn],
		"app_enforced":      t.enforced,
		"assume":            values,
	}
}

// Certifiable says whether the specification can decide the hole's witness: not where it stands for accounts that the
// snapshot does not list.
func (h *Hole) Certifiable() bool { return !h.point.user.unlisted }

// Decision is what the model makes of the witness: open or unknown.
func (h *Hole) Decision() string { return h.decision }

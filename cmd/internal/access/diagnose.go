package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
)

// Diagnosis compares what was granted with what the rules need.
type Diagnosis struct {
	Verdicts []Verdict // of every rule
	// Missing are the permissions that were not granted, with the rules that each would help to decide.
	Missing []Grant
	// Excess are the permissions that were granted and are not needed, those that write first.
	Excess []Excess
}

// Excess is a granted permission that is more than the rules need.
type Excess struct {
	Name   string // as the token has it: not to be trusted
	API    collector.API
	Writes bool
	// Instead is the permission that only reads and does as well; "" where none is needed.
	Instead string
	// Reads says what guestward would read with it if it were told to collect everything; "" for nothing.
	Reads string
}

// Complete says whether everything can be read that the rules require, and always is.
func (d Diagnosis) Complete() bool {
	return len(d.Missing) == 0 && !slices.ContainsFunc(d.Verdicts, func(v Verdict) bool { return v.Status != Readable })
}

// Diagnose judges every rule, and what was granted.
func Diagnose(rules []*policies.Rule, reach Reach) Diagnosis {
	needed := Sources(rules)
	for _, p := range collector.Least(needed) {
		reach.asked = append(reach.asked, p.Name)
	}
	d := Diagnosis{Verdicts: judge(rules, reach)}
	for _, v := range d.Verdicts {
		for _, o := range v.Obstacles {
			d.miss(o, v.Rule.ID)
		}
	}
	for _, o := range reach.obstacles(always()) {
		d.miss(o, "")
	}
	slices.SortFunc(d.Missing, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(a.API, b.API), cmp.Compare(a.Name, b.Name))
	})
	d.Excess = slices.Concat(
		reach.excess(collector.Graph, reach.Graph, needed),
		reach.excess(collector.SharePoint, reach.SharePoint, needed))
	slices.SortStableFunc(d.Excess, func(a, b Excess) int {
		if a.Writes != b.Writes {
			return map[bool]int{true: -1, false: 1}[a.Writes]
		}
		return cmp.Or(cmp.Compare(a.API, b.API), cmp.Compare(a.Name, b.Name))
	})
	return d
}

// miss notes a permission that was not granted. No rule means that every collection wants it.
func (d *Diagnosis) miss(o Obstacle, rule string) {
	if o.Cause != NotGranted {
		return
	}
	i := slices.IndexFunc(d.Missing, func(g Grant) bool { return g.Permission == *o.Permission })
	if i < 0 {
		i = len(d.Missing)
		d.Missing = append(d.Missing, Grant{Permission: *o.Permission})
	}
	g := &d.Missing[i]
	switch {
	case rule == "":
		g.Always = true
	case !slices.Contains(g.Rules, rule):
		g.Rules = append(g.Rules, rule)
	}
	if !slices.Contains(g.Sources, o.Path) {
		g.Sources = append(g.Sources, o.Path)
	}
}

// signInScopes come with every sign-in of a person.
// https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc
var signInScopes = []string{"openid", "profile", "email", "offline_access", "User.Read"}

// excess lists the permissions for the service that reading the sources does not use.
func (reach Reach) excess(api collector.API, grants Grants, needed []*collector.Source) []Excess {
	var list []Excess
	used := reach.used(api, grants, needed)
	known := reach.used(api, grants, collector.All())
	for _, name := range slices.Compact(slices.Sorted(slices.Values(grants.Names))) {
		if !reach.AppOnly && slices.Contains(signInScopes, name) {
			continue
		}
		e := Excess{Name: name, API: api, Writes: writes(name)}
		if want, ok := used[name]; ok {
			if strings.EqualFold(want, name) {
				continue // as it should be
			}
			e.Instead = want
		} else if want, ok := known[name]; ok && strings.EqualFold(want, name) {
			p, _ := collector.PermissionNamed(want)
			e.Reads = p.About
		}
		list = append(list, e)
	}
	return list
}

// used tells of each granted permission with which the sources are read as which one it serves.
func (reach Reach) used(api collector.API, grants Grants, sources []*collector.Source) map[string]string {
	used := map[string]string{}
	for _, s := range sources {
		if s.API != api {
			continue
		}
		for _, need := range s.Needs {
			if p, _ := collector.PermissionNamed(need[0]); api == collector.SharePoint && !reach.AppOnly {
				need = collector.Need{delegated(p).Name}
			}
			for _, name := range need {
				g := grants.covering(name)
				if g == "" {
					continue
				}
				if used[g] == "" || strings.EqualFold(name, g) {
					used[g] = name
				}
				break
			}
		}
	}
	return used
}

// writes says whether the permission may allow more than reading: it is not named as one that reads.
func writes(name string) bool {
	for segment := range strings.SplitSeq(name, ".") {
		if segment == "Read" || segment == "ReadBasic" {
			return false
		}
	}
	return true
}

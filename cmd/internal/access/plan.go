package access

import (
	"cmp"
	"slices"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
)

// Grant is a permission, and what it is for.
type Grant struct {
	collector.Permission
	Rules   []string // that need it, sorted
	Always  bool     // whether every collection reads something with it
	Sources []string // that are read with it, in the order of the table
}

// Plan is what to grant for a set of rules.
type Plan struct {
	Cloud string
	Rules []*policies.Rule
	All   bool // everything that can be read, for no rule too
	// Grants are the application permissions to grant.
	Grants []Grant
	// Withheld are those that allow more than reading and were not asked for by name.
	Withheld []Grant
	// Delegated are those that only a signed-in person has.
	Delegated []Grant
	// Outside are the services that no permission of the plan reads.
	Outside []Grant
	// Unknown are the rules that the plan leaves undecided, wholly or in part.
	Unknown []Verdict
}

// Options say what to plan for.
type Options struct {
	Cloud string
	All   bool // everything that can be read
	// SharePointAdmin adds the permission that reads all settings of SharePoint. It writes as well: no smaller one does.
	SharePointAdmin bool
}

// Make finds the least permissions for the rules. What a permission that only reads is enough for is read with that
// one, even where a larger one was asked for: not every sign-in is one that SharePoint takes.
func Make(rules []*policies.Rule, o Options) Plan {
	p := Plan{Cloud: o.Cloud, Rules: rules, All: o.All}
	sources := Sources(rules)
	if o.All {
		sources = collector.All()
	}
	sources = slices.DeleteFunc(slices.Clone(sources), func(s *collector.Source) bool { return !s.In(o.Cloud) })

	grants := credit(sources, rules)
	for _, g := range grants {
		switch {
		case g.API.Imported():
			p.Outside = append(p.Outside, g)
		case g.DelegatedOnly:
			p.Delegated = append(p.Delegated, g)
		case g.Writes && !(o.SharePointAdmin && g.API == collector.SharePoint):
			p.Withheld = append(p.Withheld, g)
		default:
			p.Grants = append(p.Grants, g)
		}
	}
	slices.SortStableFunc(p.Grants, func(a, b Grant) int { return cmp.Compare(a.API, b.API) })
	// Who needs what is special is seen by what cannot be decided without: many rules take it or something less.
	bare := judge(rules, p.reach(func(g Grant) bool { return !g.Writes }))
	for _, list := range [][]Grant{p.Grants, p.Withheld, p.Outside} {
		for i := range list {
			if list[i].Writes || list[i].API.Imported() {
				list[i].Rules = blocked(bare, list[i])
			}
		}
	}
	if !o.All { // what something smaller does as well is not worth a word
		p.Withheld = slices.DeleteFunc(p.Withheld, func(g Grant) bool { return len(g.Rules) == 0 })
	}
	p.Unknown = slices.DeleteFunc(judge(rules, p.reach(func(Grant) bool { return true })),
		func(v Verdict) bool { return v.Status == Readable })
	return p
}

// reach is what an application may do that has those of the plan's permissions.
func (p Plan) reach(has func(Grant) bool) Reach {
	r := Reach{Cloud: p.Cloud, AppOnly: true, SharePointLogin: true}
	r.Graph.Known, r.SharePoint.Known = true, true
	for _, g := range p.Grants {
		switch {
		case !has(g):
		case g.API == collector.SharePoint:
			r.SharePoint.Names = append(r.SharePoint.Names, g.Name)
		default:
			r.Graph.Names = append(r.Graph.Names, g.Name)
		}
	}
	return r
}

func judge(rules []*policies.Rule, reach Reach) []Verdict {
	verdicts := make([]Verdict, len(rules))
	for i, r := range rules {
		verdicts[i] = Judge(r, reach)
	}
	return verdicts
}

// credit finds the least permissions that read the sources, and says which rules and sources each is for.
func credit(sources []*collector.Source, rules []*policies.Rule) []Grant {
	var grants []Grant
	for _, p := range collector.Least(sources) {
		grants = append(grants, Grant{Permission: p})
	}
	using := map[*collector.Source][]string{}
	for _, r := range rules {
		for _, s := range ruleSources(r) {
			using[s] = append(using[s], r.ID)
		}
	}
	everyRun := always()
	for _, s := range sources {
		for _, need := range s.Needs {
			g := taking(grants, need)
			if g == nil {
				continue
			}
			if !slices.Contains(g.Sources, s.Path) {
				g.Sources = append(g.Sources, s.Path)
			}
			g.Always = g.Always || slices.Contains(everyRun, s)
			g.Rules = append(g.Rules, using[s]...)
		}
	}
	for i := range grants {
		slices.Sort(grants[i].Rules)
		grants[i].Rules = slices.Compact(grants[i].Rules)
	}
	return grants
}

// taking is the first of the grants that meets the need.
func taking(grants []Grant, need collector.Need) *Grant {
	for _, name := range need {
		if i := slices.IndexFunc(grants, func(g Grant) bool { return g.Name == name }); i >= 0 {
			return &grants[i]
		}
	}
	return nil
}

// blocked lists the rules that are not decided for want of the permission.
func blocked(verdicts []Verdict, g Grant) []string {
	var ids []string
	for _, v := range verdicts {
		if slices.ContainsFunc(v.Obstacles, func(o Obstacle) bool { return slices.Contains(g.Sources, o.Path) }) {
			ids = append(ids, v.Rule.ID)
		}
	}
	return ids
}

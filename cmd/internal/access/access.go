// Package access works out which permissions the rules need, by the table that drives collection, and what a sign-in
// that has some of them leaves unknown. It decides; the commands permissions and doctor tell.
package access

import (
	"slices"
	"strings"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/policies"
)

// Reach is what a sign-in may do.
type Reach struct {
	Cloud   string
	AppOnly bool // an application's own sign-in; else a person's, whose scopes count
	Graph   Grants
	// SharePoint are the permissions for the service of that name, not those of Graph that are called alike.
	SharePoint Grants
	// SharePointLogin says whether SharePoint takes the sign-in: it refuses client secrets.
	SharePointLogin bool

	asked []string // permissions of which one is named where several would do
}

// Grants are the permissions for one service.
type Grants struct {
	Known bool // false where the token does not tell
	Names []string
}

// AllSites is the delegated permission that corresponds to Sites.FullControl.All.
// https://learn.microsoft.com/en-us/sharepoint/dev/solution-guidance/security-apponly-azuread
const AllSites = "AllSites.FullControl"

// met says whether one of the permissions that would do was granted. One that writes reads as well.
func (g Grants) met(need collector.Need) bool {
	return slices.ContainsFunc(need, func(name string) bool { return g.covering(name) != "" })
}

// covering is the granted permission that allows what the named one does: itself, or its writing twin; "" if none.
func (g Grants) covering(name string) string {
	return collector.Covering(name, g.Names)
}

// Status says whether the data that a rule requires can be read.
type Status string

// The statuses.
const (
	Readable Status = "readable"
	Partly   Status = "partly"  // some of several things that would do: the rule may come out as unknown
	Unknown  Status = "unknown" // the rule cannot be decided
)

// Cause is why something cannot be read.
type Cause string

// The causes.
const (
	NotGranted  Cause = "permission"  // for want of Obstacle.Permission
	NotTold     Cause = "untold"      // the token does not say whether Obstacle.Permission was granted
	NotAccepted Cause = "credential"  // SharePoint refuses this way to sign in
	NeedsPerson Cause = "person"      // only a signed-in person can read it
	NotInCloud  Cause = "cloud"       // the cloud does not have it
	NoGrant     Cause = "import"      // no permission that guestward asks for reads it
	NotRead     Cause = "unsupported" // guestward does not know how to read it
)

// Obstacle is one thing that keeps a path from being read.
type Obstacle struct {
	Path       string // the source, or what the rule requires where no source fills it
	API        collector.API
	Cause      Cause
	Permission *collector.Permission
}

// Verdict says whether a rule can be decided, and what is in the way.
type Verdict struct {
	Rule      *policies.Rule
	Status    Status
	Obstacles []Obstacle
}

// Judge says whether the rule can be decided with what the sign-in may do.
func Judge(r *policies.Rule, reach Reach) Verdict {
	v := Verdict{Rule: r, Status: Readable}
	for i, req := range slices.Concat(r.Requires, r.Uses) {
		status, obstacles := reach.requirement(req)
		if i >= len(r.Requires) && status == Unknown {
			status = Partly // the rule is asked without it, and may not be able to answer
		}
		if status == Unknown || status == Partly && v.Status == Readable {
			v.Status = status
		}
		for _, o := range obstacles {
			if !slices.ContainsFunc(v.Obstacles, func(p Obstacle) bool { return p.Path == o.Path && same(p, o) }) {
				v.Obstacles = append(v.Obstacles, o)
			}
		}
	}
	return v
}

// same says whether two obstacles are overcome by the same thing.
func same(a, b Obstacle) bool {
	return a.Cause == b.Cause && a.API == b.API && (a.Permission == nil) == (b.Permission == nil) &&
		(a.Permission == nil || *a.Permission == *b.Permission)
}

// requirement judges the alternatives of a requirement. Where one that only reads is enough, nobody is asked for one
// that writes as well; of those that only read all count: a rule that takes any of them may want to see them all.
func (reach Reach) requirement(req policies.Requirement) (Status, []Obstacle) {
	var reading, other []Obstacle
	met, full, plain := false, false, false
	for _, path := range req.Paths() {
		sources := reaching(path)
		obstacles := reach.obstacles(sources)
		if len(sources) == 0 {
			obstacles = []Obstacle{{Path: path, Cause: NotRead}}
		}
		readOnly := len(sources) > 0 && !slices.ContainsFunc(sources, special)
		plain = plain || readOnly
		switch {
		case len(obstacles) == 0:
			met, full = true, full || !readOnly
		case readOnly:
			reading = append(reading, obstacles...)
		default:
			other = append(other, obstacles...)
		}
	}
	switch {
	case full, met && len(reading) == 0:
		return Readable, nil
	case met:
		return Partly, reading
	case plain:
		return Unknown, reading
	default:
		return Unknown, other
	}
}

// special says whether the source takes something that is not asked for by default.
func special(s *collector.Source) bool {
	if s.API.Imported() {
		return true
	}
	return slices.ContainsFunc(s.Needs, func(n collector.Need) bool {
		p, _ := collector.PermissionNamed(n[0])
		return p.Writes
	})
}

// obstacles lists what keeps the sources from being read.
func (reach Reach) obstacles(sources []*collector.Source) []Obstacle {
	var list []Obstacle
	for _, s := range sources {
		switch {
		case !s.In(reach.Cloud):
			list = append(list, Obstacle{Path: s.Path, API: s.API, Cause: NotInCloud})
		case s.API.Imported():
			list = append(list, Obstacle{Path: s.Path, API: s.API, Cause: NoGrant})
		default:
			list = append(list, reach.ungranted(s)...)
		}
	}
	return list
}

// ungranted lists the permissions that reading the source lacks.
func (reach Reach) ungranted(s *collector.Source) []Obstacle {
	grants := reach.Graph
	if s.API == collector.SharePoint {
		if grants = reach.SharePoint; !reach.SharePointLogin {
			return []Obstacle{{Path: s.Path, API: s.API, Cause: NotAccepted}}
		}
	}
	var list []Obstacle
	for _, need := range s.Needs {
		p, _ := collector.PermissionNamed(reach.ask(need))
		if !reach.AppOnly {
			p = delegated(p)
			if !slices.Contains(need, p.Name) { // it goes by another name there
				need = collector.Need{p.Name}
			}
		}
		o := Obstacle{Path: s.Path, API: s.API, Permission: &p}
		switch {
		case reach.AppOnly && p.DelegatedOnly:
			o.Cause = NeedsPerson
		case !grants.Known:
			o.Cause = NotTold
		case !grants.met(need):
			o.Cause = NotGranted
		default:
			continue
		}
		list = append(list, o)
	}
	return list
}

// ask is the permission to ask for where one of several would do: one that is asked for anyway, or the smallest.
func (reach Reach) ask(need collector.Need) string {
	for _, name := range need {
		if slices.Contains(reach.asked, name) {
			return name
		}
	}
	return need[0]
}

// delegated is the permission as a person's sign-in has it. The ids of the table are those of application permissions.
func delegated(p collector.Permission) collector.Permission {
	p.ID = ""
	if p.API == collector.SharePoint {
		p.Name = AllSites
	}
	return p
}

// reaching lists the sources that must be read for the path to be known: those that fill it, and what they rest on.
func reaching(path string) []*collector.Source {
	var list []*collector.Source
	var add func(s *collector.Source)
	add = func(s *collector.Source) {
		if s == nil || slices.Contains(list, s) {
			return
		}
		list = append(list, s)
		add(collector.SourceAt(s.Within))
		for _, earlier := range s.After {
			add(collector.SourceAt(earlier))
		}
	}
	for _, s := range filling(path) {
		add(s)
	}
	return list
}

// filling finds the sources that fill the path: one that is or holds it, or else those of which it consists. A path
// such as guests is the source of that name alone; what is read of every guest besides has paths of its own.
func filling(path string) []*collector.Source {
	var holding, within []*collector.Source
	for _, s := range collector.All() {
		switch {
		case s.Path == path || strings.HasPrefix(path, s.Path+"."):
			holding = append(holding, s)
		case collector.Overlap(s.Path, path):
			within = append(within, s)
		}
	}
	if len(holding) == 0 {
		return within
	}
	// Of sources one within the other, the inner one fills the path: guests.sponsors, not guests.
	inner := slices.MaxFunc(holding, func(a, b *collector.Source) int { return len(a.Path) - len(b.Path) })
	return []*collector.Source{inner}
}

// always lists the sources that every collection reads.
func always() []*collector.Source { return collector.Select(nil) }

// Sources lists what must be read to decide the rules, in the order of the table.
func Sources(rules []*policies.Rule) []*collector.Source {
	wanted := map[*collector.Source]bool{}
	for _, s := range always() {
		wanted[s] = true
	}
	for _, r := range rules {
		for _, s := range ruleSources(r) {
			wanted[s] = true
		}
	}
	var list []*collector.Source
	for i := range collector.Sources {
		if s := &collector.Sources[i]; wanted[s] {
			list = append(list, s)
		}
	}
	return list
}

func ruleSources(r *policies.Rule) []*collector.Source {
	var list []*collector.Source
	for _, req := range slices.Concat(r.Requires, r.Uses) {
		for _, path := range req.Paths() {
			for _, s := range reaching(path) {
				if !slices.Contains(list, s) {
					list = append(list, s)
				}
			}
		}
	}
	return list
}

package collector

import (
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
)

// Source is one thing that can be read from a tenant: a row of the table Sources.
type Source struct {
	// Path is what it fills: a section or property of the snapshot, such as entra.authorizationPolicy.
	Path string
	API  API
	// Needs are the permissions: of each Need one.
	Needs []Need
	// Licence lists service plans of which the service wants one before it answers; nil where it answers anybody.
	Licence []string
	// Absent lists the national clouds that do not have it.
	Absent []string
	// After lists the sources whose results the reading of this one rests on.
	After []string
	// Late says that reading begins before those of After are there: it asks for them towards its end.
	Late bool
	// Within names the source in whose requests this one is read.
	Within string
	// Unsupported says why the interface that is read may change: it is beta, or undocumented.
	Unsupported string
	// About says what it is, as the end of "guestward reads ...".
	About string
}

// Permission is the permission that would close a gap for want of permission, in words.
func (s *Source) Permission() string {
	var names []string
	for _, need := range s.Needs {
		names = append(names, need[0])
	}
	return strings.Join(names, " and ")
}

// MayChange is the remark that belongs to what was read from an unsupported interface.
func (s *Source) MayChange() string {
	if s.Unsupported == "" {
		return ""
	}
	return "read from an interface that may change: " + s.Unsupported
}

// Lacking is the permission, in words, that is missing among those granted; "" if none is. Nil stands for a sign-in that
// does not tell what it was granted: then it is all that the source needs.
func (s *Source) Lacking(granted []string) string {
	if granted == nil {
		return s.Permission()
	}
	var names []string
	for _, need := range s.Needs {
		if !need.Met(granted) {
			names = append(names, need[0])
		}
	}
	return strings.Join(names, " and ")
}

// In says whether the national cloud has the source.
func (s *Source) In(cloud string) bool { return !slices.Contains(s.Absent, cloud) }

// SourceAt finds the source that fills exactly the path.
func SourceAt(path string) *Source {
	for i := range Sources {
		if Sources[i].Path == path {
			return &Sources[i]
		}
	}
	return nil
}

// always are read whatever was asked for: who the tenant is, and what it has bought, without which a missing licence
// looks like a fault.
var always = []string{"tenant.organization", "licences.subscribedSkus"}

// Select finds the sources that fill the dotted paths, those that hold or lie within one of them, and what their reading
// rests on, in the order of the table. A section's name selects all of it.
func Select(paths []string) []*Source {
	wanted := map[string]bool{}
	var add func(s *Source)
	add = func(s *Source) {
		if s == nil || wanted[s.Path] {
			return
		}
		wanted[s.Path] = true
		add(SourceAt(s.Within))
		for _, path := range s.After {
			add(SourceAt(path))
		}
	}
	for i := range Sources {
		s := &Sources[i]
		for _, path := range append(slices.Clone(always), paths...) {
			if Overlap(s.Path, path) {
				add(s)
			}
		}
	}
	var list []*Source
	for i := range Sources {
		if wanted[Sources[i].Path] {
			list = append(list, &Sources[i])
		}
	}
	return list
}

// All are the sources of the table.
func All() []*Source {
	var list []*Source
	for i := range Sources {
		list = append(list, &Sources[i])
	}
	return list
}

// Overlap says whether one of the dotted paths is, or lies below, the other. What licences hold is made of one source.
func Overlap(a, b string) bool {
	if strings.HasPrefix(a, "licences.") && strings.HasPrefix(b, "licences.") {
		return true
	}
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// isStream says whether the path is a collection that is streamed.
func isStream(path string) bool {
	t := snapshot.Schema().Property(path)
	return t != nil && t.Stream
}

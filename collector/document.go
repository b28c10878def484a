package collector

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/guestward/guestward/collector/snapshot"
)

// Document joins what was read into the snapshot. Collections are streamed out of the spool, sorted by id; it must stay
// until the document is written.
func (c *Collection) Document() (snapshot.Document, error) {
	r := c.run
	r.indexes = map[string][]element{}
	doc := snapshot.Document{}
	var records []snapshot.Source
	for i := range Sources {
		s := &Sources[i]
		record := r.record(s)
		if holds(record) && s.Within == "" {
			if err := r.recount(s, &record); err != nil {
				return nil, fmt.Errorf("read the spool: %w", err)
			}
			problem, err := r.fill(doc, s)
			if err != nil {
				return nil, fmt.Errorf("read the spool: %w", err)
			}
			if problem != "" {
				record = (&Gap{Reason: Failed, Detail: problem}).record(s.Path, "")
				r.results[s.Path].record = record
			}
		}
		records = append(records, record)
		if res := r.results[s.Path]; res != nil {
			for path, more := range res.also { // a part of the source that could not be read
				if path != s.Path && SourceAt(path) == nil {
					records = append(records, more)
				}
			}
		}
	}
	if err := fillPlans(doc); err != nil {
		return nil, err
	}
	if _, ok := doc["licences"]; ok {
		records = append(records, snapshot.Source{Source: "licences.servicePlans", Outcome: snapshot.Collected})
	} else {
		gap := r.record(SourceAt("licences.subscribedSkus"))
		gap.Source = "licences.servicePlans"
		records = append(records, gap)
	}
	slices.SortFunc(records, func(a, b snapshot.Source) int { return strings.Compare(a.Source, b.Source) })
	doc["collection"] = snapshot.Collection{
		SchemaVersion: snapshot.SchemaVersion,
		CollectedAt:   r.manifest.StartedAt,
		Collector:     snapshot.Collector{Name: "guestward", Version: r.Version},
		Cloud:         r.Cloud,
		Notes:         r.Notes,
		Sources:       records,
	}
	return doc, nil
}

// Records are how the sources of the table fared.
func (c *Collection) Records() []snapshot.Source {
	var list []snapshot.Source
	for i := range Sources {
		list = append(list, c.run.record(&Sources[i]))
	}
	return list
}

// record is how a source fared; one that was not asked for is a gap of its own kind.
func (r *run) record(s *Source) snapshot.Source {
	if res := r.results[s.Path]; res != nil {
		return res.record
	}
	gap := r.Missing[s.API]
	if gap == nil {
		gap = &Gap{Reason: NotRequested, Detail: "no rule that was asked needs it; --all reads it, and so does --only " + s.Path}
	}
	return gap.record(s.Path, s.Permission())
}

// recount counts elements that came more than once as one.
func (r *run) recount(s *Source, record *snapshot.Source) error {
	index, err := r.sorted(s.Path)
	n := 0
	for i := range index {
		if i == 0 || index[i].id != index[i-1].id {
			n++
		}
	}
	record.Count = &n
	return err
}

// sorted lists the elements of a source in the order of their ids: one of each id, but for what comes in parts. It is kept,
// for the counts and the document are made of the same list.
func (r *run) sorted(path string) ([]element, error) {
	if list, ok := r.indexes[path]; ok {
		return list, nil
	}
	list, err := r.spool.sorted(path)
	if joins[path] == nil {
		list = latest(list)
	}
	r.indexes[path] = list
	return list, err
}

// holds says whether the snapshot has the source's data: all of it, or the part that a limit left.
func holds(record snapshot.Source) bool {
	return record.Outcome == snapshot.Collected || record.Count != nil
}

// fill puts what a source brought into the document, or says what is wrong with it.
func (r *run) fill(doc snapshot.Document, s *Source) (problem string, err error) {
	section, property, below := strings.Cut(s.Path, ".")
	if isStream(section) {
		if !below {
			doc[section], err = r.stream(s)
		}
		return "", err
	}
	t := snapshot.Schema().Property(section)
	holder, _ := doc[section].(map[string]any)
	if holder == nil {
		holder = map[string]any{}
	}
	into := holder
	names := strings.Split(property, ".")
	for _, name := range names[:len(names)-1] {
		t = t.Property(name)
		next, _ := into[name].(map[string]any)
		if next == nil {
			next = map[string]any{}
			into[name] = next
		}
		into = next
	}
	name := names[len(names)-1]
	t = t.Property(name)
	list, err := r.list(s.Path)
	if err != nil {
		return "", err
	}
	if t.Items() != nil {
		into[name] = list
	} else {
		if len(list) != 1 {
			return fmt.Sprintf("expected one object, found %d", len(list)), nil
		}
		into[name] = list[0]
	}
	doc[section] = holder
	return "", nil
}

// list holds a configuration's elements, in the order of their ids.
func (r *run) list(path string) ([]json.RawMessage, error) {
	c, err := r.column(path)
	if err != nil {
		return nil, err
	}
	if c.file, err = os.Open(r.spool.file(path)); err != nil {
		return nil, err
	}
	defer c.file.Close()
	list := []json.RawMessage{}
	for c.next < len(c.index) {
		raw, err := c.take(c.index[c.next].id)
		if err != nil {
			return nil, err
		}
		list = append(list, raw)
	}
	return list, nil
}

// fillPlans adds the service plans that the subscriptions amount to.
func fillPlans(doc snapshot.Document) error {
	licences, ok := doc["licences"].(map[string]any)
	if !ok {
		return nil
	}
	skus, _ := licences["subscribedSkus"].([]json.RawMessage)
	plans, err := distinctPlans(skus)
	licences["servicePlans"] = plans
	return err
}

// stream gives a collection in the order of its ids, every element joined with what further sources know of it.
func (r *run) stream(s *Source) (snapshot.Elements, error) {
	base, err := r.sorted(s.Path)
	if err != nil {
		return nil, err
	}
	var more []*column
	for i := range Sources {
		t := &Sources[i]
		if !strings.HasPrefix(t.Path, s.Path+".") || !holds(r.record(t)) || t.Within != "" {
			continue
		}
		c, err := r.column(t.Path)
		if err != nil {
			return nil, err
		}
		more = append(more, c)
	}
	return r.merge(s.Path, base, more), nil
}

// column opens what a source brought, in the order of the ids.
func (r *run) column(path string) (c *column, err error) {
	c = &column{path: path, join: joins[path]}
	c.index, err = r.sorted(path)
	return c, err
}

// column is what a further source knows of the elements of a collection: objects whose members are added to theirs.
type column struct {
	path  string
	index []element
	next  int
	join  func(parts []json.RawMessage) (json.RawMessage, error)
	file  *os.File
}

// take returns the members for the element with the id; nil when there are none.
func (c *column) take(id string) (json.RawMessage, error) {
	for c.next < len(c.index) && c.index[c.next].id < id {
		c.next++ // of an element that the collection does not have
	}
	var parts []json.RawMessage
	for ; c.next < len(c.index) && c.index[c.next].id == id; c.next++ {
		part := make(json.RawMessage, c.index[c.next].length)
		if _, err := c.file.ReadAt(part, c.index[c.next].offset); err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	switch {
	case len(parts) == 0:
		return nil, nil // nothing is said of it, which is not the same as nothing
	case c.join != nil:
		return c.join(parts)
	}
	return parts[len(parts)-1], nil
}

func (r *run) merge(path string, base []element, more []*column) snapshot.Elements {
	return snapshot.Elements(iter.Seq2[json.RawMessage, error](func(yield func(json.RawMessage, error) bool) {
		err := func() error {
			f, err := os.Open(r.spool.file(path))
			if err != nil {
				return err
			}
			defer f.Close()
			for _, c := range more {
				file, err := os.Open(r.spool.file(c.path))
				if err != nil {
					return err
				}
				defer file.Close()
				c.file, c.next = file, 0
			}
			for _, e := range base {
				raw := make(json.RawMessage, e.length)
				if _, err := f.ReadAt(raw, e.offset); err != nil {
					return err
				}
				for _, c := range more {
					extra, err := c.take(e.id)
					if err != nil {
						return err
					}
					if raw, err = withMembers(raw, extra); err != nil {
						return fmt.Errorf("%s %s: %w", path, e.id, err)
					}
				}
				if !yield(raw, nil) {
					return nil
				}
			}
			return nil
		}()
		if err != nil {
			yield(nil, err)
		}
	}))
}

// withMembers adds the members of one object to another. What both have is taken from the further one.
func withMembers(object, more json.RawMessage) (json.RawMessage, error) {
	object, more = bytes.TrimSpace(object), bytes.TrimSpace(more)
	switch {
	case len(more) <= 2: // nothing, or {}
		return object, nil
	case object[0] != '{' || object[len(object)-1] != '}' || more[0] != '{':
		return nil, errors.New("expected an object")
	case len(bytes.TrimSpace(object[1:len(object)-1])) == 0:
		return more, nil
	}
	if name, _, ok := bytes.Cut(more[1:], []byte{':'}); ok && bytes.Contains(object, append(bytes.Clone(name), ':')) {
		var both map[string]json.RawMessage
		if err := errors.Join(json.Unmarshal(object, &both), json.Unmarshal(more, &both)); err != nil {
			return nil, err
		}
		return json.Marshal(both)
	}
	out := make(json.RawMessage, 0, len(object)+len(more))
	out = append(out, object[:len(object)-1]...)
	out = append(out, ',')
	return append(out, more[1:]...), nil
}

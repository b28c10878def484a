package snapshot

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Document is the snapshot as one that can be written. Its collections are read from the file when they are asked for,
// as long as the snapshot is open; elements that are out of order are sorted first.
func (s *Snapshot) Document() Document {
	d := Document{}
	for name, sec := range s.sections {
		d[name] = json.RawMessage(sec.raw)
	}
	for name := range s.streams {
		d[name] = s.elements(name)
	}
	return d
}

// elements reads a collection in the order of its key.
func (s *Snapshot) elements(name string) Elements {
	key := Schema().Property(name).Key
	return func(yield func(json.RawMessage, error) bool) {
		for raw, err := range s.asTheyStand(name).sortedIfNeeded(key) {
			if !yield(raw, err) {
				return
			}
		}
	}
}

// sortedIfNeeded looks through the elements once to see whether they have to be sorted.
func (e Elements) sortedIfNeeded(key string) Elements {
	last := ""
	for raw, err := range e {
		if err != nil {
			return e // which gives the error again, where it belongs
		}
		text, err := memberText(raw, key)
		if err != nil {
			return e // an element without its key: who checks the types says so
		}
		if text < last {
			return e.sortedBy(key)
		}
		last = text
	}
	return e
}

// asTheyStand reads a collection in the order of the file.
func (s *Snapshot) asTheyStand(name string) Elements {
	return func(yield func(json.RawMessage, error) bool) {
		for c, err := range s.Chunks(name) {
			if err != nil {
				yield(nil, err)
				return
			}
			dec := jsontext.NewDecoder(bytes.NewBuffer(c.raw), jsontext.AllowDuplicateNames(true))
			if _, err := dec.ReadToken(); err != nil {
				yield(nil, plainly(err))
				return
			}
			for dec.PeekKind() != jsontext.KindEndArray {
				raw, err := dec.ReadValue()
				if err != nil {
					yield(nil, plainly(err))
					return
				}
				if !yield(json.RawMessage(raw), nil) {
					return
				}
			}
		}
	}
}

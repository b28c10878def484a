package snapshot

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Location is a range within one line of one file: where a value stands.
type Location struct {
	File string
	// Start and End are positions of the first character and the one behind the last.
	Start, End Position
	// Exact is false when the value is absent and the place is that of the nearest thing that would hold it.
	Exact bool
}

// find returns the byte range in raw that stands for the path: a scalar's own text, a container's member name (its
// first character where it has none), and, where the path leads nowhere, that of the deepest thing on the way.
func find(raw []byte, path Path) (start, end int64, exact bool) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	var nameStart, nameEnd int64 // of the member that holds the current value
	hasName := false
	for depth := 0; ; depth++ {
		k := dec.PeekKind()
		start = skipSeparators(raw, dec.InputOffset())
		container := k == jsontext.KindBeginObject || k == jsontext.KindBeginArray
		if depth == len(path) || !container {
			exact = depth == len(path)
			if container && hasName {
				return nameStart, nameEnd, exact
			}
			if container {
				return start, start + 1, exact
			}
			if dec.SkipValue() != nil {
				return start, start, false
			}
			return start, dec.InputOffset(), exact
		}
		if !hasName {
			nameStart, nameEnd = start, start+1
		}
		if _, err := dec.ReadToken(); err != nil {
			return nameStart, nameEnd, false
		}
		switch step := path[depth].(type) {
		case string:
			if k != jsontext.KindBeginObject {
				return nameStart, nameEnd, false
			}
			found := false
			for dec.PeekKind() == jsontext.KindString {
				at := skipSeparators(raw, dec.InputOffset())
				tok, err := dec.ReadToken()
				if err != nil {
					return nameStart, nameEnd, false
				}
				if tok.String() == step {
					nameStart, nameEnd, hasName, found = at, dec.InputOffset(), true, true
					break
				}
				if dec.SkipValue() != nil {
					return nameStart, nameEnd, false
				}
			}
			if !found {
				return nameStart, nameEnd, false
			}
		case int:
			if k != jsontext.KindBeginArray {
				return nameStart, nameEnd, false
			}
			for i := 0; i < step; i++ {
				if k := dec.PeekKind(); k == jsontext.KindEndArray || dec.SkipValue() != nil {
					return nameStart, nameEnd, false
				}
			}
			if dec.PeekKind() == jsontext.KindEndArray || dec.PeekKind() == 0 {
				return nameStart, nameEnd, false
			}
			nameStart = skipSeparators(raw, dec.InputOffset())
			nameEnd, hasName = nameStart+1, false
		default:
			return nameStart, nameEnd, false
		}
	}
}

// locate turns a path within raw, which begins at pos, into a location.
func locate(file string, raw []byte, pos Position, path Path) Location {
	start, end, exact := find(raw, path)
	from := pos.After(raw[:start])
	to := from.After(raw[start:end])
	return Location{File: file, Start: from, End: to, Exact: exact}
}

// Locate says where the value at the path stands. Elements of collections are located by their Chunk; of a collection
// this knows its name alone.
func (s *Snapshot) Locate(path Path) Location {
	if len(path) > 0 {
		name, _ := path[0].(string)
		if sec, ok := s.sections[name]; ok {
			if len(path) == 1 && sec.nameStart.Line > 0 {
				return Location{File: sec.file, Start: sec.nameStart, End: sec.nameEnd, Exact: true}
			}
			loc := locate(sec.file, sec.raw, sec.pos, path[1:])
			if loc.Start == sec.pos && sec.nameStart.Line > 0 { // nothing on the way: the section's own name
				loc.Start, loc.End = sec.nameStart, sec.nameEnd
			}
			return loc
		}
		if st, ok := s.streams[name]; ok {
			return Location{File: st.part.file, Start: st.nameStart, End: st.nameEnd, Exact: len(path) == 1}
		}
	}
	file := s.Name
	if sec, ok := s.sections["collection"]; ok {
		file = sec.file
	}
	return Location{File: file, Start: Position{1, 1}, End: Position{1, 2}, Exact: len(path) == 0}
}

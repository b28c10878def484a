package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// A chunk ends when it holds so many elements, or so many bytes: what bounds the memory of a scan.
const (
	chunkElements = 500
	chunkBytes    = 4 << 20
)

// stream is a collection within a file: where its chunks begin and end, which is all that is kept of it.
type stream struct {
	name               string
	part               part
	nameStart, nameEnd Position
	count              int
	chunks             []chunkRef
}

type chunkRef struct {
	start, end int64 // offsets in the file, from the first element to behind the last
	pos        Position
	first      int
	count      int
}

// scan walks over the array, noting where chunks begin.
func (st *stream) scan(in *tap, dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != jsontext.KindEndArray {
		start := skipFrom(in, dec.InputOffset())
		n := len(st.chunks)
		if n == 0 || st.chunks[n-1].count == chunkElements || start-st.chunks[n-1].start > chunkBytes {
			st.chunks = append(st.chunks, chunkRef{start: start, pos: in.at(start), first: st.count})
			n++
		}
		if err := dec.SkipValue(); err != nil {
			return err
		}
		st.count++
		c := &st.chunks[n-1]
		c.count++
		c.end = dec.InputOffset()
		in.settle(c.end)
	}
	_, err := dec.ReadToken()
	return err
}

// Count is the number of the collection's elements; ok is false when the collection is absent.
func (s *Snapshot) Count(name string) (n int, ok bool) {
	st, ok := s.streams[name]
	if !ok {
		return 0, false
	}
	return st.count, true
}

// Chunk is a run of consecutive elements of a collection.
type Chunk struct {
	First int // index of the first element in the collection
	Count int

	name string
	file string
	raw  []byte // a JSON array of the elements
	pos  Position
}

// Chunks reads a collection from its beginning, chunk by chunk.
func (s *Snapshot) Chunks(name string) iter.Seq2[Chunk, error] {
	return func(yield func(Chunk, error) bool) {
		st := s.streams[name]
		if st == nil {
			return
		}
		r, err := st.part.open()
		if err != nil {
			yield(Chunk{}, err)
			return
		}
		defer r.Close()
		var at int64
		for _, ref := range st.chunks {
			if _, err = io.CopyN(io.Discard, r, ref.start-at); err == nil {
				raw := make([]byte, ref.end-ref.start+2)
				raw[0], raw[len(raw)-1] = '[', ']'
				if _, err = io.ReadFull(r, raw[1:len(raw)-1]); err == nil {
					at = ref.end
					if !yield(Chunk{First: ref.first, Count: ref.count, name: name, file: st.part.file, raw: raw, pos: ref.pos}, nil) {
						return
					}
					continue
				}
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = &Error{File: st.part.file, Problem: "the file became shorter while it was read", Remedy: "scan a file that nobody is writing"}
			}
			yield(Chunk{}, fmt.Errorf("read %s: %w", name, err))
			return
		}
	}
}

// DecodeChunk builds the elements of a chunk as an array, checking them against the schema.
func DecodeChunk[V any](c Chunk, b Builder[V]) (V, error) {
	v, err := decode(c.raw, Schema().Property(c.name), b)
	if d, ok := err.(*decodeError); ok {
		path := d.path
		if len(path) > 0 {
			if i, ok := path[0].(int); ok {
				path[0] = c.First + i
			}
		}
		return v, placed(err, c.file, c.at(d.offset), Path{c.name})
	}
	return v, err
}

// at is the position of an offset of raw, whose first byte does not stand in the file.
func (c Chunk) at(offset int64) Position {
	return c.pos.After(c.raw[min(1, offset):offset])
}

// Locator finds places within a chunk. It walks over the elements once, when first asked.
type Locator struct {
	chunk  Chunk
	starts []int64
	pos    []Position
}

// Locator returns one for the chunk.
func (c Chunk) Locator() *Locator { return &Locator{chunk: c} }

func (l *Locator) index() {
	raw := l.chunk.raw
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if _, err := dec.ReadToken(); err != nil {
		return
	}
	last, pos := int64(1), l.chunk.pos
	for dec.PeekKind() != jsontext.KindEndArray {
		start := skipSeparators(raw, dec.InputOffset())
		pos = pos.After(raw[last:start])
		last = start
		l.starts = append(l.starts, start)
		l.pos = append(l.pos, pos)
		if dec.SkipValue() != nil {
			return
		}
	}
}

// Locate says where a value of the chunk stands; the path begins with the element's index within the chunk.
func (l *Locator) Locate(path Path) Location {
	if l.starts == nil {
		l.index()
	}
	i, ok := -1, len(path) > 0
	if ok {
		i, ok = path[0].(int)
	}
	if !ok || i < 0 || i >= len(l.starts) {
		return Location{File: l.chunk.file, Start: l.chunk.pos, End: l.chunk.pos}
	}
	return locate(l.chunk.file, l.chunk.raw[l.starts[i]:], l.pos[i], path[1:])
}

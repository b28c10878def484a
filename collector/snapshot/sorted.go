package snapshot

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// sortBytes is how much of a collection is sorted in memory at a time. It is a variable for the sake of a test.
var sortBytes = 32 << 20

// sortedBy gives the elements in the order of a string member. Beyond a bound they wait in a private temporary file.
func (e Elements) sortedBy(key string) Elements {
	return func(yield func(json.RawMessage, error) bool) {
		s := sorter{}
		defer s.close()
		i := 0
		for raw, err := range e {
			if err == nil {
				err = s.add(key, raw)
				if err != nil {
					err = fmt.Errorf("element %d: %w", i, err)
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			i++
		}
		if err := s.emit(func(raw []byte) bool { return yield(raw, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// sorter sorts runs of elements in memory, writes them to a file one behind the other, and merges them.
type sorter struct {
	raw   []byte
	items []item
	file  *os.File
	size  int64   // of the file
	runs  []int64 // where each begins
}

type item struct {
	key        string
	start, end int // in raw
}

func (s *sorter) add(key string, raw []byte) error {
	text, err := memberText(raw, key)
	if err != nil {
		return err
	}
	if len(s.raw) > 0 && len(s.raw)+len(raw) > sortBytes {
		if err := s.spill(); err != nil {
			return err
		}
	}
	start := len(s.raw)
	s.raw = append(s.raw, raw...)
	s.items = append(s.items, item{text, start, len(s.raw)})
	return nil
}

func (s *sorter) sort() {
	slices.SortStableFunc(s.items, func(a, b item) int { return cmp.Compare(a.key, b.key) })
}

// spill moves what is in memory to the file.
func (s *sorter) spill() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "guestward-*") // CreateTemp makes it 0600
		if err != nil {
			return fmt.Errorf("no temporary file for sorting: %w; set TMPDIR to a folder that can be written", err)
		}
		s.file = f
		os.Remove(f.Name()) // where the system allows it, nothing stays behind however the program ends
	}
	s.sort()
	s.runs = append(s.runs, s.size)
	w := bufio.NewWriterSize(s.file, 256<<10)
	var head []byte
	for _, i := range s.items {
		head = binary.AppendUvarint(head[:0], uint64(len(i.key)))
		head = binary.AppendUvarint(append(head, i.key...), uint64(i.end-i.start))
		w.Write(head)
		w.Write(s.raw[i.start:i.end])
		s.size += int64(len(head) + i.end - i.start)
	}
	s.raw, s.items = s.raw[:0], s.items[:0]
	return w.Flush()
}

func (s *sorter) emit(yield func([]byte) bool) error {
	if s.file == nil {
		s.sort()
		for _, i := range s.items {
			if !yield(s.raw[i.start:i.end]) {
				return nil
			}
		}
		return nil
	}
	if err := s.spill(); err != nil {
		return err
	}
	s.raw, s.items = nil, nil
	var merged runHeap
	for i, start := range s.runs {
		end := s.size
		if i+1 < len(s.runs) {
			end = s.runs[i+1]
		}
		r := &run{order: i, r: bufio.NewReaderSize(io.NewSectionReader(s.file, start, end-start), 64<<10)}
		if err := r.next(); err != nil {
			return err
		}
		merged = append(merged, r)
	}
	heap.Init(&merged)
	for len(merged) > 0 {
		r := merged[0]
		if !yield(r.raw) {
			return nil
		}
		switch err := r.next(); {
		case errors.Is(err, io.EOF):
			heap.Pop(&merged)
		case err != nil:
			return err
		default:
			heap.Fix(&merged, 0)
		}
	}
	return nil
}

func (s *sorter) close() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// run is a sorted part of the file, at one of its elements.
type run struct {
	order    int
	r        *bufio.Reader
	key, raw []byte
}

// next goes to the next element; behind the last it is io.EOF.
func (r *run) next() (err error) {
	n, err := binary.ReadUvarint(r.r)
	if err != nil {
		return err
	}
	if r.key, err = readInto(r.key, r.r, n); err != nil {
		return err
	}
	if n, err = binary.ReadUvarint(r.r); err == nil {
		r.raw, err = readInto(r.raw, r.r, n)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func readInto(buf []byte, r io.Reader, n uint64) ([]byte, error) {
	buf = slices.Grow(buf[:0], int(n))[:n]
	_, err := io.ReadFull(r, buf)
	return buf, err
}

type runHeap []*run

func (h runHeap) Len() int { return len(h) }
func (h runHeap) Less(i, j int) bool {
	return cmp.Or(bytes.Compare(h[i].key, h[j].key), cmp.Compare(h[i].order, h[j].order)) < 0
}
func (h runHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)   { *h = append(*h, x.(*run)) }
func (h *runHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// memberText reads one string member of an object.
func memberText(raw []byte, name string) (string, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() == jsontext.KindBeginObject {
		if _, err := dec.ReadToken(); err != nil {
			return "", plainly(err)
		}
		for dec.PeekKind() == jsontext.KindString {
			tok, err := dec.ReadToken()
			if err != nil {
				return "", plainly(err)
			}
			if tok.String() == name && dec.PeekKind() == jsontext.KindString {
				tok, err := dec.ReadToken()
				return tok.String(), err
			}
			if err := dec.SkipValue(); err != nil {
				return "", plainly(err)
			}
		}
	}
	return "", fmt.Errorf("the member %q is missing, or no string", name)
}

package snapshot

import (
	"bytes"
	"fmt"
	"hash"
	"io"
	"unicode/utf8"
)

// Position is a place in a text, counted from 1; columns are UTF-16 code units, as SARIF and editors count them.
type Position struct {
	Line, Column int
}

// After is the position behind text that begins at p.
func (p Position) After(text []byte) Position {
	if last := bytes.LastIndexByte(text, '\n'); last >= 0 {
		p.Line += bytes.Count(text[:last+1], newline)
		p.Column = 1
		text = text[last+1:]
	}
	for _, c := range text {
		switch {
		case c < utf8.RuneSelf:
			p.Column++
		case c >= 0xF0: // first of four bytes: outside the basic plane, two UTF-16 units
			p.Column += 2
		case c >= 0xC0: // first of two or three bytes
			p.Column++
		}
	}
	return p
}

var newline = []byte{'\n'}

// tap is a reader that remembers what passed through it and was not settled yet, so that the one pass that parses the
// bytes also knows their lines and columns, and can hand out the raw bytes of a value. What may wait is limited: that
// bounds the memory that any input can ask for.
type tap struct {
	r     io.Reader
	hash  hash.Hash
	limit int
	buf   []byte
	start int      // index in buf of the first unsettled byte
	base  int64    // its offset in the input
	pos   Position // its position
}

type sizeError struct{ limit int }

func (e *sizeError) Error() string { return fmt.Sprintf("larger than %d bytes", e.limit) }

func newTap(r io.Reader, h hash.Hash, limit int) *tap {
	return &tap{r: r, hash: h, limit: limit, pos: Position{1, 1}}
}

func (t *tap) Read(p []byte) (int, error) {
	if len(t.buf)-t.start > t.limit {
		return 0, &sizeError{t.limit}
	}
	n, err := t.r.Read(p)
	if t.start > 0 && len(t.buf)+n > cap(t.buf) {
		t.buf = append(t.buf[:0], t.buf[t.start:]...)
		t.start = 0
	}
	t.buf = append(t.buf, p[:n]...)
	t.hash.Write(p[:n])
	return n, err
}

// from is what was read from the offset on; the slice is valid until the next Read.
func (t *tap) from(offset int64) []byte { return t.buf[t.start+int(offset-t.base):] }

// settle forgets everything before the offset and returns the offset's position.
func (t *tap) settle(offset int64) Position {
	t.pos = t.at(offset)
	t.start += int(offset - t.base)
	t.base = offset
	return t.pos
}

// at is the position of an unsettled offset.
func (t *tap) at(offset int64) Position {
	n := min(t.start+int(offset-t.base), len(t.buf))
	return t.pos.After(t.buf[t.start:max(n, t.start)])
}

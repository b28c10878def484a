package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// canonicalizer writes JSON values in canonical form: object members sorted by the bytes of their names, arrays as the
// schema says, two blanks of indent, numbers as they stand, no character escaped that need not be. It works on the
// tokens and keeps its buffers: a million guests pass through it.
type canonicalizer struct {
	in       bytes.Buffer
	dec      jsontext.Decoder
	out      []byte
	segments []segment // members or elements of what is being written, outer ones first
	names    []byte    // what the keys of segments point into
	scratch  []byte
}

// segment is a member or an element in out, without separators.
type segment struct {
	key        []byte
	start, end int
}

// canonical appends the value to dst; inner lines are indented as at the depth. Key is the text of the value's member
// that is called want, where there is one; it is valid until the next call.
func (c *canonicalizer) canonical(dst, raw []byte, t *Type, depth int, want string) (out, key []byte, err error) {
	c.in = *bytes.NewBuffer(raw)
	c.dec.Reset(&c.in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	c.out, c.segments, c.names = dst, c.segments[:0], c.names[:0]
	isObject := c.dec.PeekKind() == jsontext.KindBeginObject
	key, err = c.value(t, depth, want)
	if !isObject {
		key = nil
	}
	if err == nil && len(bytes.TrimLeft(raw[c.dec.InputOffset():], " \t\r\n")) > 0 {
		err = errors.New("more text after the end of the JSON value")
	}
	out, c.out = c.out, nil
	if err != nil {
		return dst, nil, plainly(err)
	}
	return out, key, nil
}

// plainly puts an error of the decoder into plain words, and leaves others.
func plainly(err error) error {
	if _, ok := err.(*jsontext.SyntacticError); ok || errors.Is(err, io.EOF) {
		problem, _ := describe(err)
		return errors.New(problem)
	}
	return err
}

// value writes the next value. Key is that of an object, or the text of a string.
func (c *canonicalizer) value(t *Type, depth int, want string) (key []byte, err error) {
	switch kind := c.dec.PeekKind(); kind {
	case jsontext.KindBeginObject:
		return c.object(t, depth, want)
	case jsontext.KindBeginArray:
		return nil, c.array(t, depth)
	default:
		v, err := c.dec.ReadValue()
		if err != nil {
			return nil, err
		}
		if kind == jsontext.KindString {
			return c.text(v), nil
		}
		c.out = append(c.out, v...)
		return nil, nil
	}
}

func (c *canonicalizer) object(t *Type, depth int, want string) (key []byte, err error) {
	if _, err := c.dec.ReadToken(); err != nil {
		return nil, err
	}
	c.out = append(c.out, '{')
	region, base, sorted := len(c.out), len(c.segments), true
	for c.dec.PeekKind() != jsontext.KindEndObject {
		name, err := c.dec.ReadValue()
		if err != nil {
			return nil, err
		}
		c.separate(base, depth)
		s := segment{start: len(c.out)}
		s.key = c.text(name)
		if n := len(c.segments); n > base && sorted {
			sorted = bytes.Compare(c.segments[n-1].key, s.key) < 0
		}
		c.out = append(c.out, ": "...)
		isString := c.dec.PeekKind() == jsontext.KindString
		text, err := c.value(t.Property(string(s.key)), depth+1, "")
		if err != nil {
			return nil, err
		}
		if isString && want != "" && string(s.key) == want {
			key = text
		}
		s.end = len(c.out)
		c.segments = append(c.segments, s)
	}
	if !sorted {
		slices.SortStableFunc(c.segments[base:], func(a, b segment) int { return bytes.Compare(a.key, b.key) })
		for i := base + 1; i < len(c.segments); i++ {
			if bytes.Equal(c.segments[i-1].key, c.segments[i].key) {
				return nil, fmt.Errorf("the member %q stands twice in one object", clip(string(c.segments[i].key), 60))
			}
		}
		c.rearrange(region, base, depth)
	}
	return key, c.close(base, depth, '}')
}

func (c *canonicalizer) array(t *Type, depth int) error {
	if _, err := c.dec.ReadToken(); err != nil {
		return err
	}
	c.out = append(c.out, '[')
	region, base := len(c.out), len(c.segments)
	set, want := t != nil && t.Set, ""
	if t != nil {
		want = t.Key
	}
	for c.dec.PeekKind() != jsontext.KindEndArray {
		c.separate(base, depth)
		kind := c.dec.PeekKind()
		s := segment{start: len(c.out)}
		key, err := c.value(t.Items(), depth+1, want)
		if err != nil {
			return err
		}
		s.end = len(c.out)
		switch {
		case set && kind == jsontext.KindString, !set && kind == jsontext.KindBeginObject:
			s.key = key
		case set && kind == jsontext.KindNull:
			s.key = nullKey
		case set:
			s.key = c.keep(c.out[s.start:])
		}
		c.segments = append(c.segments, s)
	}
	byKey := func(a, b segment) int { return bytes.Compare(a.key, b.key) }
	if (set || want != "") && !slices.IsSortedFunc(c.segments[base:], byKey) {
		slices.SortStableFunc(c.segments[base:], byKey)
		c.rearrange(region, base, depth)
	}
	return c.close(base, depth, ']')
}

// separate goes to the line of the next member or element.
func (c *canonicalizer) separate(base, depth int) {
	if len(c.segments) > base {
		c.out = append(c.out, ',')
	}
	c.out = appendLine(c.out, depth+1)
}

// close ends an object or array.
func (c *canonicalizer) close(base, depth int, end byte) error {
	_, err := c.dec.ReadToken()
	if len(c.segments) > base {
		c.out = appendLine(c.out, depth)
	}
	c.out = append(c.out, end)
	c.segments = c.segments[:base]
	return err
}

// rearrange writes the segments, which begin behind the region's start, in their new order.
func (c *canonicalizer) rearrange(region, base, depth int) {
	c.scratch = append(c.scratch[:0], c.out[region:]...)
	c.out = c.out[:region]
	for i, s := range c.segments[base:] {
		if i > 0 {
			c.out = append(c.out, ',')
		}
		c.out = appendLine(c.out, depth+1)
		c.out = append(c.out, c.scratch[s.start-region:s.end-region]...)
	}
}

// text writes a string literal and returns what it says.
func (c *canonicalizer) text(literal []byte) []byte {
	if isPlain(literal) {
		c.out = append(c.out, literal...)
		return c.keep(literal[1 : len(literal)-1])
	}
	said, _ := jsontext.AppendUnquote(nil, literal) // invalid UTF-8 becomes U+FFFD
	c.out = appendQuoted(c.out, said)
	return said
}

// keep copies a key: what it points into is about to be moved.
func (c *canonicalizer) keep(text []byte) []byte {
	n := len(c.names)
	c.names = append(c.names, text...)
	return c.names[n:len(c.names):len(c.names)]
}

// isPlain says whether a valid string literal is canonical as it stands.
func isPlain(literal []byte) bool {
	ascii := true
	for _, b := range literal[1 : len(literal)-1] {
		switch {
		case b == '\\' || b < ' ':
			return false
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	return ascii ||
		utf8.Valid(literal) && !bytes.Contains(literal, lineSeparator) && !bytes.Contains(literal, paragraphSeparator)
}

// nullKey is where null stands in a set.
var nullKey = []byte("<nil>")

var lineSeparator, paragraphSeparator = []byte("\u2028"), []byte("\u2029")

// appendQuoted writes text as encoding/json does when it does not escape for HTML.
func appendQuoted(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == '"', r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			if short := strings.IndexByte("\b\f\n\r\t", byte(r)); short >= 0 {
				dst = append(dst, '\\', "bfnrt"[short])
			} else {
				dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
			}
		case r == '\u2028', r == '\u2029':
			dst = append(dst, '\\', 'u', '2', '0', '2', hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += size
	}
	return append(dst, '"')
}

// appendLine begins a line of the depth.
func appendLine(dst []byte, depth int) []byte {
	const blanks = "                                "
	dst = append(dst, '\n')
	for n := 2 * depth; n > 0; n -= len(blanks) {
		dst = append(dst, blanks[:min(n, len(blanks))]...)
	}
	return dst
}

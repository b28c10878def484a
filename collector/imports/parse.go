package imports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/guestward/guestward/collector/snapshot"
)

// maxDepth is the deepest nesting that is read: what a snapshot may have (64), less what the mapping may add.
const maxDepth = 50

// member is a member of the export's top object.
type member struct {
	name   string
	value  any // map[string]any, []any, string, json.Number, bool or nil
	raw    []byte
	offset int64 // of raw
}

// parser reads strict JSON: no duplicate names, no invalid UTF-8, bounded depth.
type parser struct {
	file string
	text []byte
	remedies
}

// remedies are what to do about text that is not an export, in the words of the tool that should have written it.
type remedies struct {
	broken, deep string
}

// split finds the members of the object in raw, which begins at the offset. A name that stands twice is an error unless
// repeats allows it. The values are left for read to check.
func (p *parser) split(raw []byte, offset int64, repeats func(string) bool) ([]member, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	fail := func(err error) error { return p.syntax(err, offset, dec.InputOffset(), nil) }
	if _, err := dec.ReadToken(); err != nil {
		return nil, fail(err)
	}
	var members []member
	seen := map[string]bool{}
	for dec.PeekKind() != jsontext.KindEndObject {
		at := skipSeparators(raw, dec.InputOffset())
		token, err := dec.ReadToken()
		if err != nil {
			return nil, fail(err)
		}
		name := token.String()
		if seen[name] && !repeats(name) {
			return nil, p.fail(offset+at, snapshot.Path{name}, duplicateProblem, duplicateRemedy)
		}
		seen[name] = true
		start := skipSeparators(raw, dec.InputOffset())
		value, err := dec.ReadValue()
		if err != nil {
			return nil, fail(err)
		}
		members = append(members, member{name: name, raw: slices.Clip(raw[start:][:len(value)]), offset: offset + start})
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, fail(err)
	}
	return members, p.end(raw, offset, dec.InputOffset())
}

// end refuses text after the JSON value that ends at an offset in raw.
func (p *parser) end(raw []byte, offset, end int64) error {
	if rest := bytes.TrimLeft(raw[end:], " \t\r\n"); len(rest) > 0 {
		return p.fail(offset+int64(len(raw)-len(rest)), nil, "more text after the end of the JSON value", "an export is one value")
	}
	return nil
}

// whole reads the text as one value.
func (p *parser) whole() (any, error) {
	v := valueReader{parser: p, dec: jsontext.NewDecoder(bytes.NewBuffer(p.text)), keep: true}
	value, err := v.value()
	if err != nil {
		return nil, err
	}
	return value, p.end(p.text, 0, v.dec.InputOffset())
}

// read checks the member's value strictly, and builds it if keep is set: an export holds much that nobody asks for.
func (p *parser) read(m *member, keep bool) (err error) {
	v := valueReader{parser: p, dec: jsontext.NewDecoder(bytes.NewBuffer(m.raw)), offset: m.offset, keep: keep, path: snapshot.Path{m.name}}
	m.value, err = v.value()
	return err
}

type valueReader struct {
	*parser
	dec    *jsontext.Decoder
	offset int64
	keep   bool
	path   snapshot.Path
}

func (v *valueReader) value() (any, error) {
	token, err := v.dec.ReadToken()
	if err != nil {
		return nil, v.bad(err)
	}
	switch token.Kind() {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		if v.dec.StackDepth() > maxDepth {
			return nil, v.fail(v.offset+v.dec.InputOffset()-1, nil, depthProblem, v.deep)
		}
		if token.Kind() == jsontext.KindBeginArray {
			return v.array()
		}
		return v.object()
	case jsontext.KindNull:
		return nil, nil
	case jsontext.KindTrue, jsontext.KindFalse:
		return token.Bool(), nil
	}
	switch {
	case !v.keep:
		return nil, nil
	case token.Kind() == jsontext.KindNumber:
		return json.Number(token.String()), nil
	}
	return token.String(), nil
}

func (v *valueReader) array() (any, error) {
	elements := []any{}
	for i := 0; v.dec.PeekKind() != jsontext.KindEndArray; i++ {
		v.path = append(v.path, i)
		element, err := v.value()
		if err != nil {
			return nil, err
		}
		v.path = v.path[:len(v.path)-1]
		if v.keep {
			elements = append(elements, element)
		}
	}
	if _, err := v.dec.ReadToken(); err != nil {
		return nil, v.bad(err)
	}
	return elements, nil
}

func (v *valueReader) object() (any, error) {
	members := map[string]any{}
	for v.dec.PeekKind() != jsontext.KindEndObject {
		token, err := v.dec.ReadToken()
		if err != nil {
			return nil, v.bad(err)
		}
		name := token.String()
		v.path = append(v.path, name)
		value, err := v.value()
		if err != nil {
			return nil, err
		}
		v.path = v.path[:len(v.path)-1]
		if v.keep {
			members[name] = value
		}
	}
	if _, err := v.dec.ReadToken(); err != nil {
		return nil, v.bad(err)
	}
	return members, nil
}

func (v *valueReader) bad(err error) error {
	return v.syntax(err, v.offset, v.dec.InputOffset(), v.path)
}

// syntax puts a decoder's error into plain words, with its place. The decoder's input begins at the offset.
func (p *parser) syntax(err error, offset, reached int64, path snapshot.Path) error {
	var syntactic *jsontext.SyntacticError
	text := err.Error()
	if errors.As(err, &syntactic) {
		reached = syntactic.ByteOffset
		if syntactic.Err != nil {
			text = syntactic.Err.Error()
		}
	}
	problem, remedy := "not valid JSON: "+clip(text), p.broken
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		problem, remedy = "the JSON ends in the middle", "the file was cut short: copy it again"
	case errors.Is(err, jsontext.ErrDuplicateName):
		problem, remedy = duplicateProblem, duplicateRemedy
		path = append(slices.Clip(path), syntactic.JSONPointer.LastToken())
	case strings.Contains(text, "max depth"):
		problem, remedy = depthProblem, p.deep
	case strings.Contains(text, "UTF-8"), strings.Contains(text, "surrogate"):
		problem, remedy = "the text is not valid UTF-8", "save the file as UTF-8"
	case bytes.IndexByte(p.text[:min(len(p.text), 4)], 0) >= 0:
		problem, remedy = "the text is UTF-16 or UTF-32 without a byte-order mark", "save the file as UTF-8"
	}
	return p.fail(offset+reached, slices.Clone(path), problem, remedy)
}

var (
	duplicateProblem = "the member name stands twice in one object"
	duplicateRemedy  = "PowerShell does not write that: the file was changed by hand"
	depthProblem     = fmt.Sprintf("nested deeper than %d levels", maxDepth)
)

func (p *parser) fail(offset int64, path snapshot.Path, problem, remedy string) error {
	return &snapshot.Error{File: p.file, Position: position(p.text, offset), Path: path, Problem: problem, Remedy: remedy}
}

// skipSeparators is the offset of the next token: behind blanks and separators.
func skipSeparators(raw []byte, from int64) int64 {
	for from < int64(len(raw)) && strings.IndexByte(" \t\r\n,:", raw[from]) >= 0 {
		from++
	}
	return from
}

// clip shortens text of the export for a message, so that a hostile value cannot flood the terminal.
func clip(s string) string { return shorten(s, 80) }

func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

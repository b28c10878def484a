package snapshot

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is the deepest nesting that is read. Microsoft's own documents stay below 20.
const maxDepth = 64

// A Builder makes values of some representation from JSON. Decode calls it bottom-up.
type Builder[V any] interface {
	Null() V
	Boolean(bool) V
	Number(text string) V
	String(string) V
	Array([]V) V
	Object([]Member[V]) V
}

// Member is a named value of an object.
type Member[V any] struct {
	Name  string
	Value V
}

// decodeError is a problem at an offset of the decoded bytes.
type decodeError struct {
	offset  int64
	path    Path
	problem string
	remedy  string
}

func (e *decodeError) Error() string { return e.problem }

// decode reads one JSON value, checks it against the type and builds it. The error, if any, is a *decodeError.
func decode[V any](raw []byte, t *Type, b Builder[V]) (V, error) {
	// The pass of Open has refused duplicate names in the same bytes: looking for them again costs a tenth of the time.
	d := decoder[V]{dec: jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true)), raw: raw, builder: b}
	v, err := d.value(t)
	if err != nil {
		return v, err
	}
	if rest := bytes.TrimLeft(raw[d.dec.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return v, &decodeError{offset: int64(len(raw) - len(rest)), problem: "more text after the end of the JSON value"}
	}
	return v, nil
}

type decoder[V any] struct {
	dec     *jsontext.Decoder
	raw     []byte
	builder Builder[V]
	path    Path
}

func (d *decoder[V]) value(t *Type) (V, error) {
	var zero V
	k := d.dec.PeekKind()
	start := d.tokenStart()
	if d.dec.StackDepth() > maxDepth {
		return zero, d.fail(start, fmt.Sprintf("nested deeper than %d levels", maxDepth), "no section of a tenant is")
	}
	if k == jsontext.KindBeginObject || k == jsontext.KindBeginArray {
		if err := d.check(t, k, nil, start); err != nil {
			return zero, err
		}
		if _, err := d.dec.ReadToken(); err != nil {
			return zero, d.syntax(err)
		}
		if k == jsontext.KindBeginArray {
			return d.array(t)
		}
		return d.object(t, start)
	}
	tok, err := d.dec.ReadToken()
	if err != nil {
		return zero, d.syntax(err)
	}
	if err := d.check(t, k, &tok, start); err != nil {
		return zero, err
	}
	switch k {
	case jsontext.KindNull:
		return d.builder.Null(), nil
	case jsontext.KindTrue, jsontext.KindFalse:
		return d.builder.Boolean(tok.Bool()), nil
	case jsontext.KindNumber:
		return d.builder.Number(tok.String()), nil
	default:
		return d.builder.String(tok.String()), nil
	}
}

func (d *decoder[V]) array(t *Type) (V, error) {
	var zero V
	var elements []V
	for d.dec.PeekKind() != jsontext.KindEndArray {
		d.path = append(d.path, len(elements))
		v, err := d.value(t.Items())
		if err != nil {
			return zero, err
		}
		d.path = d.path[:len(d.path)-1]
		elements = append(elements, v)
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return zero, d.syntax(err)
	}
	return d.builder.Array(elements), nil
}

func (d *decoder[V]) object(t *Type, start int64) (V, error) {
	var zero V
	var members []Member[V]
	for d.dec.PeekKind() != jsontext.KindEndObject {
		tok, err := d.dec.ReadToken()
		if err != nil {
			return zero, d.syntax(err)
		}
		name := tok.String()
		d.path = append(d.path, name)
		v, err := d.value(t.Property(name))
		if err != nil {
			return zero, err
		}
		d.path = d.path[:len(d.path)-1]
		members = append(members, Member[V]{name, v})
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return zero, d.syntax(err)
	}
	if t != nil {
		for _, name := range t.required {
			if !slices.ContainsFunc(members, func(m Member[V]) bool { return m.Name == name }) {
				return zero, d.fail(start, fmt.Sprintf("the member %q is missing", name), "every element needs it")
			}
		}
	}
	return d.builder.Object(members), nil
}

// check compares a value's type with what the schema expects.
func (d *decoder[V]) check(t *Type, k jsontext.Kind, tok *jsontext.Token, start int64) error {
	if t == nil || t.kinds == 0 {
		return nil
	}
	var is kind
	found := ""
	switch k {
	case jsontext.KindNull:
		is = kindNull
	case jsontext.KindTrue, jsontext.KindFalse:
		is = kindBoolean
	case jsontext.KindString:
		is = kindString
		if t.kinds&is == 0 {
			found = " " + strconv.QuoteToASCII(clip(tok.String(), 40))
		}
	case jsontext.KindNumber:
		is = kindNumber
		text := tok.String()
		if isInteger(text) {
			is |= kindInteger
		}
		found = " " + clip(text, 40)
	case jsontext.KindBeginArray:
		is = kindArray
	case jsontext.KindBeginObject:
		is = kindObject
	}
	if t.kinds&is != 0 {
		return nil
	}
	name := is.String()
	if is&kindNumber != 0 {
		name = "number"
	}
	return d.fail(start, fmt.Sprintf("expected %s, found %s%s", t.kinds, name, found), "")
}

func isInteger(text string) bool {
	if !strings.ContainsAny(text, ".eE") {
		return true
	}
	f, err := strconv.ParseFloat(text, 64)
	return err == nil && f == math.Trunc(f) && !math.IsInf(f, 0)
}

// tokenStart is the offset of the next token, whose kind was peeked: behind what was read, blanks and separators.
func (d *decoder[V]) tokenStart() int64 {
	return skipSeparators(d.raw, d.dec.InputOffset())
}

func skipSeparators(raw []byte, from int64) int64 {
	for from < int64(len(raw)) && strings.IndexByte(" \t\r\n,:", raw[from]) >= 0 {
		from++
	}
	return from
}

func (d *decoder[V]) fail(offset int64, problem, remedy string) error {
	return &decodeError{offset: offset, path: slices.Clone(d.path), problem: problem, remedy: remedy}
}

func (d *decoder[V]) syntax(err error) error {
	problem, remedy := describe(err)
	offset := d.dec.InputOffset()
	if s, ok := err.(*jsontext.SyntacticError); ok {
		offset = s.ByteOffset
	}
	return &decodeError{offset: min(offset, int64(len(d.raw))), path: slices.Clone(d.path), problem: problem, remedy: remedy}
}

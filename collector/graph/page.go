package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	abs "github.com/microsoft/kiota-abstractions-go"

	"github.com/guestward/guestward/collector"
)

// page is one answer of a list.
type page struct {
	items []item
	next  string // address of the next page
	delta string // of the next round of a delta query, which ends this one
}

// item is an element of a page: its id, and its JSON without annotations.
type item struct {
	id  string
	raw json.RawMessage
}

// parsePage takes a page apart, and cleans its elements.
func parsePage(body []byte, key string) (p page, err error) {
	if p, err = splitPage(body); err != nil {
		return p, err
	}
	return p, p.clean(key)
}

// clean makes of every element what is kept of it.
func (p *page) clean(key string) (err error) {
	for i := range p.items {
		it := &p.items[i]
		if it.id, it.raw, err = clean(it.raw, key); err != nil {
			return fmt.Errorf("element %d of the answer: %w", i, err)
		}
	}
	return nil
}

// splitPage finds the elements of a page. A page without a list is no page, and neither is one that ends in its middle.
func splitPage(body []byte) (p page, err error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() != jsontext.KindBeginObject {
		return p, notPage(body)
	}
	if _, err := dec.ReadToken(); err != nil {
		return p, err
	}
	listed := false
	seen := map[string]bool{}
	for dec.PeekKind() != jsontext.KindEndObject {
		token, err := dec.ReadToken()
		if err != nil {
			return p, broken(err)
		}
		name := token.String()
		if seen[name] {
			return p, fmt.Errorf("the answer has %q twice", clip(name, 60))
		}
		seen[name] = true
		switch name {
		case "value":
			if dec.PeekKind() != jsontext.KindBeginArray {
				return p, errors.New("the answer's value is no list")
			}
			if _, err := dec.ReadToken(); err != nil {
				return p, broken(err)
			}
			for dec.PeekKind() != jsontext.KindEndArray {
				raw, err := dec.ReadValue()
				if err != nil {
					return p, broken(err)
				}
				end := dec.InputOffset()
				p.items = append(p.items, item{raw: body[end-int64(len(raw)) : end]}) // raw itself is gone with the next read
			}
			if _, err := dec.ReadToken(); err != nil {
				return p, broken(err)
			}
			listed = true
		case "@odata.nextLink", "@odata.deltaLink":
			link, err := dec.ReadToken()
			if err != nil {
				return p, broken(err)
			}
			if link.Kind() != jsontext.KindString || link.String() == "" {
				return p, fmt.Errorf("the answer's %s is no address", name)
			}
			if name == "@odata.nextLink" {
				p.next = link.String()
			} else {
				p.delta = link.String()
			}
		case "error": // what is said after a good status when something breaks on the way
			raw, err := dec.ReadValue()
			if err != nil {
				return p, broken(err)
			}
			return p, fmt.Errorf("the answer ends in an error: %s", clip(string(raw), 240))
		default:
			if isNext(name) {
				return p, fmt.Errorf("the answer names a next page in a form that is not known: %q", clip(name, 60))
			}
			if err := dec.SkipValue(); err != nil {
				return p, broken(err)
			}
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return p, broken(err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return p, errors.New("the answer goes on behind its end")
	}
	if !listed {
		return p, errors.New("the answer has no list")
	}
	return p, nil
}

func broken(err error) error { return fmt.Errorf("the answer is not whole JSON: %w", err) }

func notPage(body []byte) error {
	return fmt.Errorf("the answer is no JSON object: it begins with %q", clip(string(body[:min(len(body), 60)]), 60))
}

// isNext says whether a member is the address of further elements, in whatever form OData has ever given it.
func isNext(name string) bool { return strings.HasSuffix(strings.ToLower(name), "nextlink") }

// maxDepth is the deepest nesting of an element. The snapshot's reader takes no more than 64 levels, with those around the
// element: one that is deeper would keep the whole snapshot from being read.
const maxDepth = 48

// clean copies an object without its annotations, which belong to one response, and without blanks and line breaks. It
// returns the member that identifies the object. Text that is no UTF-8 is made so: a guest's name must not be able to
// keep a tenant from being read.
//
// A list inside the object that goes on elsewhere is dropped: nobody is to take a part of it for the whole.
func clean(raw []byte, key string) (id string, out json.RawMessage, err error) {
	if bytes.Contains(raw, []byte(`@odata.nextLink"`)) {
		if raw, err = withoutParts(raw); err != nil {
			return "", nil, err
		}
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if dec.PeekKind() != jsontext.KindBeginObject {
		return "", nil, notPage(raw)
	}
	var b bytes.Buffer
	b.Grow(len(raw))
	enc := jsontext.NewEncoder(&b, jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(false))
	for {
		kind := dec.PeekKind()
		if kind == jsontext.KindString {
			if _, length := dec.StackIndex(dec.StackDepth()); length%2 == 0 && inObject(dec) {
				name, err := dec.ReadToken()
				if err != nil {
					return "", nil, broken(err)
				}
				text := name.String()
				if strings.Contains(text, "@") && isNext(text) {
					return "", nil, fmt.Errorf("only a part is there, and the rest elsewhere: %q", clip(text, 60))
				}
				if strings.Contains(text, "@odata.") && text != "@odata.type" {
					if err := dec.SkipValue(); err != nil {
						return "", nil, broken(err)
					}
					continue
				}
				if err := enc.WriteToken(jsontext.String(text)); err != nil {
					return "", nil, broken(err)
				}
				if text == key && dec.StackDepth() == 1 && dec.PeekKind() == jsontext.KindString {
					value, err := dec.ReadToken()
					if err != nil {
						return "", nil, broken(err)
					}
					id = value.String()
					if err := enc.WriteToken(jsontext.String(id)); err != nil {
						return "", nil, broken(err)
					}
				}
				continue
			}
		}
		tok, err := dec.ReadToken()
		if err != nil {
			return "", nil, broken(err)
		}
		if err := enc.WriteToken(tok); err != nil {
			return "", nil, broken(err)
		}
		switch depth := dec.StackDepth(); {
		case depth > maxDepth:
			return "", nil, fmt.Errorf("it is nested deeper than %d levels", maxDepth)
		case depth > 0:
			continue
		}
		break
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return "", nil, errors.New("the answer goes on behind its end")
	}
	return id, bytes.TrimRight(b.Bytes(), "\n"), nil
}

// withoutParts drops the lists whose rest is on another page, at any depth.
func withoutParts(raw []byte) ([]byte, error) {
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return nil, broken(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for name := range v {
				if list, ok := strings.CutSuffix(name, "@odata.nextLink"); ok && list != "" {
					delete(v, list)
					delete(v, name)
				}
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(tree)
	return json.Marshal(tree)
}

func inObject(dec *jsontext.Decoder) bool {
	kind, _ := dec.StackIndex(dec.StackDepth())
	return kind == jsontext.KindBeginObject
}

// list is a list to read, page by page.
type list struct {
	// first is the request for the first page.
	first func() (request, error)
	// key is the member that identifies an element; "" is id.
	key string
	// headers go with every page: Graph does not remember them.
	headers map[string]string
	// keep may change or drop elements, a page at a time, before they go to the output.
	keep func(items []item) ([]item, error)
	// delta lists end with the address of their next round; without it something is missing.
	delta bool
	// stop ends the reading early.
	stop func() bool
	// phase tells the cursors of several lists of one source apart.
	phase string
}

// errStale is a cursor that the service forgot while the collection was interrupted.
var errStale = errors.New("the service does not know the page any more")

// pages reads a list to its end into the output. The cursor is the address of the next page.
func (r *Reader) pages(ctx context.Context, out *collector.Output, l list) error {
	cursor := strings.TrimPrefix(out.Cursor(), l.phase)
	err := r.walk(ctx, out, l, cursor)
	if cursor != "" && cursor == strings.TrimPrefix(out.Cursor(), l.phase) && (isStatus(err, http.StatusBadRequest) || isStatus(err, http.StatusGone) || isStatus(err, http.StatusNotFound)) {
		return errStale
	}
	return err
}

// walk reads page after page. The next one is on its way while the elements of one are dealt with.
func (r *Reader) walk(ctx context.Context, out *collector.Output, l list, cursor string) error {
	if l.key == "" {
		l.key = "id"
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	seen := map[string]bool{}
	for coming := r.fetch(ctx, l, cursor); ; {
		a := <-coming
		if a.err != nil {
			return a.err
		}
		p, err := splitPage(a.body)
		if err != nil {
			return err
		}
		switch {
		case p.next == "" && l.delta && p.delta == "":
			return errors.New("the list of changes ends without its deltaLink: something is missing")
		case seen[p.next]:
			return errors.New("the same page comes again and again")
		case p.next != "":
			if _, err := r.follow(p.next); err != nil {
				return err
			}
			seen[p.next] = true
			if l.stop == nil {
				coming = r.fetch(ctx, l, p.next)
			}
		}
		if err := p.clean(l.key); err != nil {
			return err
		}
		items := p.items
		if l.keep != nil {
			if items, err = l.keep(items); err != nil {
				return err
			}
		}
		for _, it := range items {
			if it.id == "" {
				return fmt.Errorf("an element of the answer has no %s", l.key)
			}
			if err := out.Add(it.id, it.raw); err != nil {
				return err
			}
		}
		if p.next == "" || l.stop != nil && l.stop() {
			return nil
		}
		if err := out.Checkpoint(l.phase + p.next); err != nil {
			return err
		}
		if l.stop != nil {
			coming = r.fetch(ctx, l, p.next)
		}
	}
}

// fetched is the answer to a request for a page.
type fetched struct {
	body []byte
	err  error
}

// fetch asks for a page: the first, or the one at the cursor.
func (r *Reader) fetch(ctx context.Context, l list, cursor string) <-chan fetched {
	coming := make(chan fetched, 1)
	go func() {
		body, err := func() ([]byte, error) {
			ask := l.first
			if cursor != "" {
				ask = func() (request, error) { return r.follow(cursor) }
			}
			info, err := ask()
			if err != nil {
				return nil, err
			}
			for name, value := range l.headers {
				info.Headers.Add(name, value)
			}
			return r.get(ctx, info)
		}()
		coming <- fetched{body, err}
	}()
	return coming
}

// follow is the request for the next page. Its address comes from the answer, so it is held against Graph's own: a
// token must not go anywhere else.
func (r *Reader) follow(address string) (request, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != r.root.Scheme || !strings.EqualFold(u.Host, r.root.Host) || u.User != nil {
		where := "somewhere else"
		if u != nil && u.Host != "" {
			where = u.Scheme + "://" + u.Host
		}
		return nil, fmt.Errorf("the next page is said to be at %s, which is not %s: not followed", clip(where, 80), r.root.Scheme+"://"+r.root.Host)
	}
	return r.raw(abs.GET, address)
}

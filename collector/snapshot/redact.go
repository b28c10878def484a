package snapshot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"slices"
	"strings"
	"sync"
)

// RedactedNote stands among the notes of a snapshot that was redacted.
const RedactedNote = "names and addresses are pseudonyms"

// minRedactKey is the least length of a key: whoever can guess the key can undo pseudonyms by trying names.
const minRedactKey = 16

// Redactor replaces names of people and things, and the local parts of mail addresses, with pseudonyms: the same text
// has the same one, in any snapshot, as long as the key is the same. Domains, ids, enumerations, numbers, times and the
// structure of names such as alice_fabrikam.com#EXT#@contoso.com stay, so rules decide as before. It may be used from
// several goroutines.
type Redactor struct {
	hashes sync.Pool // of the keyed hash: the key is nowhere else, so it cannot be printed
}

// NewRedactor makes one from a key of at least 16 bytes.
func NewRedactor(key []byte) (*Redactor, error) {
	if len(key) < minRedactKey {
		return nil, fmt.Errorf("the redaction key has %d bytes, and at least %d are needed; "+
			"make one with a random generator, such as `openssl rand -hex 32`, and keep it secret", len(key), minRedactKey)
	}
	key = slices.Clone(key)
	r := new(Redactor)
	r.hashes.New = func() any { return hmac.New(sha256.New, key) }
	return r, nil
}

// Document is the document with every section redacted; its collections are redacted while they are read.
func (r *Redactor) Document(d Document) (Document, error) {
	redacted := make(Document, len(d))
	for name, v := range d {
		t := Schema().Property(name)
		if elements, ok := v.(Elements); ok {
			redacted[name] = r.elements(name, t, elements)
			continue
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", name, err)
		}
		if t != nil && t.Stream { // a collection that is in memory after all
			redacted[name] = r.elements(name, t, inMemory(raw).sortedBy(t.Key))
			continue
		}
		if raw, err = r.Value(name, raw); err != nil {
			return nil, fmt.Errorf("section %s: %w", name, err)
		}
		redacted[name] = json.RawMessage(raw)
	}
	return redacted, nil
}

func (r *Redactor) elements(section string, t *Type, e Elements) Elements {
	e = e.mapped(func() transform {
		return func(dst, raw []byte) (out, key []byte, err error) {
			v, err := r.tree(section, raw)
			return appendTree(dst, v), nil, err
		}
	})
	if t != nil && ruleFor(section, t.Key) != keep {
		return e.sortedBy(t.Key) // the pseudonyms have an order of their own
	}
	return e
}

// inMemory is an array as elements, in its own order.
func inMemory(raw json.RawMessage) Elements {
	return func(yield func(json.RawMessage, error) bool) {
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			yield(nil, err)
			return
		}
		for _, element := range list {
			if !yield(element, nil) {
				return
			}
		}
	}
}

// Value redacts a config section, or one element of a collection, which it holds against the schema.
func (r *Redactor) Value(section string, raw json.RawMessage) (json.RawMessage, error) {
	v, err := r.tree(section, raw)
	if err != nil {
		return nil, err
	}
	return appendTree(nil, v), nil
}

// tree is the redacted value.
func (r *Redactor) tree(section string, raw []byte) (any, error) {
	t := Schema().Property(section)
	if t != nil && t.Stream {
		t = t.Items()
	}
	v, err := decode(raw, t, treeBuilder{})
	if d, ok := err.(*decodeError); ok {
		return nil, fmt.Errorf("%s", strings.TrimPrefix(clip(d.path.Dotted(), 200)+": "+d.problem, ": "))
	}
	v = r.value(v, place{section: section})
	if section == "collection" {
		v = withNote(v)
	}
	return v, nil
}

// withNote adds to the collection section that it is redacted.
func withNote(v any) any {
	o, ok := v.(object)
	if !ok {
		return v
	}
	notes, _ := o.get("notes").([]any)
	if slices.Contains(notes, any(RedactedNote)) {
		return o
	}
	notes = append(notes, RedactedNote)
	for i := range o {
		if o[i].Name == "notes" {
			o[i].Value = notes
			return o
		}
	}
	return append(o, Member[any]{"notes", notes})
}

// place is where a value stands, as far as it matters.
type place struct {
	section string
	name    string // of the member that holds the value, or the array that the value is in
	list    string // of the member that holds the object of that member
	own     bool   // the object is Microsoft's, not the organisation's
}

func (r *Redactor) value(v any, at place) any {
	switch v := v.(type) {
	case object:
		inner := place{section: at.section, list: at.name, own: isMicrosofts(v, at)}
		for i := range v {
			inner.name = v[i].Name
			v[i].Value = r.value(v[i].Value, inner)
			v[i].Name = r.memberName(v[i].Name)
		}
	case []any:
		for i := range v {
			v[i] = r.value(v[i], at)
		}
	case string:
		return r.apply(at.rule(), v)
	case number:
		if rule := at.rule(); rule.isName() {
			return r.apply(rule, string(v)) // such as a telephone or personnel number
		}
	}
	return v
}

// rule is what happens to a string at the place.
func (at place) rule() rule {
	switch rule := ruleFor(at.section, at.name); {
	case at.section == "collection":
		return keep
	case at.own && rule.isName():
		return keep
	case at.list == "values" && at.name == "value" && (at.section == "entra" || at.section == "groups"):
		return setting
	default:
		return rule
	}
}

// isMicrosofts says whether Microsoft chose the names in the object.
func isMicrosofts(o object, at place) bool {
	return o.get("isBuiltIn") == true || o.get("policyType") == "builtIn" || // role definitions, authentication strengths
		at.section == "entra" && at.name == "groupSettings" || at.section == "groups" && at.name == "settings" // templates
}

// memberName redacts the name of a member: those of Graph hold an @ before an annotation, others may hold an address.
func (r *Redactor) memberName(name string) string {
	for _, annotation := range []string{"@odata.", "@delta", "@microsoft."} {
		if strings.Contains(name, annotation) {
			return name
		}
	}
	return r.text(name)
}

// pseudonym is what the text is called. Case does not matter: mail addresses and names of accounts have none.
func (r *Redactor) pseudonym(prefix, text string) string {
	h := r.hashes.Get().(hash.Hash)
	h.Reset()
	if prefix == accountPrefix {
		h.Write([]byte("account\x00"))
	} else {
		h.Write([]byte("text\x00"))
	}
	h.Write([]byte(strings.ToLower(strings.TrimSpace(text))))
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	r.hashes.Put(h)
	// 48 bits: among a million names two are the same once in 500 snapshots.
	return prefix + "-" + hex.EncodeToString(sum[:6])
}

package snapshot

// object is a JSON object with its members in the order of the document.
type object []Member[any]

// number is a JSON number as it was written.
type number string

// get is the member's value, or nil.
func (o object) get(name string) any {
	for _, m := range o {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// treeBuilder makes trees of nil, bool, number, string, []any and object.
type treeBuilder struct{}

func (treeBuilder) Null() any                   { return nil }
func (treeBuilder) Boolean(b bool) any          { return b }
func (treeBuilder) Number(text string) any      { return number(text) }
func (treeBuilder) String(s string) any         { return s }
func (treeBuilder) Array(elements []any) any    { return elements }
func (treeBuilder) Object(ms []Member[any]) any { return object(ms) }

// appendTree writes a tree as JSON.
func appendTree(dst []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		if v {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case number:
		return append(dst, v...)
	case string:
		return appendQuoted(dst, []byte(v))
	case []any:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendTree(dst, element)
		}
		return append(dst, ']')
	case object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendQuoted(dst, []byte(m.Name)), ':')
			dst = appendTree(dst, m.Value)
		}
		return append(dst, '}')
	default:
		return append(dst, "null"...)
	}
}

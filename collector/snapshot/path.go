package snapshot

import (
	"fmt"
	"strconv"
	"strings"
)

// Path is a place in the document: member names (string) and array indexes (int), from the root down.
type Path []any

// Pointer is the path as an RFC 6901 JSON pointer.
func (p Path) Pointer() string {
	var b strings.Builder
	for _, step := range p {
		b.WriteByte('/')
		switch step := step.(type) {
		case string:
			b.WriteString(pointerEscaper.Replace(step))
		case int:
			b.WriteString(strconv.Itoa(step))
		default:
			fmt.Fprint(&b, step)
		}
	}
	return b.String()
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// Dotted is the path in the form that rules and gaps use for sections: member names joined by dots.
func (p Path) Dotted() string {
	var b strings.Builder
	for i, step := range p {
		switch step := step.(type) {
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		default:
			fmt.Fprintf(&b, "[%v]", step)
		}
	}
	return b.String()
}

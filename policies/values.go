package policies

import (
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/guestward/guestward/collector/snapshot"
)

// astBuilder makes Rego values straight from JSON, without the maps that encoding/json would build in between.
// It belongs to one goroutine.
type astBuilder struct {
	names map[string]*ast.Term // member names repeat in every element of a collection
}

func newASTBuilder() *astBuilder { return &astBuilder{names: map[string]*ast.Term{}} }

func (b *astBuilder) Null() *ast.Term               { return ast.InternedNullTerm }
func (b *astBuilder) Boolean(v bool) *ast.Term      { return ast.InternedTerm(v) }
func (b *astBuilder) Number(text string) *ast.Term  { return ast.NumberTerm(json.Number(text)) }
func (b *astBuilder) String(text string) *ast.Term  { return ast.StringTerm(text) }
func (b *astBuilder) Array(v []*ast.Term) *ast.Term { return ast.ArrayTerm(v...) }
func (b *astBuilder) Object(members []snapshot.Member[*ast.Term]) *ast.Term {
	object := ast.NewObjectWithCapacity(len(members))
	for _, m := range members {
		name, ok := b.names[m.Name]
		if !ok {
			name = ast.StringTerm(m.Name)
			if len(b.names) < 1000 { // a hostile document may have a new name in every element
				b.names[m.Name] = name
			}
		}
		object.Insert(name, m.Value)
	}
	return ast.NewTerm(object)
}

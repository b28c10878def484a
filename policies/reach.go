package policies

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/guestward/guestward/policies/reach"
)

// The builtins that tell what an outsider reaches. As those of the model of access they take the input document first. Of a
// rule with each, the document holds a chunk of the guests; the answer is about the whole tenant all the same.
//
//	reach.of(input, guest_id, kinds)   what the guest reaches of the kinds, such as ["roles"], by which paths, and the
//	                                   sources that are missing for an answer; see reach.Item
//	reach.others(input)                the directory roles that outsiders hold who are not among the guests; see reach.Other
var reachBuiltins = []*ast.Builtin{
	accessBuiltin("reach.of", "What a guest reaches, and how.",
		types.Named("guest", types.A).Description("the guest's id"),
		types.Named("kinds", types.A).Description("what is asked for; an empty list asks for everything")),
	accessBuiltin("reach.others", "The directory roles that outsiders hold who are not among the guests."),
}

func init() {
	topdown.RegisterBuiltinFunc("reach.of", func(b topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
		answer, err := reachOf(b.Context, args)
		if err != nil {
			return halt(err)
		}
		return iter(answer)
	})
	topdown.RegisterBuiltinFunc("reach.others", func(b topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
		_, m, err := reachModelOf(b.Context, args[0].Value)
		if err != nil {
			return halt(err)
		}
		others, err := m.Others()
		if err != nil {
			return halt(err)
		}
		answer, err := value(others)
		if err != nil {
			return halt(err)
		}
		return iter(ast.NewTerm(answer))
	})
}

func reachOf(ctx context.Context, args []*ast.Term) (*ast.Term, error) {
	holder, m, err := reachModelOf(ctx, args[0].Value)
	if err != nil {
		return nil, err
	}
	id, ok := args[1].Value.(ast.String)
	if !ok {
		return nil, fmt.Errorf("reach.of: %v is no id of a guest", args[1])
	}
	raw, err := plain(args[2].Value)
	if err != nil {
		return nil, err
	}
	var kinds []string
	if err := json.Unmarshal(raw, &kinds); err != nil {
		return nil, fmt.Errorf("reach.of: the kinds are no list of names: %w", err)
	}
	r, err := m.Of(string(id), kinds...)
	if err != nil {
		return nil, err
	}
	asked := strings.Join(kinds, " ")
	if holder != nil && r.Empty() {
		if known, ok := holder.nothing.Load(asked); ok {
			return known.(*ast.Term), nil
		}
	}
	if len(kinds) == 0 {
		kinds = reach.Kinds
	}
	told := map[string]any{"unknown": r.Unknown}
	for _, kind := range kinds {
		told[kind] = *r.List(kind)
	}
	v, err := value(told)
	if err != nil {
		return nil, err
	}
	answer := ast.NewTerm(v)
	if holder != nil && r.Empty() {
		holder.nothing.Store(asked, answer)
	}
	return answer, nil
}

func (m *model) getReach() (*reach.Model, error) {
	m.reachOnce.Do(func() {
		var f reach.Facts
		if f, m.reachErr = ReachFacts(m.snap); m.reachErr == nil {
			m.reach, m.reachErr = reach.New(f)
		}
	})
	return m.reach, m.reachErr
}

// reachModelOf is the model of the tenant that the document describes, and what holds it if it is the snapshot's.
func reachModelOf(ctx context.Context, doc ast.Value) (*model, *reach.Model, error) {
	if m, _ := ctx.Value(modelKey{}).(*model); m != nil && m.describes(doc) {
		r, err := m.getReach()
		return m, r, err
	}
	v, err := ast.JSON(doc)
	if err != nil {
		return nil, nil, err
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, nil, fmt.Errorf("the first argument is not the input document")
	}
	r, err := reach.New(reach.FromDocument(o))
	return nil, r, err
}

package policies

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/guestward/guestward/policies/reach"
)

// The builtins that tell what an outsider reaches. As those of the model of access they take the input document first. Of a
// rule with each, the document holds a chunk of the guests; the answer is about the whole tenant all the same.
//
//	reach.guests(input, kinds)    what the guests of the document reach of the kinds, such as ["roles"], by which paths: by
//	                              the index of the guest, of those who reach anything; see reach.Item
//	reach.counts(input, kinds, n) the same, but numbers, of the guests who reach more than n of the first kind
//	reach.unknown(input, kinds)   the sources without which those answers may be too short
//	reach.accounts(input, ids)    which of the ids are outsiders, or groups with outsiders in them; see reach.Accounts
//	reach.others(input)           the directory roles that outsiders hold who are not among the guests; see reach.Other
//
// One call answers for all guests of a chunk, and leaves out those who reach nothing, who are most: a call and an object for
// each guest took as long as everything else of a scan.
var reachBuiltins = []*ast.Builtin{
	accessBuiltin("reach.guests", "What guests reach, and how.", kindsArgument),
	accessBuiltin("reach.counts", "How much guests reach.", kindsArgument,
		types.Named("n", types.A).Description("how many of the first kind are too few to be told")),
	accessBuiltin("reach.unknown", "What is missing for knowing what guests reach.", kindsArgument),
	accessBuiltin("reach.accounts", "Which ids are of outsiders, or of groups with outsiders in them.",
		types.Named("ids", types.A).Description("object ids, an array or a set")),
	accessBuiltin("reach.others", "The directory roles that outsiders hold who are not among the guests."),
}

var kindsArgument = types.Named("kinds", types.A).Description("what is asked for")

func init() {
	topdown.RegisterBuiltinFunc("reach.guests", withKinds(func(m *reach.Model, doc ast.Value, kinds []string, _ ast.Value) (ast.Value, error) {
		return eachGuest(doc, func(id string) (ast.Value, error) {
			r, err := m.Some(id, kinds)
			if r == nil || err != nil {
				return nil, err
			}
			told := map[string]any{}
			for _, kind := range kinds {
				told[kind] = *r.List(kind)
			}
			return value(told)
		})
	}))
	topdown.RegisterBuiltinFunc("reach.counts", withKinds(func(m *reach.Model, doc ast.Value, kinds []string, least ast.Value) (ast.Value, error) {
		n, ok := least.(ast.Number)
		few, whole := n.Int()
		if !ok || !whole || len(kinds) == 0 {
			return nil, fmt.Errorf("reach.counts: %v is no number of things of a kind", least)
		}
		return eachGuest(doc, func(id string) (ast.Value, error) {
			counts, err := m.Count(id, kinds)
			if counts == nil || err != nil || counts[0] <= few {
				return nil, err
			}
			told := ast.NewObjectWithCapacity(len(kinds))
			for i, kind := range kinds {
				told.Insert(ast.InternedTerm(kind), ast.InternedTerm(counts[i]))
			}
			return told, nil
		})
	}))
	topdown.RegisterBuiltinFunc("reach.unknown", withKinds(func(m *reach.Model, _ ast.Value, kinds []string, _ ast.Value) (ast.Value, error) {
		return value(m.Unknown(kinds))
	}))
	topdown.RegisterBuiltinFunc("reach.accounts", withReach(func(m *reach.Model, args []*ast.Term) (ast.Value, error) {
		ids, err := texts(args[1].Value)
		if err != nil {
			return nil, fmt.Errorf("the ids are no list of texts: %w", err)
		}
		accounts, err := m.Accounts(ids)
		if err != nil {
			return nil, err
		}
		return value(accounts)
	}))
	topdown.RegisterBuiltinFunc("reach.others", withReach(func(m *reach.Model, _ []*ast.Term) (ast.Value, error) {
		others, err := m.Others()
		if err != nil {
			return nil, err
		}
		return value(others)
	}))
}

// withReach makes a builtin of a question to the model of the tenant that the first argument describes.
func withReach(ask func(m *reach.Model, args []*ast.Term) (ast.Value, error)) topdown.BuiltinFunc {
	return answering(func(ctx context.Context, args []*ast.Term) (ast.Value, error) {
		m, err := reachModelOf(ctx, args[0].Value)
		if err != nil {
			return nil, err
		}
		return ask(m, args)
	})
}

// withKinds makes one of a question about kinds, and perhaps something more.
func withKinds(ask func(m *reach.Model, doc ast.Value, kinds []string, more ast.Value) (ast.Value, error)) topdown.BuiltinFunc {
	return withReach(func(m *reach.Model, args []*ast.Term) (ast.Value, error) {
		kinds, err := texts(args[1].Value)
		if err != nil {
			return nil, fmt.Errorf("the kinds are no list of names: %w", err)
		}
		if err := reach.CheckKinds(kinds); err != nil {
			return nil, err
		}
		var more ast.Value
		if len(args) > 2 {
			more = args[2].Value
		}
		return ask(m, args[0].Value, kinds, more)
	})
}

// eachGuest asks about every guest of the document. Answers that are nil are left out.
func eachGuest(doc ast.Value, ask func(id string) (ast.Value, error)) (ast.Value, error) {
	answers := ast.NewObject()
	list, ok := lookup(doc, "guests").(*ast.Array)
	if !ok {
		return answers, nil
	}
	for i := range list.Len() {
		id, ok := lookup(list.Elem(i).Value, "id").(ast.String)
		if !ok {
			return nil, fmt.Errorf("guest %d has no id", i)
		}
		answer, err := ask(string(id))
		if err != nil {
			return nil, err
		}
		if answer != nil {
			answers.Insert(ast.InternedTerm(i), ast.NewTerm(answer))
		}
	}
	return answers, nil
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

// reachModelOf is the model of the tenant that the document describes: the snapshot's, or one that a test made up.
func reachModelOf(ctx context.Context, doc ast.Value) (*reach.Model, error) {
	if m, _ := ctx.Value(modelKey{}).(*model); m != nil && m.describes(doc) {
		return m.getReach()
	}
	o, err := documentOf(doc)
	if err != nil {
		return nil, err
	}
	return reach.New(reach.FromDocument(o))
}

package policies

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/policies/reach"
)

// The builtins that rules have besides OPA's: the model of access, which decides what no rule could enumerate. Each takes
// the whole input document first, so that the answer follows from the arguments alone.
//
//	access.uncovered(input, question)    the sign-ins that escape a requirement; see access.Question and access.Answer
//	access.locked_out(input, assume)     the outsiders who can get in nowhere; assume is a list of NAME=VALUE
//	access.exclusions(input, scope)      the sign-ins that escape a policy because it leaves out their users; see access.Scope
//	access.references(input)             what enabled policies name, and whether it exists
//	access.guest_groups(input)           the dynamic groups of guests, and whether they work; see access.GuestGroups
//	access.takes(input, ids)             which of the ids are groups that take in everybody by a rule; see access.Takes
//	access.partners(input)               what cross-tenant access comes to, for each organisation
//	register.layers(input, decided)      who is let in by name in which layer; decided has partners, unassigned_policies
var accessBuiltins = []*ast.Builtin{
	accessBuiltin("access.uncovered", "The sign-ins that escape a requirement.",
		types.Named("question", types.A).Description("what is required of which sign-ins")),
	accessBuiltin("access.locked_out", "The outsiders who can sign in to nothing.",
		types.Named("assume", types.A).Description("assumptions of the form NAME=VALUE")),
	accessBuiltin("access.exclusions", "The sign-ins that escape a policy because it leaves out their users.",
		types.Named("scope", types.A).Description("whom the question is about")),
	accessBuiltin("access.references", "What enabled policies name, and whether it exists."),
	accessBuiltin("access.guest_groups", "The dynamic groups of guests, and whether they work."),
	accessBuiltin("access.takes", "Whom groups take in by their rules.",
		types.Named("ids", types.A).Description("object ids, an array or a set")),
	accessBuiltin("access.partners", "What cross-tenant access comes to, for each organisation."),
	accessBuiltin("register.layers", "Who is let in by name, layer by layer, joined with the register of partners.",
		types.Named("decided", types.A).Description("the settings partners and unassigned_policies")),
}

func accessBuiltin(name, description string, more ...types.Type) *ast.Builtin {
	args := append([]types.Type{types.Named("document", types.A).Description("the input document")}, more...)
	return &ast.Builtin{
		Name:        name,
		Description: description,
		Decl:        types.NewFunction(args, types.Named("answer", types.A)),
	}
}

func init() {
	for _, b := range slices.Concat(accessBuiltins, reachBuiltins) {
		ast.RegisterBuiltin(b) // every evaluation knows them, that of a test too
	}
	topdown.RegisterBuiltinFunc("access.uncovered", withTenant(func(ctx context.Context, t *access.Tenant, args []*ast.Term) (any, error) {
		raw, err := plain(args[0].Value)
		if err != nil {
			return nil, err
		}
		q, err := access.ReadQuestion(raw)
		if err != nil {
			return nil, err
		}
		a, err := t.Uncovered(q)
		if err != nil {
			return nil, err
		}
		return a, certify(ctx, t, q, a)
	}))
	topdown.RegisterBuiltinFunc("access.locked_out", withTenant(func(_ context.Context, t *access.Tenant, args []*ast.Term) (any, error) {
		assume, err := texts(args[0].Value)
		if err != nil {
			return nil, fmt.Errorf("assume is no list of NAME=VALUE: %w", err)
		}
		return t.LockedOut(assume)
	}))
	topdown.RegisterBuiltinFunc("access.exclusions", withTenant(func(ctx context.Context, t *access.Tenant, args []*ast.Term) (any, error) {
		raw, err := plain(args[0].Value)
		if err != nil {
			return nil, err
		}
		scope, err := access.ReadScope(raw)
		if err != nil {
			return nil, err
		}
		list, err := t.Exclusions(scope)
		if err != nil {
			return nil, err
		}
		all := &access.Answer{Holes: []*access.Hole{}, Undecided: []*access.Hole{}, Assumptions: []access.Assumption{}, Verdict: access.VerdictCovered}
		for _, one := range list {
			if err := certify(ctx, t, one.Question, one.Answer); err != nil {
				return nil, err
			}
			all.Add(one.Answer)
		}
		return all, nil
	}))
	topdown.RegisterBuiltinFunc("access.references", withTenant(func(_ context.Context, t *access.Tenant, _ []*ast.Term) (any, error) {
		return t.References(), nil
	}))
	topdown.RegisterBuiltinFunc("access.guest_groups", withTenant(func(_ context.Context, t *access.Tenant, _ []*ast.Term) (any, error) {
		return t.GuestGroups()
	}))
	topdown.RegisterBuiltinFunc("access.takes", withTenant(func(_ context.Context, t *access.Tenant, args []*ast.Term) (any, error) {
		ids, err := texts(args[0].Value)
		if err != nil {
			return nil, fmt.Errorf("the ids are no list of texts: %w", err)
		}
		return t.Takes(ids)
	}))
	topdown.RegisterBuiltinFunc("access.partners", withTenant(func(_ context.Context, t *access.Tenant, _ []*ast.Term) (any, error) {
		return t.Partners.View(), nil
	}))
}

// plain is a Rego value as JSON.
func plain(v ast.Value) ([]byte, error) {
	x, err := ast.JSON(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(x)
}

// texts are the texts of a list.
func texts(v ast.Value) (list []string, err error) {
	raw, err := plain(v)
	if err != nil {
		return nil, err
	}
	return list, json.Unmarshal(raw, &list)
}

// withTenant makes a builtin of a function of the tenant that the first argument describes.
func withTenant(ask func(context.Context, *access.Tenant, []*ast.Term) (any, error)) topdown.BuiltinFunc {
	return answering(func(ctx context.Context, args []*ast.Term) (ast.Value, error) {
		t, err := tenantOf(ctx, args[0].Value)
		if err != nil {
			return nil, err
		}
		v, err := ask(ctx, t, args[1:])
		if err != nil {
			return nil, err
		}
		return value(v)
	})
}

// answering makes a builtin of a function. An error ends the rule: without that the call would only be undefined, and the
// rule would find nothing, and pass.
func answering(ask func(context.Context, []*ast.Term) (ast.Value, error)) topdown.BuiltinFunc {
	return func(b topdown.BuiltinContext, args []*ast.Term, iter func(*ast.Term) error) error {
		answer, err := ask(b.Context, args)
		if err != nil {
			return topdown.Halt{Err: err}
		}
		return iter(ast.NewTerm(answer))
	}
}

// model is the tenant of the snapshot that is being judged, made when a rule first asks.
type model struct {
	snap   *snapshot.Snapshot
	config ast.Object
	once   sync.Once
	tenant *access.Tenant
	err    error

	reachOnce sync.Once
	reach     *reach.Model
	reachErr  error
}

func (m *model) get() (*access.Tenant, error) {
	m.once.Do(func() {
		var f access.Facts
		if f, m.err = Facts(m.snap); m.err == nil {
			m.tenant, m.err = access.New(f)
		}
	})
	return m.tenant, m.err
}

// describes says whether the document is the snapshot's: the same values, not merely equal ones. Of collections it may
// hold a chunk.
func (m *model) describes(doc ast.Value) bool {
	o, ok := doc.(ast.Object)
	if !ok {
		return false
	}
	same := true
	m.config.Foreach(func(k, v *ast.Term) { same = same && o.Get(k) == v })
	return same
}

type modelKey struct{}

// tenantOf is the tenant that the document describes: the snapshot's, or one that a test or a rule made up.
func tenantOf(ctx context.Context, doc ast.Value) (*access.Tenant, error) {
	if m, _ := ctx.Value(modelKey{}).(*model); m != nil && m.describes(doc) {
		return m.get()
	}
	o, err := documentOf(doc)
	if err != nil {
		return nil, err
	}
	return access.New(access.FromDocument(o))
}

func documentOf(doc ast.Value) (map[string]any, error) {
	v, err := ast.JSON(doc)
	if err != nil {
		return nil, err
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the first argument is not the input document")
	}
	return o, nil
}

package policies

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/guestward/guestward/policies/access"
)

// specification is the rule that decides one sign-in.
const specification = "data.lib.conditional_access.decision"

type compilerKey struct{}

// certify puts one sign-in of each hole to the specification, which is written in Rego and knows nothing of the solver.
// If it does not come to the same, one of them is wrong, and nobody should be told of the hole.
func certify(ctx context.Context, t *access.Tenant, q *access.Question, a *access.Answer) error {
	compiler, _ := ctx.Value(compilerKey{}).(*ast.Compiler)
	if compiler == nil {
		return nil // plain evaluation of the model, without rules
	}
	facts, err := value(t.Specification(q.Assume))
	if err != nil {
		return err
	}
	question, err := value(q)
	if err != nil {
		return err
	}
	for _, h := range slices.Concat(a.Holes, a.Undecided) {
		if !h.Certifiable() {
			continue
		}
		got, err := decide(ctx, compiler, facts, h.Witness, question)
		if err != nil {
			return err
		}
		if want := h.Decision(); got != want {
			return fmt.Errorf("internal error: the solver calls a sign-in %s that the specification calls %s: %s; please report it", want, got, h.Text)
		}
	}
	return nil
}

// decide asks the specification about one sign-in.
func decide(ctx context.Context, compiler *ast.Compiler, facts ast.Value, in *access.SignIn, question ast.Value) (string, error) {
	signIn, err := value(in)
	if err != nil {
		return "", err
	}
	result := ast.Var("result")
	call := &ast.Expr{Terms: []*ast.Term{ast.NewTerm(ast.MustParseRef(specification)), ast.NewTerm(facts), ast.NewTerm(signIn), ast.NewTerm(question), ast.NewTerm(result)}}
	verdict := ""
	err = topdown.NewQuery(ast.NewBody(call)).WithCompiler(compiler).WithStrictBuiltinErrors(true).
		Iter(ctx, func(bindings topdown.QueryResult) error {
			if s, ok := bindings[result].Value.(ast.String); ok {
				verdict = string(s)
			}
			return nil
		})
	if err == nil && verdict == "" {
		err = fmt.Errorf("internal error: %s gives no answer", specification)
	}
	return verdict, err
}

// value makes a Rego value of what can be written as JSON.
func value(v any) (ast.Value, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return ast.ValueFromReader(bytes.NewReader(raw))
}

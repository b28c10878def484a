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
	var holes []*access.Hole
	var signIns []*access.SignIn
	for _, h := range slices.Concat(a.Holes, a.Undecided) {
		if h.Certifiable() {
			holes, signIns = append(holes, h), append(signIns, h.Witness)
		}
	}
	got, err := decide(ctx, compiler, facts, signIns, question)
	if err != nil {
		return err
	}
	for i, h := range holes {
		if want := h.Decision(); got[i] != want {
			return fmt.Errorf("internal error: the solver calls a sign-in %s that the specification calls %s: %s; please report it", want, got[i], h.Text)
		}
	}
	return nil
}

// decisions asks the specification about the sign-ins of the input, in one query: what it works out of policies alone it
// then works out once.
var decisions = ast.MustParseBodyWithOpts("result = [d | some s in input.sign_ins; d = "+specification+"(input.tenant, s, input.question)]", ast.ParserOptions{RegoVersion: ast.RegoV1})

// decide asks the specification about sign-ins.
func decide(ctx context.Context, compiler *ast.Compiler, facts ast.Value, in []*access.SignIn, question ast.Value) ([]string, error) {
	if len(in) == 0 {
		return nil, nil
	}
	signIns, err := value(in)
	if err != nil {
		return nil, err
	}
	input := ast.NewTerm(ast.NewObject(
		ast.Item(ast.StringTerm("tenant"), ast.NewTerm(facts)),
		ast.Item(ast.StringTerm("sign_ins"), ast.NewTerm(signIns)),
		ast.Item(ast.StringTerm("question"), ast.NewTerm(question)),
	))
	query, err := compiler.QueryCompiler().Compile(decisions.Copy())
	if err != nil {
		return nil, err
	}
	var out []string
	err = topdown.NewQuery(query).WithCompiler(compiler).WithInput(input).WithStrictBuiltinErrors(true).
		Iter(ctx, func(bindings topdown.QueryResult) error {
			list, _ := bindings[ast.Var("result")].Value.(*ast.Array)
			for i := range list.Len() {
				s, _ := list.Elem(i).Value.(ast.String)
				out = append(out, string(s))
			}
			return nil
		})
	if err == nil && len(out) != len(in) {
		err = fmt.Errorf("internal error: %s decides %d of %d sign-ins", specification, len(out), len(in))
	}
	return out, err
}

// value makes a Rego value of what can be written as JSON.
func value(v any) (ast.Value, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return ast.ValueFromReader(bytes.NewReader(raw))
}

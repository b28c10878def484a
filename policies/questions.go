package policies

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/guestward/guestward/policies/access"
)

// RuleQuestion is a question that a rule asks the model of access.
type RuleQuestion struct {
	Rule     *Rule
	Question *access.Question
}

// Questions are what the rules ask the model, with the settings: a rule says it as question, or as a list, questions.
func (c *Catalogue) Questions(ctx context.Context, rules []*Rule, settings *Settings) ([]RuleQuestion, error) {
	compiler, err := c.compiled()
	if err != nil {
		return nil, err
	}
	store := storeOf(settings)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	var out []RuleQuestion
	for _, r := range rules {
		for _, name := range []string{"question", "questions"} {
			ref := ast.Ref{ast.DefaultRootDocument, ast.StringTerm("rules"), ast.StringTerm(r.Area), ast.StringTerm(r.Name), ast.StringTerm(name)}
			if len(compiler.GetRulesExact(ref)) == 0 {
				continue
			}
			body := ast.NewBody(ast.Equality.Expr(ast.VarTerm(name), ast.NewTerm(ref)))
			err := topdown.NewQuery(body).WithCompiler(compiler).WithStore(store).WithTransaction(txn).
				Iter(ctx, func(bindings topdown.QueryResult) error {
					one := bindings[ast.Var(name)]
					if list, ok := one.Value.(*ast.Array); ok {
						return list.Iter(func(q *ast.Term) error { return addQuestion(&out, r, q) })
					}
					return addQuestion(&out, r, one)
				})
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.ID, err)
			}
		}
	}
	return out, nil
}

func addQuestion(out *[]RuleQuestion, r *Rule, q *ast.Term) error {
	raw, err := plain(q.Value)
	if err != nil {
		return err
	}
	question, err := access.ReadQuestion(raw)
	if err != nil {
		return err
	}
	*out = append(*out, RuleQuestion{r, question})
	return nil
}

// Uncovered answers a question about a tenant. Every hole has been put to the specification.
func (c *Catalogue) Uncovered(ctx context.Context, t *access.Tenant, q *access.Question) (*access.Answer, error) {
	compiler, err := c.compiled()
	if err != nil {
		return nil, err
	}
	a, err := t.Uncovered(q)
	if err != nil {
		return nil, err
	}
	return a, certify(context.WithValue(ctx, compilerKey{}, compiler), t, q, a)
}

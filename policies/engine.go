package policies

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"golang.org/x/sync/errgroup"

	"github.com/guestward/guestward/collector/snapshot"
)

// DefaultRuleTimeout is how long one rule may take on one snapshot, or on one chunk of a collection.
const DefaultRuleTimeout = 30 * time.Second

// Options say what to evaluate and how.
type Options struct {
	Rules       []*Rule // nil means the whole catalogue
	Settings    *Settings
	RuleTimeout time.Duration // 0 means DefaultRuleTimeout
	Peers       []*Peer       // other tenants, of which rules may ask the other half; see ReadPeers
	// AllFindings keeps every finding of a population rule, on disk beyond the first thousand. Without it the rest is
	// counted and forgotten, which is enough for a grouped alert. Findings of other rules are always kept.
	AllFindings bool
}

// Evaluation is the outcome of asking rules about one snapshot.
type Evaluation struct {
	// Results has one entry a rule, sorted by rule id.
	Results []Result
	// Tenant is the id of the tenant, or "" when the snapshot does not say.
	Tenant string
}

// Close removes what the findings keep on disk.
func (e *Evaluation) Close() error {
	var errs []error
	for _, r := range e.Results {
		if f, ok := r.Findings.(*findings); ok {
			errs = append(errs, f.close())
		}
	}
	return errors.Join(errs...)
}

// evaluation is the state while rules are asked.
type evaluation struct {
	Options
	compiler *ast.Compiler
	snap     *snapshot.Snapshot
	config   ast.Object // all sections but the collections: what rules see as input
	tenant   string
	store    storage.Store
}

// question is one rule on its way to a result.
type question struct {
	rule    *Rule
	query   ast.Body
	result  Result
	list    *findings
	unknown []Finding // the first few things that could not be decided
	undone  int       // and how many there are
	idle    []string  // reasons why the control has no object
	full    chan struct{}
	failed  bool
	part    *hole // why the collection that the rule is about is not there whole
}

// Evaluate asks the rules about the snapshot. A rule that fails is a result; an error means that the snapshot itself
// could not be read to its end.
func (c *Catalogue) Evaluate(ctx context.Context, snap *snapshot.Snapshot, opts Options) (*Evaluation, error) {
	if opts.Rules == nil {
		opts.Rules = c.rules
	}
	opts.RuleTimeout = cmp.Or(opts.RuleTimeout, DefaultRuleTimeout)
	if opts.Settings == nil {
		settings, err := c.Settings("")
		if err != nil {
			return nil, err
		}
		opts.Settings = settings
	}
	compiler, err := c.compiled()
	if err != nil {
		return nil, err
	}
	e := &evaluation{Options: opts, compiler: compiler, snap: snap, config: ast.NewObject()}
	builder := newASTBuilder()
	for _, name := range snap.Sections() {
		v, err := snapshot.DecodeSection(snap, name, builder)
		if err != nil {
			return nil, err
		}
		e.config.Insert(ast.StringTerm(name), v)
	}
	e.tenant = text(e.config, "tenant", "organization", "id")
	e.store = storeOf(opts.Settings)

	m := &model{snap: snap, config: e.config}
	if slices.ContainsFunc(opts.Rules, func(r *Rule) bool { return r.asksModel }) {
		if _, err := m.get(); err != nil { // here, so that it counts for no rule's time
			return nil, err
		}
	}
	if slices.ContainsFunc(opts.Rules, func(r *Rule) bool { return r.asksReach }) {
		if _, err := m.getReach(); err != nil {
			return nil, err
		}
	}
	ctx = context.WithValue(ctx, modelKey{}, m)
	ctx = context.WithValue(ctx, compilerKey{}, compiler)
	questions := make([]*question, len(opts.Rules))
	plans := servicePlans(e.config)
	byCollection := map[string][]*question{}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range opts.Rules {
		q := &question{rule: r, list: &findings{drop: !opts.AllFindings && r.Each != ""}, full: make(chan struct{})}
		q.result = Result{Rule: r, Findings: q.list}
		questions[i] = q
		if reason := missingLicence(r, plans); reason != "" {
			q.result.Status, q.result.Reason = NotApplicable, reason
			continue
		}
		if h := e.unmet(r); h != nil {
			if !h.part {
				q.result.Status, q.result.Reason, q.result.Gap = Unknown, h.reason, h.gap
				continue
			}
			q.part = h
		}
		if r.Each != "" {
			byCollection[r.Each] = append(byCollection[r.Each], q)
		}
		g.Go(func() error {
			if e.prepare(q); r.Each == "" {
				e.askOnce(gctx, q, e.inputFor(r, e.config))
			}
			return nil
		})
	}
	out := &Evaluation{Tenant: e.tenant}
	fail := func(err error) (*Evaluation, error) {
		for _, q := range questions {
			out.Results = append(out.Results, q.result)
		}
		return nil, errors.Join(err, out.Close())
	}
	if err := g.Wait(); err != nil {
		return fail(err)
	}
	// Collections without a rule are read too: what nobody judges must still be well-formed.
	for _, name := range snap.Streams() {
		if err := e.stream(ctx, name, byCollection[name]); err != nil {
			return fail(err)
		}
	}
	if err := ctx.Err(); err != nil {
		return fail(err)
	}
	for _, q := range questions {
		e.conclude(q)
		out.Results = append(out.Results, q.result)
	}
	slices.SortFunc(out.Results, func(a, b Result) int { return strings.Compare(a.Rule.ID, b.Rule.ID) })
	return out, nil
}

// storeOf makes the settings readable as data.settings.
func storeOf(s *Settings) storage.Store {
	return inmem.NewFromObjectWithOpts(map[string]any{"settings": s.values}, inmem.OptReturnASTValuesOnRead(true))
}

// sets are the partial sets that a rule package may define.
var sets = []string{"findings", "unknowns", "not_applicable", "notes"}

// prepare writes the rule's query: the sets that its package defines, in one answer. It is OPA's compiled form, so that
// asking needs no further compilation.
func (e *evaluation) prepare(q *question) {
	for _, name := range sets {
		ref := ast.Ref{ast.DefaultRootDocument, ast.StringTerm("rules"), ast.StringTerm(q.rule.Area), ast.StringTerm(q.rule.Name), ast.StringTerm(name)}
		if len(e.compiler.GetRulesExact(ref)) > 0 {
			q.query = append(q.query, ast.Equality.Expr(ast.VarTerm(name), ast.NewTerm(ref)))
		}
	}
}

func (q *question) fail(err error) {
	q.failed = true
	q.result.Status, q.result.Reason = Error, err.Error()
}

// answer is what a rule says of one input.
type answer struct {
	findings, unknowns, notes []reported
	idle                      []string
	took                      time.Duration
	err                       error
}

// reported is a finding as the rule returns it.
type reported struct {
	path    snapshot.Path
	message string
	key     string
}

// ask evaluates the rule on one input, within its time.
func (e *evaluation) ask(ctx context.Context, q *question, input *ast.Term) (a answer) {
	limited, stop := context.WithTimeout(ctx, e.RuleTimeout)
	defer stop()
	cancel := topdown.NewCancel()
	defer context.AfterFunc(limited, cancel.Cancel)()
	start := time.Now()
	defer func() { a.took = time.Since(start) }()

	txn, err := e.store.NewTransaction(ctx)
	if err != nil {
		return answer{err: err}
	}
	defer e.store.Abort(ctx, txn)
	answered := false
	err = topdown.NewQuery(q.query).
		WithCompiler(e.compiler).
		WithStore(e.store).
		WithTransaction(txn).
		WithInput(input).
		WithCancel(cancel).
		// A rule of ours is tested for what becomes of it when a builtin fails; a user's must not pass because of it.
		WithStrictBuiltinErrors(q.rule.Custom).
		Iter(ctx, func(bindings topdown.QueryResult) error {
			answered = true
			return a.read(bindings)
		})
	switch {
	case err != nil && ctx.Err() == nil && limited.Err() != nil:
		a.err = fmt.Errorf("took longer than %v: it may never end; see --rule-timeout", e.RuleTimeout)
	case err != nil:
		a.err = err
	case !answered:
		a.err = errors.New("the rule gave no answer")
	}
	return a
}

// read takes the sets out of OPA's answer.
func (a *answer) read(bindings topdown.QueryResult) error {
	into := map[string]*[]reported{"findings": &a.findings, "unknowns": &a.unknowns, "notes": &a.notes}
	for _, name := range sets { // in order, so that of several errors it is always the first that is told
		term := bindings[ast.Var(name)]
		if term == nil {
			continue
		}
		set, ok := term.Value.(ast.Set)
		if !ok { // to pass over it could turn an unknown into a pass
			return fmt.Errorf("%s is no set: define it with `%s contains ... if { ... }`", name, name)
		}
		if name == "not_applicable" {
			set.Foreach(func(t *ast.Term) {
				reason, _ := t.Value.(ast.String)
				a.idle = append(a.idle, string(reason))
			})
			slices.Sort(a.idle)
			continue
		}
		list := into[name]
		err := set.Iter(func(t *ast.Term) error {
			message, ok := lookup(t.Value, "message").(ast.String)
			path, err := toPath(lookup(t.Value, "path"))
			if err == nil && path[0] == snapshot.Peers {
				return fmt.Errorf("%s is about a peer, %s; what is reported has its place in the tenant that is scanned", name, path.Pointer())
			}
			if !ok || err != nil {
				return fmt.Errorf("%s holds something that is not made by finding.at(path, message): %w", name, cmp.Or(err, errNoMessage))
			}
			*list = append(*list, reported{path, string(message), text(t.Value, "key")})
			return nil
		})
		if err != nil {
			return err
		}
		slices.SortFunc(*list, compareReported)
	}
	return nil
}

var errNoMessage = errors.New("message is no text")

// compareReported orders findings as the document does, indexes as numbers.
func compareReported(a, b reported) int {
	return cmp.Or(
		slices.CompareFunc(a.path, b.path, func(x, y any) int {
			xi, xIsIndex := x.(int)
			yi, yIsIndex := y.(int)
			if xIsIndex && yIsIndex {
				return cmp.Compare(xi, yi)
			}
			return strings.Compare(fmt.Sprint(x), fmt.Sprint(y))
		}),
		strings.Compare(a.key, b.key),
		strings.Compare(a.message, b.message),
	)
}

// askOnce evaluates a rule about the configuration.
func (e *evaluation) askOnce(ctx context.Context, q *question, input *ast.Term) {
	a := e.ask(ctx, q, input)
	q.result.Took = a.took
	if a.err != nil {
		q.fail(a.err)
		return
	}
	if err := a.concerns(e.snap); err != nil {
		q.fail(err)
		return
	}
	q.idle = a.idle
	seen := map[string]string{}
	for _, r := range a.findings {
		f := e.finding(q.rule, r, e.config)
		if message, ok := seen[f.Fingerprint]; ok {
			if message != f.Message {
				q.fail(fmt.Errorf("two findings are about the same place, %s; tell them apart with finding.keyed", r.path.Pointer()))
				return
			}
			continue // the same value twice in one list
		}
		seen[f.Fingerprint] = f.Message
		if err := q.list.add(f); err != nil {
			q.fail(err)
			return
		}
		q.result.Count++
	}
	for _, r := range a.unknowns {
		q.unknown = append(q.unknown, e.finding(q.rule, r, e.config))
	}
	q.undone = len(q.unknown)
	for _, r := range a.notes {
		q.result.Notes = append(q.result.Notes, e.finding(q.rule, r, e.config))
	}
}

// concerns checks that the answer of a rule without each is about what the rule could see.
func (a *answer) concerns(snap *snapshot.Snapshot) error {
	for _, r := range slices.Concat(a.findings, a.unknowns, a.notes) {
		name, _ := r.path[0].(string)
		if _, ok := snap.Count(name); ok {
			return fmt.Errorf("it reports about %s, which only a rule with `each: %s` sees", r.path.Pointer(), name)
		}
	}
	return nil
}

// finding completes what a rule reports about the configuration.
func (e *evaluation) finding(rule *Rule, r reported, root ast.Value) Finding {
	resource, setting := identify(root, r.path, e.tenant)
	return Finding{
		Path:        r.path,
		Location:    e.snap.Locate(r.path),
		Resource:    resource,
		Message:     r.message,
		Fingerprint: fingerprint(rule.ID, e.tenant, resource, setting, r.key),
	}
}

// conclude gives the question its status. Findings win over what is unknown, that over what does not apply, all over
// pass.
func (e *evaluation) conclude(q *question) {
	r := &q.result
	switch {
	case r.Status != "":
		return
	case r.Count > 0:
		r.Status = Fail
		if q.part != nil { // there may be more
			r.Reason, r.Gap = q.part.reason, q.part.gap
		}
		for _, u := range q.unknown {
			u.Message = "cannot be judged: " + u.Message
			r.Notes = append(r.Notes, u)
		}
	case q.part != nil:
		r.Status, r.Reason, r.Gap = Unknown, q.part.reason, q.part.gap
	case q.undone > 0:
		r.Status = Unknown
		r.Reason = fmt.Sprintf("%s (%s)", q.unknown[0].Message, q.unknown[0].Path.Dotted())
		if q.undone > 1 {
			r.Reason += fmt.Sprintf(" and %d more", q.undone-1)
		}
	case len(q.idle) > 0:
		r.Status, r.Reason = NotApplicable, strings.Join(q.idle, "; ")
	default:
		r.Status = Pass
	}
	if q.rule.Each != "" {
		r.Total, _ = e.snap.Count(q.rule.Each)
		if r.Status == Fail {
			r.Group = e.group(q)
		}
	}
}

// group is the one alert that stands for all findings of a population rule: nobody wants 12,000 alerts. Its identity
// does not depend on who is in it.
func (e *evaluation) group(q *question) *Finding {
	first := q.list.First(3)
	examples := make([]string, len(first))
	for i, f := range first {
		examples[i] = fmt.Sprintf("%s: %s", cmp.Or(f.Resource.Name, f.Resource.ID), f.Message)
	}
	resource := Resource{Type: q.rule.Each, ID: e.tenant}
	return &Finding{
		Path:        snapshot.Path{q.rule.Each},
		Location:    first[0].Location,
		Resource:    resource,
		Message:     fmt.Sprintf("%s, for example %s", q.result.Among(q.result.Count), strings.Join(examples, "; ")),
		Fingerprint: fingerprint(q.rule.ID, e.tenant, resource, "", "*"),
	}
}

package policies

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/sync/errgroup"

	"github.com/guestward/guestward/collector/snapshot"
)

// fewUnknowns is how many undecidable elements of a collection are kept as examples.
const fewUnknowns = 10

// chunkAnswer is what all rules of a collection say of one chunk.
type chunkAnswer struct {
	answers []chunkResult // one for each question
	err     error         // the snapshot's own
}

type chunkResult struct {
	answer
	found, undecided, noted []Finding
	count, affected, undone int
	shared                  []Finding // undecided things of the configuration: every chunk says the same
}

// stream asks the questions about a collection, chunk by chunk over the cores. Memory does not grow with the
// collection: a few chunks are under way at a time, and answers are taken in the order of the collection.
func (e *evaluation) stream(ctx context.Context, name string, questions []*question) error {
	questions = slices.DeleteFunc(slices.Clone(questions), func(q *question) bool { return q.failed })
	type job struct {
		chunk snapshot.Chunk
		out   chan chunkAnswer
	}
	workers := runtime.GOMAXPROCS(0)
	jobs := make(chan job)
	ordered := make(chan chan chunkAnswer, workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(jobs)
		defer close(ordered)
		for chunk, err := range e.snap.Chunks(name) {
			if err != nil {
				return err
			}
			j := job{chunk, make(chan chunkAnswer, 1)}
			select {
			case ordered <- j.out:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range workers {
		g.Go(func() error {
			builder := newASTBuilder()
			for j := range jobs {
				j.out <- e.judge(ctx, name, j.chunk, questions, builder)
			}
			return nil
		})
	}
	g.Go(func() error {
		for out := range ordered {
			select {
			case a := <-out:
				if a.err != nil {
					return a.err
				}
				for i, q := range questions {
					if err := q.take(a.answers[i]); err != nil {
						return err
					}
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// judge evaluates one chunk.
func (e *evaluation) judge(ctx context.Context, name string, chunk snapshot.Chunk, questions []*question, builder *astBuilder) (out chunkAnswer) {
	elements, err := snapshot.DecodeChunk(chunk, builder)
	if err != nil {
		return chunkAnswer{err: err}
	}
	input := ast.NewObjectWithCapacity(e.config.Len() + 1)
	e.config.Foreach(input.Insert)
	input.Insert(ast.StringTerm(name), elements)
	places := chunk.Locator()
	out.answers = make([]chunkResult, len(questions))
	for i, q := range questions {
		r := &out.answers[i]
		r.answer = e.ask(ctx, q, e.inputFor(q.rule, input))
		if err := r.distributes(name); err != nil && r.err == nil {
			r.err = err
		}
		if r.err != nil {
			continue
		}
		r.count, r.affected = len(r.findings), affected(r.findings)
		complete := func(list []reported, most int) (done []Finding) {
			for _, one := range list[:min(most, len(list))] {
				done = append(done, e.elementFinding(q.rule, one, input, chunk, places))
			}
			return done
		}
		select {
		case <-q.full: // nobody will ask for more: counting is enough
		default:
			r.found = complete(r.findings, len(r.findings))
		}
		r.undecided = complete(slices.DeleteFunc(slices.Clone(r.unknowns), notOf(name)), fewUnknowns)
		for _, one := range r.unknowns {
			if notOf(name)(one) {
				r.shared = append(r.shared, e.finding(q.rule, one, input))
			}
		}
		r.undone = len(r.unknowns) - len(r.shared)
		r.noted = complete(r.notes, fewUnknowns)
	}
	return out
}

// affected is how many elements findings, in their order, are about.
func affected(findings []reported) (n int) {
	for i, f := range findings {
		if i == 0 || f.path[1] != findings[i-1].path[1] {
			n++
		}
	}
	return n
}

// distributes checks that findings and notes are about elements of the collection: others would come once a chunk.
func (a *answer) distributes(name string) error {
	for _, r := range slices.Concat(a.findings, a.notes) {
		if !notOf(name)(r) {
			continue
		}
		return fmt.Errorf("a rule with each: %s reports about one of its elements, not about %s", name, r.path.Pointer())
	}
	return nil
}

// notOf tells what is not about one element of the collection.
func notOf(name string) func(reported) bool {
	return func(r reported) bool {
		if len(r.path) < 2 || r.path[0] != name {
			return true
		}
		_, isIndex := r.path[1].(int)
		return !isIndex
	}
}

// elementFinding completes what a rule reports about a chunk: its index is the chunk's, the finding's the collection's.
func (e *evaluation) elementFinding(rule *Rule, r reported, input ast.Value, chunk snapshot.Chunk, places *snapshot.Locator) Finding {
	resource, setting := identify(input, r.path, e.tenant)
	path := slices.Clone(r.path)
	path[1] = chunk.First + r.path[1].(int)
	return Finding{
		Path:        path,
		Location:    places.Locate(r.path[1:]),
		Resource:    resource,
		Message:     r.message,
		Fingerprint: fingerprint(rule.ID, e.tenant, resource, setting, r.key),
	}
}

// take adds what a rule says of the next chunk to what it said before.
func (q *question) take(r chunkResult) error {
	q.result.Took += r.took
	if q.failed {
		return nil
	}
	if r.err != nil {
		q.fail(r.err)
		return nil
	}
	for _, f := range r.found {
		if err := q.list.add(f); err != nil {
			return err
		}
	}
	q.result.Count += r.count
	q.result.Affected += r.affected
	if q.list.full() {
		select {
		case <-q.full:
		default:
			close(q.full)
		}
	}
	for _, f := range r.shared {
		if !slices.ContainsFunc(q.unknown, func(seen Finding) bool { return seen.Fingerprint == f.Fingerprint }) {
			q.unknown = slices.Insert(q.unknown, 0, f) // it explains more than any element
			q.undone++
		}
	}
	q.undone += r.undone
	q.unknown = append(q.unknown, r.undecided[:min(len(r.undecided), max(0, fewUnknowns-len(q.unknown)))]...)
	q.result.Notes = append(q.result.Notes, r.noted[:min(len(r.noted), max(0, fewUnknowns-len(q.result.Notes)))]...)
	for _, reason := range r.idle {
		if !slices.Contains(q.idle, reason) {
			q.idle = append(q.idle, reason)
		}
	}
	return nil
}

package collector

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/guestward/guestward/collector/snapshot"
)

// Reader reads sources of one service.
type Reader interface {
	// Read brings what the source holds to out. An error ends it: a *Gap says why the source could not be read. What was
	// brought before stays out of the snapshot.
	Read(ctx context.Context, s *Source, out *Output) error
}

// Output is where a Reader brings what it has read of one source.
type Output struct {
	ctx    context.Context
	source *Source
	run    *run
	file   *spoolFile
	tick   func(n int)
}

// Cursor is where reading goes on after an interruption: what the last Checkpoint was given, "" at the beginning.
func (o *Output) Cursor() string { return o.file.cursor }

// Restart forgets everything that was brought, for a cursor that the service does not know any more.
func (o *Output) Restart() error { return o.file.restart() }

// Add brings one element of a list, or the one object that a source is. The id is what the list is sorted by; of several
// elements with one id the last one counts. Raw is JSON without line breaks.
func (o *Output) Add(id string, raw json.RawMessage) error {
	if err := o.file.line(lineElement, id, raw); err != nil {
		return err
	}
	o.file.added++
	return nil
}

// Count is the number of elements that were brought.
func (o *Output) Count() int { return o.file.count + o.file.added }

// Checkpoint says that everything so far is complete, and where to go on.
func (o *Output) Checkpoint(cursor string) error {
	n := o.file.added
	if err := o.file.checkpoint(cursor); err != nil {
		return err
	}
	o.tick(n)
	return nil
}

// Also records a gap beside the source: of something that is read within its requests, of a value within it, or, under
// its own path, of the part of it that did not come.
func (o *Output) Also(path string, gap *Gap) error {
	permission := permissionFor(path)
	if path == o.source.Path { // it could be read: no permission would bring more, if the gap does not name one
		permission = ""
	}
	record := gap.record(path, permission)
	raw, err := json.Marshal(record)
	if err != nil {
		return err
	}
	o.file.also[path] = record
	return o.file.line(lineAlso, path, raw)
}

// Remark says something about how the source was read, for whoever relies on the snapshot.
func (o *Output) Remark(text string) {
	if !strings.Contains(o.file.remark, text) { // a reading that begins again says it again
		o.file.remark = joined(o.file.remark, text)
	}
}

// Noted is the gap that an earlier source found for a path in its requests; nil if there is none.
func (o *Output) Noted(earlier, path string) *Gap {
	if o.await(earlier) != nil {
		return nil // whoever reads the source is told why
	}
	res := o.run.results[earlier]
	if res == nil || res.also[path].Outcome != snapshot.Gap {
		return nil
	}
	return GapOf(res.also[path])
}

// Earlier reads the elements of a source that is among After of this one. The bytes are valid until the next step.
func (o *Output) Earlier(path string) iter.Seq2[json.RawMessage, error] {
	if err := o.await(path); err != nil {
		return func(yield func(json.RawMessage, error) bool) { yield(nil, err) }
	}
	return o.run.spool.elements(path)
}

// await waits for an earlier source.
func (o *Output) await(path string) error {
	if o.run.results[path] == nil {
		return fmt.Errorf("%s was not among what was to be read", path)
	}
	gap, err := o.run.await(o.ctx, path)
	if gap != nil {
		return gap
	}
	return err
}

// Each reads the elements of an earlier source with the ids under which they were brought.
func (o *Output) Each(path string, f func(id string, raw json.RawMessage) error) error {
	if err := o.await(path); err != nil {
		return err
	}
	for line, err := range o.run.spool.lines(path) {
		if err != nil {
			return err
		}
		if err := f(string(line.key), line.value); err != nil {
			return err
		}
	}
	return nil
}

// Externals are the ids of all external users; the source must have guests among After.
func (o *Output) Externals() (*IDs, error) {
	if err := o.await("guests"); err != nil {
		return nil, err
	}
	return o.run.external()
}

// StartedAt is when the collection began: the one clock of everything that is read.
func (o *Output) StartedAt() time.Time { return o.run.manifest.StartedAt }

// Licensed says whether the tenant has one of the service plans; known is false when it could not be read.
func (o *Output) Licensed(plans []string) (has, known bool) {
	if len(plans) == 0 || o.source.Path == skus || o.await(skus) != nil {
		return false, false
	}
	return o.run.licensed(plans)
}

func permissionFor(path string) string {
	if s := SourceAt(path); s != nil {
		return s.Permission()
	}
	return ""
}

package collector

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/guestward/guestward/collector/snapshot"
)

// Options say what to collect and how.
type Options struct {
	// Sources are what to read, as Select or All give them.
	Sources []*Source
	// Readers read the sources of each service; a service without one becomes a gap, explained by Missing.
	Readers map[API]Reader
	Missing map[API]*Gap
	// Spool is the folder that holds what was read until the snapshot is written. Resume goes on with one that is there.
	Spool  string
	Resume bool
	// Target says what is read, for --resume to know it again: cloud, tenant, and flags that change the result.
	Target  string
	Cloud   string
	Version string
	Now     time.Time
	// Notes go into the snapshot.
	Notes []string
	// Progress is told what happens, from several goroutines.
	Progress Progress
}

// Progress is told how the collection goes. Its methods may be called from several goroutines.
type Progress interface {
	Begin(sources int)
	Start(s *Source)
	Add(s *Source, elements int)
	End(s *Source, record snapshot.Source)
}

// Collection is what was read, in its spool.
type Collection struct {
	run *run
}

type run struct {
	Options
	spool    *spool
	manifest manifest
	results  map[string]*result
	indexes  map[string][]element
	plans    func() (map[string]bool, bool)
	external func() (*IDs, error)
}

// result is how one source fared.
type result struct {
	done   chan struct{}
	record snapshot.Source
	also   map[string]snapshot.Source
}

// Collect reads the sources into the spool. Sources that cannot be read become gaps; an error is what ended the whole
// collection: the user, or the disk. The spool is left for --resume then.
func Collect(ctx context.Context, o Options) (*Collection, error) {
	sp, m, err := openSpool(o.Spool, o.Resume, manifest{Format: spoolFormat, Version: o.Version, Target: o.Target, StartedAt: o.Now.UTC().Truncate(time.Second)})
	if err != nil {
		return nil, err
	}
	lock, err := openLocked(filepath.Join(o.Spool, "lock"))
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	defer lock.Close()
	r := &run{Options: o, spool: sp, manifest: m, results: map[string]*result{}}
	r.plans = sync.OnceValues(r.readPlans)
	r.external = sync.OnceValues(func() (*IDs, error) {
		list, err := sp.index("guests")
		return newIDs(list), err
	})
	for _, s := range o.Sources {
		r.results[s.Path] = &result{done: make(chan struct{})}
	}
	if o.Progress != nil {
		o.Progress.Begin(len(o.Sources))
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, s := range o.Sources {
		if s.Within == "" {
			g.Go(func() error { return r.source(ctx, s) })
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, s := range o.Sources {
		if s.Within != "" {
			r.results[s.Path].record = r.within(s)
		}
	}
	return &Collection{r}, nil
}

// Remove deletes the spool, once the snapshot is written.
func (c *Collection) Remove() error { return c.run.spool.remove() }

// source reads one source when those before it are done.
func (r *run) source(ctx context.Context, s *Source) error {
	res := r.results[s.Path]
	defer close(res.done)
	if gap, err := r.wait(ctx, s); gap != nil || err != nil {
		if err == nil {
			res.record = gap.record(s.Path, s.Permission())
			r.ended(s, res.record)
		}
		return err
	}
	file, err := r.spool.open(s.Path)
	if err != nil {
		return fmt.Errorf("spool of %s: %w", s.Path, err)
	}
	defer file.close()
	if file.done != nil {
		res.record, res.also = *file.done, file.also
		r.ended(s, res.record)
		return nil
	}
	if r.Progress != nil {
		r.Progress.Start(s)
	}
	started := time.Now()
	if err = r.read(ctx, s, file); err == nil && s.Late {
		err = r.awaitAll(ctx, s) // what it did not ask for may have become a gap meanwhile
	}
	if err != nil {
		if isStop(ctx, err) {
			return context.Cause(ctx)
		}
		var disk *diskError
		if errors.As(err, &disk) {
			return disk
		}
		res.record = AsGap(err).record(s.Path, s.Permission())
		// A later run begins anew: what closes the gap may be done by then.
		err = file.restart()
	} else {
		n := file.count
		res.record = snapshot.Source{Source: s.Path, Outcome: snapshot.Collected}
		if part, ok := file.also[s.Path]; ok { // a part of it, which the snapshot has
			res.record = part
		}
		if part := r.restsOnPart(s); part != nil && res.record.Outcome == snapshot.Collected {
			res.record = part.record(s.Path, "")
		}
		res.record.Count = &n
		res.record.Detail = joined(res.record.Detail, file.remark)
		res.also = file.also
	}
	if err != nil {
		return fmt.Errorf("spool of %s: %w", s.Path, err)
	}
	res.record.StartedAt, res.record.EndedAt = stamp(started), stamp(time.Now())
	r.ended(s, res.record)
	if holds(res.record) {
		return file.finish(res.record)
	}
	return nil
}

// read lets the service's reader do its work.
func (r *run) read(ctx context.Context, s *Source, file *spoolFile) error {
	reader := r.Readers[s.API]
	if reader == nil {
		if gap := r.Missing[s.API]; gap != nil {
			return gap
		}
		return &Gap{Reason: NotRequested, Detail: "nothing reads " + string(s.API)}
	}
	out := &Output{ctx: ctx, source: s, run: r, file: file, tick: func(n int) {
		if r.Progress != nil {
			r.Progress.Add(s, n)
		}
	}}
	if err := reader.Read(ctx, s, out); err != nil {
		return err
	}
	if err := out.Checkpoint(""); err != nil {
		return &diskError{err}
	}
	return nil
}

// diskError is a spool that cannot be written: the collection cannot go on.
type diskError struct{ error }

func (e *diskError) Unwrap() error { return e.error }

// skus is the source that tells what was bought.
const skus = "licences.subscribedSkus"

// wait waits for what the source rests on. A gap there is one here.
func (r *run) wait(ctx context.Context, s *Source) (*Gap, error) {
	if !s.In(r.Cloud) {
		return &Gap{Reason: Unavailable, Detail: fmt.Sprintf("the cloud %q does not have it", r.Cloud)}, nil
	}
	if s.Late {
		return nil, nil
	}
	err := r.awaitAll(ctx, s)
	var gap *Gap
	if errors.As(err, &gap) {
		return gap, nil
	}
	return nil, err
}

// awaitAll waits for all that the source rests on. The first gap among them is the error.
func (r *run) awaitAll(ctx context.Context, s *Source) error {
	for _, path := range s.After {
		if gap, err := r.await(ctx, path); err != nil {
			return err
		} else if gap != nil {
			return gap
		}
	}
	return nil
}

// await waits for one source, and tells the gap that it is for those who rest on it. One that nobody asked for is no gap.
func (r *run) await(ctx context.Context, path string) (*Gap, error) {
	earlier := r.results[path]
	if earlier == nil {
		return nil, nil
	}
	select {
	case <-earlier.done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if rec := earlier.record; !holds(rec) {
		gap := GapOf(rec)
		gap.Detail = joined(fmt.Sprintf("rests on %s, which could not be read", path), gap.Detail)
		return gap, nil
	}
	return nil, nil
}

// restsOnPart is the gap of a source that rests on one of which only a part was read. What is known of the elements of a
// collection is whole as far as the collection goes, which tells of itself that it is a part.
func (r *run) restsOnPart(s *Source) *Gap {
	section, _, _ := strings.Cut(s.Path, ".")
	for _, path := range s.After {
		earlier := r.results[path]
		if earlier == nil || earlier.record.Outcome != snapshot.Gap || path == section && isStream(section) {
			continue
		}
		return &Gap{Reason: earlier.record.Reason, Permission: earlier.record.Permission, Detail: joined("rests on a part of "+path, earlier.record.Detail)}
	}
	return nil
}

// within is how a source fared that was read in another one's requests.
func (r *run) within(s *Source) snapshot.Source {
	holder := r.results[s.Within]
	if record, ok := holder.also[s.Path]; ok {
		record.StartedAt, record.EndedAt = holder.record.StartedAt, holder.record.EndedAt
		return record
	}
	record := holder.record
	record.Source, record.Count = s.Path, nil
	return record
}

func (r *run) ended(s *Source, record snapshot.Source) {
	if r.Progress != nil {
		r.Progress.End(s, record)
	}
}

// licensed says whether the tenant has one of the plans.
func (r *run) licensed(plans []string) (has, known bool) {
	owned, known := r.plans()
	return slices.ContainsFunc(plans, func(p string) bool { return owned[p] }), known
}

// readPlans lists the service plans of all subscriptions that work.
func (r *run) readPlans() (map[string]bool, bool) {
	res := r.results[skus]
	if res == nil || res.record.Outcome != snapshot.Collected {
		return nil, false
	}
	owned := map[string]bool{}
	for raw, err := range r.spool.elements(skus) {
		if err != nil {
			return nil, false
		}
		var s sku
		if json.Unmarshal(raw, &s) != nil {
			return nil, false
		}
		for _, p := range s.plans() {
			if p.ProvisioningStatus == "Success" { // one that is pending does not contradict the service
				owned[p.ServicePlanName], owned[strings.ToLower(p.ServicePlanID)] = true, true
			}
		}
	}
	for name, id := range snapshot.ServicePlans {
		if owned[id] {
			owned[name] = true
		}
	}
	return owned, true
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/guestward/guestward/collector"
)

// read reads one source.
type read func(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error

// reads says how each source of the table is read. The files of this package that are named for an area hold them.
var reads = map[string]read{}

func register(more map[string]read) struct{} {
	for path, f := range more {
		reads[path] = f
	}
	return struct{}{}
}

// Reads says whether there is a way to read the source.
func Reads(path string) bool { return reads[path] != nil }

// spuriousTries is how often the answer that a licence is missing is doubted where the subscriptions say otherwise.
const spuriousTries = 3

// Read reads a source of the table.
func (r *Reader) Read(ctx context.Context, s *collector.Source, out *collector.Output) error {
	f := reads[s.Path]
	if f == nil {
		return fmt.Errorf("no reading of %s is known", s.Path)
	}
	out.Remark(s.MayChange())
	for try := 0; ; try++ {
		err := f(ctx, r, s, out)
		if err == nil {
			return nil
		}
		if errors.Is(err, errStale) {
			if err := out.Restart(); err != nil {
				return err
			}
			continue
		}
		if has, known := out.Licensed(s.Licence); try < spuriousTries && isLicence(err) && known && has {
			if err := r.pause(ctx, r.Pause<<try); err != nil {
				return err
			}
			continue // from the last checkpoint
		}
		return r.gap(err, s, out)
	}
}

// build makes a request with the SDK's builders.
type build func(ctx context.Context, r *Reader, out *collector.Output) (request, error)

// one reads a source that is one object.
func one(b build) read {
	return func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		info, err := b(ctx, r, out)
		if err != nil {
			return err
		}
		raw, err := r.object(ctx, info)
		if err != nil {
			return err
		}
		return out.Add("", raw)
	}
}

// oneOrNone reads an object that the service may never have made: then the answer is the one given.
func oneOrNone(none string, b build) read {
	return func(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error {
		err := one(b)(ctx, r, s, out)
		if isStatus(err, http.StatusNotFound) {
			out.Remark("Graph answered that there is none")
			return out.Add("", json.RawMessage(none))
		}
		return err
	}
}

// many reads a source that is a list.
func many(b build, options ...func(*list)) read {
	return func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		l := list{first: func() (request, error) { return b(ctx, r, out) }}
		for _, option := range options {
			option(&l)
		}
		return r.pages(ctx, out, l)
	}
}

// remarked adds to a reading what it leaves out.
func remarked(remark func(*Reader) string, f read) read {
	return func(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error {
		out.Remark(remark(r))
		return f(ctx, r, s, out)
	}
}

// by names the member that identifies an element.
func by(key string) func(*list) { return func(l *list) { l.key = key } }

// keeping changes or drops elements.
func keeping(keep func([]item) ([]item, error)) func(*list) { return func(l *list) { l.keep = keep } }

func ptr[T any](v T) *T { return &v }

// since is the time from which logs are counted, in the form that filters take.
func (r *Reader) since(out *collector.Output) string {
	return out.StartedAt().AddDate(0, 0, -r.LogDays).Format(time.RFC3339)
}

// unreadable says that the service gave objects without their content.
func unreadable(what, permission string) error {
	return &collector.Gap{
		Reason: collector.NoPermission, Permission: permission,
		Detail: "Graph gave " + what + " with nothing but their ids, as it does without the permission to read them",
	}
}

var errNoOrganization = errors.New("the organisation, or its initial domain by which external members are known, is missing")

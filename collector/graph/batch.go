package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	abs "github.com/microsoft/kiota-abstractions-go"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/wire"
)

// batchSize is how many requests one batch may hold.
// https://learn.microsoft.com/en-us/graph/json-batching#batch-size-limitations
const batchSize = 20

// batchRounds is how often the requests of a batch that were throttled, or met a fault, are sent again.
const batchRounds = 8

// passing are the answers that another try may not meet again, those of a single request too.
var passing = []int{
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

type batchRequest struct {
	ID      string            `json:"id"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
}

// batch sends up to batchSize requests as one, and those that were throttled again. Answers come in the order of the
// requests, each with its own status.
func (r *Reader) batch(ctx context.Context, infos []request) ([]answer, error) {
	if len(infos) > batchSize {
		return nil, fmt.Errorf("a batch of %d requests", len(infos))
	}
	all := make([]batchRequest, len(infos))
	for i, info := range infos {
		u, err := r.address(info)
		if err != nil {
			return nil, err
		}
		path := strings.TrimPrefix(u.String(), r.adapter.GetBaseUrl())
		path = strings.NewReplacer("%24", "$").Replace(path)
		all[i] = batchRequest{ID: strconv.Itoa(i), Method: http.MethodGet, URL: path, Headers: map[string]string{"Prefer": allMembers}}
		for _, name := range info.Headers.ListKeys() {
			if !strings.EqualFold(name, "Accept") {
				all[i].Headers[name] = strings.Join(info.Headers.Get(name), ", ")
			}
		}
	}
	answers := make([]answer, len(infos))
	waiting := all
	for round := 0; ; round++ {
		got, err := r.sendBatch(ctx, waiting)
		if err != nil {
			return nil, err
		}
		var again []batchRequest
		var wait time.Duration
		for _, q := range waiting {
			i, _ := strconv.Atoi(q.ID)
			a, ok := got[q.ID]
			answers[i] = a
			switch {
			case !ok: // Graph left it out
				answers[i] = answer{status: http.StatusServiceUnavailable}
			case !slices.Contains(passing, a.status):
				continue
			}
			again = append(again, q)
			if asked, ok := wire.RetryAfter(a.retryAfter); ok {
				wait = max(wait, asked)
			}
		}
		if len(again) == 0 || round == batchRounds || wait > wire.DefaultPatience {
			return answers, nil
		}
		if wait == 0 {
			wait = min(r.Pause<<round, time.Minute)
		}
		if err := r.pause(ctx, wait); err != nil {
			return nil, err
		}
		waiting = again
	}
}

// sendBatch sends requests as one, and takes the answer apart.
func (r *Reader) sendBatch(ctx context.Context, list []batchRequest) (map[string]answer, error) {
	content, err := json.Marshal(map[string]any{"requests": list})
	if err != nil {
		return nil, err
	}
	info, err := r.raw(abs.POST, r.adapter.GetBaseUrl()+"/$batch")
	if err != nil {
		return nil, err
	}
	info.SetStreamContentAndContentType(content, "application/json")
	body, err := r.get(ctx, info)
	if err != nil {
		return nil, err
	}
	var reply struct {
		Responses []struct {
			ID      string            `json:"id"`
			Status  int               `json:"status"`
			Headers map[string]string `json:"headers"`
			Body    json.RawMessage   `json:"body"`
		} `json:"responses"`
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		return nil, fmt.Errorf("the answer to a batch: %w", err)
	}
	got := map[string]answer{}
	for _, a := range reply.Responses {
		if _, twice := got[a.ID]; twice {
			return nil, errors.New("the answer to a batch has one id twice")
		}
		got[a.ID] = answer{status: a.Status, retryAfter: header(a.Headers, "Retry-After"), body: bytes.Clone(a.Body)}
	}
	return got, nil
}

func header(h map[string]string, name string) string {
	for k, v := range h {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

// fan asks one thing about each element of earlier sources, in batches.
type fan struct {
	// phase tells the cursors of several readings of one source apart.
	phase string
	// every is the least time between two batches, for interfaces that count their requests.
	every time.Duration
	// parents are the sources whose elements are asked about.
	parents string
	// each lists what is asked about, where that is not the elements of parents: in the same order every time.
	each func(ask func(id string, parent json.RawMessage) error) error
	// ask makes the request for an element; nil leaves the element out. The element's bytes are valid until it returns.
	ask func(id string, parent json.RawMessage) (request, error)
	// take brings a good answer to the output.
	take func(ctx context.Context, id string, parent json.RawMessage, body []byte) error
	// gone takes the answer 404 for "there is none" instead of a failure.
	gone bool
	// none brings the answer 404 to the output, where it says something about the element.
	none func(id string) error
}

type asked struct {
	id     string
	parent json.RawMessage
}

// fanOut asks about all elements. The cursor is the number of elements that were dealt with.
func (r *Reader) fanOut(ctx context.Context, out *collector.Output, f fan) error {
	done, _ := strconv.Atoi(strings.TrimPrefix(out.Cursor(), f.phase)) // none at the beginning
	n, requests, gone := 0, 0, 0
	var infos []request
	var about []asked
	flush := func() error {
		if len(infos) == 0 {
			return nil
		}
		answers, err := r.batch(ctx, infos)
		if err != nil {
			return err
		}
		requests += len(infos)
		for i, a := range answers {
			if f.none != nil && a.status == http.StatusNotFound {
				if err := f.none(about[i].id); err != nil {
					return err
				}
				continue
			}
			if f.gone && a.status == http.StatusNotFound {
				gone++
				continue
			}
			body, err := a.good()
			if err != nil {
				return err
			}
			if err := f.take(ctx, about[i].id, about[i].parent, body); err != nil {
				return err
			}
		}
		infos, about = infos[:0], about[:0]
		if err := out.Checkpoint(f.phase + strconv.Itoa(n)); err != nil {
			return err
		}
		return r.pause(ctx, f.every)
	}
	if f.each == nil {
		f.each = func(ask func(string, json.RawMessage) error) error { return out.Each(f.parents, ask) }
	}
	err := f.each(func(id string, raw json.RawMessage) error {
		if n++; n <= done {
			return nil
		}
		info, err := f.ask(id, raw)
		if err != nil || info == nil {
			return err
		}
		infos, about = append(infos, info), append(about, asked{id, bytes.Clone(raw)})
		if len(infos) == batchSize {
			return flush()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	if gone > 0 {
		out.Remark(fmt.Sprintf("%d of %d asked about were not found", gone, requests))
	}
	return nil
}

// whole reads a list whose first page is there, and holds it.
func (r *Reader) whole(ctx context.Context, body []byte) ([]json.RawMessage, error) {
	list := []json.RawMessage{}
	err := r.rest(ctx, body, "id", func(items []item) error {
		for _, it := range items {
			list = append(list, it.raw)
		}
		return nil
	})
	return list, err
}

// addTo brings elements to the output as they are.
func addTo(out *collector.Output) func([]item) error {
	return func(items []item) error {
		for _, it := range items {
			if err := out.Add(it.id, it.raw); err != nil {
				return err
			}
		}
		return nil
	}
}

// rest reads the further pages of an answer whose first page is there. An element that came before, for it moved from one
// page to another meanwhile, is left out.
func (r *Reader) rest(ctx context.Context, body []byte, key string, take func(items []item) error) error {
	seen, known := map[string]bool{}, map[string]bool{}
	for {
		p, err := parsePage(body, key)
		if err != nil {
			return err
		}
		items := slices.DeleteFunc(p.items, func(it item) bool {
			before := it.id != "" && known[it.id]
			known[it.id] = true
			return before
		})
		if err := take(items); err != nil {
			return err
		}
		if p.next == "" {
			return nil
		}
		if seen[p.next] {
			return errors.New("the same page comes again and again")
		}
		seen[p.next] = true
		info, err := r.follow(p.next)
		if err != nil {
			return err
		}
		if body, err = r.get(ctx, info); err != nil {
			return err
		}
	}
}

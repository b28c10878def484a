package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"
)

// Elements is a collection that is never held whole: its elements one by one, sorted by the section's key in the schema
// (bytewise). An element is valid until the next one. Where an error comes, nothing follows.
type Elements iter.Seq2[json.RawMessage, error]

// A batch is what one worker gets at a time: enough to make handing it over cheap, little enough to hold several.
const (
	batchElements = 256
	batchBytes    = 128 << 10
)

// transform appends what an element becomes to dst; the key is what the elements are sorted by, if anything.
type transform func(dst, raw []byte) (out, key []byte, err error)

type batch struct {
	raw, out, keys             []byte
	rawEnds, outEnds, keysEnds []int
	err                        error // of the element behind the last in out
	done                       chan struct{}
}

func (b *batch) reset() {
	b.raw, b.out, b.keys = b.raw[:0], b.out[:0], b.keys[:0]
	b.rawEnds, b.outEnds, b.keysEnds = b.rawEnds[:0], b.outEnds[:0], b.keysEnds[:0]
	b.err = nil
}

func (b *batch) run(f transform) {
	start := 0
	for _, end := range b.rawEnds {
		out, key, err := f(b.out, b.raw[start:end])
		if err != nil {
			b.err = err
			break
		}
		b.out, b.keys = out, append(b.keys, key...)
		b.outEnds, b.keysEnds = append(b.outEnds, len(b.out)), append(b.keysEnds, len(b.keys))
		start = end
	}
	b.done <- struct{}{}
}

// ordered transforms the elements on all cores and emits the results one by one, in order, on the caller's goroutine.
// What waits at a time is bounded. Each worker has a transform of its own.
func (e Elements) ordered(worker func() transform, emit func(out, key []byte) error) error {
	most := 2 * runtime.GOMAXPROCS(0)
	jobs := make(chan *batch, most)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer close(jobs)
	for range most / 2 {
		workers.Go(func() {
			f := worker()
			for b := range jobs {
				b.run(f)
			}
		})
	}
	var waiting, free []*batch
	emitted := 0
	finish := func() error { // the batch that waits longest
		b := waiting[0]
		waiting = waiting[1:]
		<-b.done
		start, keyStart := 0, 0
		for i, end := range b.outEnds {
			if err := emit(b.out[start:end], b.keys[keyStart:b.keysEnds[i]]); err != nil {
				return err
			}
			start, keyStart = end, b.keysEnds[i]
			emitted++
		}
		if b.err != nil {
			return fmt.Errorf("element %d: %w", emitted, b.err)
		}
		free = append(free, b)
		return nil
	}
	var b *batch
	submit := func() error {
		jobs <- b
		waiting, b = append(waiting, b), nil
		if len(waiting) == most {
			return finish()
		}
		return nil
	}
	for raw, err := range e {
		if err != nil {
			return err
		}
		if b == nil {
			if n := len(free); n > 0 {
				b, free = free[n-1], free[:n-1]
				b.reset()
			} else {
				b = &batch{done: make(chan struct{}, 1)}
			}
		}
		b.raw = append(b.raw, raw...)
		b.rawEnds = append(b.rawEnds, len(b.raw))
		if len(b.rawEnds) == batchElements || len(b.raw) >= batchBytes {
			if err := submit(); err != nil {
				return err
			}
		}
	}
	if b != nil {
		if err := submit(); err != nil {
			return err
		}
	}
	for len(waiting) > 0 {
		if err := finish(); err != nil {
			return err
		}
	}
	return nil
}

// mapped is what the elements become, in the same order.
func (e Elements) mapped(worker func() transform) Elements {
	return func(yield func(json.RawMessage, error) bool) {
		err := e.ordered(worker, func(out, _ []byte) error {
			if !yield(out, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// errStopped says that the one who asked for elements wants no more.
var errStopped = errors.New("stopped")

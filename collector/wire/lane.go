package wire

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Lane is how fast the paths below a prefix may be asked.
type Lane struct {
	Prefix string
	// Parallel is how many requests may be under way at once; one at least.
	Parallel int
	// Every is the least time between two requests; 0 sets no limit. Burst requests may come at once after a pause.
	Every time.Duration
	Burst int
}

type lane struct {
	Lane
	slots   chan struct{}
	limiter *rate.Limiter

	mu    sync.Mutex
	until time.Time
}

func newLanes(list []Lane) []*lane {
	lanes := []*lane{}
	for _, l := range append([]Lane{{Parallel: 4}}, list...) {
		made := &lane{Lane: l, slots: make(chan struct{}, max(1, l.Parallel)), limiter: rate.NewLimiter(rate.Inf, 1)}
		if l.Every > 0 {
			made.limiter = rate.NewLimiter(rate.Every(l.Every), max(1, l.Burst))
		}
		lanes = append(lanes, made)
	}
	return lanes
}

// laneOf finds the lane with the longest prefix; of two that are equal the later one.
func laneOf(lanes []*lane, path string) (best *lane) {
	for _, l := range lanes {
		if strings.HasPrefix(strings.ToLower(path), strings.ToLower(l.Prefix)) && (best == nil || len(l.Prefix) >= len(best.Prefix)) {
			best = l
		}
	}
	return best
}

// enter waits for the lane: for a slot, for the end of a hold, and for its pace.
func (l *lane) enter(ctx context.Context) error {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := l.wait(ctx)
	if err != nil {
		l.leave()
	}
	return err
}

// wait lasts until a hold ends and the pace allows a request. The pace comes last: those who waited for the end of a hold
// must not all go at once. A hold that begins meanwhile counts too.
func (l *lane) wait(ctx context.Context) error {
	for {
		if err := Sleep(ctx, l.held()); err != nil {
			return err
		}
		turn := l.limiter.Reserve()
		if err := Sleep(ctx, turn.Delay()); err != nil {
			turn.Cancel()
			return err
		}
		if l.held() <= 0 {
			return nil
		}
	}
}

// Sleep waits, unless the user stops it.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *lane) leave() { <-l.slots }

// held is how long a hold goes on.
func (l *lane) held() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.until)
}

// hold keeps everybody out for a while.
func (l *lane) hold(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := time.Now().Add(d); at.After(l.until) {
		l.until = at
	}
}

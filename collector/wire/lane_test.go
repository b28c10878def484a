package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// These tests run on a clock of their own, which moves when nobody can do anything else.

// service answers after a second, and notes when it was asked.
type service struct {
	mu          sync.Mutex
	started     time.Time
	asked       []time.Duration
	active, top int
	answers     map[int]*http.Response // by number of the request; the rest is good
}

func newService() *service { return &service{started: time.Now()} }

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	n := len(s.asked)
	s.asked = append(s.asked, time.Since(s.started))
	s.active++
	s.top = max(s.top, s.active)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.active--
		s.mu.Unlock()
	}()
	select {
	case <-time.After(time.Second):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if resp := s.answers[n]; resp != nil {
		return resp, nil
	}
	return answer(200, strings.NewReader("ok")), nil
}

func throttled(after string) *http.Response {
	resp := answer(429, strings.NewReader("slowly"))
	resp.Header.Set("Retry-After", after)
	return resp
}

func (s *service) client(lanes ...Lane) *http.Client {
	return NewClient(Options{
		Hosts: []string{"h.example"}, Lanes: lanes, Retries: 3, Patience: time.Minute, Pause: time.Second, Timeout: time.Minute, Transport: s,
	})
}

func ask(ctx context.Context, c *http.Client, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://h.example"+path, nil)
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode == 200 && string(body) != "ok" {
		return fmt.Errorf("%q, %w", body, err)
	}
	return resp.Body.Close()
}

// askAll asks n times at once, and returns when all answers are there.
func askAll(t *testing.T, c *http.Client, path string, n int) {
	t.Helper()
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if err := ask(t.Context(), c, path); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func seconds(list ...float64) (out []time.Duration) {
	for _, s := range list {
		out = append(out, time.Duration(s*float64(time.Second)))
	}
	return out
}

func TestTheLongestPrefixWins(t *testing.T) {
	lanes := newLanes([]Lane{
		{Prefix: "/v1.0/", Parallel: 1}, {Prefix: "/v1.0/auditLogs", Parallel: 2}, {Prefix: "/v1.0/$batch", Parallel: 3}, {Prefix: "/v1.0/", Parallel: 5},
	})
	for path, want := range map[string]int{
		"":                          4,
		"/":                         4,
		"/beta/users":               4,
		"/v1.0":                     4,
		"/v1.0/users":               5, // of two that are equal the later one
		"/v1.0/auditLogs/signIns":   2,
		"/V1.0/AUDITLOGS/signIns":   2,
		"/v1.0/audit":               5,
		"/v1.0/$batch":              3,
		"/x/v1.0/auditLogs/signIns": 4,
	} {
		if got := laneOf(lanes, path).Parallel; got != want {
			t.Errorf("%s: the lane of %d, want that of %d", path, got, want)
		}
	}
	if l := laneOf(newLanes([]Lane{{Prefix: "", Parallel: 9}}), "/x"); l.Parallel != 9 {
		t.Error("a lane for the rest was not taken")
	}
	if n := cap(newLanes([]Lane{{Prefix: "/x"}})[1].slots); n != 1 {
		t.Errorf("a lane that says nothing has %d slots", n)
	}
}

func TestParallelIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		askAll(t, s.client(Lane{Prefix: "/a", Parallel: 3}), "/a", 10)
		if want := seconds(0, 0, 0, 1, 1, 1, 2, 2, 2, 3); s.top != 3 || !slices.Equal(s.asked, want) {
			t.Errorf("%d at once, at %v", s.top, s.asked)
		}
	})
}

func TestPaceIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		askAll(t, s.client(Lane{Prefix: "/a", Parallel: 9, Every: 3 * time.Second}), "/a", 4)
		if want := seconds(0, 3, 6, 9); !slices.Equal(s.asked, want) {
			t.Errorf("asked at %v", s.asked)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		askAll(t, s.client(Lane{Prefix: "/a", Parallel: 9, Every: 3 * time.Second, Burst: 2}), "/a", 4)
		if want := seconds(0, 0, 3, 6); !slices.Equal(s.asked, want) {
			t.Errorf("asked at %v with a burst", s.asked)
		}
	})
}

func TestThrottlingHoldsTheLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.answers = map[int]*http.Response{0: throttled("30")}
		c := s.client(Lane{Prefix: "/a", Parallel: 1}, Lane{Prefix: "/b", Parallel: 1})
		var all sync.WaitGroup
		all.Go(func() { askAll(t, c, "/a", 3) })
		all.Go(func() {
			time.Sleep(2 * time.Second) // while /a is held
			if err := ask(t.Context(), c, "/b"); err != nil || time.Since(s.started) != 3*time.Second {
				t.Errorf("the other lane: %v after %s", err, time.Since(s.started))
			}
		})
		all.Wait()
		if len(s.asked) != 5 || s.asked[0] != 0 || s.asked[1] != 2*time.Second || s.asked[2] < 31*time.Second {
			t.Errorf("asked at %v", s.asked)
		}
	})
}

func TestThePaceIsKeptAfterAHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.answers = map[int]*http.Response{0: throttled("30")}
		askAll(t, s.client(Lane{Prefix: "/a", Parallel: 9, Every: 3 * time.Second}), "/a", 9)
		if s.asked[1] < 31*time.Second { // it waited for the pace when the hold began
			t.Errorf("asked at %v", s.asked)
		}
		for i := 1; i < len(s.asked); i++ {
			if s.asked[i]-s.asked[i-1] < 3*time.Second {
				t.Errorf("asked at %v", s.asked)
				break
			}
		}
	})
}

// TestOverPatienceHoldsNobody lets one request fail at once; that the others are stopped for an hour helps nobody.
func TestOverPatienceHoldsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.answers = map[int]*http.Response{0: throttled("3600")}
		askAll(t, s.client(Lane{Prefix: "/a", Parallel: 1}), "/a", 2)
		if !slices.Equal(s.asked, seconds(0, 1)) {
			t.Errorf("asked at %v", s.asked)
		}
	})
}

// TestStopIsAtOnce stops a request wherever it waits, and expects that it gives its slot back.
func TestStopIsAtOnce(t *testing.T) {
	for _, test := range []struct {
		name    string
		lane    Lane
		answers map[int]*http.Response
		before  int // requests that are sent before
	}{
		{"while it is answered", Lane{Parallel: 1}, nil, 0},
		{"while it waits for a slot", Lane{Parallel: 1}, nil, 1},
		{"while it waits for the pace", Lane{Parallel: 2, Every: time.Hour}, nil, 1},
		{"while it waits for the end of a hold", Lane{Parallel: 2}, map[int]*http.Response{0: throttled("60")}, 1},
		{"while it waits for another try", Lane{Parallel: 1}, map[int]*http.Response{0: throttled("60")}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService()
				s.answers = test.answers
				test.lane.Prefix = "/a"
				o := Options{Hosts: []string{"h.example"}, Retries: 3, Patience: time.Minute, Timeout: time.Hour, Transport: s}
				a := &attempt{Options: o, lanes: newLanes([]Lane{test.lane})}
				o.Transport = a
				c := NewClient(o)
				var all sync.WaitGroup
				others, stopOthers := context.WithCancel(t.Context())
				for range test.before {
					all.Go(func() {
						if err := ask(others, c, "/a"); err != nil && !errors.Is(err, context.Canceled) {
							t.Error(err)
						}
					})
				}
				synctest.Wait()
				if test.answers != nil && test.before > 0 {
					time.Sleep(1500 * time.Millisecond) // until the answer that throttles came
				}
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan error, 1)
				go func() { done <- ask(ctx, c, "/a") }()
				synctest.Wait()
				if test.answers != nil && test.before == 0 {
					time.Sleep(1500 * time.Millisecond)
				}
				select {
				case err := <-done:
					t.Fatalf("it did not wait: %v", err)
				default:
				}
				stopped := time.Now()
				stop()
				if err := <-done; !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				if late := time.Since(stopped); late != 0 {
					t.Errorf("it came back after %s", late)
				}
				stopOthers()
				all.Wait()
				if n := len(a.lanes[1].slots); n != 0 {
					t.Errorf("%d slots are still taken", n)
				}
			})
		})
	}
}

// TestWhoStopsGivesTheTurnBack lets one leave who waited for the pace: the next one need not wait for two turns.
func TestWhoStopsGivesTheTurnBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		c := s.client(Lane{Prefix: "/a", Parallel: 2, Every: 10 * time.Second})
		askAll(t, c, "/a", 1)
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := ask(ctx, c, "/a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		askAll(t, c, "/a", 1)
		if !slices.Equal(s.asked, seconds(0, 10)) {
			t.Errorf("asked at %v", s.asked)
		}
	})
}

// TestADeadlineIsWaitedFor expects the user's own deadline to be what ends a wait, not a guess that it will.
func TestADeadlineIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		c := s.client(Lane{Prefix: "/a", Parallel: 2, Every: time.Hour})
		askAll(t, c, "/a", 1)
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if err := ask(ctx, c, "/a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if ctx.Err() == nil || len(s.asked) != 1 {
			t.Errorf("it gave up before its time, or asked: %v", s.asked)
		}
	})
}

// TestTheWholeBodyIsTimed lets a body take longer than one try may.
func TestTheWholeBodyIsTimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		o := Options{Hosts: []string{"h.example"}, Retries: 2, Patience: time.Minute, Pause: time.Second, Timeout: 10 * time.Second,
			Transport: transport(func(r *http.Request) (*http.Response, error) {
				tries++
				return answer(200, dripping{r.Context()}), nil
			})}
		err := ask(t.Context(), NewClient(o), "/")
		if err == nil || !strings.Contains(err.Error(), "no complete answer within 10s") || tries != 3 {
			t.Errorf("%v after %d tries", err, tries)
		}
	})
}

// dripping is a body that brings a byte a second, as long as it may.
type dripping struct{ ctx context.Context }

func (d dripping) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Second):
		return copy(p, "x"), nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

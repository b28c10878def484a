package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/collector/wire"
	"github.com/guestward/guestward/report"
)

// progress tells how a collection goes: on a terminal in one line that changes, elsewhere in a line for every source
// that ends. It is a collector.Progress.
type progress struct {
	w       io.Writer
	tty     bool
	quiet   bool
	verbose int
	now     func() time.Time

	mu       sync.Mutex
	began    time.Time
	total    int
	done     int
	gaps     int
	objects  int
	running  []string
	waiting  time.Time // until when the service is given a rest
	written  int       // width of the line on the terminal
	lastDraw time.Time
	finished chan struct{}
}

func newProgress(s streams, quiet bool, verbose int) *progress {
	return &progress{w: s.err, tty: s.errTTY && s.env("TERM") != "dumb", quiet: quiet, verbose: verbose, now: time.Now}
}

func (p *progress) Begin(sources int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.began, p.total = p.now(), sources
	if p.tty && !p.quiet {
		p.finished = make(chan struct{})
		go p.tick(p.finished)
	}
}

// tick keeps the line alive while nothing comes.
func (p *progress) tick(finished chan struct{}) {
	for second := time.Tick(time.Second); ; {
		select {
		case <-second:
			p.mu.Lock()
			p.draw(true)
			p.mu.Unlock()
		case <-finished:
			return
		}
	}
}

func (p *progress) Start(s *collector.Source) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = append(p.running, s.Path)
	p.draw(false)
}

func (p *progress) Add(_ *collector.Source, elements int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.objects += elements
	p.draw(false)
}

func (p *progress) End(s *collector.Source, record snapshot.Source) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.running = slices.DeleteFunc(p.running, func(path string) bool { return path == s.Path })
	if record.Outcome == snapshot.Gap {
		p.gaps++
	}
	switch {
	case p.quiet:
	case !p.tty || p.verbose > 0:
		p.line(outcome(record))
	}
	p.draw(true)
}

// outcome is how a source ended, in one line.
func outcome(record snapshot.Source) string {
	s := fmt.Sprintf("%-48s ", record.Source)
	if record.Outcome == snapshot.Gap {
		s += "gap, " + record.Reason
		if record.Permission != "" {
			s += ": needs " + record.Permission
		} else if record.Detail != "" {
			s += ": " + record.Detail
		}
		return s
	}
	if record.Count != nil {
		return s + fmt.Sprint(*record.Count)
	}
	return s + "read"
}

// Waiting tells that a service asked for patience.
func (p *progress) Waiting(path string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = p.now().Add(d)
	if !p.quiet && (!p.tty || p.verbose > 0) && d >= 5*time.Second {
		p.line(fmt.Sprintf("waiting %s for %s", d.Round(time.Second), path))
	}
	p.draw(true)
}

// Log writes a request: what was asked, and how it went; no header and no body.
func (p *progress) Log(e wire.Entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	how := fmt.Sprint(e.Status)
	if e.Err != nil {
		how = e.Err.Error()
	}
	line := fmt.Sprintf("%s %s %s %dms", e.Method, e.URL, how, e.Took.Milliseconds())
	if p.verbose > 1 {
		line += fmt.Sprintf(" %d bytes request-id %s", e.Bytes, e.RequestID)
	}
	p.line(line)
	p.draw(true)
}

// Finish removes the line that changes.
func (p *progress) Finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.finished != nil {
		close(p.finished)
		p.finished = nil
	}
	p.erase()
	p.quiet = true // what comes late is not drawn any more
}

// line writes a line that stays. The caller holds the lock.
func (p *progress) line(text string) {
	p.erase()
	fmt.Fprintln(p.w, report.Terminal(text))
}

func (p *progress) erase() {
	if p.written > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.written))
		p.written = 0
	}
}

// draw writes the line that changes, ten times a second at most.
func (p *progress) draw(now bool) {
	if !p.tty || p.quiet || !now && p.now().Sub(p.lastDraw) < 100*time.Millisecond {
		return
	}
	p.lastDraw = p.now()
	p.erase()
	elapsed := p.now().Sub(p.began)
	text := fmt.Sprintf("%d of %d sources, %d objects", p.done, p.total, p.objects)
	if seconds := elapsed.Seconds(); seconds >= 1 {
		text += fmt.Sprintf(", %.0f a second", float64(p.objects)/seconds)
	}
	if p.gaps > 0 {
		text += fmt.Sprintf(", %d gaps", p.gaps)
	}
	if left := p.waiting.Sub(p.now()); left > time.Second {
		text += fmt.Sprintf(", waiting %s for the service", left.Round(time.Second))
	} else if len(p.running) > 0 {
		text += ": " + strings.Join(p.running[:min(2, len(p.running))], ", ")
	}
	const width = 79
	if len(text) > width {
		text = text[:width-3] + "..."
	}
	fmt.Fprint(p.w, text)
	p.written = len(text)
}

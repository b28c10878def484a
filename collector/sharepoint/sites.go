package sharepoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/guestward/guestward/collector"
)

const (
	// perQuery is how many sites one request asks for. Nothing is published; a request of the object model may hold some
	// hundred steps, and each site takes three.
	perQuery = 25
	// atOnce is how many such requests are under way.
	atOnce = 4
	// maxPages ends a list that would never end. A tenant has two million sites at most, a page about three hundred.
	// https://learn.microsoft.com/en-us/office365/servicedescriptions/sharepoint-online-service-description/sharepoint-online-limits
	maxPages = 20_000
	// redirect is the template of an address that only leads to where a site went. It holds nothing and shares nothing.
	// https://learn.microsoft.com/en-us/sharepoint/manage-site-redirects
	redirect = "REDIRECTSITE#0"
)

// sites reads all sites and what they share. The list that SharePoint gives is not enough: sharing settings in it "will
// not be populated and may contain a default value", even where details were asked for, and the default says that a
// site is closed. So the list is read for the sites, and each page's sites are then asked for by their addresses.
//
// https://learn.microsoft.com/en-us/powershell/module/microsoft.online.sharepoint.powershell/get-sposite#description
// https://github.com/SharePoint/sp-dev-docs/issues/8622
func (r *Reader) sites(ctx context.Context, s *collector.Source, out *collector.Output) error {
	start := out.Cursor()
	err := r.pages(ctx, s, out, start)
	var f *fault
	if start != "" && errors.As(err, &f) {
		// The service forgot the place while the collection was interrupted.
		if err := out.Restart(); err != nil {
			return err
		}
		return r.pages(ctx, s, out, "")
	}
	return err
}

func (r *Reader) pages(ctx context.Context, s *collector.Source, out *collector.Output, start string) error {
	if start == "" {
		start = "0"
	}
	seen := map[string]bool{}
	for len(seen) < maxPages {
		seen[start] = true
		q := newQuery()
		n := q.listSites(start)
		answers, err := r.run(ctx, q)
		if err != nil {
			return err
		}
		p, err := parsePage(answers[n])
		if err != nil {
			return err
		}
		if err := r.page(ctx, s, out, p); err != nil {
			return err
		}
		switch {
		case p.next == "":
			return nil
		case seen[p.next]:
			return errors.New("SharePoint gives the same page of sites again and again")
		}
		start = p.next
		if err := out.Checkpoint(start); err != nil {
			return err
		}
	}
	return fmt.Errorf("the list of sites has more than %d pages", maxPages)
}

// site is one site on its way into the snapshot.
type site struct {
	address string
	listed  map[string]json.RawMessage // as the list has it
	whole   map[string]json.RawMessage // as it was given by its address; nil if it was not
	problem error                      // why it was not
}

// page reads the sites of one page whole.
func (r *Reader) page(ctx context.Context, s *collector.Source, out *collector.Output, p page) error {
	var list []*site
	for i, listed := range p.sites {
		address, err := addressOf(listed)
		if err != nil {
			return fmt.Errorf("the list of sites: element %d: %w", i, err)
		}
		if text(listed["Template"]) != redirect {
			list = append(list, &site{address: address, listed: listed})
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for rest := list; len(rest) > 0; {
		n := min(perQuery, len(rest))
		batch := rest[:n]
		rest = rest[n:]
		g.Go(func() error { return r.batch(ctx, batch) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, one := range list {
		element, err := one.element()
		if err != nil {
			return fmt.Errorf("%s: %w", one.address, err)
		}
		if one.problem != nil {
			err := out.Also(s.Path, &collector.Gap{Reason: collector.Failed, Detail: fmt.Sprintf(
				"SharePoint did not give the settings of all sites; not of %s, for one: %v", one.address, one.problem)})
			if err != nil {
				return err
			}
		}
		if err := out.Add(one.address, element); err != nil {
			return err
		}
	}
	return nil
}

// batch reads sites by their addresses. An error inside one fails the whole request, so the sites are asked for in
// halves then, until it is known whose it is. Where no site at all can be read, the error is not theirs.
func (r *Reader) batch(ctx context.Context, sites []*site) error {
	if err := r.halves(ctx, sites); err != nil {
		return err
	}
	for _, one := range sites {
		if one.whole != nil {
			return nil
		}
	}
	if len(sites) > 1 {
		return sites[0].problem
	}
	return nil
}

func (r *Reader) halves(ctx context.Context, sites []*site) error {
	q := newQuery()
	var numbers []int
	for _, one := range sites {
		numbers = append(numbers, q.site(one.address))
	}
	answers, err := r.run(ctx, q)
	var f *fault
	switch {
	case errors.As(err, &f) && len(sites) == 1:
		sites[0].problem = f
		return nil
	case errors.As(err, &f):
		half := len(sites) / 2
		if err := r.halves(ctx, sites[:half]); err != nil {
			return err
		}
		return r.halves(ctx, sites[half:])
	case err != nil:
		return err
	}
	for i, one := range sites {
		if one.whole, err = object(answers[numbers[i]]); err != nil {
			return fmt.Errorf("%s: the answer is %w", one.address, err)
		}
		address, err := addressOf(one.whole)
		if err != nil {
			return fmt.Errorf("%s: %w", one.address, err)
		}
		if !sameAddress(address, one.address) {
			one.whole, one.problem = nil, fmt.Errorf("the answer is of %s", address)
		}
	}
	return nil
}

// element is the site as the snapshot has it. What the list alone says of sharing stays out of it.
func (s *site) element() (json.RawMessage, error) {
	kept := map[string]any{}
	if err := pick(kept, s.listed, always); err != nil {
		return nil, err
	}
	if s.whole != nil {
		if s.whole["SharingCapability"] == nil {
			return nil, errors.New("SharingCapability is missing")
		}
		if err := pick(kept, s.whole, details); err != nil {
			return nil, err
		}
	}
	return json.Marshal(kept)
}

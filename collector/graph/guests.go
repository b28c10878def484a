package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/reports"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"github.com/guestward/guestward/collector"
)

// userPage and activityPage are the most that one page may hold, without and with sign-in activity.
// https://learn.microsoft.com/en-us/graph/api/user-list
const (
	userPage     = 999
	activityPage = 500
)

// userMembers are what is read of an external user: who it is, where from, since when, in which state.
var userMembers = []string{
	"id", "userPrincipalName", "displayName", "mail", "otherMails", "userType", "accountEnabled", "createdDateTime", "creationType",
	"externalUserState", "externalUserStateChangeDateTime", "identities", "companyName", "onPremisesSyncEnabled",
}

// sponsorMembers are what says whether a sponsor is one who is still here.
var sponsorMembers = []string{"id", "userPrincipalName", "userType", "accountEnabled"}

func allUsers(r *Reader) *users.UsersRequestBuilder {
	return users.NewUsersRequestBuilderInternal(paths(), r.adapter)
}

// External users, and what further requests know of them.
var _ = register(map[string]read{
	"guests":                readGuests,
	"guests.sponsors":       readSponsors,
	"guests.signInActivity": readActivity,
	"guests.registration":   readRegistration,
})

// readRegistration lists what guests registered. External members stand in the list of all members, which is not read.
func readRegistration(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error {
	out.Remark("of users of the type Guest; external members are not in it")
	return many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return reports.NewAuthenticationMethodsRequestBuilderInternal(paths(), r.adapter).UserRegistrationDetails().ToGetRequestInformation(ctx,
			&reports.AuthenticationMethodsUserRegistrationDetailsRequestBuilderGetRequestConfiguration{
				QueryParameters: &reports.AuthenticationMethodsUserRegistrationDetailsRequestBuilderGetQueryParameters{Filter: ptr("userType eq 'guest'")},
			})
	}, keeping(as("registration", "isMfaCapable", "isMfaRegistered", "methodsRegistered", "lastUpdatedDateTime")))(ctx, r, s, out)
}

// The lists of external users, as phases of one source.
const (
	guestPhase  = "guests "
	memberPhase = "members "
	statePhase  = "state "
)

// readGuests lists users of the type Guest, with their sponsors, then others who come from elsewhere: those who are named
// so, and those who were invited, for an administrator can give an external user another name.
func readGuests(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	if !strings.HasPrefix(out.Cursor(), memberPhase) && !strings.HasPrefix(out.Cursor(), statePhase) {
		if err := r.readGuestType(ctx, out); err != nil {
			return err
		}
		if r.enough(out) {
			return r.cut(out)
		}
		if err := out.Checkpoint(memberPhase); err != nil {
			return err
		}
	}
	suffixes, err := externalSuffixes(out)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(out.Cursor(), statePhase) {
		var ends []string
		for _, suffix := range suffixes {
			ends = append(ends, "endsWith(userPrincipalName,'"+strings.ReplaceAll(suffix, "'", "''")+"')")
		}
		if err := r.readOthers(ctx, out, memberPhase, strings.Join(ends, " or "), nil); err != nil {
			return err
		}
		if r.enough(out) {
			return r.cut(out)
		}
		if err := out.Checkpoint(statePhase); err != nil {
			return err
		}
	}
	err = r.readOthers(ctx, out, statePhase, "externalUserState eq 'Accepted' or externalUserState eq 'PendingAcceptance'", suffixes)
	if err == nil && r.enough(out) {
		return r.cut(out)
	}
	return err
}

// readOthers lists users of other types than Guest for whom the filter holds, but for those whose names end in one of the
// suffixes: they came before. It is an advanced query, which takes no
// $expand: https://learn.microsoft.com/en-us/graph/aad-advanced-queries
func (r *Reader) readOthers(ctx context.Context, out *collector.Output, phase, filter string, but []string) error {
	return r.pages(ctx, out, list{
		phase:   phase,
		headers: map[string]string{"ConsistencyLevel": "eventual"},
		keep: func(items []item) ([]item, error) {
			kept := items[:0]
			for _, it := range items {
				name, err := member(it.raw, "userPrincipalName")
				if err != nil {
					return nil, err
				}
				if !slices.ContainsFunc(but, func(end string) bool { return strings.HasSuffix(strings.ToLower(name), strings.ToLower(end)) }) {
					kept = append(kept, it)
				}
			}
			return r.most(out)(kept)
		},
		stop: r.limit(out),
		first: func() (request, error) {
			return allUsers(r).ToGetRequestInformation(ctx, &users.UsersRequestBuilderGetRequestConfiguration{QueryParameters: &users.UsersRequestBuilderGetQueryParameters{
				Filter: ptr("userType ne 'Guest' and (" + filter + ")"), Select: userMembers, Count: ptr(true), Top: ptr(int32(userPage)),
			}})
		},
	})
}

// cut records that not all external users were read.
func (r *Reader) cut(out *collector.Output) error {
	return out.Also("guests", &collector.Gap{Reason: collector.NotRequested, Detail: fmt.Sprintf("only the first %d were asked for (--max-guests)", r.MaxGuests)})
}

// readGuestType lists users of the type Guest. Where sponsors may not be read it lists them without.
func (r *Reader) readGuestType(ctx context.Context, out *collector.Output) error {
	var sight sight
	l := list{
		phase: guestPhase,
		stop:  r.limit(out),
		keep: func(items []item) ([]item, error) {
			for i, it := range items {
				n, err := sight.sponsors(it.raw)
				if err != nil {
					return nil, err
				}
				if n >= expandMost { // there may be more: readSponsors asks for all of them
					if items[i].raw, err = without(it.raw, "sponsors"); err != nil {
						return nil, err
					}
				}
			}
			return r.most(out)(items)
		},
	}
	plain := func() (request, error) {
		return allUsers(r).ToGetRequestInformation(ctx, &users.UsersRequestBuilderGetRequestConfiguration{QueryParameters: &users.UsersRequestBuilderGetQueryParameters{
			Filter: ptr("userType eq 'Guest'"), Select: userMembers, Top: ptr(int32(userPage)),
		}})
	}
	l.first = func() (request, error) {
		return allUsers(r).ToGetRequestInformation(ctx, &users.UsersRequestBuilderGetRequestConfiguration{QueryParameters: &users.UsersRequestBuilderGetQueryParameters{
			Filter: ptr("userType eq 'Guest'"), Select: userMembers, Top: ptr(int32(userPage)),
			Expand: []string{"sponsors($select=" + strings.Join(sponsorMembers, ",") + ")"},
		}})
	}
	var blind error
	sponsors := collector.SourceAt("guests.sponsors")
	if lacking := sponsors.Lacking(r.Granted); r.Granted != nil && lacking != "" {
		// What Graph gives then, an error or an empty list, is no answer.
		blind = &collector.Gap{Reason: collector.NoPermission, Permission: lacking, Detail: "not asked for without the permission"}
		l.first = plain
	}
	err := r.pages(ctx, out, l)
	if blind == nil && out.Count() == 0 && (isStatus(err, http.StatusForbidden) || isStatus(err, http.StatusBadRequest)) {
		blind = r.gap(err, sponsors, out)
		l.first = plain
		err = r.pages(ctx, out, l)
	}
	if sight.blind() {
		blind = unreadable("sponsors", "User.Read.All")
	}
	if err != nil || blind == nil {
		return err
	}
	return out.Also("guests.sponsors", collector.AsGap(blind))
}

// expandMost is how many related objects an expansion gives, without saying whether there are more.
// https://learn.microsoft.com/en-us/graph/query-parameters#expand-parameter
const expandMost = 20

// most cuts a page where enough external users were read.
func (r *Reader) most(out *collector.Output) func([]item) ([]item, error) {
	return func(items []item) ([]item, error) {
		if r.MaxGuests > 0 {
			items = items[:max(0, min(len(items), r.MaxGuests-out.Count()))]
		}
		return items, nil
	}
}

// limit ends a list where enough was read; nil where nothing limits it.
func (r *Reader) limit(out *collector.Output) func() bool {
	if r.MaxGuests == 0 {
		return nil
	}
	return func() bool { return r.enough(out) }
}

func (r *Reader) enough(out *collector.Output) bool {
	return r.MaxGuests > 0 && out.Count() >= r.MaxGuests
}

// externalSuffixes are how the names of users from elsewhere end: they are kept in the tenant's own onmicrosoft domains.
// https://learn.microsoft.com/en-us/entra/external-id/user-properties
func externalSuffixes(out *collector.Output) ([]string, error) {
	domains, err := out.Domains()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, d := range domains {
		if d.IsInitial || strings.Contains(strings.ToLower(d.Name), ".onmicrosoft.") {
			list = append(list, "#EXT#@"+d.Name)
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, errNoOrganization
}

// readSponsors reads the sponsors of other external users than guests one by one, in batches: those of guests came with
// the guests, and the query that finds the others takes no $expand.
func readSponsors(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	if g := out.Noted("guests", "guests.sponsors"); g != nil {
		return g
	}
	return r.fanOut(ctx, out, fan{
		parents: "guests",
		gone:    true,
		ask: func(id string, user json.RawMessage) (request, error) {
			if bytes.Contains(user, []byte(`"sponsors":`)) { // a name: text would have its quotes escaped
				return nil, nil
			}
			return allUsers(r).ByUserId(id).Sponsors().ToGetRequestInformation(ctx, &users.ItemSponsorsRequestBuilderGetRequestConfiguration{
				QueryParameters: &users.ItemSponsorsRequestBuilderGetQueryParameters{Select: sponsorMembers},
			})
		},
		take: func(ctx context.Context, id string, _ json.RawMessage, body []byte) error {
			list, err := r.whole(ctx, body)
			if err != nil {
				return err
			}
			raw, err := json.Marshal(map[string]any{"sponsors": list})
			if err != nil {
				return err
			}
			return out.Add(id, raw)
		},
	})
}

// readActivity reads when external users signed in: of guests page by page, of external members one by one, in batches.
// An advanced query, which would list them, gives empty activity.
// https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/1898
func readActivity(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	if !strings.HasPrefix(out.Cursor(), memberPhase) {
		l := list{
			phase: guestPhase,
			keep:  activity,
			first: func() (request, error) {
				return allUsers(r).ToGetRequestInformation(ctx, &users.UsersRequestBuilderGetRequestConfiguration{QueryParameters: &users.UsersRequestBuilderGetQueryParameters{
					Filter: ptr("userType eq 'Guest'"), Select: []string{"id", "signInActivity"}, Top: ptr(int32(activityPage)),
				}})
			},
		}
		if r.MaxGuests > 0 { // the rest need not be looked through
			wanted, err := out.Externals()
			if err != nil {
				return err
			}
			found := 0
			l.stop = func() bool { return found >= wanted.Len() }
			l.keep = func(items []item) ([]item, error) {
				items = slices.DeleteFunc(items, func(it item) bool { return !wanted.Has(it.id) })
				found += len(items)
				return activity(items)
			}
		}
		if err := r.pages(ctx, out, l); err != nil {
			return err
		}
		if err := out.Checkpoint(memberPhase); err != nil {
			return err
		}
	}
	return r.fanOut(ctx, out, fan{
		phase:   memberPhase,
		parents: "guests",
		gone:    true,
		ask: func(id string, user json.RawMessage) (request, error) {
			// A look at the bytes is enough, and done for every guest: nothing inside an external member has this name.
			if bytes.Contains(user, []byte(`"userType":"Guest"`)) {
				return nil, nil
			}
			return allUsers(r).ByUserId(id).ToGetRequestInformation(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
				QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: []string{"id", "signInActivity"}},
			})
		},
		take: func(_ context.Context, id string, _ json.RawMessage, body []byte) error {
			_, raw, err := clean(body, "id")
			if err != nil {
				return err
			}
			items, err := activity([]item{{id, raw}})
			if err != nil || len(items) == 0 {
				return err
			}
			return out.Add(id, items[0].raw)
		},
	})
}

// activity keeps the times: which request it was changes with every sign-in and says nothing more.
var activity = as("signInActivity", "lastSignInDateTime", "lastNonInteractiveSignInDateTime", "lastSuccessfulSignInDateTime")

// as keeps, of each element, one member under a name: the object of that name with the members that are listed, or those
// members of the element itself. An element without them is dropped: the joined one goes without.
func as(name string, members ...string) func([]item) ([]item, error) {
	return func(items []item) ([]item, error) {
		kept := items[:0]
		for _, it := range items {
			inner, err := lookup(it.raw, name)
			if err != nil {
				return nil, err
			}
			if inner == nil {
				inner = it.raw
			}
			var object map[string]json.RawMessage
			if err := json.Unmarshal(inner, &object); err != nil {
				return nil, err
			}
			picked := map[string]json.RawMessage{}
			for _, m := range members {
				if v, ok := object[m]; ok {
					picked[m] = v
				}
			}
			if len(picked) == 0 {
				continue
			}
			raw, err := json.Marshal(map[string]any{name: picked})
			if err != nil {
				return nil, err
			}
			kept = append(kept, item{it.id, raw})
		}
		return kept, nil
	}
}

package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/teams"

	"github.com/guestward/guestward/collector"
)

// groupPage is the most that one page of groups may hold.
// https://learn.microsoft.com/en-us/graph/api/group-list
const groupPage = 999

// TeamsPause between two batches of requests about teams keeps them below 25 a second, of the 30 that the service takes.
// https://learn.microsoft.com/en-us/graph/throttling-limits#microsoft-teams-service-limits
const TeamsPause = 800 * time.Millisecond

// groupMembers are what is read of a group.
var groupMembers = []string{
	"id", "displayName", "visibility", "groupTypes", "securityEnabled", "mailEnabled", "resourceProvisioningOptions", "assignedLabels",
	"classification", "membershipRule", "membershipRuleProcessingState", "isAssignableToRole", "expirationDateTime", "renewedDateTime",
	"createdDateTime", "onPremisesSyncEnabled",
}

func allGroups(r *Reader) *groups.GroupsRequestBuilder {
	return groups.NewGroupsRequestBuilderInternal(paths(), r.adapter)
}

// Groups, who is in them, and the settings of those that have to do with outsiders.
var _ = register(map[string]read{
	"groups": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		members := groupMembers
		if r.Cloud == "china" { // https://microsoftgraph.chinacloudapi.cn/v1.0/$metadata has no labels of groups
			members = slices.DeleteFunc(slices.Clone(members), func(name string) bool { return name == "assignedLabels" })
		}
		return allGroups(r).ToGetRequestInformation(ctx, &groups.GroupsRequestBuilderGetRequestConfiguration{
			QueryParameters: &groups.GroupsRequestBuilderGetQueryParameters{Select: members, Top: ptr(int32(groupPage))},
		})
	}),
	"groups.externalMembers": readMemberships,
	"groups.settings": func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		open, err := groupsWithOutsiders(out)
		if err != nil {
			return err
		}
		out.Remark("of groups with labels, or with external users as direct members or owners")
		return r.fanOut(ctx, out, fan{
			parents: "groups",
			gone:    true,
			ask: func(id string, raw json.RawMessage) (request, error) {
				g, err := parseGroup(raw)
				if err != nil || !g.unified() || !open[id] && len(g.AssignedLabels) == 0 {
					return nil, err
				}
				return allGroups(r).ByGroupId(id).Settings().ToGetRequestInformation(ctx, nil)
			},
			take: r.takeList(out, "settings"),
		})
	},
	"groups.team": func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		open, err := groupsWithOutsiders(out)
		if err != nil {
			return err
		}
		out.Remark("of teams with external users as direct members or owners")
		return r.fanOut(ctx, out, fan{
			parents: "groups",
			every:   r.TeamsPause,
			gone:    true, // a team that was deleted, or was never made
			ask: func(id string, raw json.RawMessage) (request, error) {
				g, err := parseGroup(raw)
				if err != nil || !g.team() || !open[id] {
					return nil, err
				}
				return oneTeam(r, id).ToGetRequestInformation(ctx, &teams.TeamItemRequestBuilderGetRequestConfiguration{
					QueryParameters: &teams.TeamItemRequestBuilderGetQueryParameters{Select: []string{"id", "displayName", "visibility", "isArchived", "guestSettings", "summary"}},
				})
			},
			take: func(_ context.Context, id string, _ json.RawMessage, body []byte) error {
				_, raw, err := clean(body, "id")
				if err != nil {
					return err
				}
				raw, err = json.Marshal(map[string]any{"team": raw})
				if err != nil {
					return err
				}
				return out.Add(id, raw)
			},
		})
	},
	"groups.channels": readChannels,
})

func oneTeam(r *Reader, id string) *teams.TeamItemRequestBuilder {
	return teams.NewTeamsRequestBuilderInternal(paths(), r.adapter).ByTeamId(id)
}

// group is what is looked at of a group to see whether to ask more about it.
type group struct {
	GroupTypes                  []string          `json:"groupTypes"`
	ResourceProvisioningOptions []string          `json:"resourceProvisioningOptions"`
	AssignedLabels              []json.RawMessage `json:"assignedLabels"`
	Visibility                  string            `json:"visibility"`
	MailEnabled                 bool              `json:"mailEnabled"`
	IsAssignableToRole          bool              `json:"isAssignableToRole"`
	OnPremisesSyncEnabled       bool              `json:"onPremisesSyncEnabled"`
}

func parseGroup(raw json.RawMessage) (g group, err error) { return g, json.Unmarshal(raw, &g) }

func (g group) unified() bool { return slices.Contains(g.GroupTypes, "Unified") }
func (g group) team() bool    { return slices.Contains(g.ResourceProvisioningOptions, "Team") }

// takeList brings a list that belongs to a group as its member of the name.
func (r *Reader) takeList(out *collector.Output, name string) func(context.Context, string, json.RawMessage, []byte) error {
	return func(ctx context.Context, id string, _ json.RawMessage, body []byte) error {
		list, err := r.whole(ctx, body)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(map[string]any{name: list})
		if err != nil {
			return err
		}
		return out.Add(id, raw)
	}
}

// readMemberships reads who is in which group, of all groups at once: the first round of a delta query lists every group
// with its members and owners, a large one in several answers. Of people only external users are kept.
// https://learn.microsoft.com/en-us/graph/delta-query-groups
func readMemberships(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	external, err := out.Externals()
	if err != nil {
		return err
	}
	hidden, listed := 0, 0
	for raw, err := range out.Earlier("groups") {
		if err != nil {
			return err
		}
		listed++
		if g, err := parseGroup(raw); err != nil {
			return err
		} else if g.Visibility == "HiddenMembership" {
			hidden++
		}
	}
	err = many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return allGroups(r).Delta().ToGetRequestInformation(ctx, &groups.DeltaRequestBuilderGetRequestConfiguration{
			QueryParameters: &groups.DeltaRequestBuilderGetQueryParameters{Select: []string{"id", "members", "owners"}},
		})
	}, keeping(func(items []item) ([]item, error) {
		kept := items[:0]
		for _, it := range items {
			m, err := memberships(it.raw, external)
			if err != nil {
				return nil, fmt.Errorf("group %s: %w", clip(it.id, 40), err)
			}
			if m == nil {
				continue
			}
			if it.raw, err = json.Marshal(m); err != nil {
				return nil, err
			}
			kept = append(kept, it)
		}
		return kept, nil
	}), func(l *list) { l.delta = true })(ctx, r, nil, out)
	if err != nil {
		return err
	}
	switch {
	case listed > 0 && out.Count() == 0:
		return unreadable("groups", "GroupMember.Read.All")
	case hidden > 0 && !collector.Need{"Member.Read.Hidden"}.Met(r.Granted):
		return out.Also("groups.externalMembers", &collector.Gap{
			Reason: collector.NoPermission, Permission: "Member.Read.Hidden",
			Detail: fmt.Sprintf("the members of %d groups that hide them are not among what was read", hidden),
		})
	}
	return nil
}

// memberships is what one row of the delta query says; nil for a group that was deleted.
func memberships(raw json.RawMessage, external *collector.IDs) (*collector.Membership, error) {
	type reference struct {
		Type    string           `json:"@odata.type"`
		ID      string           `json:"id"`
		Removed *json.RawMessage `json:"@removed"`
	}
	var row struct {
		Removed *json.RawMessage `json:"@removed"`
		Members []reference      `json:"members@delta"`
		Owners  []reference      `json:"owners@delta"`
	}
	if err := json.Unmarshal(raw, &row); err != nil {
		return nil, err
	}
	if row.Removed != nil {
		return nil, nil
	}
	m := new(collector.Membership)
	for _, ref := range row.Members {
		switch {
		case ref.Removed != nil:
		case strings.EqualFold(ref.Type, "#microsoft.graph.group"):
			m.MemberGroups = append(m.MemberGroups, ref.ID)
		case external.Has(ref.ID):
			m.ExternalMembers = append(m.ExternalMembers, ref.ID)
		}
	}
	for _, ref := range row.Owners {
		if ref.Removed != nil {
			continue
		}
		m.Owners = append(m.Owners, ref.ID)
		if external.Has(ref.ID) {
			m.ExternalOwners = append(m.ExternalOwners, ref.ID)
		}
	}
	return m, nil
}

// groupsWithOutsiders are the groups of which an external user is a direct member or an owner.
func groupsWithOutsiders(out *collector.Output) (map[string]bool, error) {
	found := map[string]bool{}
	err := out.Each("groups.externalMembers", func(id string, raw json.RawMessage) error {
		var m collector.Membership
		if err := json.Unmarshal(raw, &m); err != nil {
			return err
		}
		if len(m.ExternalMembers)+len(m.ExternalOwners) > 0 {
			found[id] = true
		}
		return nil
	})
	return found, err
}

// readChannels reads the shared channels that teams host: outsiders get into them without being guests. Channels that
// other teams share with them are read at their own team, or lie in another tenant.
func readChannels(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
	return r.fanOut(ctx, out, fan{
		parents: "groups",
		every:   r.TeamsPause,
		gone:    true,
		ask: func(id string, raw json.RawMessage) (request, error) {
			g, err := parseGroup(raw)
			if err != nil || !g.team() {
				return nil, err
			}
			return oneTeam(r, id).Channels().ToGetRequestInformation(ctx, &teams.ItemChannelsRequestBuilderGetRequestConfiguration{
				QueryParameters: &teams.ItemChannelsRequestBuilderGetQueryParameters{Filter: ptr("membershipType eq 'shared'")},
			})
		},
		take: func(ctx context.Context, id string, _ json.RawMessage, body []byte) error {
			var channels []json.RawMessage
			err := r.rest(ctx, body, "id", func(items []item) error {
				for _, it := range items {
					channel, err := r.channel(ctx, id, it)
					if err != nil {
						return err
					}
					channels = append(channels, channel)
				}
				return nil
			})
			if err != nil || len(channels) == 0 {
				return err
			}
			raw, err := json.Marshal(map[string]any{"channels": channels})
			if err != nil {
				return err
			}
			return out.Add(id, raw)
		},
	})
}

// channel adds to a shared channel who is in it from elsewhere, and which teams it is shared with.
func (r *Reader) channel(ctx context.Context, team string, it item) (json.RawMessage, error) {
	channel := oneTeam(r, team).Channels().ByChannelId(it.id)
	members, err := channel.AllMembers().ToGetRequestInformation(ctx, nil)
	if err != nil {
		return nil, err
	}
	shared, err := channel.SharedWithTeams().ToGetRequestInformation(ctx, nil)
	if err != nil {
		return nil, err
	}
	more := map[string]any{}
	for _, ask := range []struct {
		name string
		info request
	}{{"allMembers", members}, {"sharedWithTeams", shared}} {
		body, err := r.get(ctx, ask.info)
		if err != nil {
			return nil, err
		}
		if more[ask.name], err = r.whole(ctx, body); err != nil {
			return nil, err
		}
	}
	return with(it.raw, more)
}

package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"

	"github.com/guestward/guestward/collector"
)

// auditPage is the most that the logs give at once.
// https://learn.microsoft.com/en-us/graph/api/directoryaudit-list
const auditPage = 1000

// Logs. They are counted while they are read: who is in them does not go into the snapshot, but for those who invite.
var _ = register(map[string]read{
	"audit.invitations": remarked((*Reader).logSpan, many(func(ctx context.Context, r *Reader, out *collector.Output) (request, error) {
		return auditlogs.NewDirectoryAuditsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx,
			&auditlogs.DirectoryAuditsRequestBuilderGetRequestConfiguration{QueryParameters: &auditlogs.DirectoryAuditsRequestBuilderGetQueryParameters{
				Filter: ptr("activityDisplayName eq 'Invite external user' and activityDateTime ge " + r.since(out)),
				Top:    ptr(int32(auditPage)),
			}})
	}, keeping(counted(func(raw json.RawMessage) (map[string]any, error) {
		var a struct {
			Result      string `json:"result"`
			InitiatedBy struct {
				User *struct {
					ID                string `json:"id"`
					UserPrincipalName string `json:"userPrincipalName"`
				} `json:"user"`
				App *struct {
					AppID              string `json:"appId"`
					ServicePrincipalID string `json:"servicePrincipalId"`
					DisplayName        string `json:"displayName"`
				} `json:"app"`
			} `json:"initiatedBy"`
			At string `json:"activityDateTime"`
		}
		if err := json.Unmarshal(raw, &a); err != nil {
			return nil, err
		}
		row := map[string]any{"result": a.Result, "day": day(a.At)}
		switch by := a.InitiatedBy; {
		case by.User != nil && by.User.ID != "":
			row["userId"], row["userPrincipalName"] = by.User.ID, by.User.UserPrincipalName
		case by.App != nil:
			row["appId"], row["servicePrincipalId"], row["appDisplayName"] = by.App.AppID, by.App.ServicePrincipalID, by.App.DisplayName
		}
		return row, nil
	})))),
	"audit.guestSignIns": func(ctx context.Context, r *Reader, s *collector.Source, out *collector.Output) error {
		external, err := out.Externals()
		if err != nil {
			return err
		}
		home, err := ids(out.Earlier("tenant.organization"))
		if err != nil || len(home) != 1 {
			return errors.Join(err, errNoOrganization)
		}
		out.Remark("interactive sign-ins " + r.logSpan() + "; Entra keeps them for 7 days, with a premium licence for 30")
		return many(func(ctx context.Context, r *Reader, out *collector.Output) (request, error) {
			return auditlogs.NewSignInsRequestBuilderInternal(paths(), r.adapter).ToGetRequestInformation(ctx,
				&auditlogs.SignInsRequestBuilderGetRequestConfiguration{QueryParameters: &auditlogs.SignInsRequestBuilderGetQueryParameters{
					Filter: ptr("createdDateTime ge " + r.since(out)),
					Top:    ptr(int32(auditPage)),
				}})
		}, keeping(counted(func(raw json.RawMessage) (map[string]any, error) {
			var a struct {
				UserID                  string `json:"userId"`
				HomeTenantID            string `json:"homeTenantId"`
				ResourceTenantID        string `json:"resourceTenantId"`
				ConditionalAccessStatus string `json:"conditionalAccessStatus"`
				ClientAppUsed           string `json:"clientAppUsed"`
				AppID                   string `json:"appId"`
				AppDisplayName          string `json:"appDisplayName"`
				Status                  struct {
					ErrorCode int `json:"errorCode"`
				} `json:"status"`
				At string `json:"createdDateTime"`
			}
			if err := json.Unmarshal(raw, &a); err != nil {
				return nil, err
			}
			// People of this tenant who sign in elsewhere are in the log too.
			foreign := a.HomeTenantID != "" && !strings.EqualFold(a.HomeTenantID, home[0]) && strings.EqualFold(a.ResourceTenantID, home[0])
			if !foreign && !external.Has(a.UserID) {
				return nil, nil
			}
			return map[string]any{
				"homeTenantId": a.HomeTenantID, "conditionalAccessStatus": a.ConditionalAccessStatus, "clientAppUsed": a.ClientAppUsed,
				"appId": a.AppID, "appDisplayName": a.AppDisplayName, "succeeded": a.Status.ErrorCode == 0, "day": day(a.At),
			}, nil
		})))(ctx, r, s, out)
	},
})

// logSpan is how far back logs are read.
func (r *Reader) logSpan() string { return fmt.Sprintf("of the last %d days", r.LogDays) }

// day is the date of a time, which Graph gives in UTC.
func day(at string) string { return at[:min(len(at), len("2006-01-02"))] }

// counted replaces the entries of a page by rows with a count: entries with the same row are one. Row gives nil for an
// entry that does not count. What two pages count of one row is added up when the snapshot is written.
func counted(row func(json.RawMessage) (map[string]any, error)) func([]item) ([]item, error) {
	return func(items []item) ([]item, error) {
		rows := map[string]int{}
		for _, it := range items {
			object, err := row(it.raw)
			if err != nil {
				return nil, fmt.Errorf("an entry of the log: %w", err)
			}
			if object == nil {
				continue
			}
			text, err := json.Marshal(object) // keys sorted: one form for one row
			if err != nil {
				return nil, err
			}
			rows[string(text)]++
		}
		var out []item
		for _, text := range slices.Sorted(maps.Keys(rows)) {
			sum := sha256.Sum256([]byte(text))
			id := hex.EncodeToString(sum[:8])
			raw, err := with(json.RawMessage(text), map[string]any{"id": id, "count": rows[text]})
			if err != nil {
				return nil, err
			}
			out = append(out, item{id, raw})
		}
		return out, nil
	}
}

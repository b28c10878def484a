package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"

	"github.com/guestward/guestward/collector"
)

func reviews(r *Reader) *identitygovernance.AccessReviewsDefinitionsRequestBuilder {
	return governance(r).AccessReviews().Definitions()
}

// reviewPage is the most that the interface gives at once.
// https://learn.microsoft.com/en-us/graph/api/accessreviewset-list-definitions
const reviewPage = 100

// reviewDays is how far back decisions are counted. A quarterly review lies within it.
const reviewDays = 100

// Access reviews, when they took place, and what was decided.
var _ = register(map[string]read{
	"governance.accessReviews.definitions": many(func(ctx context.Context, r *Reader, _ *collector.Output) (request, error) {
		return reviews(r).ToGetRequestInformation(ctx, &identitygovernance.AccessReviewsDefinitionsRequestBuilderGetRequestConfiguration{
			QueryParameters: &identitygovernance.AccessReviewsDefinitionsRequestBuilderGetQueryParameters{Top: ptr(int32(reviewPage))},
		})
	}),
	"governance.accessReviews.instances": func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		return r.fanOut(ctx, out, fan{
			parents: "governance.accessReviews.definitions",
			ask: func(id string, _ json.RawMessage) (request, error) {
				return reviews(r).ByAccessReviewScheduleDefinitionId(id).Instances().ToGetRequestInformation(ctx, nil)
			},
			take: func(ctx context.Context, definition string, _ json.RawMessage, body []byte) error {
				return r.rest(ctx, body, "id", func(items []item) error {
					for _, it := range items {
						raw, err := with(it.raw, map[string]any{"definitionId": definition})
						if err != nil {
							return err
						}
						if err := out.Add(it.id, raw); err != nil {
							return err
						}
					}
					return nil
				})
			},
		})
	},
	"governance.accessReviews.decisions": func(ctx context.Context, r *Reader, _ *collector.Source, out *collector.Output) error {
		out.Remark(fmt.Sprintf("of reviews that ended within %d days", reviewDays))
		return r.fanOut(ctx, out, fan{
			parents: "governance.accessReviews.instances",
			ask: func(id string, instance json.RawMessage) (request, error) {
				var i struct {
					DefinitionID string     `json:"definitionId"`
					EndDateTime  *time.Time `json:"endDateTime"`
				}
				if err := json.Unmarshal(instance, &i); err != nil {
					return nil, err
				}
				if i.EndDateTime != nil && i.EndDateTime.Before(out.StartedAt().AddDate(0, 0, -reviewDays)) {
					return nil, nil
				}
				return reviews(r).ByAccessReviewScheduleDefinitionId(i.DefinitionID).Instances().ByAccessReviewInstanceId(id).Decisions().ToGetRequestInformation(ctx, nil)
			},
			take: func(ctx context.Context, id string, instance json.RawMessage, body []byte) error {
				definition, err := member(instance, "definitionId")
				if err != nil {
					return err
				}
				sum := decisions{InstanceID: id, DefinitionID: definition, Decisions: map[string]int{}, ApplyResults: map[string]int{}}
				reviewers := map[string]bool{}
				err = r.rest(ctx, body, "id", func(items []item) error {
					for _, it := range items {
						if err := sum.add(it.raw, reviewers); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					return err
				}
				sum.saw(reviewers)
				raw, err := json.Marshal(sum)
				if err != nil {
					return err
				}
				return out.Add(id, raw)
			},
		})
	},
})

// decisions counts what was decided in one instance of a review.
type decisions struct {
	InstanceID   string         `json:"id"`
	DefinitionID string         `json:"definitionId"`
	Total        int            `json:"total"`
	Decisions    map[string]int `json:"decisions"`    // by decision
	ApplyResults map[string]int `json:"applyResults"` // by result, of denied access
	Unanswered   int            `json:"unanswered"`   // by nobody: left open, or decided by the service in a reviewer's place
	Justified    int            `json:"justified"`    // by a person who gave a reason
	Reviewers    int            `json:"reviewers"`    // how many people decided
	ReviewerIDs  []string       `json:"reviewerIds"`  // who they are, so that nobody counts twice in two instances
	Self         int            `json:"self"`         // by the person whom it is about
	External     int            `json:"externalPrincipals"`
}

// nobody is the reviewer of what no person decided.
const nobody = "00000000-0000-0000-0000-000000000000"

// saw notes who decided.
func (d *decisions) saw(reviewers map[string]bool) {
	d.Reviewers, d.ReviewerIDs = len(reviewers), slices.AppendSeq([]string{}, maps.Keys(reviewers))
	slices.Sort(d.ReviewerIDs)
}

func (d *decisions) add(raw json.RawMessage, reviewers map[string]bool) error {
	var i struct {
		Decision      string `json:"decision"`
		ApplyResult   string `json:"applyResult"`
		Justification string `json:"justification"`
		ReviewedBy    struct {
			ID string `json:"id"`
		} `json:"reviewedBy"`
		Principal struct {
			ID                string `json:"id"`
			UserPrincipalName string `json:"userPrincipalName"`
		} `json:"principal"`
	}
	if err := json.Unmarshal(raw, &i); err != nil {
		return err
	}
	d.Total++
	d.Decisions[i.Decision]++
	if strings.EqualFold(i.Decision, "Deny") {
		d.ApplyResults[i.ApplyResult]++
	}
	if by := i.ReviewedBy.ID; by == "" || by == nobody || strings.EqualFold(i.Decision, "NotReviewed") {
		d.Unanswered++
	} else {
		reviewers[by] = true
		if by == i.Principal.ID {
			d.Self++
		}
		if strings.TrimSpace(i.Justification) != "" {
			d.Justified++
		}
	}
	if strings.Contains(strings.ToUpper(i.Principal.UserPrincipalName), "#EXT#") {
		d.External++
	}
	return nil
}

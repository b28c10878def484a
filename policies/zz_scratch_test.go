package policies

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/guestward/guestward/policies/access"
)

func TestZZScratch(t *testing.T) {
	raw, _ := os.ReadFile("/tmp/gen/doc.json")
	var in struct {
		Doc map[string]any
		Q   json.RawMessage
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	tenant, err := access.New(access.FromDocument(in.Doc))
	fmt.Println(err)
	q, err := access.ReadQuestion(in.Q)
	fmt.Println(err)
	c := catalogue(t)
	a, err := c.Uncovered(context.Background(), tenant, q)
	fmt.Println(err)
	if a != nil {
		fmt.Println(a.Verdict, a.Reason)
		for _, h := range a.Holes {
			fmt.Println("HOLE", h.Reach, h.Text, h.Place)
			for _, n := range h.NearMisses {
				fmt.Println("   near", n.Name, n.Clauses)
			}
		}
		for _, h := range a.Undecided {
			fmt.Println("UNDECIDED", h.Reach, h.Text, h.Place, h.Reasons)
		}
	}
}

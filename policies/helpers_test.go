package policies

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/guestward/guestward/collector/snapshot"
)

// shuffled copies a tree with its unordered arrays in another order.
func shuffled(rnd *rand.Rand, v any, t *snapshot.Type) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			out[name] = shuffled(rnd, value, t.Property(name))
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = shuffled(rnd, value, t.Items())
		}
		if t != nil && (t.Key != "" || t.Set) {
			rnd.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		}
		return out
	default:
		return v
	}
}

func compact(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// oneThread leaves a test out under the race detector, which is slow, where one goroutine is at work.
func oneThread(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("one goroutine: nothing for the race detector")
	}
}

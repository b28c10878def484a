package imports

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/snapshot"
)

// Reader lets a collection take its sources out of an export.
func (e *Export) Reader() collector.Reader { return exported{e} }

type exported struct{ *Export }

func (e exported) Read(_ context.Context, s *collector.Source, out *collector.Output) error {
	for _, record := range e.Sources {
		switch {
		case record.Outcome != snapshot.Gap:
		case record.Source == s.Path:
			return collector.GapOf(record)
		case strings.HasPrefix(record.Source, s.Path+"."):
			if err := out.Also(record.Source, collector.GapOf(record)); err != nil {
				return err
			}
		}
	}
	section, property, _ := strings.Cut(s.Path, ".")
	value, ok := e.Section(section)[property]
	if !ok {
		return &collector.Gap{Reason: collector.NotRequested, Detail: e.name + " does not hold it"}
	}
	return Bring(out, s.Path, value)
}

// Bring adds what goes to one path of the snapshot: an object, or a list, whose elements have the property that
// identifies them.
func Bring(out *collector.Output, path string, value any) error {
	elements, isList := value.([]any)
	if !isList {
		return add(out, "", value)
	}
	key := schemaShape(path).Key
	for i, element := range elements {
		id := text(field(element, key))
		if id == "" || strings.ContainsFunc(id, unicode.IsControl) {
			return fmt.Errorf("element %d has no usable %s", i, key)
		}
		if err := add(out, id, element); err != nil {
			return err
		}
	}
	return nil
}

func add(out *collector.Output, id string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return out.Add(id, raw)
}

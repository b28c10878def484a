package teams

import (
	"context"
	"strings"

	"github.com/guestward/guestward/collector"
	"github.com/guestward/guestward/collector/imports"
	"github.com/guestward/guestward/collector/snapshot"
)

// Export reads the settings of Teams out of what PowerShell wrote: the supported way to them.
func Export(e *imports.TeamsExport) collector.Reader { return exported{e} }

type exported struct{ *imports.TeamsExport }

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
	value, ok := e.Section[strings.TrimPrefix(s.Path, "teams.")]
	if !ok {
		return &collector.Gap{Reason: collector.NotRequested, Detail: "the Teams export does not hold it"}
	}
	return bring(out, value)
}

package imports

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/guestward/guestward/collector/snapshot"
)

const tiny = `{"module_version": "1.8.0", "timestamp_zulu": "2026-11-20T08:00:00Z"}`

func inUTF16(order binary.AppendByteOrder, text string) []byte {
	var data []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		data = order.AppendUint16(data, unit)
	}
	return data
}

// TestEncodings: PowerShell writes one and the same export in several encodings.
func TestEncodings(t *testing.T) {
	export := string(readFixture(t))
	want, _, err := ScubaGear("export.json", strings.NewReader(export))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"UTF-8 with BOM": []byte("\xef\xbb\xbf" + export),
		"UTF-16 LE":      inUTF16(binary.LittleEndian, export),
		"UTF-16 BE":      inUTF16(binary.BigEndian, export),
		"CRLF":           []byte(strings.ReplaceAll(export, "\n", "\r\n")),
	} {
		got, _, err := ScubaGear("export.json", bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: another snapshot", name)
		}
	}
}

func TestUTF16KeepsText(t *testing.T) {
	const text = "Zoë 🙂 \u20ac"
	got, err := decodeUTF16("f", inUTF16(binary.BigEndian, text)[2:], binary.BigEndian)
	if err != nil || string(got) != text {
		t.Errorf("%q, %v", got, err)
	}
}

func TestBadInput(t *testing.T) {
	for name, test := range map[string]struct {
		data string
		want []string // parts of the error
	}{
		"empty":                  {"", []string{"export.json: the file is empty", "run ScubaGear again"}},
		"blank":                  {" \n\t ", []string{"the file is empty"}},
		"BOM alone":              {"\xef\xbb\xbf", []string{"the file is empty"}},
		"truncated":              {"{\"module_version\": \"1.8.0\",\n \"conditional_access_policies\": [{\"Id\"", []string{"export.json:2:39: ", "the JSON ends in the middle", "copy it again"}},
		"truncated string":       {`{"module_version": "1.8`, []string{"export.json:1:", "the JSON ends in the middle"}},
		"not JSON":               {"hello", []string{"export.json:1:1: expected a JSON object", exportNames}},
		"HTML":                   {"\n  <html>", []string{"export.json:2:3: expected a JSON object"}},
		"array":                  {"[{}]", []string{"export.json:1:1: expected an object, found an array", "TestResults.json"}},
		"comma":                  {"{\"module_version\": \"1.8.0\",\n  \"tenant_id\": 1,}", []string{"export.json:2:17: not valid JSON"}},
		"no colon":               {`{"module_version" "1.8.0"}`, []string{"export.json:1:19: not valid JSON"}},
		"duplicate":              {"{\"module_version\": \"1.8.0\",\n\"module_version\": \"1.8.0\"}", []string{"export.json:2:1: module_version: the member name stands twice"}},
		"duplicate deep":         {"{\"a\": [{\"b\": {\"c\": 1,\n \"c\": 2}}]}", []string{"export.json:2:2: a[0].b.c: the member name stands twice"}},
		"invalid UTF-8":          {"{\"module_version\": \"\xff\"}", []string{"export.json:1:", "not valid UTF-8", "save the file as UTF-8"}},
		"invalid UTF-8 name":     {"{\"a\xc3\": 1}", []string{"export.json:1:", "not valid UTF-8"}},
		"lone surrogate":         {`{"a": "\ud800"}`, []string{"export.json:1:", "not valid UTF-8"}},
		"odd UTF-16":             {"\xff\xfe{\x00}", []string{"not valid UTF-16"}},
		"UTF-16 lone surrogate":  {"\xfe\xff\xd8\x00\x00a", []string{"not valid UTF-16"}},
		"UTF-16 cut surrogate":   {"\xfe\xff\xd8\x00", []string{"not valid UTF-16"}},
		"UTF-16 without BOM":     {string(inUTF16(binary.LittleEndian, tiny)[2:]), []string{"without a byte-order mark", "save the file as UTF-8"}},
		"gzip":                   {"\x1f\x8b\x08\x00", []string{"compressed", "unpack"}},
		"zip":                    {"PK\x03\x04", []string{"compressed", "unpack"}},
		"another tool's":         {`{"findings": []}`, []string{"export.json: not an export of ScubaGear", exportNames}},
		"a snapshot":             {`{"entra": {}, "collection": {"schemaVersion": 1}}`, []string{"a guestward snapshot already", "scan it as it is"}},
		"a report":               {`{"MetaData": {}, "Results": []}`, []string{"results without the settings", exportNames}},
		"results of another":     {`{"Raw": {"x": 1}}`, []string{"not an export of ScubaGear"}},
		"Raw not an object":      {"{\"Raw\":\n 5}", []string{"export.json:2:2: Raw: expected the settings as an object"}},
		"broken Raw":             {"{\"MetaData\": {},\n \"Raw\": {\"module_version\": \"1.8.0\", \"a\": {\"b\":1,\"b\":2}}}", []string{"export.json:2:49: ", "stands twice"}},
		"more text":              {tiny + "\n{}", []string{"export.json:2:1: more text after the end"}},
		"comma after the end":    {tiny + " ,", []string{"export.json:1:71: more text after the end"}},
		"deep":                   {`{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}", []string{"export.json:1:", "nested deeper than 50 levels"}},
		"deep objects":           {strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), []string{"nested deeper than 50 levels"}},
		"deeper than the parser": {`{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", []string{"nested deeper than 50 levels"}},
	} {
		doc, warnings, err := ScubaGear("export.json", strings.NewReader(test.data))
		if err == nil || doc != nil || warnings != nil {
			t.Errorf("%s: no error, or a result beside it: %v", name, err)
			continue
		}
		var e *snapshot.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %T is not a *snapshot.Error", name, err)
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q lacks %q", name, err, part)
			}
		}
	}
}

func TestTooLarge(t *testing.T) {
	if _, err := readText("f", strings.NewReader(strings.Repeat(" ", 2<<20+1)), 2<<20); err == nil || !strings.Contains(err.Error(), "larger than 2 MiB") {
		t.Error(err)
	}
	if data, err := readText("f", strings.NewReader(strings.Repeat(" ", 2<<20)), 2<<20); err != nil || len(data) != 2<<20 {
		t.Error(len(data), err)
	}
}

func TestReadError(t *testing.T) {
	_, _, err := ScubaGear("export.json", io.MultiReader(strings.NewReader("{"), iotest.ErrReader(errors.New("the disk is gone"))))
	if err == nil || !strings.Contains(err.Error(), "export.json: the disk is gone") {
		t.Error(err)
	}
}

func TestPosition(t *testing.T) {
	const text = "ab\nZ\u00eb\U0001F642x"
	for offset, want := range map[int64]snapshot.Position{
		0: {Line: 1, Column: 1}, 2: {Line: 1, Column: 3}, 3: {Line: 2, Column: 1}, 6: {Line: 2, Column: 3}, 10: {Line: 2, Column: 5}, 99: {Line: 2, Column: 6},
	} {
		if got := position([]byte(text), offset); got != want {
			t.Errorf("%d: %v, want %v", offset, got, want)
		}
	}
}

// TestWrittenTwice: a run of several products leaves some members twice in the export.
func TestWrittenTwice(t *testing.T) {
	export := strings.TrimSpace(string(readFixture(t)))
	plans := `"service_plans": [{"ServicePlanName": "AAD_PREMIUM", "AppliesTo": "User", "ProvisioningStatus": "Success", "ServicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d"}]`
	with := func(members string) snapshot.Document {
		t.Helper()
		doc, _, err := ScubaGear("export.json", strings.NewReader(strings.TrimSuffix(export, "}")+", "+members+"}"))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	wantCollected(t, with(`"accepted_domains": [], "conn_filter": 1, "conn_filter": 2`), "licences.servicePlans")
	wantGap(t, with(plans), "licences.servicePlans", "error", "stands twice in the export, with different values")
	doc, _, err := ScubaGear("export.json", strings.NewReader(strings.TrimSuffix(tiny, "}")+", "+plans+", "+plans+"}"))
	if err != nil {
		t.Fatal(err)
	}
	wantCollected(t, doc, "licences.servicePlans")
	if _, _, err := ScubaGear("results.json", strings.NewReader(`{"Raw": `+strings.TrimSuffix(tiny, "}")+", "+plans+", "+plans+"}}")); err != nil {
		t.Error(err)
	}
}

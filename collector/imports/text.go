package imports

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/guestward/guestward/collector/snapshot"
)

// maxExport is the largest export that is read, in bytes. Exports of large tenants have a few MiB.
const maxExport = 256 << 20

// readText reads an export as UTF-8. Windows PowerShell 5.1 writes a byte-order mark with Set-Content -Encoding UTF8,
// and UTF-16 with > and Out-File:
// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding
func readText(name string, r io.Reader, limit int) ([]byte, error) {
	fail := func(problem, remedy string) ([]byte, error) {
		return nil, &snapshot.Error{File: name, Problem: problem, Remedy: remedy}
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(io.LimitReader(r, int64(limit)+1)); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text := b.Bytes()
	switch {
	case len(text) > limit:
		return fail(fmt.Sprintf("the file is larger than %d MiB", limit>>20), "no export of a tenant is: check that it is the right file")
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		text = text[3:]
	case bytes.HasPrefix(text, []byte("\xff\xfe")):
		return decodeUTF16(name, text[2:], binary.LittleEndian)
	case bytes.HasPrefix(text, []byte("\xfe\xff")):
		return decodeUTF16(name, text[2:], binary.BigEndian)
	case bytes.HasPrefix(text, []byte("\x1f\x8b")), bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return fail("the file is compressed", "unpack it first")
	}
	return text, nil
}

func decodeUTF16(name string, data []byte, order binary.ByteOrder) ([]byte, error) {
	bad := func() ([]byte, error) {
		return nil, &snapshot.Error{File: name, Problem: "the text is not valid UTF-16, though its byte-order mark says so", Remedy: "save the file as UTF-8"}
	}
	if len(data)%2 != 0 {
		return bad()
	}
	text := make([]byte, 0, len(data)/2+len(data)/16)
	for i := 0; i < len(data); i += 2 {
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) {
			if i += 2; i >= len(data) {
				return bad()
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(data[i:]))); r == utf8.RuneError {
				return bad()
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return text, nil
}

// position is the line and column of an offset.
func position(text []byte, offset int64) snapshot.Position {
	return snapshot.Position{Line: 1, Column: 1}.After(text[:min(max(offset, 0), int64(len(text)))])
}

package report

import (
	"net/url"
	"path/filepath"
	"strings"
)

// places turns file names into the URIs of SARIF.
type places struct {
	root  string
	known map[string]string
}

// uri is the file relative to the root, with slashes, or its base name when it lies outside.
func (p places) uri(file string) string {
	if uri, ok := p.known[file]; ok {
		return uri
	}
	name, ok := Within(p.root, file)
	if !ok {
		name = filepath.Base(file)
	}
	var parts []string
	for part := range strings.SplitSeq(filepath.ToSlash(name), "/") {
		parts = append(parts, segment(part, "snapshot"))
	}
	p.known[file] = strings.Join(parts, "/")
	return p.known[file]
}

// Within is the file's name relative to the root, and whether the file lies below it at all: what lies elsewhere has
// only its base name in SARIF.
func Within(root, file string) (name string, ok bool) {
	rel, err := filepath.Rel(resolve(root), resolve(file))
	return rel, root != "" && err == nil && filepath.IsLocal(rel)
}

// resolve makes the name absolute and follows symbolic links, behind which GitHub shows no file.
func resolve(file string) string {
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	if real, err := filepath.EvalSymlinks(file); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil { // the file itself is not on this disk
		return filepath.Join(dir, filepath.Base(file))
	}
	return file
}

// segment makes one segment of a relative URI: no "<stdin>", no colon that would end a scheme, never empty.
func segment(s, otherwise string) string {
	s = strings.Trim(s, "<>")
	if s == "" || s == "." || s == ".." {
		return otherwise
	}
	return strings.ReplaceAll(url.PathEscape(s), ":", "%3A")
}

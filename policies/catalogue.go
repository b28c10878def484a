package policies

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/sync/errgroup"

	"github.com/guestward/guestward/collector/snapshot"
)

// PolicyError is a rule, or a file of rules, that breaks the contract.
type PolicyError struct {
	Place   string // file, or file:line
	Problem string
	Remedy  string
}

func (e *PolicyError) Error() string {
	s := e.Problem
	if e.Place != "" {
		s = e.Place + ": " + s
	}
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Catalogue is the set of rules that can be asked, compiled together.
type Catalogue struct {
	rules    []*Rule // sorted by id
	byID     map[string]*Rule
	modules  map[string]*ast.Module
	defaults []source                      // settings files, built-in first
	compiled func() (*ast.Compiler, error) // the rules, ready to be asked; made when first called
}

// source is a file with the name that messages show.
type source struct {
	name string
	data []byte
}

// Rules lists the catalogue, sorted by id.
func (c *Catalogue) Rules() []*Rule { return c.rules }

// Rule finds a rule by its id or by one that it had before.
func (c *Catalogue) Rule(id string) (*Rule, bool) {
	r, ok := c.byID[strings.ToUpper(id)]
	return r, ok
}

// Select returns the rules that the patterns include and do not exclude, sorted by id. A pattern is an id or its
// letters (SPO), an area (sharepoint), a framework (scuba) or its control (scuba:MS.AAD.8.2); * stands for anything,
// and case does not matter. No includes means all rules.
func (c *Catalogue) Select(include, exclude []string) ([]*Rule, error) {
	matched := func(patterns []string) (map[*Rule]bool, error) {
		set := map[*Rule]bool{}
		for _, pattern := range patterns {
			hit := false
			for _, r := range c.rules {
				if r.matches(pattern) {
					set[r] = true
					hit = true
				}
			}
			if !hit {
				return nil, fmt.Errorf("no rule is called %q; `guestward rules list` shows the ids, areas and controls that can be named", pattern)
			}
		}
		return set, nil
	}
	in, err := matched(include)
	if err != nil {
		return nil, err
	}
	out, err := matched(exclude)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(c.rules), func(r *Rule) bool {
		return len(include) > 0 && !in[r] || out[r]
	}), nil
}

func (r *Rule) matches(pattern string) bool {
	like := func(text string) bool {
		ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(text))
		return ok && err == nil
	}
	for _, id := range append([]string{r.ID}, r.Aliases...) {
		family, _, _ := strings.Cut(id, "-")
		if like(id) || like(family) {
			return true
		}
	}
	if like(r.Area) {
		return true
	}
	for framework, controls := range r.Controls {
		if like(framework) || slices.ContainsFunc(controls, func(control string) bool { return like(framework + ":" + control) }) {
			return true
		}
	}
	return false
}

// Load builds the catalogue from the embedded rules and those in the folders, in order.
func Load(folders ...fs.FS) (*Catalogue, error) {
	return load(false, folders...)
}

// load reads the rules, with the tests of the folders, or the built-in ones where there are no folders, if asked.
func load(tests bool, folders ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{byID: map[string]*Rule{}, modules: map[string]*ast.Module{}}
	for i, folder := range slices.Concat([]fs.FS{files}, folders) {
		before := len(c.rules)
		prefix := "policies"
		if i > 0 {
			prefix = folderName(folder)
		}
		if err := c.read(folder, prefix, i > 0, tests && (i > 0 || len(folders) == 0)); err != nil {
			return nil, err
		}
		if i > 0 && !tests && len(c.rules) == before {
			return nil, &PolicyError{Place: prefix, Problem: "the folder holds no rule", Remedy: "a rule is in a package rules.<area>.<name>; other packages are only helpers"}
		}
	}
	slices.SortFunc(c.rules, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })

	builtIn := !tests && len(folders) == 0
	// It takes two thirds of the time in which the program starts, and a list of rules does without.
	c.compiled = sync.OnceValues(func() (*ast.Compiler, error) {
		compiler := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithEnablePrintStatements(tests)
		if builtIn {
			// The tests have run these checks over the rules that are built in; they only cost time here.
			compiler.WithSkipStages(ast.StageCheckTypes, ast.StageCheckRecursion, ast.StageCheckUnusedImports, ast.StageBuildRequiredCapabilities)
		}
		if compiler.Compile(maps.Clone(c.modules)); compiler.Failed() {
			return nil, compileError(compiler.Errors)
		}
		c.markAsking()
		return compiler, nil
	})
	if builtIn {
		return c, nil
	}
	if _, err := c.compiled(); err != nil { // whose rules do not compile hears of it at once
		return nil, err
	}
	return c, nil
}

// Folder gives a folder of rules the name that messages show.
func Folder(name string, f fs.FS) fs.FS { return namedFS{f, name} }

type namedFS struct {
	fs.FS
	name string
}

func folderName(f fs.FS) string {
	if n, ok := f.(namedFS); ok {
		return n.name
	}
	return "policy"
}

// read adds the modules and settings of one folder. Modules are parsed over the cores: it is a fifth of the time that a
// scan of a small tenant takes.
func (c *Catalogue) read(folder fs.FS, prefix string, custom, tests bool) error {
	var names []string
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		shown := path.Join(prefix, name)
		switch {
		case err != nil:
			return &PolicyError{Place: shown, Problem: err.Error()}
		case entry.IsDir():
		case name == "settings/data.yaml":
			data, err := fs.ReadFile(folder, name)
			if err != nil {
				return &PolicyError{Place: shown, Problem: err.Error()}
			}
			c.defaults = append(c.defaults, source{shown, data})
		case path.Ext(name) == ".rego" && (tests || !strings.HasSuffix(name, "_test.rego")):
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return &PolicyError{Place: prefix, Problem: "the folder holds no .rego file", Remedy: "a rule is a folder with rule.rego; see CONTRIBUTING"}
	}
	modules := make([]*ast.Module, len(names))
	errs := make([]error, len(names))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		g.Go(func() error {
			modules[i], errs[i] = parse(folder, name, path.Join(prefix, name))
			return nil
		})
	}
	g.Wait()
	for i, name := range names { // in order, so that of several errors it is always the first that is told
		if errs[i] != nil {
			return errs[i]
		}
		if err := c.add(modules[i], path.Join(prefix, name), custom); err != nil {
			return err
		}
	}
	return nil
}

func parse(folder fs.FS, name, shown string) (*ast.Module, error) {
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, &PolicyError{Place: shown, Problem: err.Error()}
	}
	module, err := ast.ParseModuleWithOpts(shown, string(data), ast.ParserOptions{ProcessAnnotation: true})
	if err != nil {
		return nil, compileError(err)
	}
	return module, nil
}

// add takes a module into the catalogue; one in a package below rules is a rule.
func (c *Catalogue) add(module *ast.Module, shown string, custom bool) error {
	pkg := strings.TrimPrefix(module.Package.Path.String(), "data.")
	place := fmt.Sprintf("%s:%d", shown, module.Package.Location.Row)
	isTest := strings.HasSuffix(shown, "_test.rego")
	for file, other := range c.modules {
		// A library may be in several files of its folder.
		if other.Package.Equal(module.Package) && !isTest && (strings.HasPrefix(pkg, "rules.") || path.Dir(file) != path.Dir(shown)) {
			return &PolicyError{Place: place, Problem: fmt.Sprintf("the package %s is already in %s", pkg, file), Remedy: "give yours a name of its own"}
		}
	}
	if _, ok := c.modules[shown]; ok { // the other file would be gone without a word
		return &PolicyError{Place: place, Problem: "another file is known by this name", Remedy: "give the folder another name"}
	}
	c.modules[shown] = module
	if !strings.HasPrefix(pkg, "rules.") || isTest {
		return nil
	}
	rule, err := parseRule(module, pkg)
	if err != nil {
		return &PolicyError{Place: place, Problem: err.Error(), Remedy: "CONTRIBUTING lists what a rule needs"}
	}
	rule.Custom = custom
	for _, id := range append([]string{rule.ID}, rule.Aliases...) {
		if other, ok := c.byID[id]; ok {
			return &PolicyError{Place: place, Problem: fmt.Sprintf("the id %s belongs to %q", id, other.Title), Remedy: "ids are never given twice: choose another"}
		}
		c.byID[id] = rule
	}
	c.rules = append(c.rules, rule)
	return nil
}

// markAsking notes which rules ask the models, by themselves or through a library: the engine makes those models first.
func (c *Catalogue) markAsking() {
	called, imported := map[string]map[ast.Var]bool{}, map[string][]string{}
	for _, module := range c.modules {
		pkg := module.Package.Path.String()
		if called[pkg] == nil {
			called[pkg] = map[ast.Var]bool{}
		}
		note := func(operator ast.Value) {
			if ref, ok := operator.(ast.Ref); ok && len(ref) > 1 {
				if family, ok := ref[0].Value.(ast.Var); ok {
					called[pkg][family] = true
				}
			}
		}
		ast.WalkExprs(module, func(e *ast.Expr) bool {
			if e.IsCall() {
				note(e.Operator())
			}
			return false
		})
		ast.WalkTerms(module, func(t *ast.Term) bool {
			if call, ok := t.Value.(ast.Call); ok {
				note(call[0].Value)
			}
			return false
		})
		for _, i := range module.Imports {
			if ref, ok := i.Path.Value.(ast.Ref); ok {
				imported[pkg] = append(imported[pkg], ref.String(), ref[:len(ref)-1].String())
			}
		}
	}
	var asks func(pkg string, family ast.Var, seen map[string]bool) bool
	asks = func(pkg string, family ast.Var, seen map[string]bool) bool {
		if seen[pkg] {
			return false
		}
		seen[pkg] = true
		return called[pkg][family] || slices.ContainsFunc(imported[pkg], func(other string) bool { return asks(other, family, seen) })
	}
	for _, r := range c.rules {
		pkg := "data.rules." + r.Area + "." + r.Name
		r.asksModel = asks(pkg, "access", map[string]bool{})
		r.asksReach = asks(pkg, "reach", map[string]bool{})
	}
}

// custom is the part of METADATA that is ours. Unknown fields are refused: a misspelt one would say nothing.
type custom struct {
	ID          string              `json:"id"`
	Aliases     []string            `json:"aliases"`
	Severity    Severity            `json:"severity"`
	Because     string              `json:"severity_reason"`
	Requires    []string            `json:"requires"`
	Uses        []string            `json:"uses"`
	Peer        []string            `json:"peer"`
	Licence     []string            `json:"licence"`
	Each        string              `json:"each"`
	Settings    []string            `json:"settings"`
	Rationale   string              `json:"rationale"`
	Remediation Remediation         `json:"remediation"`
	Controls    map[string][]string `json:"controls"`
	Since       string              `json:"since"`
}

var (
	idPattern      = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,9}-[0-9]{3,4}$`)
	packagePattern = regexp.MustCompile(`^rules\.([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$`)
)

// parseRule reads a rule from its module and checks that nothing of the contract is missing.
func parseRule(module *ast.Module, pkg string) (*Rule, error) {
	var meta *ast.Annotations
	for _, a := range module.Annotations {
		if a.Scope == "package" {
			meta = a
		}
	}
	if meta == nil {
		return nil, fmt.Errorf("the package %s has no METADATA block", pkg)
	}
	name := packagePattern.FindStringSubmatch(pkg)
	if name == nil {
		return nil, fmt.Errorf("the package %s is not of the form rules.<area>.<name>", pkg)
	}
	raw, err := json.Marshal(meta.Custom)
	if err != nil {
		return nil, err
	}
	var c custom
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return nil, fmt.Errorf("METADATA custom: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	r := &Rule{
		ID: c.ID, Aliases: c.Aliases, Area: name[1], Name: name[2], Title: meta.Title,
		Description: tidy(meta.Description), Rationale: tidy(c.Rationale), Severity: c.Severity, Because: tidy(c.Because),
		Peer: c.Peer, Licence: c.Licence,
		Each: c.Each, Settings: c.Settings, Controls: c.Controls, Since: c.Since,
		Notes: definesSet(module, "notes"), Unknowns: definesSet(module, "unknowns"),
		Remediation: Remediation{tidy(c.Remediation.Portal), tidy(c.Remediation.Graph), tidy(c.Remediation.PowerShell)},
	}
	for _, link := range meta.RelatedResources {
		r.Links = append(r.Links, Link{URL: link.Ref.String(), Title: link.Description})
	}
	var errs []error
	for _, text := range c.Requires {
		req, err := parseRequirement(text)
		errs = append(errs, err)
		r.Requires = append(r.Requires, req)
	}
	for _, text := range c.Uses {
		use, err := parseRequirement(text)
		errs = append(errs, err)
		r.Uses = append(r.Uses, use)
	}
	for _, path := range c.Peer {
		if !slices.Contains(PeerPaths, path) {
			errs = append(errs, fmt.Errorf("METADATA custom.peer: %q is none of what is known of a peer: %s", path, strings.Join(PeerPaths, ", ")))
		}
	}
	for field, missing := range map[string]bool{
		"title": r.Title == "", "description": r.Description == "", "custom.rationale": r.Rationale == "",
		"custom.requires": len(r.Requires) == 0, "custom.since": r.Since == "", "related_resources": len(r.Links) == 0,
		"custom.remediation.portal": r.Remediation.Portal == "", "custom.remediation.graph": r.Remediation.Graph == "",
		"custom.remediation.powershell": r.Remediation.PowerShell == "",
	} {
		if missing {
			errs = append(errs, fmt.Errorf("METADATA lacks %s", field))
		}
	}
	for _, id := range append([]string{r.ID}, r.Aliases...) {
		if !idPattern.MatchString(id) {
			errs = append(errs, fmt.Errorf("METADATA custom.id: %q is not of the form ABC-001", id))
		}
	}
	if r.Severity.Rank() < 0 {
		errs = append(errs, fmt.Errorf("METADATA custom.severity: %q is none of critical, high, medium, low, info", r.Severity))
	}
	if t := snapshot.Schema().Property(r.Each); r.Each != "" && (t == nil || !t.Stream) {
		errs = append(errs, fmt.Errorf("METADATA custom.each: %q is not a collection of the snapshot", r.Each))
	}
	for _, req := range r.Requires {
		for _, alternative := range req.Alternatives {
			if t := snapshot.Schema().Property(alternative.steps[0]); t != nil && t.Stream && alternative.steps[0] != r.Each {
				errs = append(errs, fmt.Errorf("METADATA custom.requires: %s is a collection, which a rule reads with each", alternative.steps[0]))
			}
		}
	}
	if !definesSet(module, "findings") {
		errs = append(errs, errors.New("the package defines no partial set `findings contains ... if { ... }`"))
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return r, errors.Join(errs...)
}

func definesSet(module *ast.Module, name string) bool {
	return slices.ContainsFunc(module.Rules, func(r *ast.Rule) bool {
		return r.Head.Name.String() == name && r.Head.RuleKind() == ast.MultiValue
	})
}

// tidy joins the lines of a folded text: METADATA breaks them for the editor's sake.
func tidy(text string) string {
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

// compileError puts OPA's errors, which name file and line, into ours.
func compileError(err error) error {
	var list ast.Errors
	if !errors.As(err, &list) || len(list) == 0 {
		return &PolicyError{Problem: err.Error()}
	}
	// What a rule may not call explains more than the unused names that often come with it.
	slices.SortStableFunc(list, func(a, b *ast.Error) int { return cmp.Compare(rankError(a), rankError(b)) })
	first := list[0]
	e := &PolicyError{Problem: first.Message}
	if first.Location != nil {
		e.Place = fmt.Sprintf("%s:%d", first.Location.File, first.Location.Row)
	}
	if rankError(first) == 0 {
		e.Remedy = "rules have no network, no clock and no chance; time is input.collection.collectedAt"
	}
	if more := len(list) - 1; more > 0 {
		e.Problem += fmt.Sprintf(" (and %d more errors)", more)
	}
	return e
}

func rankError(e *ast.Error) int {
	if strings.HasPrefix(e.Message, "undefined function") {
		return 0
	}
	return 1
}

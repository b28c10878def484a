package main

import (
	"io/fs"
	"os"

	"github.com/guestward/guestward/cmd/internal/demo"
	"github.com/guestward/guestward/collector/snapshot"
	"github.com/guestward/guestward/policies"
)

// openSnapshot opens what the command line names: a file, a directory, - for standard input, or, when it names nothing,
// the made-up tenant.
func openSnapshot(s streams, args []string) (*snapshot.Snapshot, error) {
	switch {
	case len(args) == 0:
		return snapshot.OpenBytes(demo.Name, demo.Tenant)
	case args[0] == "-":
		return snapshot.OpenReader("<stdin>", s.in)
	default:
		return snapshot.Open(args[0])
	}
}

// loadCatalogue reads the built-in rules and those of the folders.
func loadCatalogue(folders []string) (*policies.Catalogue, error) {
	opened, err := policyFolders(folders)
	if err != nil {
		return nil, err
	}
	return policies.Load(opened...)
}

func policyFolders(names []string) ([]fs.FS, error) {
	var opened []fs.FS
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			return nil, usagef("%s: not a folder; name the one that holds your rules", name)
		}
		opened = append(opened, policies.Folder(name, os.DirFS(name)))
	}
	return opened, nil
}

// loadSettings reads the settings that flags name.
func loadSettings(c *policies.Catalogue, profile, file string) (*policies.Settings, error) {
	var data []byte
	if file != "" {
		var err error
		if data, err = os.ReadFile(file); err != nil {
			return nil, usagef("--settings: %w", err)
		}
	}
	settings, err := c.Settings(profile, file, data)
	if err != nil {
		return nil, usageError{err}
	}
	return settings, nil
}

package main

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

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

// openPeers opens the snapshots of other tenants.
func openPeers(names []string) (peers []*snapshot.Snapshot, err error) {
	for _, name := range names {
		if name == "-" {
			closeAll(peers)
			return nil, usagef("--peer -: name a file or a folder; standard input can only be the snapshot that is scanned")
		}
		peer, err := snapshot.Open(name)
		if err != nil {
			closeAll(peers)
			return nil, fmt.Errorf("--peer: %w", err)
		}
		peers = append(peers, peer)
	}
	return peers, nil
}

func closeAll(snapshots []*snapshot.Snapshot) {
	for _, s := range snapshots {
		s.Close()
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

// settingsFlags choose the settings: every command that takes them takes them alike.
type settingsFlags struct {
	profile string
	files   []string
}

func (o *settingsFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.profile, "profile", "", "`NAME` of a set of settings that follows a benchmark")
	f.StringArrayVar(&o.files, "settings", nil, "YAML `FILE` with settings, merged over the defaults and the profile; may be repeated, a later one wins")
	complete(cmd, "profile", policies.Profiles)
}

// load reads and merges them.
func (o *settingsFlags) load(c *policies.Catalogue) (*policies.Settings, error) {
	var files []policies.SettingsFile
	for _, name := range o.files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, usagef("--settings: %w", err)
		}
		files = append(files, policies.SettingsFile{Name: name, Data: data})
	}
	settings, err := c.Settings(o.profile, files...)
	if err != nil {
		return nil, usageError{err}
	}
	return settings, nil
}

// Package snapshot reads and writes guestward's document: the state of one tenant as JSON.
//
// A snapshot is one JSON object whose members are sections, kept as a file, a gzipped file, or a directory with one
// file a member. Config sections are small and held in memory; collections (guests, groups, sites) may hold a million
// elements and are only ever streamed. Everything read is untrusted: the reader is strict, bounded, and names file,
// line and column of what it refuses.
//
// The package is a leaf: it knows nothing of Microsoft Graph's SDK nor of OPA.
package snapshot

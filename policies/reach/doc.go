// Package reach says what an outsider reaches in a tenant, and by which path: groups within groups, teams, shared channels,
// sites, applications, directory roles, access packages, grants and what the outsider owns.
//
// It is pure: it knows neither OPA nor the files that a snapshot is kept in. A Model is made of Facts in one pass over the
// groups. Outsiders themselves are not held, only the edges that lead from them to groups, flat and by number, so that half
// a million of them take a few megabytes.
//
// What the snapshot does not tell is carried: an answer lists the sources without which it may be too short.
package reach

// Package collector turns a live tenant into a snapshot.
//
// Sources is the table of everything that can be read: what it fills in the snapshot, which permission and licence the
// service asks for, and where it does not exist. The table drives what is collected, which permissions are asked for and
// what a gap says. Readers (collector/graph, collector/sharepoint, collector/teams) know how to read a source; this
// package runs them, keeps what they bring in a spool on disk, and joins it into the document. One source's failure never
// stops the others: it becomes a gap.
package collector

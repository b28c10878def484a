// Package imports turns the exports of other tools into snapshots.
//
// An import is one table: what a member of the export becomes in the snapshot, which command filled it, and what the
// tool never exports. Nothing is guessed: what the export does not hold, or holds in a form that is not understood,
// becomes a gap, and a rule that needs it answers "unknown". The export is untrusted, like a snapshot.
package imports

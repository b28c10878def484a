// Package access decides what Conditional Access and cross-tenant access let outsiders do. It is pure: a tenant's facts
// and a question in, an answer out; no files, no clock, no chance.
//
// A policy's reach is a box: its conditions are ANDed, and each speaks of one dimension of a sign-in (who, to what, with
// which client, from where ...). "Every guest needs MFA" holds when the boxes of the policies that enforce it cover the
// box of all sign-ins. The solver subtracts one from the other and says what is left: the holes.
//
//	tenant.go      the facts, as the snapshot holds them
//	policy.go      a policy in closed-world form          conditions.go  what its conditions match
//	grant.go       what a caller can present, whom it stops   strength.go session.go   its kinds of controls
//	who.go         existing and future outsiders          groups.go      their groups and roles
//	atoms.go       the other dimensions, in classes       problem.go     a question as the solver takes it
//	regions.go     where a policy enforces something      box.go solver.go   the geometry
//	question.go uncovered.go                              questions and answers
//	decide.go      one sign-in, clause by clause          request.go     the same, as people ask for it (What-If)
//	explain.go     a hole in words, and near misses       lockout.go     who cannot get in at all
//	guestgroups.go   the dynamic groups of guests
//	exclusions.go references.go consistency.go            what exclusions open, what policies name, what does not fit
//	assumptions.go what Microsoft leaves open, as named switches
//
// Everything is three-valued: what must be so, what may be so. The rules' library conditional_access decides one sign-in
// by the same semantics in Rego: it is the specification, and every hole is put to it before it is reported.
package access

// Package access decides what Conditional Access and cross-tenant access let outsiders do. It is pure: a tenant's facts
// and a question in, an answer out; no files, no clock, no chance.
//
// A policy's reach is a box: its conditions are ANDed, and each speaks of one dimension of a sign-in (who, to what, with
// which client, from where ...). "Every guest needs MFA" holds when the boxes of the policies that enforce it cover the
// box of all sign-ins. The solver subtracts one from the other and says what is left: the holes.
//
//	tenant.go      the facts, as the snapshot holds them
//	policy.go      a policy in closed-world form          conditions.go  what its conditions match
//	proofs.go      what a caller can present              grant.go       whom its grant controls stop
//	who.go         existing and future outsiders          atoms.go       the other dimensions, cut into equivalence classes
//	box.go solver.go                                      the geometry
//	question.go uncovered.go                              questions and answers
//	explain.go     why a policy does not stop a sign-in   lockout.go     who cannot get in at all
//	assumptions.go what Microsoft leaves open, as named switches
//
// Everything is three-valued: what must be so, what may be so. The rules' library conditional_access decides one sign-in
// by the same semantics in Rego: it is the specification, and every hole is put to it before it is reported.
package access

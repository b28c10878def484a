// Package signin gets access tokens for the collector: it chooses a way to sign in from what the caller and the
// environment give, knows the hosts of each Microsoft cloud, and says in plain words what is missing or was refused.
//
// It never tries one way after another until something works: which identity read a tenant must not be a matter of
// luck. No error of this package holds a secret, an assertion or a token.
package signin

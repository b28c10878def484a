// Package graphtest is a Microsoft Graph that misbehaves, for tests. It serves a made-up tenant as the service does: pages,
// $select, $filter and $expand, $batch, delta queries, permissions, licences and limits of speed; and, when told to, every
// kind of failure that a network or a busy service knows. SharePoint's tenant administration and the interface behind
// Teams PowerShell are on the same host.
//
// It is strict. What the service would not understand, a property that does not exist, a header that is missing, or a
// request that writes, is a violation, which fails the test.
//
// # The state of a tenant
//
// Testdata/graph holds one JSON object for each tenant:
//
//	objects      by path, such as "/policies/authorizationPolicy": the object there
//	collections  by path, such as "/identity/conditionalAccess/policies": the list there. An element may hold the lists
//	             below it as members: a review its "instances", a service principal its "appRoleAssignedTo" and "jobs"
//	             (of synchronization), a job its "schema". What only beta has stands below "/beta".
//	users        with "sponsors" (ids), "manager" and "signInActivity"
//	groups       with "members" and "owners" (ids), "settings", "team" and "channels", which have "allMembers" and
//	             "sharedWithTeams"
//	sharePoint   what _api/SPO.Tenant answers
//	sites        properties of sites, with plain dates and GUIDs: the fake gives them the form that CSOM has
//	teams        by name of a configuration, such as "TeamsMeetingPolicy": the list of its instances
//	errors       by path: {"status", "code", "message", "select"}, answered instead of the content; with "select" only
//	             where that property is selected or expanded
//	licensed     paths that need no licence in this tenant, whatever it has bought
//
// An object that the state leaves out is not found; a list that it leaves out is empty.
package graphtest

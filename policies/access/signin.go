package access

import "github.com/guestward/guestward/policies/access/truth"

// The kinds of users that Conditional Access tells apart, with Graph's names of external ones.
// https://learn.microsoft.com/en-us/graph/api/resources/conditionalaccessguestsorexternalusers
const (
	InternalMember         = "internalMember" // not Graph's: everybody else
	InternalGuest          = "internalGuest"
	B2BCollaborationGuest  = "b2bCollaborationGuest"
	B2BCollaborationMember = "b2bCollaborationMember"
	B2BDirectConnectUser   = "b2bDirectConnectUser"
	OtherExternalUser      = "otherExternalUser"
	ServiceProvider        = "serviceProvider"
)

// GuestKinds are the kinds of outsiders.
var GuestKinds = []string{InternalGuest, B2BCollaborationGuest, B2BCollaborationMember, B2BDirectConnectUser, OtherExternalUser, ServiceProvider}

// Where a user authenticates.
const (
	Entra           = "entra"
	OtherProvider   = "other" // one-time code, Microsoft account, Google, SAML
	UnknownProvider = "unknown"
)

// SignIn is one sign-in in every respect that policies can ask about: what the specification decides.
type SignIn struct {
	User     Caller   `json:"user"`
	Resource Resource `json:"resource"`
	Client   string   `json:"client"`
	Platform string   `json:"platform"`
	// Locations are the named locations that the address lies in.
	Locations map[string]string `json:"locations"`
	Trusted   truth.Truth       `json:"trusted"`
	Device    Device            `json:"device"`
	// DeviceFilters says of each policy whether its filter matches the device as this tenant sees it.
	DeviceFilters map[string]truth.Truth `json:"device_filters"`
	SignInRisk    string                 `json:"sign_in_risk"`
	UserRisk      string                 `json:"user_risk"`
	InsiderRisk   string                 `json:"insider_risk"`
	Flow          string                 `json:"flow"`
}

// Caller is who signs in.
type Caller struct {
	Kind             string            `json:"kind"`
	ID               *string           `json:"id"`
	HomeTenant       *string           `json:"home_tenant"`
	IdentityProvider string            `json:"identity_provider"`
	Groups           map[string]string `json:"groups"`
	Roles            map[string]string `json:"roles"`
	Trust            Trust             `json:"trust"`
}

// Trust is what this tenant believes of what the caller's tenant claims.
type Trust struct {
	MFA       truth.Truth `json:"mfa"`
	Compliant truth.Truth `json:"compliant"`
	Hybrid    truth.Truth `json:"hybrid"`
}

// Resource is what the sign-in is for.
type Resource struct {
	Type    string                 `json:"type"` // app, baseline_scopes, user_action, authentication_context
	ID      string                 `json:"id,omitempty"`
	Names   map[string]truth.Truth `json:"names,omitempty"` // further names that policies may call it by
	Filters map[string]truth.Truth `json:"filters,omitempty"`
}

// Device is what the device is, whether or not this tenant can see it.
type Device struct {
	Registered bool `json:"registered"`
	Compliant  bool `json:"compliant"`
	Hybrid     bool `json:"hybrid"`
}

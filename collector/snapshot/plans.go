package snapshot

// ServicePlans are the ids of the service plans that rules and licence errors name. Plans are matched by id, as names
// differ by cloud.
// https://learn.microsoft.com/en-us/entra/identity/users/licensing-service-plan-reference
var ServicePlans = map[string]string{
	"AAD_PREMIUM":               "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
	"AAD_PREMIUM_P2":            "eec0eb4f-6444-4f95-aba0-50c24d67f998",
	"Entra_Identity_Governance": "e866a266-3cff-43a3-acca-0c90a7e00c8b",
	"M365_ADVANCED_AUDITING":    "2f442157-a11c-46b9-ae5b-6e39ff4e5849",
}

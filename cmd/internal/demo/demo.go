// Package demo holds the made-up tenant that `guestward scan --demo` judges. No person or organisation in it exists;
// its domains are those that Microsoft's documentation uses for examples.
package demo

import _ "embed"

// Name is what findings show as the file.
const Name = "contoso.json"

// Tenant is the snapshot.
//
//go:embed contoso.json
var Tenant []byte

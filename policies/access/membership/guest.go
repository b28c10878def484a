package membership

import (
	"fmt"
	"strings"
)

// null has the properties that an account has no value of until somebody gives it one.
var null = map[string]bool{}

func init() {
	for _, name := range strings.Fields(`city companyname country department division employeehiredate employeeid
		employeeorgdata employeetype facsimiletelephonenumber givenname jobtitle manager mobile mobilephone officelocation
		onpremisesdistinguishedname onpremisesdomainname onpremisesimmutableid onpremisessamaccountname
		onpremisessecurityidentifier onpremisesuserprincipalname physicaldeliveryofficename postalcode state streetaddress
		surname telephonenumber`) {
		null[name] = true
	}
	for i := 1; i <= 15; i++ {
		null[fmt.Sprint("extensionattribute", i)] = true
	}
}

// externalMark is in the user principal name of every account that was invited, as
// https://learn.microsoft.com/entra/external-id/user-properties says.
const externalMark = "#EXT#"

// NewGuest is what is known of an account that has just been made and that nobody has changed: internalGuest,
// b2bCollaborationGuest, b2bCollaborationMember or otherExternalUser. The last is whatever is external and none of the
// others, so that how it came about is not known. Of any other kind nothing is known.
//
// It knows nothing of an address or a name that the guest has, nor of what licences assign.
func NewGuest(kind string) func(property string) Value {
	yes, no := true, false
	nothing := Value{Known: true, Null: true}
	text := func(s string) Value { return Value{Known: true, Text: s} }
	unsynced := Value{OneOf: []Value{nothing, {Known: true, Flag: &no}}}
	values := map[string]Value{
		"accountenabled": {Known: true, Flag: &yes},
		"dirsyncenabled": unsynced, "onpremisessyncenabled": unsynced,
		"displayname": {NotNull: true}, "id": {NotNull: true}, "mailnickname": {NotNull: true}, "objectid": {NotNull: true},
		"userprincipalname": {NotNull: true},
	}
	switch kind {
	case "internalGuest":
		values["usertype"] = text("Guest")
		values["creationtype"] = nothing
		values["userprincipalname"] = Value{NotNull: true, Lacks: []string{externalMark}}
	case "b2bCollaborationGuest", "b2bCollaborationMember":
		values["usertype"] = text(strings.TrimPrefix(kind, "b2bCollaboration"))
		values["creationtype"] = text("Invitation")
		values["userprincipalname"] = Value{Contains: []string{externalMark}}
	case "otherExternalUser":
	default:
		return func(string) Value { return Value{} }
	}
	return func(property string) Value {
		property = strings.ToLower(property)
		if null[property] || strings.HasPrefix(property, "extension_") {
			return nothing
		}
		return values[property]
	}
}

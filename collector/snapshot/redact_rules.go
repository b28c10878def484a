package snapshot

import "strings"

// A rule says what happens to a string. Beyond the constants it is the prefix of the pseudonym of a name.
type rule string

const (
	keep      rule = ""          // except addresses in it, and the paths of SharePoint
	address   rule = "@"         // one address, or the name of an account
	addresses rule = "@list"     // addresses and domains, separated by blanks, commas or semicolons
	proxy     rule = "@proxy"    // an address behind its type: SMTP:alice@contoso.com
	assigned  rule = "@assigned" // what an identity provider calls an account: an address, a name or an opaque id
	principal rule = "@claim"    // an account as SharePoint writes it: i:0#.f|membership|alice@contoso.com
	location  rule = "@url"
	identity  rule = "@identity" // the name of a policy of Teams or Exchange
	setting   rule = "@setting"  // a group setting: a switch, a number, or text of the organisation
)

// accountPrefix begins the pseudonyms of people's accounts and addresses.
const accountPrefix = "user"

func (r rule) isName() bool { return r != keep && r[0] != '@' }

// rules by name, in lower case: Graph writes displayName, PowerShell DisplayName. What is not listed is kept.
var rules = map[string]rule{
	"mail": address, "email": address, "emailaddress": address, "owneremail": address, "useremail": address,
	"userprincipalname": address, "upn": address, "othermails": address, "mailnickname": address, "alias": address,
	"username": address, "imaddresses": address, "inviteduseremailaddress": address, "primarysmtpaddress": address,
	"windowsemailaddress": address, "externalemailaddress": address, "onpremisesuserprincipalname": address,
	"onpremisessamaccountname": address, "samaccountname": address,
	"proxyaddresses": proxy, "emailaddresses": proxy,
	"issuerassignedid": assigned,

	"alternatenotificationemails": addresses, "bccexternalsharinginvitationslist": addresses,
	"restrictedsenderlist": addresses, "technicalnotificationmails": addresses,
	"securitycompliancenotificationmails": addresses, "marketingnotificationemails": addresses,

	"owner": principal, "ownerloginname": principal, "loginname": principal, "secondarycontact": principal,

	"identity": identity,

	"givenname": "name", "surname": "name", "firstname": "name", "lastname": "name", "middlename": "name",
	"preferredname": "name", "ownername": "name", "title": "name", "federationbrandname": "name",
	"onpremisesdistinguishedname": "name", "filename": "name",
	"companyname": "company", "department": "department", "division": "department", "costcenter": "department",
	"jobtitle": "job", "employeeid": "employee",
	"officelocation": "place", "streetaddress": "place", "street": "place", "city": "place", "postalcode": "place",
	"businessphones": "phone", "mobilephone": "phone", "faxnumber": "phone", "homephone": "phone", "phone": "phone",
	"phonenumber": "phone", "telephonenumber": "phone", "technicalnotificationphones": "phone",
	"securitycompliancenotificationphones": "phone",
	"ipaddress":                            "ip",
	"description":                          "text", "notes": "text", "comment": "text", "comments": "text",
	"justification": "text",
	"aboutme":       "text", "tooltip": "text", "autotooltip": "text", "defaulttext": "text",
	"oldvalue": "text", "newvalue": "text",
}

// rulesOf holds what is a name in one section and something else in another.
var rulesOf = map[string]map[string]rule{
	"guests":   {"state": "place"},
	"labels":   {"name": "name"},
	"teams":    {"name": identity, "id": identity, "distinguishedname": identity},
	"exchange": {"name": identity, "id": identity, "distinguishedname": identity, "userids": address},
	"azure": {
		"name": "name", "workspaceid": "text", "storageaccountid": "text", "eventhubauthorizationruleid": "text",
		"eventhubname": "name", "servicebusruleid": "text", "marketplacepartnerid": "text",
	},
	"powerbi":     {"name": "name", "title": keep}, // of groups; the titles are Microsoft's
	"azuredevops": {"id": "text", "organization": "company", "name": keep},
}

// ruleFor is the rule of a member by its name.
func ruleFor(section, member string) rule {
	name := strings.ToLower(member)
	if rule, ok := rulesOf[section][name]; ok {
		return rule
	}
	if rule, ok := rules[name]; ok {
		return rule
	}
	switch {
	case name == "activitydisplayname": // of the audit log: an enumeration
		return keep
	case strings.HasSuffix(name, "displayname"):
		return "name"
	case strings.HasPrefix(name, "descriptionfor"), strings.HasPrefix(name, "extensionattribute"),
		strings.HasPrefix(name, "customattribute"):
		return "text"
	case strings.HasSuffix(name, "url"), strings.HasSuffix(name, "urls"), strings.HasSuffix(name, "uri"),
		strings.HasSuffix(name, "uris"):
		return location
	}
	return keep
}

// microsoftsPolicies are the policies of Teams and Exchange that a tenant has before anybody makes one.
var microsoftsPolicies = map[string]bool{
	"global": true, "default sharing policy": true,
	"tag:allon": true, "tag:alloff": true, "tag:restrictedanonymousaccess": true,
	"tag:restrictedanonymousnorecording": true, "tag:default": true, "tag:kiosk": true,
	"tag:federationandpicdefault": true,
}

// managedPaths are the folders of SharePoint below which sites stand.
var managedPaths = map[string]bool{"sites": true, "teams": true, "personal": true, "portals": true, "search": true}

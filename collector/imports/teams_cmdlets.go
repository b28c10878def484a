package imports

import (
	"fmt"
	"slices"
	"strings"
)

// teamsCmdlet is a cmdlet of Teams PowerShell whose output an export may hold.
type teamsCmdlet struct {
	name    string
	source  string // where its output goes: section and property of the snapshot
	convert func(c *conversion, v any) any
	list    bool // of policies, rather than the tenant's one configuration
	// tells are properties by which its objects are known: each has one of them at least. An object without any is
	// something else, such as the error page of a proxy, or another cmdlet's output under a wrong name.
	tells []string
	// never is a property that tells its objects from another cmdlet's that have the same ones.
	never string
}

// tenantCmdlet names the tenant. What else it prints, such as telephone numbers, is left out.
// https://learn.microsoft.com/en-us/powershell/module/microsoftteams/get-cstenant
const tenantCmdlet = "Get-CsTenant"

// teamsCmdlets are the cmdlets that the import reads, besides Get-CsTenant. Their properties:
// https://learn.microsoft.com/en-us/powershell/module/microsoftteams/
var teamsCmdlets = []teamsCmdlet{
	{
		name: "Get-CsTenantFederationConfiguration", source: "teams.tenantFederationConfiguration", convert: federation,
		tells: []string{"AllowFederatedUsers", "AllowedDomains", "AllowTeamsConsumer"},
	},
	{
		name: "Get-CsTeamsClientConfiguration", source: "teams.clientConfiguration", convert: cmdletObject,
		tells: []string{"AllowGuestUser", "AllowEmailIntoChannel", "AllowDropBox"},
	},
	{
		name: "Get-CsExternalAccessPolicy", source: "teams.externalAccessPolicies", convert: externalAccess, list: true,
		tells: []string{"EnableFederationAccess", "EnableTeamsConsumerAccess", "CommunicationWithExternalOrgs"},
	},
	{
		name: "Get-CsTeamsMeetingPolicy", source: "teams.meetingPolicies", convert: cmdletObject, list: true,
		tells: []string{meetingTell, "AllowAnonymousUsersToJoinMeeting", "AllowExternalParticipantGiveRequestControl"},
	},
	{
		name: "Get-CsTeamsGuestMeetingConfiguration", source: "teams.guestMeetingConfiguration", convert: cmdletObject,
		tells: []string{"AllowMeetNow", "AllowIPVideo", "ScreenSharingMode"}, never: meetingTell,
	},
	{
		name: "Get-CsTeamsGuestCallingConfiguration", source: "teams.guestCallingConfiguration", convert: cmdletObject,
		tells: []string{"AllowPrivateCalling"},
	},
	{
		name: "Get-CsTeamsGuestMessagingConfiguration", source: "teams.guestMessagingConfiguration", convert: cmdletObject,
		tells: []string{"AllowUserChat", "AllowUserEditMessage", "AllowUserDeleteMessage"},
	},
	{
		name: "Get-CsTeamsChannelsPolicy", source: "teams.channelsPolicies", convert: cmdletObject, list: true,
		tells: []string{"AllowSharedChannelCreation", "AllowChannelSharingToExternalUser", "AllowPrivateChannelCreation"},
	},
}

const meetingTell = "AutoAdmittedUsers"

// TeamsPaths lists the paths of the snapshot that an export of Teams PowerShell fills.
func TeamsPaths() []string {
	paths := make([]string, len(teamsCmdlets))
	for i, m := range teamsCmdlets {
		paths[i] = m.source
	}
	return paths
}

// teamsName is the cmdlet's name as Microsoft spells it, "" for one that the import does not read. PowerShell does not
// care for capitals.
func teamsName(name string) string {
	if strings.EqualFold(name, tenantCmdlet) {
		return tenantCmdlet
	}
	i := slices.IndexFunc(teamsCmdlets, func(m teamsCmdlet) bool { return strings.EqualFold(m.name, name) })
	if i < 0 {
		return ""
	}
	return teamsCmdlets[i].name
}

// objects converts the cmdlet's output.
func (m teamsCmdlet) objects(c *conversion, items []any) (any, string) {
	if !m.list {
		if problem := single(items); problem != "" {
			return nil, problem
		}
		if problem := m.recognize(items[0]); problem != "" {
			return nil, problem
		}
		return m.convert(c, items[0]), ""
	}
	out := make([]any, len(items))
	seen := map[string]bool{}
	for i, item := range items {
		if problem := m.recognize(item); problem != "" {
			return nil, fmt.Sprintf("element %d: %s", i, problem)
		}
		c.within(i, func() { out[i] = m.convert(c, item) })
		identity := strings.ToLower(text(field(out[i], "Identity")))
		switch {
		case identity == "":
			return nil, fmt.Sprintf("element %d: Identity is missing or unusable", i)
		case seen[identity]:
			return nil, fmt.Sprintf("element %d: its Identity, %s, stands twice", i, clip(identity))
		}
		seen[identity] = true
	}
	return out, ""
}

// recognize says why the value is no object of the cmdlet.
func (m teamsCmdlet) recognize(v any) string {
	object, ok := v.(map[string]any)
	if !ok {
		return "expected an object, found " + describe(v)
	}
	known := slices.ContainsFunc(m.tells, func(name string) bool { return object[name] != nil })
	if !known || object[m.never] != nil {
		return "it is not an object of " + m.name + ", which has " + m.tells[0]
	}
	return ""
}

// externalAccess is an external access policy, with its lists as plain domains.
// https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csexternalaccesspolicy
func externalAccess(c *conversion, v any) any {
	return withDomains(c, v, map[string]func(any) (any, string){
		"AllowedExternalDomains": plainDomains, "BlockedExternalDomains": plainDomains,
	})
}

// plainDomains reads a list of domains, which may be empty. Text or an object in the place of an empty list is no list.
func plainDomains(v any) (any, string) {
	listed, problem := blockedDomains(v)
	domains, ok := listed.([]any)
	if problem != "" || !ok {
		return listed, problem
	}
	names := make([]any, len(domains))
	for i, domain := range domains {
		names[i] = field(domain, "Domain")
	}
	return names, ""
}

// failure is the message that the script leaves in the place of output that it could not get: {"error": "..."}.
func failure(items []any) (message string, failed bool) {
	if len(items) != 1 {
		return "", false
	}
	object, _ := items[0].(map[string]any)
	for name, v := range object {
		if !strings.EqualFold(name, "error") {
			continue
		}
		if inner, ok := v.(map[string]any); ok {
			if v = inner["message"]; v == nil {
				v = inner["Message"]
			}
		}
		message = shorten(strings.Join(strings.Fields(text(v)), " "), 200)
		if message == "" {
			message = "it left no message"
		}
		return message, true
	}
	return "", false
}

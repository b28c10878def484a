package imports

// tenantCmdlet names the tenant. What else it prints, such as telephone numbers, is left out.
// https://learn.microsoft.com/en-us/powershell/module/microsoftteams/get-cstenant
const tenantCmdlet = "Get-CsTenant"

// teamsCmdlets are the cmdlets that the import reads, besides Get-CsTenant. Their properties:
// https://learn.microsoft.com/en-us/powershell/module/microsoftteams/
var teamsCmdlets = []output{
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

package policies

// serviceValues are the enumerations and ranges of the services, by the end of the setting's path; the first that fits
// counts, and [] stands for the elements of a list. Where Graph's schema names an enumeration, TestServiceValuesAreGraphs
// holds the values against it; of SharePoint, Teams and Exchange the source stands beside them.
var serviceValues = []struct {
	suffix string
	enum   string // of Graph's schema, or ""
	values []any
}{
	// Entra
	{"authorizationPolicy.allowInvitesFrom", "allowInvitesFrom", []any{"none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"}},
	// https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy
	{"authorizationPolicy.guestUserRoleId", "", []any{"a0b1b346-4d3e-4e8b-98f8-753987be4970", "10dae51f-b6af-4016-8d66-8c2a99b929b3", "2af84b1e-32c8-42b7-82bc-daa82404023b"}},
	{"allowExternalIdToUseEmailOtp", "externalEmailOtpState", []any{"default", "enabled", "disabled"}},
	{"authenticationMethodConfigurations.state", "authenticationMethodState", []any{"enabled", "disabled"}},
	{"b2bManagementPolicy.allowedDomains[]", "", []any{"gmail.com", "stranger.example"}},

	// Conditional Access
	{"conditionalAccess.policies.state", "conditionalAccessPolicyState", []any{"enabled", "disabled", "enabledForReportingButNotEnforced"}},
	{"clientAppTypes[]", "conditionalAccessClientApp", []any{"all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"}},
	{"signInRiskLevels[]", "riskLevel", []any{"low", "medium", "high"}},
	{"userRiskLevels[]", "riskLevel", []any{"low", "medium", "high"}},
	{"grantControls.operator", "", []any{"AND", "OR"}},
	{"grantControls.builtInControls[]", "conditionalAccessGrantControl", []any{"block", "mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication", "passwordChange"}},
	{"includeUsers[]", "", []any{"All", "None", "GuestsOrExternalUsers"}},
	{"excludeUsers[]", "", []any{"GuestsOrExternalUsers"}},
	{"includeApplications[]", "", []any{"All", "Office365"}},
	{"excludeApplications[]", "", []any{"Office365", "00000009-0000-0000-c000-000000000000"}},
	{"includePlatforms[]", "conditionalAccessDevicePlatform", []any{"android"}},
	{"excludeLocations[]", "", []any{"All", "AllTrusted"}},
	{"membershipKind", "conditionalAccessExternalTenantsMembershipKind", []any{"all", "enumerated"}},
	{"GuestsOrExternalUsers.guestOrExternalUserTypes", "conditionalAccessGuestOrExternalUserTypes", []any{"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider"}},
	{"persistentBrowser.mode", "persistentBrowserSessionMode", []any{"always", "never"}},
	{"cloudAppSecurity.cloudAppSecurityType", "cloudAppSecuritySessionControlType", []any{"mcasConfigured", "monitorOnly", "blockDownloads"}},
	{"signInFrequency.type", "signinFrequencyType", []any{"days", "hours"}},
	{"signInFrequency.frequencyInterval", "signInFrequencyInterval", []any{"timeBased", "everyTime"}},
	{"signInFrequency.authenticationType", "signInFrequencyAuthenticationType", []any{"primaryAndSecondaryAuthentication", "secondaryAuthentication"}},
	{"signInFrequency.value", "", []any{1.0, 1000.0}},
	{"authenticationFlows.transferMethods", "conditionalAccessTransferMethods", []any{"none", "deviceCodeFlow", "authenticationTransfer"}},
	{"requirementsSatisfied", "authenticationStrengthRequirements", []any{"none", "mfa"}},
	{"allowedCombinations[]", "authenticationMethodModes", []any{"password", "sms"}},
	{"ipRanges.cidrAddress", "", []any{"0.0.0.0/0"}},

	// Cross-tenant access
	{"accessType", "crossTenantAccessPolicyTargetConfigurationAccessType", []any{"allowed", "blocked"}},
	{"usersAndGroups.targets.target", "", []any{"AllUsers"}},
	{"applications.targets.target", "", []any{"AllApplications"}},
	{"fallbackIdentityProvider", "b2bIdentityProvidersType", []any{"emailOneTimePasscode", "microsoftAccount", "defaultConfiguredIdp"}},
	{"primaryIdentityProviderPrecedenceOrder[]", "b2bIdentityProvidersType", []any{"azureActiveDirectory", "externalFederation", "socialIdentityProviders"}},

	// SharePoint; the numbers are those of https://learn.microsoft.com/en-us/dotnet/api/microsoft.online.sharepoint.tenantmanagement.sharingcapabilities
	{"sharePoint.settings.sharingCapability", "sharingCapabilities", []any{"disabled", "existingExternalUserSharingOnly", "externalUserSharingOnly", "externalUserAndGuestSharing"}},
	{"sharePoint.settings.sharingDomainRestrictionMode", "sharingDomainRestrictionMode", []any{"none", "allowList", "blockList"}},
	{"sharingAllowedDomainList[]", "", []any{"gmail.com"}},
	{"SharingCapability", "", []any{0.0, 3.0, 1.0, 2.0}},
	{"SharingDomainRestrictionMode", "", []any{0.0, 1.0, 2.0}},
	{"SharingAllowedDomainList", "", []any{"", "fabrikam.com", "fabrikam.com adatum.com gmail.com"}},
	{"DefaultSharingLinkType", "", []any{0.0, 1.0, 2.0, 3.0}},
	{"DefaultLinkPermission", "", []any{0.0, 1.0, 2.0}},
	{"ShareLinkScope", "", []any{-1.0, 0.0, 1.0, 2.0}},
	{"ShareLinkRole", "", []any{0.0, 1.0, 2.0}},
	{"AnonymousLinkType", "", []any{1.0, 2.0}},
	{"RequireAnonymousLinksExpireInDays", "", []any{-1.0, 1.0, 730.0}},
	{"EmailAttestationReAuthDays", "", []any{1.0, 365.0}},
	{"ExternalUserExpireInDays", "", []any{30.0, 31.0, 730.0}},
	{"sites.ExternalUserExpirationInDays", "", []any{30.0, 730.0}},
	{"sites.AnonymousLinkExpirationInDays", "", []any{1.0, 730.0}},
	{"ConditionalAccessPolicy", "", []any{0.0, 1.0, 2.0}},
	{"BlockGuestsAsSiteAdmin", "", []any{0.0, 1.0, 2.0}},
	{"RequestFilesLinkExpirationInDays", "", []any{-1.0, 1.0, 730.0}},
	{"BccExternalSharingInvitationsList", "", []any{""}},

	// Teams: https://learn.microsoft.com/en-us/powershell/module/microsoftteams/set-csteamsmeetingpolicy and its neighbours
	{"AutoAdmittedUsers", "", []any{"Everyone", "EveryoneInSameAndFederatedCompany", "EveryoneInCompany", "EveryoneInCompanyExcludingGuests", "InvitedUsers", "OrganizerOnly"}},
	{"MeetingChatEnabledType", "", []any{"Disabled", "Enabled", "EnabledExceptAnonymous"}},
	{"ExternalAccessWithTrialTenants", "", []any{"Blocked", "Allowed"}},
	{"CommunicationWithExternalOrgs", "", []any{"OrganizationDefault", "AllowAllExternalDomains", "AllowSpecificExternalDomains", "BlockSpecificExternalDomains", "BlockAllExternalDomains"}},
	{"ScreenSharingMode", "", []any{"Disabled", "EntireScreen", "SingleApplication"}},
	{"AllowedDomain.Domain", "", []any{"gmail.com"}},

	// Exchange: https://learn.microsoft.com/en-us/powershell/module/exchange/new-sharingpolicy
	{"sharingPolicies.Domains[]", "", []any{"*:CalendarSharingFreeBusySimple", "Anonymous:CalendarSharingFreeBusyReviewer", "*:ContactsSharing"}},

	// Governance
	{"definitions.status", "", []any{"InProgress", "Completed"}},
	{"instances.status", "", []any{"NotStarted", "InProgress", "Applied"}},
	{"defaultDecision", "", []any{"None", "Approve", "Deny", "Recommendation"}},
	{"instanceDurationInDays", "", []any{1.0, 60.0}},
	{"recurrence.pattern.type", "recurrencePatternType", []any{"weekly", "absoluteMonthly", "absoluteYearly"}},
	{"recurrence.pattern.interval", "", []any{1.0, 12.0}},
	{"recurrence.range.type", "recurrenceRangeType", []any{"noEnd", "endDate", "numbered"}},
	{"externalUserLifecycleAction", "accessPackageExternalUserLifecycleAction", []any{"none", "blockSignIn", "blockSignInAndDelete"}},
	{"unanswered", "", []any{0.0, 10.0}},
	{"justified", "", []any{0.0, 10.0}},
	{"decisions.reviewers", "", []any{0.0, 1.0}},
	{"decisions.self", "", []any{0.0, 1.0}},

	// Objects
	{"groups.visibility", "", []any{"Private", "Public", "HiddenMembership"}},
	{"guests.userType", "", []any{"Guest", "Member"}},
	{"guests.externalUserState", "", []any{"Accepted", "PendingAcceptance"}},
	{"sponsors.userType", "", []any{"Member", "Guest"}},
	{"assignmentType", "", []any{"Assigned", "Activated"}},
	{"audit.guestSignIns.conditionalAccessStatus", "conditionalAccessStatus", []any{"success", "failure", "notApplied"}},
}

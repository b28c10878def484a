package imports

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ScubaGear reads Microsoft Graph's beta and gives the names a capital. The snapshot has the objects of v1.0, so the
// lists below are the names that v1.0 declares, in the object itself and below it:
// https://graph.microsoft.com/v1.0/$metadata
var (
	// Of the organization only what rules and reports need: the rest is addresses and telephone numbers.
	organizationNames = names(`id displayName tenantType createdDateTime countryLetterCode onPremisesSyncEnabled
		partnerTenantType verifiedDomains capabilities isDefault isInitial name type assignedPlans assignedDateTime
		capabilityStatus service servicePlanId`)
	domainNames = names(`id authenticationType availabilityStatus isAdminManaged isDefault isInitial isRoot isVerified
		manufacturer model passwordNotificationWindowInDays passwordValidityPeriodInDays state lastActionDateTime operation
		status supportedServices`)
	skuNames = names(`skuId skuPartNumber capabilityStatus appliesTo consumedUnits prepaidUnits enabled lockedOut
		suspended warning`)
	servicePlanNames         = names(`servicePlanId servicePlanName provisioningStatus appliesTo`)
	groupSettingNames        = names(`id displayName templateId values name value`)
	authorizationPolicyNames = names(`id displayName description allowInvitesFrom guestUserRoleId
		allowEmailVerifiedUsersToJoinOrganization allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR
		allowUserConsentForRiskyApps blockMsolPowerShell defaultUserRolePermissions allowedToCreateApps
		allowedToCreateSecurityGroups allowedToCreateTenants allowedToReadBitlockerKeysForOwnedDevice
		allowedToReadOtherUsers permissionGrantPoliciesAssigned`)
	authenticationMethodNames = names(`aaGuids allowExternalIdToUseEmailOtp allowedPasskeyProfiles appId
		authenticationMethodConfigurations authenticationMethodsRegistrationCampaign authenticationMode
		authenticationModeConfiguration certificateAuthorityScopes certificateUserBindings clientId
		crlValidationConfiguration defaultLength defaultLifetimeInMinutes defaultPasskeyProfile description discoveryUrl
		displayAppInformationRequiredState displayLocationInformationRequiredState displayName enforcementType
		excludeTarget excludeTargets exemptedCertificateAuthoritiesSubjectKeyIdentifiers featureSettings id identifier
		includeTarget includeTargets isAttestationEnforced isEnforced isOfficePhoneAllowed isRegistrationRequired
		isSelfServiceRegistrationAllowed isSoftwareOathEnabled isUsableForSignIn isUsableOnce issuerHintsConfiguration
		issuerSubjectIdentifier keyRestrictions lastModifiedDateTime maximumLifetimeInMinutes minimumLifetimeInMinutes
		openIdConnectSetting pinLength policyMigrationState policyOidIdentifier policyVersion priority
		publicKeyInfrastructureIdentifier reconfirmationInDays registrationEnforcement rules snoozeDurationInDays
		standardQRCodeLifetimeInDays state subjectKeyIdentifier targetType targetedAuthenticationMethod
		trustAffinityLevel userProperty verifiedIdProfiles x509CertificateAuthenticationDefaultMode
		x509CertificateAuthenticationMode x509CertificateDefaultRequiredAffinityLevel x509CertificateField
		x509CertificateRequiredAffinityLevel x509CertificateRuleType`)
	conditionalAccessNames = names(`allowedAAGUIDs allowedCombinations allowedIssuerSkis allowedPolicyOIDs
		applicationEnforcedRestrictions applicationFilter applications appliesToCombinations authenticationFlows
		authenticationStrength authenticationType builtInControls clientAppTypes clientApplications cloudAppSecurity
		cloudAppSecurityType combinationConfigurations conditions createdDateTime customAuthenticationFactors
		deletedDateTime description deviceFilter devices disableResilienceDefaults displayName excludeApplications
		excludeGroups excludeGuestsOrExternalUsers excludeLocations excludePlatforms excludeRoles
		excludeServicePrincipals excludeUsers externalTenants frequencyInterval grantControls guestOrExternalUserTypes id
		includeApplications includeAuthenticationContextClassReferences includeGroups includeGuestsOrExternalUsers
		includeLocations includePlatforms includeRoles includeServicePrincipals includeUserActions includeUsers
		insiderRiskLevels isEnabled locations members membershipKind mode modifiedDateTime operator persistentBrowser
		platforms policyType requirementsSatisfied rule secureSignInSession servicePrincipalFilter
		servicePrincipalRiskLevels sessionControls signInFrequency signInRiskLevels state templateId termsOfUse
		transferMethods type userRiskLevels users value`)
)

// collections are the properties of Conditional Access that v1.0 declares as collections. The snapshot's schema leaves
// the inside of a policy to the model that decides it, so what PowerShell may have done to a list is undone here.
var collections = names(`allowedAAGUIDs allowedCombinations allowedIssuerSkis allowedPolicyOIDs appliesToCombinations
	builtInControls clientAppTypes combinationConfigurations customAuthenticationFactors excludeApplications excludeGroups
	excludeLocations excludePlatforms excludeRoles excludeServicePrincipals excludeUsers includeApplications
	includeAuthenticationContextClassReferences includeGroups includeLocations includePlatforms includeRoles
	includeServicePrincipals includeUserActions includeUsers members servicePrincipalRiskLevels signInRiskLevels termsOfUse
	userRiskLevels`)

func names(list string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(list) {
		set[name] = true
	}
	return set
}

// graphName is Graph's own name of a property, "" for annotations other than the type, which belong to one response.
func graphName(name string) string {
	switch {
	case name == "@odata.type":
		return name
	case name == "", strings.ContainsRune(name, '@'):
		return ""
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

// graphObject converts an object of Graph, dropping what v1.0 does not declare.
func graphObject(declared map[string]bool) func(c *conversion, v any) any {
	return func(c *conversion, v any) any {
		return c.walk(v, func(_ map[string]any, name string, v any) (string, any) {
			if name = graphName(name); name == "@odata.type" || declared[name] {
				return name, v
			}
			return "", nil
		})
	}
}

// authorizationPolicy moves what beta keeps at the top to where v1.0 has it.
// https://learn.microsoft.com/en-us/graph/api/resources/authorizationpolicy?view=graph-rest-beta
func authorizationPolicy(c *conversion, v any) any {
	object, _ := v.(map[string]any)
	const beta = "PermissionGrantPolicyIdsAssignedToDefaultUserRole"
	assigned, ok := object[beta]
	permissions, isObject := object["DefaultUserRolePermissions"].(map[string]any)
	if ok && isObject && permissions["PermissionGrantPoliciesAssigned"] == nil {
		object, permissions = maps.Clone(object), maps.Clone(permissions)
		permissions["PermissionGrantPoliciesAssigned"] = assigned
		object["DefaultUserRolePermissions"] = permissions
	}
	return graphObject(authorizationPolicyNames)(c, object)
}

// authenticationMethodsPolicy joins the two halves into which ScubaGear parts the policy. The names around the halves are
// ScubaGear's own: they are there even if the command brought nothing.
func authenticationMethodsPolicy(c *conversion, items []any) (any, string) {
	if problem := single(items); problem != "" {
		return nil, problem
	}
	halves := list(field(items[0], "authentication_method_policy"))
	if problem := single(halves); problem != "" {
		return nil, "authentication_method_policy: " + problem
	}
	policy := maps.Clone(halves[0].(map[string]any))
	delete(policy, "AuthenticationMethodConfigurations")
	if configurations := list(field(items[0], "authentication_method_feature_settings")); len(configurations) > 0 {
		policy["AuthenticationMethodConfigurations"] = configurations
	} else {
		c.within("authenticationMethodConfigurations", func() { c.lost("authentication_method_feature_settings is empty") })
	}
	return graphObject(authenticationMethodNames)(c, policy), ""
}

// groupSetting restores the text that Graph has for every value.
func groupSetting(c *conversion, v any) any {
	setting, _ := graphObject(groupSettingNames)(c, v).(map[string]any)
	if setting == nil {
		return v
	}
	for _, pair := range list(setting["values"]) {
		if object, ok := pair.(map[string]any); ok && object["value"] != nil {
			object["value"] = plainText(object["value"])
		}
	}
	return setting
}

// servicePlans lists the plans once each: ScubaGear has one entry for every subscription that holds it.
func servicePlans(c *conversion, items []any) (any, string) {
	c.notes = append(c.notes, "ScubaGear lists the service plans of every subscription whose plan was provisioned, suspended subscriptions included")
	plans := map[string]any{}
	var out []any
	for i, item := range items {
		var plan any
		c.within(i, func() { plan = graphObject(servicePlanNames)(c, item) })
		id := strings.ToLower(text(field(plan, "servicePlanId")))
		if known, ok := plans[id]; ok && id != "" {
			if text(field(plan, "provisioningStatus")) == "Success" {
				maps.Copy(known.(map[string]any), plan.(map[string]any))
			}
			continue
		}
		plans[id] = plan
		out = append(out, plan)
	}
	return out, ""
}

// conditionalAccessPolicy converts a policy. What only beta has, such as a condition on the time of day, is dropped where
// it says nothing; else it stays, for it may narrow the policy: who decides the policy must see that there is more to it.
func conditionalAccessPolicy(c *conversion, v any) any {
	return c.walk(v, func(_ map[string]any, name string, v any) (string, any) {
		name = graphName(name)
		if name == "" || name != "@odata.type" && !conditionalAccessNames[name] && isEmpty(v) {
			return "", nil
		}
		if collections[name] {
			v = c.collection(name, v)
		}
		return name, v
	})
}

// collection makes a list of one of an element that stands in its place.
func (c *conversion) collection(name string, v any) any {
	switch element := unwrap(v).(type) {
	case []any, nil:
		return element
	case string:
		if isWord(element) || cutOff.MatchString(element) { // the latter is dropped on the way
			return []any{element}
		}
		c.within(name, func() { c.lost("expected array, found " + describe(v)) })
		return nil
	default:
		return []any{element}
	}
}

// isEmpty says whether a value says nothing.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return !slices.ContainsFunc(v, func(element any) bool { return element != nil })
	case map[string]any:
		return isBlank(v)
	}
	return false
}

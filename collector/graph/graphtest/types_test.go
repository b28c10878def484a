package graphtest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write types.json anew from the schema")

// schemaFile is Graph's own schema, where somebody has put it.
const schemaFile = "../../../../shared/graph/v1.0-metadata.xml"

// served are the types of the schema that the fake serves.
var served = strings.Fields(`
	organization subscribedSku domain
	authorizationPolicy authenticationFlowsPolicy authenticationMethodsPolicy adminConsentRequestPolicy
	identitySecurityDefaultsEnforcementPolicy b2xIdentityUserFlow identityProviderBase samlOrWsFedExternalDomainFederation
	conditionalAccessPolicy namedLocation authenticationStrengthPolicy authenticationCombinationConfiguration
	authenticationContextClassReference agreement
	crossTenantAccessPolicy crossTenantAccessPolicyConfigurationDefault crossTenantAccessPolicyConfigurationPartner
	crossTenantIdentitySyncPolicyPartner multiTenantOrganizationPartnerConfigurationTemplate
	multiTenantOrganizationIdentitySyncPolicyTemplate multiTenantOrganization multiTenantOrganizationMember tenantInformation
	application servicePrincipal synchronizationJob synchronizationSchema appRoleAssignment oAuth2PermissionGrant
	user group directoryObject
	unifiedRoleAssignment unifiedRoleDefinition unifiedRoleEligibilityScheduleInstance unifiedRoleAssignmentScheduleInstance
	unifiedRoleManagementPolicyAssignment unifiedRoleManagementPolicy unifiedRoleManagementPolicyRule
	privilegedAccessGroupEligibilityScheduleInstance privilegedAccessGroupAssignmentScheduleInstance
	userRegistrationDetails groupSetting groupLifecyclePolicy
	team channel conversationMember sharedWithChannelTeamInfo
	sensitivityLabel sharepointSettings adminReportSettings
	accessReviewScheduleDefinition accessReviewInstance accessReviewInstanceDecisionItem
	entitlementManagementSettings accessPackage accessPackageCatalog accessPackageAssignmentPolicy connectedOrganization
	accessPackageAssignment accessPackageSubject workflow task externalDomainName
	directoryAudit signIn provisioningObjectSummary delegatedAdminRelationship
`)

type schemaType struct {
	Name       string `xml:"Name,attr"`
	Base       string `xml:"BaseType,attr"`
	Properties []struct {
		Name string `xml:"Name,attr"`
		Type string `xml:"Type,attr"`
	} `xml:"Property"`
	Navigation []struct {
		Name string `xml:"Name,attr"`
		Type string `xml:"Type,attr"`
	} `xml:"NavigationProperty"`
}

type schema struct {
	types map[string]*schemaType
	enums map[string][]string
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Skipf("Graph's schema is not here: %v", err)
	}
	var doc struct {
		Schemas []struct {
			Namespace string       `xml:"Namespace,attr"`
			Entities  []schemaType `xml:"EntityType"`
			Complex   []schemaType `xml:"ComplexType"`
			Enums     []struct {
				Name    string `xml:"Name,attr"`
				Members []struct {
					Name string `xml:"Name,attr"`
				} `xml:"Member"`
			} `xml:"EnumType"`
		} `xml:"DataServices>Schema"`
	}
	if err := xml.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &doc); err != nil {
		t.Fatal(err)
	}
	s := &schema{types: map[string]*schemaType{}, enums: map[string][]string{}}
	for _, part := range doc.Schemas {
		for _, list := range [][]schemaType{part.Entities, part.Complex} {
			for i := range list {
				s.types[part.Namespace+"."+list[i].Name] = &list[i]
			}
		}
		for _, e := range part.Enums {
			var names []string
			for _, m := range e.Members {
				names = append(names, m.Name)
			}
			s.enums[part.Namespace+"."+e.Name] = names
		}
	}
	return s
}

// full is the name with its namespace; the schema abbreviates the main one.
func full(name string) string {
	name = strings.TrimSuffix(strings.TrimPrefix(name, "Collection("), ")")
	if rest, ok := strings.CutPrefix(name, "graph."); ok {
		return "microsoft.graph." + rest
	}
	return name
}

// find looks for a type in the main namespace, then in the others.
func (s *schema) find(name string) (string, *schemaType) {
	if t := s.types["microsoft.graph."+name]; t != nil {
		return "microsoft.graph." + name, t
	}
	for _, key := range []string{"microsoft.graph.identityGovernance.", "microsoft.graph.security."} {
		if t := s.types[key+name]; t != nil {
			return key + name, t
		}
	}
	return "", nil
}

func (s *schema) entity(name string) *entity {
	key, t := s.find(name)
	if t == nil {
		return nil
	}
	e := &entity{Navigation: map[string]string{}, Evolvable: map[string][]string{}}
	for ; t != nil; key, t = full(t.Base), s.types[full(t.Base)] {
		for _, p := range t.Properties {
			many := ""
			if strings.HasPrefix(p.Type, "Collection(") {
				many = "[]"
			}
			e.Properties = append(e.Properties, p.Name+many)
			s.evolvable(e.Evolvable, p.Name, full(p.Type), nil)
		}
		for _, n := range t.Navigation {
			many := ""
			if strings.HasPrefix(n.Type, "Collection(") {
				many = "[]"
			}
			target := full(n.Type)
			e.Navigation[n.Name+many] = target[strings.LastIndex(target, ".")+1:]
		}
	}
	_ = key
	slices.Sort(e.Properties)
	return e
}

// evolvable adds the enumerations that hide members, of the property and of those inside it.
func (s *schema) evolvable(to map[string][]string, name, typ string, above []string) {
	if members, ok := s.enums[typ]; ok {
		if i := slices.Index(members, "unknownFutureValue"); i >= 0 && i+1 < len(members) {
			to[name] = members[i+1:]
		}
		return
	}
	if slices.Contains(above, typ) {
		return
	}
	for t := s.types[typ]; t != nil; t = s.types[full(t.Base)] {
		for _, p := range t.Properties {
			s.evolvable(to, p.Name, full(p.Type), append(above, typ))
		}
	}
}

func TestTypes(t *testing.T) {
	s := readSchema(t)
	want := map[string]*entity{}
	for _, name := range served {
		if want[name] = s.entity(name); want[name] == nil {
			t.Errorf("the schema has no type %s", name)
		}
	}
	text, err := json.MarshalIndent(want, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile("types.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(text, typesJSON) {
		t.Error("types.json does not say what the schema says; run go test -run TestTypes -update")
	}
}

package device

import (
	"strings"
	"testing"

	"github.com/guestward/guestward/policies/access/truth"
)

func TestMatch(t *testing.T) {
	unregistered := Device{}
	plain := Device{Registered: true, TrustType: "AzureAD", Attributes: map[string]any{
		"model": "Surface Pro", "operatingsystem": "Windows", "iscompliant": false, "extensionattribute1": "SAW",
		"physicalids": []string{"[ZTDId]:1", "[OrderID]:2"},
	}}
	compliant := plain
	compliant.Compliant = true
	hybrid := Device{Registered: true, TrustType: "ServerAD", Hybrid: true, Attributes: map[string]any{"extensionattribute1": "saw"}}
	managed := Device{Registered: true, TrustType: "Workplace", Attributes: map[string]any{"extensionattribute1": "SAW", "mdmappid": strings.ToUpper(intune)}}
	shared := managed
	shared.Attributes = map[string]any{"extensionattribute1": "SAW", "mdmappid": "54b943f8-d761-4f8d-951e-9cea1846db5a"}

	for _, test := range []struct {
		rule   string
		device Device
		want   truth.Truth
	}{
		{`device.isCompliant -eq True`, unregistered, truth.No},
		{`device.isCompliant -ne True`, unregistered, truth.Yes},
		{`device.isCompliant -eq False`, unregistered, truth.No},
		{`-not (device.isCompliant -eq True)`, unregistered, truth.Yes},
		{`device.model -notIn ["x"]`, unregistered, truth.Yes},
		{`device.extensionAttribute1 -ne "SAW"`, unregistered, truth.Yes},
		{`device.extensionAttribute1 -eq "SAW"`, unregistered, truth.No},
		{`device.physicalIds -notContains "x"`, unregistered, truth.Yes},
		{`device.model -eq null`, unregistered, truth.Maybe},
		{`device.trustType -ne null`, unregistered, truth.Maybe},

		{`device.isCompliant -eq "True"`, compliant, truth.Yes},
		{`device.isCompliant -eq "False"`, plain, truth.Yes},
		{`device.isCompliant -eq "False"`, hybrid, truth.No}, // null
		{`device.isCompliant -ne "True"`, hybrid, truth.Yes},
		{`device.isCompliant -eq null`, hybrid, truth.Yes},
		{`device.trustType -eq "serverad"`, hybrid, truth.Yes},
		{`device.trustType -in ["AzureAD", "Workplace"]`, hybrid, truth.No},

		{`device.model -startsWith "surface"`, plain, truth.Yes},
		{`device.model -endsWith "PRO"`, plain, truth.Yes},
		{`device.model -contains "face"`, plain, truth.Yes},
		{`device.model -notContains "Surface"`, plain, truth.No},
		{`device.model -in ["x", "surface pro"]`, plain, truth.Yes},
		{`device.physicalIds -contains "[ztdid]:1"`, plain, truth.Yes},
		{`device.physicalIds -contains "[ZTDId]"`, plain, truth.No}, // a whole element
		{`device.manufacturer -ne "x"`, plain, truth.Yes},
		{`device.manufacturer -eq null`, plain, truth.Yes},

		// Values of extension attributes are there when the device is managed by Intune, compliant or hybrid joined.
		{`device.extensionAttribute1 -eq "SAW"`, plain, truth.No},
		{`device.extensionAttribute1 -ne "SAW"`, plain, truth.Maybe},
		{`-not (device.extensionAttribute1 -eq "SAW")`, plain, truth.Maybe},
		{`-not (device.extensionAttribute1 -ne "SAW")`, plain, truth.No},
		{`device.extensionAttribute1 -eq null`, plain, truth.Maybe},
		{`device.extensionAttribute1 -eq "SAW"`, compliant, truth.Yes},
		{`device.extensionAttribute1 -ne "SAW"`, compliant, truth.No},
		{`device.extensionAttribute1 -eq "SAW"`, hybrid, truth.Yes},
		{`device.extensionAttribute2 -ne "SAW"`, hybrid, truth.Yes},
		{`device.extensionAttribute1 -eq "SAW"`, managed, truth.Yes},
		{`device.extensionAttribute1 -eq "SAW"`, shared, truth.Maybe},
		{`device.extensionAttribute1 -eq "x"`, shared, truth.No},
		{`device.extensionAttribute1 -ne "x"`, shared, truth.Maybe},

		{`device.isCompliant -ne True -and (device.model -eq "x" -or -not device.trustType -eq "ServerAD")`, plain, truth.Yes},
	} {
		rule, err := Parse(test.rule)
		if err != nil {
			t.Errorf("%s: %v", test.rule, err)
			continue
		}
		if got := rule.Match(test.device); got != test.want {
			t.Errorf("%s of %+v: %s, not %s", test.rule, test.device, got, test.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for rule, want := range map[string]string{
		`device.colour -eq "red"`:                              `column 1: expected an attribute that filters have, such as device.model, found device.colour -eq "red"`,
		`device.model -eq "x" -or user.city -eq "x"`:           `column 26: expected an attribute that filters have`,
		`device.model -match "x"`:                              `column 1: expected an operator that filters have`,
		`device.model -le 5`:                                   `expected an operator that filters have`,
		`device.physicalIds -eq "x"`:                           `expected -contains or -notContains`,
		`device.physicalIds -any (_ -eq "x")`:                  `expected no -any and no -all`,
		`device.isCompliant -startsWith "T"`:                   `expected -eq or -ne`,
		`device.isCompliant -eq "yes"`:                         `expected True or False`,
		`device.isCompliant -eq ""`:                            `expected True or False`,
		`device.extensionAttribute16 -eq "x"`:                  `expected an attribute`,
		`device.extensionAttribute0 -eq "x"`:                   `expected an attribute`,
		`_ -eq "x"`:                                            `expected an attribute`,
		`device.model -eq "x`:                                  `column 18: expected a closing quotation mark`,
		`device.operatingSystem == 'Windows'`:                  `column 24: expected a property, an operator or a value, found '='`,
		strings.Repeat("(", 100) + `device.model -eq "x"`:      `levels`,
		strings.Repeat(`device.model -eq "x" -or `, 1000) + "": `bytes`,
	} {
		if r, err := Parse(rule); err == nil {
			t.Errorf("%.60s: read as %s", rule, r)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s\n got %v\nwant %s", rule, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, rule := range []string{
		`device.isCompliant -ne True -and (device.model -in ["x", 'y'] -or -not device.trustType -eq "ServerAD")`,
		`device.extensionAttribute1 -notStartsWith "S""A" -or device.physicalIds -contains '[ZTDId]:1'`,
		`device.model -eq null or device.mdmAppId ne "0000000a-0000-0000-c000-000000000000"`,
	} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rule, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(rule.String())
		if err != nil {
			if strings.Contains(err.Error(), "at most") {
				return // parentheses and escapes made it larger than is read
			}
			t.Fatalf("%s\nprinted %s\n%v", text, rule, err)
		}
		devices, exact := Representatives([]*Rule{rule}, 50)
		if exact && len(devices) > 50 || !exact && len(devices) != 7 {
			t.Fatalf("%s: %d devices, exact: %t", text, len(devices), exact)
		}
		for _, d := range devices {
			if rule.Match(d) != again.Match(d) {
				t.Fatalf("%s\nprinted %s\ndiffer for %+v", text, rule, d)
			}
		}
	})
}

package syntax

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ rule, want string }{
		{`user.department -eq "Sales"`, `user.department -eq "Sales"`},
		{`(user.Department EQ 'Sales')`, `user.department -eq "Sales"`},
		{`user.department –eq "Marketing" –and user.country –eq "US"`, `user.department -eq "Marketing" -and user.country -eq "US"`},
		{`a.a -eq "1" or a.b -eq "2" and not a.c -eq "3"`, `a.a -eq "1" -or a.b -eq "2" -and -not a.c -eq "3"`},
		{`(a.a -eq "1" or a.b -eq "2") and a.c -eq "3"`, `(a.a -eq "1" -or a.b -eq "2") -and a.c -eq "3"`},
		{`-not -not(a.a -eq "1" -and (a.b -ne "2" -and a.c -eq "3"))`, `-not -not (a.a -eq "1" -and (a.b -ne "2" -and a.c -eq "3"))`},
		{`a.a -in ["x",'y'] -or a.a -notIn ["z"]`, `a.a -in ["x", "y"] -or a.a -notIn ["z"]`},
		{`a.a -ne $null -and a.b -eq NULL`, `a.a -ne null -and a.b -eq null`},
		{`a.a -eq $true -and a.b -ne False`, `a.a -eq true -and a.b -ne false`},
		{`a.a -notContains "x" -and a.b -notstartswith "y" -and a.c -notEndsWith "z" -and a.d -notMatch ".*"`,
			`a.a -notContains "x" -and a.b -notStartsWith "y" -and a.c -notEndsWith "z" -and a.d -notMatch ".*"`},
		{`a.a -eq "say ""hello"""`, `a.a -eq "say \"hello\""`},
		{`a.a -eq "say \"hello\""`, `a.a -eq "say \"hello\""`},
		{"a.a -eq \"say `\"hello`\"\"", `a.a -eq "say \"hello\""`},
		{`a.a -eq 'it''s'`, `a.a -eq "it's"`},
		{`a.a -eq 'it\'s'`, `a.a -eq "it's"`},
		{`a.a -match "\d+\\x"`, `a.a -match "\d+\\x"`},
		{`a.a -eq ""`, `a.a -eq ""`},
		{`a.a -eq '\\'x'`, `a.a -eq "\'x"`},
		{`a.a -eq 5 -or a.a -eq -5`, `a.a -eq 5 -or a.a -eq -5`},
		{`user.employeehiredate -ge system.now -plus p1d`, `user.employeehiredate -ge system.now -plus p1d`},
		{`user.employeehiredate -le 2020-06-10T18:13:20Z`, `user.employeehiredate -le 2020-06-10t18:13:20z`},
		{`user.proxyAddresses -any (_ -startsWith "contoso")`, `user.proxyaddresses -any (_ -startsWith "contoso")`},
		{`device.devicePhysicalIDs -any _ -startsWith "[ZTDId]"`, `device.devicephysicalids -any (_ -startsWith "[ZTDId]")`},
		{`user.a -any (_ -eq "x") -and user.b -eq "y"`, `(user.a -any (_ -eq "x")) -and user.b -eq "y"`},
		{`(user.a -all (_ -eq "x")) -or user.b -eq "y"`, `(user.a -all (_ -eq "x")) -or user.b -eq "y"`},
		{`-not user.a -all (_ -eq "x" -or _ -eq "y")`, `-not (user.a -all (_ -eq "x" -or _ -eq "y"))`},
		{`user.memberof -any (group.objectId -in ['1', '2'])`, `user.memberof -any (group.objectid -in ["1", "2"])`},
	} {
		n, err := Parse(test.rule)
		if err != nil {
			t.Errorf("%s: %v", test.rule, err)
			continue
		}
		if got := n.String(); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.rule, got, test.want)
		}
		again, err := Parse(n.String())
		if err != nil || again.String() != n.String() {
			t.Errorf("%s: the printed rule became %v (%v)", test.rule, again, err)
		}
	}
}

func TestComparisons(t *testing.T) {
	n, err := Parse(`a.a -eq "x" -and -not (a.b -any (_ -eq "y")) -or a.c -ge system.now`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	n.Comparisons(func(n *Node) { names = append(names, n.Name()) })
	if got := strings.Join(names, " "); got != "a.a a.b _ a.c" {
		t.Error(got)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ rule, want string }{
		{``, `column 1: expected a property, -not or (, found the end of the rule`},
		{`user.a`, `column 7: expected an operator, such as -eq, found the end of the rule`},
		{`user.a -eq`, `column 11: expected a value, found the end of the rule`},
		{`user.a -eq Sales`, `column 12: expected a value: a string in quotation marks, a number, true, false, or null after -eq or -ne, found "Sales"`},
		{`user.a -eq "Sales`, `column 12: expected a closing quotation mark, found none`},
		{`user.a -eq "ü" && user.b -eq "x"`, `column 16: expected a property, an operator or a value, found '&'`},
		{`user.a -eq "x" user.b -eq "y"`, `column 16: expected -and, -or or the end of the rule, found "user.b"`},
		{`(user.a -eq "x"`, `column 16: expected -and, -or or ), found the end of the rule`},
		{`user.a -eq "x")`, `column 15: expected -and, -or or the end of the rule, found ")"`},
		{`user -eq "x"`, `column 1: expected a property, such as user.department`},
		{`user.a.b -eq "x"`, `column 1: expected a property`},
		{`-user.a -eq "x"`, `column 1: expected a property, -not or (, found "-user.a"`},
		{`_.a -eq "x"`, `column 1: expected a property`},
		{`user.a -is "x"`, `column 8: expected an operator, such as -eq, found "-is"`},
		{`user.a -in "x"`, `column 12: expected [ and a list of values`},
		{`user.a -in []`, `column 13: expected a value`},
		{`user.a -in ["x" "y"]`, `column 17: expected , or ]`},
		{`user.a -in [null]`, `expected no null before this`},
		{`user.a -eq ["x"]`, `column 12: expected a value, found "["`},
		{`user.a -contains null`, `column 18: expected a value`},
		{`user.a -eq system.now`, `column 12: expected a value`},
		{`user.a -ge system.now -plus 1d`, `column 29: expected a duration`},
		{`user.a -any (_ -any (_ -eq "x"))`, `found "("`},
		{`user.a -eq "x" -and user`, `column 21: expected a property`},
		{strings.Repeat("x", 50) + ` -eq "x"`, `found "` + strings.Repeat("x", 40) + `…"`},
		{`_ -any (_ -eq "x")`, `expected a comparison`},
		{`user.a -any (_ -eq "x") -or user.b -eq "y"`, `column 25: expected parentheses around -any or -all`},
		{`user.a -all (_ -eq "x") -and user.b -eq "y"`, `expected parentheses`},
		{`user.a -any _ -eq "x" -and user.b -eq "y"`, `expected parentheses`},
		{`user.a -any (_ -eq "x") -and user.c -eq "z" -or user.b -eq "y"`, `column 45: expected parentheses`},
		{strings.Repeat("(", MaxDepth+1) + `a.a -eq "x"`, `expected at most 64 levels`},
		{strings.Repeat("-not ", MaxDepth+1) + `a.a -eq "x"`, `expected at most 64 levels`},
		{"a.a -eq \"" + strings.Repeat("x", MaxLength) + `"`, `column 1: expected a rule of at most 8192 bytes`},
		{"a.a -eq \"\xff\"", `expected UTF-8`},
	} {
		n, err := Parse(test.rule)
		if err == nil {
			t.Errorf("%.60s: read as %s", test.rule, n)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.60s\n got %v\nwant %s", test.rule, err, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, rule := range []string{
		`a.a -eq "1" or a.b -eq "2" and not (a.c -notIn ["3", 'it''s'])`, "a.a -eq \"say `\"x`\" \\\"y\\\"\"",
		`(user.a -any (_ -startsWith "contoso")) -or -not user.b -ge system.now -minus p1d`, `a.a -eq '\\''x' -and a.b -ne $null`,
	} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		n, err := Parse(rule)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "column ") {
				t.Fatal(err)
			}
			return
		}
		printed := n.String()
		again, err := Parse(printed)
		if err != nil {
			if strings.Contains(err.Error(), "at most") {
				return // parentheses and escapes made it larger than is read
			}
			t.Fatalf("%s\nprinted %s\n%v", rule, printed, err)
		}
		if again.String() != printed {
			t.Fatalf("%s\nprinted %s\nthen    %s", rule, printed, again)
		}
	})
}

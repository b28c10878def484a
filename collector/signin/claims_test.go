package signin

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestReadClaims(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	payload := func(text string) string { return "e30." + encode([]byte(text)) + ".c2ln" }
	app := Claims{
		Issuer: "https://sts.windows.net/t/", Subject: "o", Audience: []string{"https://graph.microsoft.com"}, TenantID: "t",
		AppID: "a", ObjectID: "o", Type: "app", Roles: []string{"User.Read.All", "Policy.Read.All"}, WIDs: []string{"w"},
		Expires: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotBefore: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC),
	}
	for _, test := range []struct {
		name, token string
		want        Claims
		wantErr     string
		appOnly     bool
	}{
		{name: "application", token: jwt(t, map[string]any{
			"iss": "https://sts.windows.net/t/", "sub": "o", "aud": "https://graph.microsoft.com", "tid": "t", "appid": "a",
			"oid": "o", "idtyp": "app", "roles": []string{"User.Read.All", "Policy.Read.All"}, "wids": []string{"w"},
			"exp": 1767225600, "nbf": 1767139200, "other": map[string]any{"tid": "x"},
		}), want: app, appOnly: true},
		{name: "person, version 2", token: payload(`{"azp":"a","scp":"User.Read  Group.Read.All","aud":["x","y"]}`),
			want: Claims{AppID: "a", Scopes: []string{"User.Read", "Group.Read.All"}, Audience: []string{"x", "y"}}},
		{name: "idtyp decides", token: payload(`{"idtyp":"user"}`), want: Claims{Type: "user"}},
		{name: "nothing", token: payload(`{}`), appOnly: true},
		{name: "names have a case", token: payload(`{"TID":"x","Roles":["r"]}`), appOnly: true},
		{name: "fraction of a second", token: payload(`{"exp":1.5}`), want: Claims{Expires: time.Unix(1, 0).UTC()},
			appOnly: true},
		{name: "padded", token: "e30." + base64.URLEncoding.EncodeToString([]byte(`{"tid":"t"}`)) + ".",
			want: Claims{TenantID: "t"}, appOnly: true},
		{name: "opaque", token: "canary", wantErr: "opaque"},
		{name: "empty", token: "", wantErr: "opaque"},
		{name: "encrypted, five parts", token: "a.b.c.d.e", wantErr: "opaque"},
		{name: "not base64", token: "e30.canary!.s", wantErr: "base64url"},
		{name: "not JSON", token: payload("canary"), wantErr: "JSON object"},
		{name: "not an object", token: payload(`["canary"]`), wantErr: "JSON object"},
		{name: "wrong type", token: payload(`{"roles":{"canary":1}}`), wantErr: "JSON object"},
		{name: "said twice", token: payload(`{"tid":"canary","tid":"b"}`), wantErr: "JSON object"},
		{name: "trailing", token: payload(`{} canary`), wantErr: "JSON object"},
		{name: "date before dates", token: payload(`{"exp":-1}`), wantErr: "JSON object"},
		{name: "date after dates", token: payload(`{"exp":1e300}`), wantErr: "JSON object"},
		{name: "huge", token: strings.Repeat("canary", tokenLimit), wantErr: "bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadClaims(test.token)
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) || strings.Contains(err.Error(), "canary") {
					t.Errorf("error %v, want %q and nothing of the token", err, test.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Scopes) == 0 && len(test.want.Scopes) == 0 {
				got.Scopes, test.want.Scopes = nil, nil
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if got.AppOnly() != test.appOnly {
				t.Errorf("AppOnly %v", got.AppOnly())
			}
		})
	}
}

// Whatever is read is what the payload says, and no error repeats the token.
func FuzzReadClaims(f *testing.F) {
	encode := base64.RawURLEncoding.EncodeToString
	for _, payload := range []string{
		`{"tid":"t","appid":"a","oid":"o","roles":["r"],"scp":"a b","wids":["w"],"exp":1767225600,"aud":["x"]}`,
		`{"aud":"x","exp":1e3}`, `{"roles":null,"exp":null,"aud":null}`,
		`{"roles":[null]}`, `[]`, `{"tid":"\ud800"}`, `{"exp":-0}`,
	} {
		f.Add("e30." + encode([]byte(payload)) + ".sig")
	}
	f.Add("opaque")
	f.Add("..")
	f.Add("e30.e30=.")
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := ReadClaims(token)
		if err != nil {
			if len(token) > 40 && strings.Contains(err.Error(), token[:20]) {
				t.Errorf("error %q repeats the token", err)
			}
			return
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.Split(token, ".")[1], "="))
		if err != nil {
			t.Fatalf("read what is not base64: %v", err)
		}
		// A second reader, of another make, agrees.
		var plain map[string]any
		if err := json.Unmarshal(payload, &plain); err != nil {
			t.Fatalf("read what is not JSON: %v", err)
		}
		for name, got := range map[string]string{"iss": claims.Issuer, "sub": claims.Subject, "tid": claims.TenantID,
			"oid": claims.ObjectID, "idtyp": claims.Type} {
			if want, _ := plain[name].(string); got != want {
				t.Errorf("%s is %q, read as %q", name, want, got)
			}
		}
		for name, got := range map[string][]string{"aud": claims.Audience, "roles": claims.Roles, "wids": claims.WIDs} {
			want, ok := plain[name].([]any)
			if one, isOne := plain[name].(string); isOne {
				want, ok = []any{one}, true
			}
			if ok && len(want) != len(got) || !ok && len(got) > 0 {
				t.Errorf("%s is %v, read as %q", name, plain[name], got)
			}
		}
		if year := claims.Expires.Year(); year < 1 || year > 9999 {
			t.Errorf("expires in the year %d", year)
		}
		again := "e30." + encode(payload) + "."
		if second, err := ReadClaims(again); err != nil || !reflect.DeepEqual(second, claims) {
			t.Errorf("read again as %+v, %v", second, err)
		}
	})
}

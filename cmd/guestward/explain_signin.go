package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/guestward/guestward/policies/access"
	"github.com/guestward/guestward/report"
)

func newExplainSignIn(s streams) *cobra.Command {
	var o explainOptions
	var r access.Request
	cmd := &cobra.Command{
		Use:   "sign-in [SNAPSHOT]",
		Short: "What each policy makes of one sign-in: an offline What-If",
		Long: `Evaluate one sign-in against every Conditional Access policy of a snapshot, and name the
clause that made each apply or not. What is not given is harmless: a browser on Windows, an
unregistered device, an address in no named location, no risk. --json holds the body that
puts the same sign-in to Microsoft's own evaluator (POST /identity/conditionalAccess/evaluate).`,
		Example: `  guestward explain sign-in --demo --user b2bCollaborationGuest --app "Office 365 SharePoint Online"
  guestward explain sign-in tenant.json --user ann@fabrikam.com --app c1 --location 198.51.100.7
  guestward explain sign-in tenant.json --user b2bDirectConnectUser --tenant fabrikam.com --client other`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if r.User == "" {
				return usagef("--user is missing: an account's id, name or mail address, or a kind such as b2bCollaborationGuest")
			}
			snap, tenant, err := o.model(s, args)
			if err != nil {
				return err
			}
			defer snap.Close()
			r.Assume = o.assume
			e, err := tenant.SignIn(r)
			if err != nil {
				return usageError{err}
			}
			return o.print(s, e, func(w io.Writer, ro report.Options) error { return report.ExplainSignIn(w, e, snap.Locate, ro) })
		},
	}
	o.add(cmd, true)
	f := cmd.Flags()
	f.StringVar(&r.User, "user", "", "`WHO` signs in: id, user principal name or mail address of an external account, or a kind of user")
	f.StringVar(&r.Tenant, "tenant", "", "home `TENANT` of a kind: its id or domain; other for one-time code, social or SAML")
	f.StringVar(&r.App, "app", "", "`APP` by id or name, urn:user:registersecurityinfo, urn:user:registerdevice, c1 to c99, or baseline (default an app that no policy names)")
	f.StringVar(&r.Client, "client", "browser", "`CLIENT`: browser, mobileAppsAndDesktopClients, exchangeActiveSync, easSupported or other")
	f.StringVar(&r.Platform, "platform", "windows", "`PLATFORM`: windows, macOS, iOS, android, linux, windowsPhone or unknown")
	f.StringVar(&r.Location, "location", "", "`WHERE`: an address, a named location or a country code")
	f.StringVar(&r.Country, "country", "", "`CODE` of the country of the address")
	f.BoolVar(&r.Compliant, "compliant", false, "the device is compliant")
	f.BoolVar(&r.Hybrid, "hybrid", false, "the device is hybrid joined")
	f.StringArrayVar(&r.DeviceAttributes, "device", nil, "`ATTRIBUTE=VALUE` of the device, such as model=Surface; may be repeated")
	f.StringVar(&r.SignInRisk, "sign-in-risk", "none", "`LEVEL`: none, low, medium or high")
	f.StringVar(&r.UserRisk, "user-risk", "none", "`LEVEL`: none, low, medium or high")
	f.StringVar(&r.InsiderRisk, "insider-risk", "none", "`LEVEL`: none, minor, moderate or elevated")
	f.StringVar(&r.Flow, "flow", "none", "`FLOW`: none, deviceCodeFlow or authenticationTransfer")
	return cmd
}

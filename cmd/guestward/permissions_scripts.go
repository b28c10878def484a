package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/guestward/guestward/cmd/internal/access"
)

// The scripts hold ids of rules and words of the table only: nothing that somebody else chose.

// graphEnvironments are the clouds as Connect-MgGraph names them.
// https://learn.microsoft.com/en-us/powershell/microsoftgraph/authentication-commands
var graphEnvironments = map[string]string{"global": "Global", "usgov": "USGov", "dod": "USGovDoD", "china": "China"}

// terraformEnvironments are the clouds as the provider names them.
// https://registry.terraform.io/providers/hashicorp/azuread/latest/docs#environment
var terraformEnvironments = map[string]string{
	"global": "global", "usgov": "usgovernmentl4", "dod": "usgovernmentl5", "china": "china",
}

// comment writes wrapped lines of a comment.
func comment(w io.Writer, text string) {
	var b strings.Builder
	block(&b, "", text)
	for line := range strings.Lines(b.String()) {
		fmt.Fprint(w, "# ", line)
	}
}

// scriptHead says what the script does, and what it leaves out.
func scriptHead(w io.Writer, p access.Plan) {
	comment(w, "Grants an application what guestward needs to collect "+planNeed(p)+cloudNote(p.Cloud)+
		". Written by guestward permissions.")
	fmt.Fprintln(w, "#")
	for _, g := range p.Grants {
		if g.Writes {
			comment(w, "Attention: "+g.Name+" ("+string(g.API)+") allows more than reading. There is no smaller permission.")
		}
	}
	for _, g := range p.Withheld {
		comment(w, "Left out, because it allows more than reading: "+g.Name+" ("+string(g.API)+"). "+staysUnknown(g.Rules))
	}
	for _, g := range p.Delegated {
		comment(w, "Only a signed-in person can have "+g.Name+" ("+g.About+").")
	}
	for _, g := range p.Outside {
		comment(w, "Not read with permissions: "+string(g.API)+". "+staysUnknown(g.Rules))
	}
}

func staysUnknown(rules []string) string {
	if len(rules) == 0 {
		return "No rule needs it."
	}
	return "Unknown without it: " + strings.Join(rules, " ") + "."
}

func planNeed(p access.Plan) string {
	if p.All || len(p.Rules) > 1 {
		return planFor(p)
	}
	return "for " + planFor(p)
}

// writePowerShell writes a script for Windows PowerShell 5.1 and PowerShell 7. It is ASCII: 5.1 reads others as the
// code page of the machine.
// https://learn.microsoft.com/en-us/graph/api/serviceprincipal-post-approleassignments
func writePowerShell(w io.Writer, p access.Plan) {
	fmt.Fprintln(w, "#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Applications")
	fmt.Fprintln(w)
	scriptHead(w, p)
	comment(w, "It takes the role Privileged Role Administrator, and may be run again: what is granted already is "+
		"skipped.")
	fmt.Fprint(w, `[CmdletBinding(SupportsShouldProcess)]
param(
    # Application (client) id of the application that guestward signs in as.
    [Parameter(Mandatory)] [guid] $AppId,
    # Id of the tenant.
    [Parameter(Mandatory)] [guid] $TenantId
)
$ErrorActionPreference = 'Stop'

$apis = @(
`)
	for _, group := range byAPI(p.Grants) {
		api := group[0].API
		fmt.Fprintf(w, "    @{\n        Name        = %s\n        AppId       = %s\n        Permissions = @(\n",
			quoted(string(api)), quoted(api.AppID()))
		for _, g := range group {
			fmt.Fprintf(w, "            @{ Name = %s; Id = %s } # %s\n", quoted(g.Name), quoted(g.ID), g.About)
		}
		fmt.Fprint(w, "        )\n    }\n")
	}
	fmt.Fprintf(w, `)

Connect-MgGraph -TenantId $TenantId -Environment %s -Scopes 'Application.Read.All', 'AppRoleAssignment.ReadWrite.All'
$principal = Get-MgServicePrincipal -Filter "appId eq '$AppId'"
if (-not $principal) {
    throw "The tenant has no service principal of the application ${AppId}: New-MgServicePrincipal -AppId $AppId makes one."
}
$granted = @(Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -All)
foreach ($api in $apis) {
    $resource = Get-MgServicePrincipal -Filter "appId eq '$($api.AppId)'"
    if (-not $resource) {
        Write-Warning "$($api.Name) is unknown in this tenant; its permissions are skipped."
        continue
    }
    foreach ($permission in $api.Permissions) {
        if ($granted | Where-Object { $_.ResourceId -eq $resource.Id -and $_.AppRoleId -eq $permission.Id }) {
            Write-Output "$($permission.Name): granted already"
        } elseif ($resource.AppRoles.Id -notcontains $permission.Id) {
            Write-Warning "$($permission.Name): $($api.Name) does not have it in this cloud; skipped."
        } elseif ($PSCmdlet.ShouldProcess($principal.DisplayName, "Grant $($permission.Name)")) {
            $assignment = @{ PrincipalId = $principal.Id; ResourceId = $resource.Id; AppRoleId = $permission.Id }
            $null = New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -BodyParameter $assignment
            Write-Output "$($permission.Name): granted"
        }
    }
}
`, graphEnvironments[p.Cloud])
}

// quoted is a PowerShell string in which nothing is replaced.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// writeTerraform writes a module for the provider hashicorp/azuread. It grants roles to a service principal that
// exists, which may be that of an app registration or a managed identity.
// https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/app_role_assignment
func writeTerraform(w io.Writer, p access.Plan) {
	scriptHead(w, p)
	comment(w, "It takes the role Privileged Role Administrator, or AppRoleAssignment.ReadWrite.All and "+
		"Application.Read.All.")
	fmt.Fprintf(w, `
terraform {
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0"
    }
  }
}
`)
	if p.Cloud != "global" {
		fmt.Fprintf(w, "\n# The provider must be configured with environment = %q.\n", terraformEnvironments[p.Cloud])
	}
	fmt.Fprint(w, `
variable "client_id" {
  description = "Application (client) id of the application that guestward signs in as."
  type        = string
}

data "azuread_service_principal" "guestward" {
  client_id = var.client_id
}
`)
	for _, group := range byAPI(p.Grants) {
		name := strings.ReplaceAll(strings.ToLower(string(group[0].API)), " ", "_")
		fmt.Fprintf(w, `
data "azuread_service_principal" %[1]q {
  client_id = %[2]q # %[3]s
}

resource "azuread_app_role_assignment" %[1]q {
  for_each = {
`, name, group[0].API.AppID(), group[0].API)
		longest := 0
		for _, g := range group {
			longest = max(longest, len(g.Name)+2)
		}
		for _, g := range group {
			fmt.Fprintf(w, "    %-*q = %q # %s\n", longest, g.Name, g.ID, g.About)
		}
		fmt.Fprintf(w, `  }
  app_role_id         = each.value
  principal_object_id = data.azuread_service_principal.guestward.object_id
  resource_object_id  = data.azuread_service_principal.%s.object_id
}
`, name)
	}
}

// byAPI splits the grants, which come service by service.
func byAPI(grants []access.Grant) [][]access.Grant {
	var groups [][]access.Grant
	for i, g := range grants {
		if i == 0 || g.API != grants[i-1].API {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], g)
	}
	return groups
}

# METADATA
# description: |
#   What rules about external users share: when an account last gave a sign of life and where its owner comes from.
#   Times are nanoseconds since 1970. Functions take the guest; rules call them for every one of a million guests.
package lib.guest

# METADATA
# description: The time of the snapshot, the only clock that rules have.
now := time.parse_rfc3339_ns(input.collection.collectedAt)

_day := ((24 * 60) * 60) * 1000000000

# METADATA
# description: The moment so many days before the snapshot; what happened earlier is older than that.
days_ago(days) := now - (days * _day)

# METADATA
# description: Whole days from a moment to the snapshot.
age(moment) := floor((now - moment) / _day)

_signs := {
	"success": ["signInActivity", "lastSuccessfulSignInDateTime"],
	"attempt": ["signInActivity", "lastSignInDateTime"],
	"client": ["signInActivity", "lastNonInteractiveSignInDateTime"],
	"state": ["externalUserStateChangeDateTime"],
	"created": ["createdDateTime"],
}

# METADATA
# description: |
#   The moment from which inactivity counts, as {kind, path, text}: the last successful sign-in, else the last attempt
#   before the service kept those, else the change of the invitation's state, else the creation. Later attempts failed: a
#   stranger who guesses passwords makes them too. The text may be no time; see moment.
#   The service keeps successful sign-ins since December 2023 only and attempts since April 2020:
#   https://learn.microsoft.com/en-us/graph/api/resources/signinactivity
last_activity(guest) := _sign("success", guest.signInActivity.lastSuccessfulSignInDateTime) if {
	guest.signInActivity.lastSuccessfulSignInDateTime != null
} else := _sign(kind, object.get(guest, _signs[kind], null)) if {
	kind := _attempt(guest)
	_may_have_succeeded(guest, object.get(guest, _signs[kind], null))
} else := invited(guest)

_may_have_succeeded(_, text) if not _has_failed(text)

_may_have_succeeded(guest, _) if {
	object.get(guest, _signs.success, "absent") == "absent"
}

_has_failed(text) if moment(text) >= _success_is_kept

_success_is_kept := time.parse_rfc3339_ns("2023-12-01T00:00:00Z")

# METADATA
# description: When the invitation's state changed last, else when the account was created, as last_activity gives it.
invited(guest) := _sign("state", guest.externalUserStateChangeDateTime) if {
	guest.externalUserStateChangeDateTime != null
} else := _sign("created", guest.createdDateTime) if {
	guest.createdDateTime != null
}

_sign(kind, text) := {"kind": kind, "path": _signs[kind], "text": text}

# The later of the two kinds of attempts: by the person, by a program on the person's behalf.
_attempt(guest) := "client" if {
	moment(guest.signInActivity.lastNonInteractiveSignInDateTime) > moment(guest.signInActivity.lastSignInDateTime)
} else := "attempt" if {
	guest.signInActivity.lastSignInDateTime != null
} else := "client" if {
	guest.signInActivity.lastNonInteractiveSignInDateTime != null
}

# METADATA
# description: Every recorded sign of life of the account as {kind, path, text}, its creation and invitation included.
signs_of_life(guest) := [_sign(kind, text) |
	some kind, path in _signs
	text := object.get(guest, path, null)
	text != null
]

# METADATA
# description: |
#   The latest time that anything in the snapshot can have happened: a day behind its own, for clocks that differ. What
#   claims to be later is not believed, or a wrong clock would make every guest a recent one.
latest := now + _day

# METADATA
# description: A time of the service as nanoseconds; undefined when the text is not a time, or one that is yet to come.
moment(text) := parsed if {
	parsed := time.parse_rfc3339_ns(text)
	parsed <= latest
}

# METADATA
# description: Whether a user principal name belongs to somebody of another directory or identity provider.
is_foreign(name) if contains(lower(name), "#ext#")

# METADATA
# description: Whether a user principal name belongs to this directory. A name that is no text is neither.
is_own(name) if indexof(lower(name), "#ext#") < 0

# METADATA
# description: The domain of a mail address, lower case; undefined when the text is no address.
domain(address) := lower(parts[count(parts) - 1]) if {
	parts := split(address, "@")
	count(parts) > 1
	parts[count(parts) - 1] != ""
}

# METADATA
# description: |
#   The home domain that a name such as alice_fabrikam.com#EXT#@contoso.onmicrosoft.com tells. The address was written
#   with its @ turned into _, and a domain has no _, so the last one separates. Undefined for other names.
#   https://learn.microsoft.com/en-us/entra/external-id/user-properties
domain_of_name(name) := home if {
	lowered := lower(name)
	end := indexof(lowered, "#ext#")
	end > 0
	parts := split(substring(lowered, 0, end), "_")
	count(parts) > 1
	home := parts[count(parts) - 1]
	contains(home, ".")
}

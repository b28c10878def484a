# METADATA
# description: ISO 8601 durations as Microsoft Graph writes them, such as P30D.
package lib.duration

# METADATA
# description: The days of a duration that consists of days alone; undefined for every other text.
days(text) := to_number(trim(text, "PD")) if regex.match(`^P[0-9]{1,6}D$`, text)

# METADATA
# description: |
#   The same of durations with hours, minutes or seconds too, such as PT8H, parts of a day included. Graph's type knows no
#   months and years: https://docs.oasis-open.org/odata/odata-csdl-xml/v4.01/odata-csdl-xml-v4.01.html (Edm.Duration)
in_days(text) := (((n[0] * 86400) + (n[1] * 3600)) + ((n[2] * 60) + n[3])) / 86400 if {
	parts := array.slice(regex.find_all_string_submatch_n(_pattern, text, 1)[0], 1, 5)
	concat("", parts) != ""
	n := [to_number(concat("", ["0", trim(part, "DHMS")])) | some part in parts]
}

_pattern := `^P([0-9]{1,6}D)?(?:T([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}(?:[.][0-9]{1,9})?S)?)?$`

# METADATA
# description: ISO 8601 durations as Microsoft Graph writes them, such as P30D.
package lib.duration

# METADATA
# description: The days of a duration that consists of days alone; undefined for every other text.
days(text) := to_number(trim(text, "PD")) if regex.match(`^P[0-9]{1,6}D$`, text)

package lib.duration_test

import data.lib.duration

test_days_are_read if {
	duration.days("P30D") == 30
	duration.days("P0D") == 0
	duration.days("P007D") == 7
}

test_other_durations_are_not_guessed if {
	not _has_days("P1M")
	not _has_days("P4W")
	not _has_days("PT720H")
	not _has_days("P30DT1H")
	not _has_days("30")
	not _has_days("PD")
	not _has_days("")
	not _has_days(input.text) with input.text as null
}

_has_days(text) if duration.days(text)

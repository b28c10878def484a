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

test_parts_of_days_are_read_too if {
	duration.in_days("P90D") == 90
	duration.in_days("PT12H") == 0.5
	duration.in_days("P1DT6H") == 1.25
	duration.in_days("PT720H") == 30
	duration.in_days("P0DT0H1440M0.0S") == 1
	duration.in_days("PT0S") == 0
}

test_what_is_no_duration_has_no_days if {
	every text in ["", "P", "PT", "P1M", "P1Y", "P4W", "30", "-P1D", "P1D ", null, 30] {
		not _has_length(text)
	}
}

_has_length(text) if duration.in_days(text)

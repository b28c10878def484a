package lib.finding_test

import data.lib.finding

test_at_builds_path_and_message if {
	finding.at(["entra", "x", 0], "wrong") == {"path": ["entra", "x", 0], "message": "wrong"}
}

test_keyed_carries_its_key if {
	finding.keyed(["entra"], "k", "wrong") == {"path": ["entra"], "key": "k", "message": "wrong"}
}

package lib.privileged_role_test

import data.lib.privileged_role

test_microsoft_marks_some_roles if {
	privileged_role.is_privileged("62E90394-69f5-4237-9190-012177145e10")
	not privileged_role.is_privileged("95e79109-95c0-4d8e-aee3-d01accf2d47b")
}

test_words if {
	privileged_role.word("62e90394-69f5-4237-9190-012177145e10", false) == "privileged role"
	privileged_role.word("95e79109-95c0-4d8e-aee3-d01accf2d47b", false) == "role"
	privileged_role.word("95e79109-95c0-4d8e-aee3-d01accf2d47b", true) == "custom role"
}

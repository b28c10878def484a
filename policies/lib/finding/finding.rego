# METADATA
# description: |
#   Constructors of what a rule reports. A place is a path into the snapshot, member names and array indexes in order;
#   it becomes the JSON pointer, the file, line and column, and the finding's identity.
package lib.finding

# METADATA
# description: A finding, an unknown or a note at one place of the snapshot.
at(path, message) := {"path": path, "message": message}

# METADATA
# description: One of several findings of a rule at the same place, told apart by key, which must not hold anything that changes by itself.
keyed(path, key, message) := {"path": path, "key": key, "message": message}

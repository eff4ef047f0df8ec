// Package worksteal steals tasks.
package worksteal

import _ "meshsim/protocols/task"

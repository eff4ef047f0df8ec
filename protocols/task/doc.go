// Package task is work that a mesh has to do: tasks, nodes that run them, and the
// means that strategies share. A strategy decides where a task runs; it is a type
// of its own in a package of its own, and [New] makes the protocol of it. Two are
// here: [Local] shares nothing, choices asks a few nodes at random.
package task

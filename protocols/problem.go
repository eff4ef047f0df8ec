package protocols

import "fmt"

// Problem is what is wrong with one key of a protocol's configuration. A
// configuration whose method Validate returns []Problem can be read by loaders
// that know nothing else of it.
type Problem struct {
	Path    string // the key, as it is written
	Message string // what is wrong, and what to write instead
}

// Error returns the path and the message.
func (p Problem) Error() string { return p.Path + ": " + p.Message }

// Problemf is a problem whose message is formatted as by fmt.Sprintf.
func Problemf(path, format string, args ...any) Problem {
	return Problem{path, fmt.Sprintf(format, args...)}
}

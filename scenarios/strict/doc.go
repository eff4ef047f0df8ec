// Package strict reads YAML into Go structs and refuses everything it does not
// understand: an unknown field, a missing unit, a value out of range, two
// values for one field. It finds all problems in one pass and says of each
// where it is, what is wrong and what to write instead:
//
//	gossip.yaml:2:17: run.duration: "20" has no unit; write 20ms or 20s
//	     2 | run: {duration: 20}
//	       |                 ^^
//
// What may be written is declared by struct tags, so that the reader, the
// writer ([Format]), the JSON Schema ([Schema]) and the help ([Explain]) speak
// of the same thing. A struct that is read knows nothing of YAML and needs not
// import this package:
//
//	type Config struct {
//		Fanout   int           `key:"fanout" default:"3" min:"1" doc:"peers a round"`
//		Mode     string        `key:"mode" default:"push" enum:"push,pull" doc:"who sends"`
//		Interval time.Duration `key:"interval" default:"2s" alias:"period" doc:"between rounds"`
//	}
//
// # Tags
//
//	key       the field's name; ",inline" takes the fields of a struct as one's own
//	doc       what it means, in a phrase
//	default   what an absent field is set to, as one would write it
//	example   what a message or the help proposes to write
//	enum      the words allowed, separated by commas
//	min, max  bounds, as one would write them
//	alias     words that people write instead and are told the right one
//	unit      of an integer: size (or B), bandwidth, drift (see [Size], [Bandwidth], [Drift])
//	required  "true": it must be written
//	short     "true": a bare value in place of the struct stands for this field
//	refuse    why the field may not be written
//	select    "true": the field's word chooses the struct's case
//	case      the word that chooses this field, a pointer to a struct whose fields
//	          then stand beside the others
//	one       exactly one of the struct's fields with the same word here must be written
//
// Types: bool, string, integers, float64, time.Duration, draw.Probability, the
// quantities of this package, structs, pointers to structs, slices, [List],
// [Map], [Over], and whatever implements encoding.TextUnmarshaler and
// encoding.TextMarshaler (by value).
//
// Numbers and durations are not negative unless min says so. A struct with a
// method Validate() error, or Validate() []P where P has the string fields Path
// and Message, is asked once its fields are right. Its path is that of a field
// in it.
//
// # YAML
//
// gopkg.in/yaml.v3 only parses; file yaml.go is the one that knows it. Numbers,
// words and nulls are told apart here, by the text: 010 is refused instead of
// read as 8, yes is no boolean. Anchors, aliases and merge keys work and are
// bounded: what they expand to counts against a limit.
package strict

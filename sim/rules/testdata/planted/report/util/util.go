package util // want name doc

type Bare struct{} // want doc

// It does not say its name.
type Wrong struct{} // want doc

// A Right has a comment.
type Right struct{}

func (Right) Bare() {} // want doc

// Marked is right.
func (Right) Marked() {}

func (Right) Error() string { return "" }

func Naked() {} // want doc

const Limit = 3

// want-above doc

const Other = 4 // bytes

// The sizes.
const (
	Small = 1
	Large = 2
)

// The forms.
type (
	Round  struct{}
	Square struct{}
)

type own struct{}

func (own) Exported() {}

package strict

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"meshsim/protocols/draw"
)

var (
	durationType    = reflect.TypeFor[time.Duration]()
	probabilityType = reflect.TypeFor[draw.Probability]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// A SyntaxError is an error at a character of a text; readers of texts return
// it to have the caret under that character.
type SyntaxError struct {
	Offset int // in characters
	Text   string
}

func (e *SyntaxError) Error() string { return e.Text }

// unitTypes are the types behind the tag unit.
var unitTypes = map[string]reflect.Type{
	"B":         reflect.TypeFor[Size](),
	"size":      reflect.TypeFor[Size](),
	"bandwidth": reflect.TypeFor[Bandwidth](),
	"drift":     reflect.TypeFor[Drift](),
}

// unitType returns the type by which a field is written.
func (f *field) unitType(t reflect.Type) reflect.Type {
	if f.unit == "" {
		return t
	}
	u, ok := unitTypes[f.unit]
	if !ok {
		panic(fmt.Sprintf("strict: unknown unit %q", f.unit))
	}
	return u
}

// isLeaf says whether values of the type are written as one word or number.
func isLeaf(t reflect.Type) bool {
	if t == literalType || reflect.PointerTo(t).Implements(unmarshalerType) {
		return true
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Pointer, reflect.Map:
		return false
	}
	return true
}

// setLeaf reads one word or number into v.
func setLeaf(n *node, v reflect.Value, f *field) error {
	if t := f.unitType(v.Type()); t != v.Type() {
		u := reflect.New(t).Elem()
		if err := setText(n, u); err != nil {
			return err
		}
		v.Set(u.Convert(v.Type()))
	} else if err := setText(n, v); err != nil {
		return err
	}
	return f.check(v, n.text)
}

func setText(n *node, v reflect.Value) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(n.text))
	}
	switch v.Type() {
	case durationType:
		d, err := ParseDuration(n.text)
		v.SetInt(int64(d))
		return err
	case probabilityType:
		p, err := ParseProbability(n.text)
		v.SetUint(uint64(p))
		return err
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.text)
		return nil
	case reflect.Bool:
		return setBool(n, v)
	case reflect.Float64:
		if n.quoted {
			return fmt.Errorf("%s is text; write the number without quotes", quote(n.text))
		}
		x, err := parseFloat(n.text)
		v.SetFloat(x)
		return err
	}
	return setInteger(n, v)
}

func setBool(n *node, v reflect.Value) error {
	if n.quoted || n.text != "true" && n.text != "false" {
		return fmt.Errorf("expected true or false, got %s", quote(n.text))
	}
	v.SetBool(n.text == "true")
	return nil
}

func setInteger(n *node, v reflect.Value) error {
	digits := strings.TrimPrefix(n.text, "-")
	plain := strings.ReplaceAll(digits, "_", "")
	switch isDigits := digits != "" && strings.Trim(digits, "0123456789") == ""; {
	case n.quoted && isDigits:
		return fmt.Errorf("%s is text; write the number without quotes", quote(n.text))
	case isDigits && len(digits) > 1 && digits[0] == '0':
		trimmed := strings.TrimLeft(digits[:len(digits)-1], "0") + digits[len(digits)-1:]
		return fmt.Errorf("%s has a leading zero (octal to some readers); write %s", n.text, trimmed)
	case !isDigits && plain != digits && plain != "" && strings.Trim(plain, "0123456789") == "":
		return fmt.Errorf("%s: write the number without _", quote(n.text))
	case !isDigits:
		return fmt.Errorf("expected a whole number, got %s", quote(n.text))
	}
	if v.CanUint() {
		x, err := strconv.ParseUint(n.text, 10, v.Type().Bits())
		if err != nil {
			return fmt.Errorf("%s is outside 0…%d", n.text, uint64(math.MaxUint64)>>(64-v.Type().Bits()))
		}
		v.SetUint(x)
		return nil
	}
	x, err := strconv.ParseInt(n.text, 10, v.Type().Bits())
	if err != nil {
		return fmt.Errorf("%s is too large", n.text)
	}
	v.SetInt(x)
	return nil
}

// check holds a value against the field's words and bounds.
func (f *field) check(v reflect.Value, text string) error {
	if len(f.words) > 0 {
		for _, w := range f.words {
			if text == w {
				return nil
			}
		}
		return fmt.Errorf("%s is not one of %s%s", quote(text), strings.Join(f.words, ", "), didYouMean(text, f.words))
	}
	if !v.CanInt() && !v.CanUint() && !v.CanFloat() {
		return nil
	}
	low, high := f.bound(f.low, v.Type()), f.bound(f.high, v.Type())
	if !low.IsValid() && !v.CanUint() && f.unitType(v.Type()) != unitTypes["drift"] {
		low = reflect.Zero(v.Type()) // nothing is negative unless it says so
	}
	if low.IsValid() && less(v, low) || high.IsValid() && less(high, v) {
		return f.outside(text, low, high)
	}
	return nil
}

func (f *field) outside(text string, low, high reflect.Value) error {
	switch {
	case !high.IsValid():
		return fmt.Errorf("%s is too small; at least %s", text, leafText(low, f))
	case !low.IsValid():
		return fmt.Errorf("%s is too large; at most %s", text, leafText(high, f))
	}
	return fmt.Errorf("%s is outside %s…%s", text, leafText(low, f), leafText(high, f))
}

func less(a, b reflect.Value) bool {
	switch {
	case a.CanInt():
		return a.Int() < b.Int()
	case a.CanUint():
		return a.Uint() < b.Uint()
	}
	return a.Float() < b.Float()
}

// bound reads a bound of the tags; the zero Value if there is none.
func (f *field) bound(text string, t reflect.Type) reflect.Value {
	if text == "" {
		return reflect.Value{}
	}
	v := reflect.New(f.unitType(t)).Elem()
	if err := setText(&node{kind: scalar, text: text}, v); err != nil {
		panic(fmt.Sprintf("strict: bound of %s: %v", f.key, err))
	}
	return v.Convert(t)
}

package strict

import "reflect"

// A Map is a block of named entries in the order in which they were written.
type Map[T any] []Entry[T]

// An Entry is one of a [Map].
type Entry[T any] struct {
	Key   string
	Value T
}

// Get returns the value under a key, nil if there is none.
func (m Map[T]) Get(key string) *T {
	for i := range m {
		if m[i].Key == key {
			return &m[i].Value
		}
	}
	return nil
}

// Keys returns the keys in order.
func (m Map[T]) Keys() []string {
	keys := make([]string, len(m))
	for i := range m {
		keys[i] = m[i].Key
	}
	return keys
}

func (m *Map[T]) entry(key string) reflect.Value {
	*m = append(*m, Entry[T]{Key: key})
	return reflect.ValueOf(&(*m)[len(*m)-1].Value).Elem()
}

func (Map[T]) element() reflect.Type { return reflect.TypeFor[T]() }

// A List is written as a list, or as one bare element.
type List[T any] []T

func (List[T]) oneOrMany() {}

// An Over is a T of which only some fields are written; what the others are is
// known later, when [Over.Apply] gives the value that it lies over.
type Over[T any] struct {
	Value   T
	Written bool // something was written; Value holds it once applied

	node *node
	path string
}

// Apply sets Value to base with what was written on top; problems go to d.
func (o *Over[T]) Apply(d *Decoder, base T) {
	o.Value = clone(reflect.ValueOf(&base).Elem()).Interface().(T)
	if o.node != nil {
		d.decode(o.node, reflect.ValueOf(&o.Value).Elem(), o.path, &field{}, false)
	}
}

func (o *Over[T]) hold(n *node, path string) { o.node, o.path, o.Written = n, path, true }

func (Over[T]) under() reflect.Type { return reflect.TypeFor[T]() }

// What the walkers ask of the generic types, whatever their T.
type (
	orderedMap interface {
		entry(key string) reflect.Value
		element() reflect.Type
	}
	oneOrMany interface{ oneOrMany() }
	overlay   interface {
		hold(n *node, path string)
		under() reflect.Type
	}
)

var (
	orderedMapType = reflect.TypeFor[orderedMap]()
	oneOrManyType  = reflect.TypeFor[oneOrMany]()
	overlayType    = reflect.TypeFor[overlay]()
)

func isMap(t reflect.Type) bool  { return reflect.PointerTo(t).Implements(orderedMapType) }
func isOver(t reflect.Type) bool { return reflect.PointerTo(t).Implements(overlayType) }

func mapElement(t reflect.Type) reflect.Type {
	return reflect.New(t).Interface().(orderedMap).element()
}
func overType(t reflect.Type) reflect.Type { return reflect.New(t).Interface().(overlay).under() }

// clone copies a value and what it points to.
func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(clone(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(clone(v.Index(i)))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(clone(v.Field(i)))
			}
		}
	}
	return out
}

package strict

import "testing"

type sweepLike struct {
	Name   string             `key:"name"`
	N      int                `key:"count" default:"1"`
	Matrix Map[List[Literal]] `key:"matrix"`
	Except []Map[Literal]     `key:"except"`
}

// What is put at a path is told at the place where it was written.
func TestPutTellsWhereItWasWritten(t *testing.T) {
	text := []byte("name: x\nmatrix: {count: [1, two, {a: 3}], name: [\"a b\", [1, 2]]}\nexcept: [{count: 1, name: '2'}]\n")
	d := Parse("f.yaml", text, nil)
	var v sweepLike
	d.Decode(&v)
	if err := d.Err(); err != nil {
		t.Fatal(err)
	}
	if got := string(Format(&v)); got != "name: x\ncount: 1\nmatrix:\n  count: [1, two, {a: 3}]\n  name: [a b, [1, 2]]\nexcept:\n- {count: 1, name: \"2\"}\n" {
		t.Errorf("written as\n%s", got)
	}
	values := *v.Matrix.Get("count")
	d = Parse("f.yaml", text, nil)
	d.Put("count", values[1])
	d.Decode(new(sweepLike))
	want := "f.yaml:2:21: count: expected a whole number, got"
	if err := d.Err(); err == nil || err.(*Problems).List[0].Error()[:len(want)] != want {
		t.Errorf("error %v, want %s", err, want)
	}
	d = Parse("f.yaml", text, nil)
	d.Put("count", values[0])
	d.Decode(&v)
	if err := d.Err(); err != nil || v.N != 1 {
		t.Errorf("n is %d, %v", v.N, err)
	}
}

func TestParseLiterals(t *testing.T) {
	list, err := ParseLiterals("a.b=2s,{x: [1, 2]},'5,6'", "2s,{x: [1, 2]},'5,6'", 1)
	if err != nil || len(list) != 3 || list[1].String() != "{x: [1, 2]}" {
		t.Fatalf("%v, %v", list, err)
	}
	if at := list[0].node.place; at.col != 5 || at.in.at(1) != "a.b=2s,{x: [1, 2]},'5,6'" {
		t.Errorf("the first value stands at %d of %q", at.col, at.in.at(1))
	}
	if _, err := ParseLiterals("a=[", "[", 1); err == nil {
		t.Error("an open bracket is read")
	}
}

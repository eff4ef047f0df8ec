package wire

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"meshsim/protocols/draw"
)

var numbers = []uint64{0, 1, 127, 128, 16383, 16384, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, math.MaxUint64}

func TestUvarint(t *testing.T) {
	for shift := range 64 {
		for _, v := range []uint64{1<<shift - 1, 1 << shift, 1<<shift + 1} {
			b := AppendUvarint(nil, v)
			if len(b) != UvarintSize(v) {
				t.Errorf("UvarintSize(%d) = %d, appended %d bytes", v, UvarintSize(v), len(b))
			}
			r := NewReader(b)
			if got := r.Uvarint(); got != v || r.Close("number") != nil {
				t.Errorf("read %d, want %d (%v)", got, v, r.Err())
			}
		}
	}
}

func TestZigzag(t *testing.T) {
	for i, v := range []int64{0, -1, 1, -2, 2} {
		if got := Zigzag(v); got != uint64(i) {
			t.Errorf("Zigzag(%d) = %d, want %d", v, got, i)
		}
	}
	for _, u := range numbers {
		if got := Unzigzag(Zigzag(int64(u))); got != int64(u) {
			t.Errorf("Unzigzag(Zigzag(%d)) = %d", int64(u), got)
		}
	}
}

// message appends one value of each form and reads them back.
func message() []byte {
	b := []byte{7}
	b = AppendBool(b, true)
	b = AppendUvarint(b, 300)
	b = AppendUint32(b, 0xdeadbeef)
	b = AppendUint64(b, 1<<63)
	b = AppendBytes(b, []byte("abc"))
	b = AppendBytes(b, "defg")
	b = AppendUvarint(b, 2) // elements of two bytes
	b = append(b, 1, 2, 3, 4)
	return AppendChecksum(b, 0)
}

func read(b []byte) ([]any, error) {
	r := NewChecked(b)
	v := []any{r.Uint8(), r.Bool(), r.UvarintMax(300), r.Uint32(), r.Uint64(),
		string(r.Bytes(3)), r.String(10)}
	for range r.Count(2) {
		v = append(v, r.Uint8(), r.Uint8())
	}
	return v, r.Close("test")
}

func TestReaderTakesBackWhatWasAppended(t *testing.T) {
	got, err := read(message())
	if err != nil {
		t.Fatal(err)
	}
	want := []any{uint8(7), true, uint64(300), uint32(0xdeadbeef), uint64(1 << 63), "abc", "defg",
		uint8(1), uint8(2), uint8(3), uint8(4)}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("value %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestSizes(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 70000} {
		p := make([]byte, n)
		if got, want := BytesSize(p), len(AppendBytes(nil, p)); got != want {
			t.Errorf("BytesSize of %d bytes is %d, want %d", n, got, want)
		}
	}
}

// Every flip of up to two bits and every cut of the message is found.
func TestChecksumFindsDamage(t *testing.T) {
	whole := message()
	for cut := range whole {
		if _, err := read(whole[:cut]); err == nil {
			t.Errorf("cut to %d bytes: no error", cut)
		}
	}
	for i := range len(whole) * 8 {
		for j := i; j < len(whole)*8; j++ {
			b := bytes.Clone(whole)
			b[i/8] ^= 1 << (i % 8)
			if j != i {
				b[j/8] ^= 1 << (j % 8)
			}
			if _, err := read(b); !errors.Is(err, ErrChecksum) {
				t.Fatalf("bits %d and %d flipped: %v", i, j, err)
			}
		}
	}
}

func TestReaderErrors(t *testing.T) {
	tests := []struct {
		name string
		b    []byte
		read func(r *Reader)
		want error
	}{
		{"empty uvarint", nil, func(r *Reader) { r.Uvarint() }, ErrShort},
		{"unended uvarint", []byte{0x80}, func(r *Reader) { r.Uvarint() }, ErrShort},
		{"padded uvarint", []byte{0x81, 0}, func(r *Reader) { r.Uvarint() }, ErrForm},
		{"uvarint of 65 bits", append(bytes.Repeat([]byte{0xff}, 9), 2), func(r *Reader) { r.Uvarint() }, ErrForm},
		{"over the limit", []byte{9}, func(r *Reader) { r.UvarintMax(8) }, ErrLimit},
		{"bool of 2", []byte{2}, func(r *Reader) { r.Bool() }, ErrForm},
		{"short uint32", []byte{1, 2, 3}, func(r *Reader) { r.Uint32() }, ErrShort},
		{"short uint64", []byte{1, 2, 3}, func(r *Reader) { r.Uint64() }, ErrShort},
		{"long bytes", []byte{2, 0, 0}, func(r *Reader) { r.Bytes(1) }, ErrLimit},
		{"negative limit", []byte{1, 0}, func(r *Reader) { r.Bytes(-1) }, ErrLimit},
		{"missing bytes", []byte{3, 0, 0}, func(r *Reader) { r.Bytes(9) }, ErrShort},
		{"huge count", AppendUvarint(nil, math.MaxUint64), func(r *Reader) { r.Count(1) }, ErrShort},
		{"count without room", []byte{2, 0, 0, 0}, func(r *Reader) { r.Count(2) }, ErrShort},
		{"trailing", []byte{1, 2}, func(r *Reader) { r.Uint8() }, ErrTrailing},
		{"no checksum", []byte{1}, func(r *Reader) { *r = NewChecked([]byte{1}) }, ErrShort},
	}
	for _, tc := range tests {
		r := NewReader(tc.b)
		tc.read(&r)
		if err := r.Close("test"); !errors.Is(err, tc.want) {
			t.Errorf("%s: error %v, want %v", tc.name, err, tc.want)
		}
	}
}

func TestReaderErrorSticks(t *testing.T) {
	r := NewReader([]byte{1, 2, 3, 4, 5, 6, 7, 8})
	r.Fail(ErrLimit)
	if r.Uint8() != 0 || r.Uvarint() != 0 || r.Uint64() != 0 || r.Bytes(9) != nil || r.Count(1) != 0 || r.Len() != 0 {
		t.Error("a Reader with an error returns values")
	}
	r.Fail(ErrForm)
	if !errors.Is(r.Err(), ErrLimit) {
		t.Errorf("error is %v, want the first one", r.Err())
	}
}

// Random bytes never panic, and what is accepted has only one form.
func TestReaderOnNoise(t *testing.T) {
	rand := draw.New(1)
	for range 20000 {
		b := make([]byte, rand.IntN(24))
		for i := range b {
			u := rand.Uint64()
			b[i] = byte(u) & byte(u>>8) // small lengths are the interesting ones
		}
		r := NewReader(b)
		u, s, n := r.Uvarint(), r.String(8), r.Count(3)
		if n > len(b)/3 {
			t.Fatalf("count %d from %d bytes", n, len(b))
		}
		rest := r.Bytes(math.MaxInt)
		if r.Close("noise") != nil {
			continue
		}
		again := AppendUvarint(AppendBytes(AppendUvarint(nil, u), s), uint64(n))
		if again = AppendBytes(again, rest); !bytes.Equal(again, b) {
			t.Fatalf("%x reads and writes as %x", b, again)
		}
	}
}

package chart

import (
	"image/color"
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// The paper, unless a chart says another. A line of a report's column is about
// as wide.
const (
	usualWidth, usualHeight = vg.Length(480), vg.Length(300)
	margin                  = vg.Length(10)
)

// paper is the size of the sheet.
func (c *Chart) paper() (width, height vg.Length) {
	width, height = vg.Length(c.Width), vg.Length(c.Height)
	if width <= 0 {
		width = usualWidth
	}
	switch rows := len(c.Y.Names); {
	case height > 0:
	case rows == 0:
		height = usualHeight
	case c.Cells != nil:
		height = max(usualHeight, vg.Length(rows)*cellStep+aroundRows)
	default:
		height = max(usualHeight/2, vg.Length(rows)*rowStep+aroundRows)
	}
	return width, height
}

// Heights of a row with a name, and of all around them.
const rowStep, cellStep, aroundRows = vg.Length(15), vg.Length(12), vg.Length(95)

// Sizes of type.
const (
	titleSize, textSize, tickSize, spanSize = vg.Length(12), vg.Length(9), vg.Length(8.5), vg.Length(7.5)
)

var (
	white = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
	ink   = color.NRGBA{0x1A, 0x1A, 0x1A, 0xFF}
	muted = color.NRGBA{0x5F, 0x63, 0x68, 0xFF}
	rule  = color.NRGBA{0xE2, 0xE2, 0xE2, 0xFF}
	shade = color.NRGBA{0x70, 0x78, 0x84, 0x22}
)

// A look is how one curve is told from the others.
type look struct {
	colour color.NRGBA
	dashes []vg.Length
	shape  int // of points, see corners
}

// looks are the colours of Okabe and Ito that stand out from white, the first
// one solid.
var looks = []look{
	{color.NRGBA{0x00, 0x72, 0xB2, 0xFF}, nil, 0},
	{color.NRGBA{0xD5, 0x5E, 0x00, 0xFF}, []vg.Length{6, 2.5}, 1},
	{color.NRGBA{0x00, 0x9E, 0x73, 0xFF}, []vg.Length{1.6, 2}, 2},
	{color.NRGBA{0xCC, 0x79, 0xA7, 0xFF}, []vg.Length{8, 2.5, 1.6, 2.5}, 3},
	{color.NRGBA{0xE6, 0x9F, 0x00, 0xFF}, []vg.Length{3.5, 2}, 4},
	{color.NRGBA{0x56, 0xB4, 0xE9, 0xFF}, []vg.Length{8, 2, 1.6, 2, 1.6, 2}, 5},
}

// lookOf is the look of the i-th of what is drawn. Where colours come again, they
// have other dashes and shapes.
func lookOf(i int) look {
	n := len(looks)
	other := (i + i/n) % n
	return look{looks[i%n].colour, looks[other].dashes, other}
}

func (c *Chart) lookOfBoxes(i int) look { return lookOf(len(c.Bars) + len(c.Curves) + i) }

func (c *Chart) lookOfPoints(i int) look {
	return lookOf(len(c.Bars) + len(c.Curves) + len(c.Boxes) + i)
}

func (c *Chart) lookOfCurve(i int) look {
	if s := c.Curves[i].Style; s != nil {
		n := len(looks)
		return look{looks[s.Colour%n].colour, looks[s.Dash%n].dashes, s.Dash % n}
	}
	return lookOf(len(c.Bars) + i)
}

// faint is the colour of the band around a curve.
func (l look) faint() color.NRGBA {
	c := l.colour
	c.A = 0x38
	return c
}

// faces holds the two fonts; parsing them takes milliseconds.
var faces = sync.OnceValue(func() *font.Cache {
	load := func(ttf []byte, weight xfont.Weight) font.Face {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("chart: the embedded font is broken: " + err.Error())
		}
		return font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, Face: f}
	}
	return font.NewCache(font.Collection{
		load(liberationsansregular.TTF, xfont.WeightNormal),
		load(liberationsansbold.TTF, xfont.WeightBold),
	})
})

func regular(size vg.Length) *font.Face {
	f := faces().Lookup(font.Font{Typeface: "Liberation", Variant: "Sans"}, size)
	return &f
}

func bold(size vg.Length) *font.Face {
	f := faces().Lookup(font.Font{Typeface: "Liberation", Variant: "Sans", Weight: xfont.WeightBold}, size)
	return &f
}

// wrapped breaks text into at most two lines, the second one cut if need be.
func wrapped(f *font.Face, text string, room vg.Length) []string {
	if text == "" || f.Width(text) <= room {
		return []string{text}
	}
	words := strings.Fields(text)
	first := 1
	for first < len(words) && f.Width(strings.Join(words[:first+1], " ")) <= room {
		first++
	}
	return []string{fitted(f, strings.Join(words[:first], " "), room), fitted(f, strings.Join(words[first:], " "), room)}
}

// fitted cuts text that is wider than room.
func fitted(f *font.Face, text string, room vg.Length) string {
	if f.Width(text) <= room {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && f.Width(string(runes)+"…") > room {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// Clean drops what a terminal or a file of XML would take for a command, or for
// no character.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, text)
}

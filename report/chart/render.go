package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// dpi of bitmaps: sharp on a screen of double density, and in print.
const dpi = 192

// PNG writes the chart as a bitmap: of 1280 by 800 points, if it has the usual size.
func (c *Chart) PNG(w io.Writer) error {
	img := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(c.paper()), vgimg.UseDPI(dpi))}
	c.drawOn(draw.New(img))
	_, err := img.WriteTo(w)
	return err
}

// SVG writes the chart as a file of its own.
func (c *Chart) SVG(w io.Writer) error {
	_, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+c.svg())
	return err
}

// Inline returns the chart as an element for an HTML page, that takes the width
// it is given. Its colours are the page's custom properties --paper, --ink,
// --muted, --rule, --shade and --c0 to --c5, where it has them.
func (c *Chart) Inline() string { return themed.Replace(c.svg()) }

// themed makes every colour a custom property of the page.
var themed = func() *strings.Replacer {
	var pairs []string
	add := func(name string, colours ...color.Color) {
		for _, c := range colours {
			pairs = append(pairs, hex(c), "var(--"+name+","+hex(c)+")")
		}
	}
	add("paper", white)
	add("ink", ink)
	add("muted", muted)
	add("rule", rule)
	add("shade", shade)
	for i, l := range looks {
		add(fmt.Sprintf("c%d", i), l.colour, l.faint())
	}
	return strings.NewReplacer(pairs...)
}()

// hex writes a colour as vgsvg does, which rounds what shines through.
func hex(c color.Color) string {
	r, g, b, a := c.RGBA()
	part := func(v uint32) int { return int(float64(v) * (255 / float64(a))) }
	return fmt.Sprintf("#%02X%02X%02X", part(r), part(g), part(b))
}

var svgHead = regexp.MustCompile(`(?s)^.*?<svg[^>]*>\n`)

// svg draws the chart and puts a head of its own before it: a size that scales,
// and the title for those who cannot see.
func (c *Chart) svg() string {
	width, height := c.paper()
	canvas := vgsvg.New(width, height)
	c.drawOn(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		panic("chart: writing to memory failed: " + err.Error())
	}
	head := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img">`+
		"\n<title>%s</title>\n", width.Points(), height.Points(), width.Points(), height.Points(), escape(Clean(c.Title)))
	body := svgHead.ReplaceAllLiteralString(b.String(), head)
	return svgSmaller.Replace(body)
}

// svgSmaller names fonts that have the same widths where Liberation is missing,
// and drops what is the default.
var svgSmaller = strings.NewReplacer(
	"font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;",
	"font-variant:normal;", "", "font-weight:normal;", "", "font-style:normal;", "",
	"\n\tstyle=", " style=")

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("chart: writing to memory failed: " + err.Error())
	}
	return b.String()
}

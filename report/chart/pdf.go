package chart

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"strings"
	"time"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PDF writes the chart as a page of its own size. Its text can be searched, and
// of the fonts it holds the letters that occur.
func (c *Chart) PDF(w io.Writer) error {
	width, height := c.paper()
	p := newPDF(width, height)
	p.doc.SetTitle(Clean(c.Title), true)
	c.drawOn(draw.NewCanvas(p, width, height))
	if err := p.doc.Output(w); err != nil {
		return fmt.Errorf("cannot write the PDF: %w", err)
	}
	return nil
}

// A pdfCanvas draws on a page of PDF. The canvas of gonum/plot writes the code
// page 1252 alone, and tells the date.
type pdfCanvas struct {
	doc           *fpdf.Fpdf
	width, height vg.Length
	line          vg.Length   // width
	color         color.Color // of lines, areas and text
	saved         []pdfState
}

// pdfState is what Push saves beside what the page does.
type pdfState struct {
	line  vg.Length
	color color.Color
}

const pdfFont = "liberation"

func newPDF(width, height vg.Length) *pdfCanvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: width.Points(), Ht: height.Points()}})
	doc.SetCreationDate(time.Unix(0, 0).UTC())
	doc.SetModificationDate(time.Unix(0, 0).UTC())
	doc.SetCatalogSort(true)
	doc.SetProducer("meshsim", true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes(pdfFont, "", liberationsansregular.TTF)
	doc.AddUTF8FontFromBytes(pdfFont, "B", liberationsansbold.TTF)
	doc.AddPage()
	p := &pdfCanvas{doc: doc, width: width, height: height}
	vg.Initialize(p)
	return p
}

// place turns a point round: the page counts from above.
func (p *pdfCanvas) place(at vg.Point) (x, y float64) {
	return at.X.Points(), (p.height - at.Y).Points()
}

// Size is that of the page.
func (p *pdfCanvas) Size() (w, h vg.Length) { return p.width, p.height }

// SetLineWidth sets the width of lines.
func (p *pdfCanvas) SetLineWidth(w vg.Length) {
	p.line = w
	p.doc.SetLineWidth(w.Points())
}

// SetLineDash sets the dashes of lines.
func (p *pdfCanvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	dashes := make([]float64, len(pattern))
	for i, d := range pattern {
		dashes[i] = d.Points()
	}
	p.doc.SetDashPattern(dashes, offset.Points())
}

// SetColor sets the colour of all that is drawn.
func (p *pdfCanvas) SetColor(c color.Color) {
	p.color = c
	n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	p.doc.SetFillColor(r, g, b)
	p.doc.SetDrawColor(r, g, b)
	p.doc.SetTextColor(r, g, b)
	p.doc.SetAlpha(float64(n.A)/0xFF, "Normal")
}

// Rotate turns what follows about the origin, which is below on the left.
func (p *pdfCanvas) Rotate(radians float64) {
	p.doc.TransformRotate(radians*180/math.Pi, 0, p.height.Points())
}

// Translate moves the origin.
func (p *pdfCanvas) Translate(by vg.Point) {
	p.doc.TransformTranslate(by.X.Points(), -by.Y.Points())
}

// Scale changes the units of what follows.
func (p *pdfCanvas) Scale(x, y float64) {
	p.doc.TransformScale(100*x, 100*y, 0, p.height.Points())
}

// Push saves the state.
func (p *pdfCanvas) Push() {
	p.saved = append(p.saved, pdfState{p.line, p.color})
	p.doc.TransformBegin()
}

// Pop brings it back.
func (p *pdfCanvas) Pop() {
	p.doc.TransformEnd()
	s := p.saved[len(p.saved)-1]
	p.saved = p.saved[:len(p.saved)-1]
	p.SetLineWidth(s.line)
	p.SetColor(s.color)
	p.doc.SetFontSize(1) // the page's font is that of before, whatever the document thinks
}

// Stroke draws a line.
func (p *pdfCanvas) Stroke(path vg.Path) {
	if p.line > 0 {
		p.trace(path)
		p.doc.DrawPath("D")
	}
}

// Fill fills an area.
func (p *pdfCanvas) Fill(path vg.Path) {
	p.trace(path)
	p.doc.DrawPath("F")
}

func (p *pdfCanvas) trace(path vg.Path) {
	var at vg.Point
	for _, c := range path {
		switch c.Type {
		case vg.MoveComp:
			at = c.Pos
			p.doc.MoveTo(p.place(at))
		case vg.LineComp:
			at = c.Pos
			p.doc.LineTo(p.place(at))
		case vg.ArcComp:
			at = p.arc(c)
		case vg.CurveComp:
			first, second := c.Control[0], c.Control[len(c.Control)-1]
			if len(c.Control) == 1 { // a quadratic curve as a cubic one
				first = between(at, first, 2./3)
				second = between(c.Pos, second, 2./3)
			}
			at = c.Pos
			p.curve(first, second, at)
		case vg.CloseComp:
			p.doc.ClosePath()
		}
	}
}

func between(a, b vg.Point, share float64) vg.Point {
	return a.Add(b.Sub(a).Scale(vg.Length(share)))
}

func (p *pdfCanvas) curve(first, second, end vg.Point) {
	x1, y1 := p.place(first)
	x2, y2 := p.place(second)
	x, y := p.place(end)
	p.doc.CurveBezierCubicTo(x1, y1, x2, y2, x, y)
}

// arc draws cubic curves of at most a right angle each, beginning with a line to
// its start; it returns its end.
func (p *pdfCanvas) arc(c vg.PathComp) vg.Point {
	on := func(angle float64) vg.Point {
		return c.Pos.Add(vg.Point{X: vg.Length(math.Cos(angle)), Y: vg.Length(math.Sin(angle))}.Scale(c.Radius))
	}
	n := max(1, math.Ceil(math.Abs(c.Angle)/(math.Pi/2)-1e-9))
	step := c.Angle / n
	reach := c.Radius * vg.Length(4./3*math.Tan(step/4))
	end := on(c.Start)
	p.doc.LineTo(p.place(end))
	for i := range int(n) {
		from, to := c.Start+float64(i)*step, c.Start+float64(i+1)*step
		first := end.Add(vg.Point{X: -vg.Length(math.Sin(from)) * reach, Y: vg.Length(math.Cos(from)) * reach})
		end = on(to)
		p.curve(first, end.Sub(vg.Point{X: -vg.Length(math.Sin(to)) * reach, Y: vg.Length(math.Cos(to)) * reach}), end)
	}
	return end
}

// FillString writes text.
func (p *pdfCanvas) FillString(f font.Face, at vg.Point, text string) {
	style := ""
	if f.Font.Weight == xfont.WeightBold {
		style = "B"
	}
	p.doc.SetFont(pdfFont, style, f.Font.Size.Points())
	x, y := p.place(at)
	p.doc.Text(x, y, oneGlyph.Replace(basic(text)))
}

// oneGlyph writes letters that look the same as the same letter: the cut font
// would depend on which of them it meets first.
var oneGlyph = strings.NewReplacer("\u00a0", " ", "\u00ad", "-", "\u03bc", "µ", "\u2206", "Δ", "\u2126", "Ω")

// basic leaves out what is beyond 16 bits, for which the font has no letter.
func basic(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '?'
		}
		return r
	}, text)
}

// DrawImage is not used by charts.
func (p *pdfCanvas) DrawImage(vg.Rectangle, image.Image) {
	panic("chart: a chart holds no images")
}

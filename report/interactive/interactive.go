// Package interactive makes charts of a page move: zoom, values under the
// cursor, curves that are switched off and on. Each chart is drawn anew by uPlot
// over the picture that stands in the page, which is what readers without
// scripts, and paper, keep.
//
// A page holds [Style] in a style element, [Script] in a script element and, in
// an element of type application/json with the id "charts", a [Page]. Every
// figure element with the attribute data-chart shows the chart with that index.
// The page's custom properties give the colours: --paper, --ink, --muted,
// --rule, --shade, --tint and --c0 to --c5.
//
// Script and Style need no 'unsafe-inline' and no 'unsafe-eval' of a content
// policy: their hashes are enough. Nothing is loaded.
package interactive

import (
	_ "embed"
	"strings"
)

// Version is that of uPlot, https://github.com/leeoniya/uPlot, which is embedded
// as it is in npm's package; .ci/uplot fetches it and compares.
const Version = "1.6.32"

var (
	//go:embed uplot/uPlot.iife.min.js
	uPlotJS string
	//go:embed uplot/uPlot.min.css
	uPlotCSS string
	//go:embed uplot/LICENSE
	uPlotLicence string

	//go:embed format.js
	formatJS string
	//go:embed lanes.js
	lanesJS string
	//go:embed axes.js
	axesJS string
	//go:embed chart.js
	chartJS string
	//go:embed page.js
	pageJS string
	//go:embed interactive.css
	ownCSS string
)

// Script is all that a page runs. The licence of uPlot asks to be in each copy.
var Script = strings.Join([]string{"'use strict';\n/*\n" + uPlotLicence + "*/", uPlotJS, formatJS, lanesJS, axesJS, chartJS, pageJS}, "\n")

// Style is what it needs of style sheets.
var Style = uPlotCSS + "\n" + ownCSS

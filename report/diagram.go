package report

// A Diagram is a picture of a part of a run, who sent what to whom and when,
// drawn by package spacetime. SVG is one element that suits an HTML page as it
// stands: its colours are the page's custom properties where it has them.
type Diagram struct{ Title, SVG string }

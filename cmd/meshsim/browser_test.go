package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"meshsim/report/unit"
)

// A real report, opened from the disk in a real browser. With PICTURES set,
// pictures of it are left there to look at.
func TestReportInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes seconds to start")
	}
	b := startBrowser(t)
	url := "file://" + pageOf(t, "report.html", "run", "raft-leader-crash", "--repeat", "3")
	b.open(url)
	checkQuiet(t, b, url)
	for _, c := range []struct {
		name  string
		check func(*testing.T, *browser)
	}{
		{"charts", checkCharts}, {"lanes", checkLanes}, {"words", checkWords}, {"keyboard", checkKeyboard}, {"zoom", checkZoom},
		{"looks", checkLooks},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			c.check(t, b)
		})
	}
	b.t = t
	checkQuiet(t, b, url)
	t.Run("policy", func(t *testing.T) { b.t = t; checkPolicy(t, b) })
	t.Run("without scripts", func(t *testing.T) { b.t = t; checkWithoutScripts(t, b, url) })
}

// So is the page of a broken property, with diagrams of what led to it.
func TestViolationInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes seconds to start")
	}
	b := startBrowser(t)
	url := "file://" + pageOf(t, "report.html", "run", "pbft-beyond-collude", "--repeat", "3", "--set", "expect.thresholds={}")
	b.open(url)
	b.picture("violation")
	checkQuiet(t, b, url)
	if !b.holds(`[...document.querySelectorAll('.diagram > svg')].filter(s => s.checkVisibility()).length > 0 && document.querySelectorAll('.violation').length === 3`) {
		t.Error("violations or their diagrams are missing")
	}
	if !b.holds(`[...document.querySelectorAll('.violation')].filter(v => v.checkVisibility()).length === 2`) {
		t.Error("more violations than two are open")
	}
}

// The page of a sweep is as good.
func TestSweepInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes seconds to start")
	}
	b := startBrowser(t)
	url := "file://" + pageOf(t, "sweep.html", "sweep", "quickstart", "--set", "protocols.gossip.fanout=2,3,4", "--repeat", "5")
	b.open(url)
	b.picture("sweep")
	checkQuiet(t, b, url)
	if !b.holds(`page.charts.length === 3 && document.querySelectorAll('.plot canvas').length === 3 && document.querySelectorAll('figure').length === 7`) {
		t.Error("the page has not the charts that it should")
	}
	b.eval(`page.charts[0].plot.focus()`, nil)
	b.press("2")
	b.press("End")
	var got string
	if b.eval(`page.charts[0].readout.textContent`, &got); got != "20.00 s · fanout=2 100.0% [100.0, 100.0] · fanout=4 100.0% [100.0, 100.0]" {
		t.Errorf("without the second curve the end tells %q", got)
	}
	for _, c := range []struct{ call, want string }{
		{"valueAt([0, 1, 2, 4], [5, undefined, undefined, 9], 1)", "6"}, {"valueAt([0, 1, 2, 4], [5, undefined, undefined, 9], 2, true)", "9"},
		{"valueAt([0, 1, 2], [undefined, 5, undefined], 2)", "null"}, {"valueAt([0, 1, 2], [3, undefined, null], 1)", "null"},
		{"valueAt([0, 1, 2], [3, null, 4], 1)", "null"},
	} {
		if b.eval("String("+c.call+")", &got); got != c.want {
			t.Errorf("%s is %s, want %s", c.call, got, c.want)
		}
	}
	if !b.holds(`[...document.querySelectorAll('#compared h3')].length >= 4 && document.querySelectorAll('#compared td.holds').length > 0`) {
		t.Error("the comparison is missing")
	}
}

// pageOf runs a command and returns where the page is that it wrote.
func pageOf(t *testing.T, page string, args ...string) string {
	t.Helper()
	a, _, stderr := testApp(t)
	dir := t.TempDir()
	if code := a.execute(a.root(), append(args, "--quiet", "--out", dir)); code != exitHolds {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "latest", page))
	if err != nil || len(found) != 1 {
		t.Fatalf("pages: %v, %v", found, err)
	}
	return found[0]
}

// checkQuiet asserts that the page asked for nothing but itself, broke no policy
// and reported no error.
func checkQuiet(t *testing.T, b *browser, page string) {
	t.Helper()
	for _, e := range b.events {
		switch e.Method {
		case "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			if err := json.Unmarshal(e.Params, &p); err != nil || p.Request.URL != page {
				t.Errorf("the page asked for %s, %v", p.Request.URL, err)
			}
		case "Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Audits.issueAdded":
			t.Errorf("%s: %s", e.Method, e.Params)
		}
	}
	if n := b.count("Network.requestWillBeSent"); n != 1 {
		t.Errorf("%d requests, want that of the page", n)
	}
}

// Each figure with data has a canvas in place of its picture.
func checkCharts(t *testing.T, b *browser) {
	var got struct{ Figures, Canvases, Live, Pictures int }
	b.eval(`({Figures: document.querySelectorAll('figure[data-chart]').length, Canvases: document.querySelectorAll('.plot canvas').length,
		Live: page.charts.filter(c => c.u.status === 1 && c.u.ctx.getImageData(0, 0, c.u.ctx.canvas.width, c.u.ctx.canvas.height).data.some(v => v)).length,
		Pictures: [...document.querySelectorAll('.interactive > svg')].filter(s => s.checkVisibility()).length})`, &got)
	if got.Figures < 10 || got.Canvases != got.Figures || got.Live != got.Figures || got.Pictures != 0 {
		t.Errorf("%+v", got)
	}
	if !b.holds(`page.charts.every(c => c.undo.hidden && c.u.scales.x.min === c.home[0] && c.u.scales.x.max === c.home[1])`) {
		t.Error("not all of each chart is shown")
	}
	if !b.holds(`page.charts[0].model.title === 'Completed of raft over time' && page.charts[1].model.title === 'Goodput of raft over time'`) {
		t.Error("what the scenario expects something of does not stand first")
	}
}

// Each chart over time has the fault below it, on its own axis.
func checkLanes(t *testing.T, b *browser) {
	if !b.holds(`page.overTime().length > 5`) {
		t.Fatal("few charts over time")
	}
	const lane = `page.overTime().every(c => {
		const box = c.laneBox.getBoundingClientRect(), plot = c.u.over.getBoundingClientRect(), bar = c.laneBox.querySelector('.bar').getBoundingClientRect();
		const at = t => plot.left + c.u.valToPos(t, 'x'), near = (a, b) => Math.abs(a - b) < 1;
		return box.top > plot.bottom && near(box.left, plot.left) && near(box.right, plot.right) && near(bar.left, at(5)) && near(bar.right, at(9)) &&
			c.laneBox.textContent === 'crash leader (1 node)';
	})`
	if !b.holds(lane) {
		t.Error("lanes do not lie under their charts")
	}
}

// The page writes quantities as everything else does.
func checkWords(t *testing.T, b *browser) {
	for _, u := range []string{"s", "ratio", "B", "1", "1/s", "B/s", "rounds", "messages/s"} {
		for _, v := range []float64{0, 1, 3, 999, 1000, 12345, 1e6, 7.3e8, 0.98765, 0.999996, 1.0001, 0.00123, 4.56e-7, 0.5, 61, 601, 10801, 123456.789, -2.5} {
			var got string
			b.eval(fmt.Sprintf("text(%q, %g)", u, v), &got)
			if want := unit.Text(u, v); got != want {
				t.Errorf("%g of %s is %q, want %q", v, u, got, want)
			}
		}
	}
	for _, c := range []struct{ call, want string }{
		{"logSplits(1, 1000, 9)", "1 2 5 10 20 50 100 200 500 1000"}, {"logSplits(0.05, 2000, 4)", "1 100"}, {"logSplits(0.11, 0.16, 5)", "0.11 0.12 0.13 0.14 0.15 0.16"},
		{"[0, 0.25, 0.5].map(v => tickText('ratio', v, 0.25, 1))", "0% 25% 50%"}, {"[600, 612].map(v => tickText('s', v, 12, 1000))", "600s 612s"},
	} {
		var got string
		if b.eval(c.call+`.join(' ').replaceAll(' s', 's')`, &got); got != c.want {
			t.Errorf("%s is %s, want %s", c.call, got, c.want)
		}
	}
	var got string
	if b.eval(`interval('s', 12.3412, 11.93, 12.706)`, &got); got != "12.34 s [11.93, 12.71]" {
		t.Errorf("an interval is %q", got)
	}
}

// checkKeyboard walks from the top of the page to the first chart, and uses it,
// by keys alone.
func checkKeyboard(t *testing.T, b *browser) {
	b.press("Tab")
	if !b.holds(`document.activeElement.matches('.skip')`) {
		t.Error("the first stop is not the link that skips to the results")
	}
	walk := func(to string) {
		t.Helper()
		for range 40 {
			if b.holds(`document.activeElement.matches('` + to + `')`) {
				return
			}
			b.press("Tab")
		}
		t.Fatalf("no way to %s", to)
	}
	walk(".key")
	for _, off := range []bool{true, false} {
		b.press(map[bool]string{true: " ", false: "Enter"}[off])
		if b.holds(`page.charts[0].u.series[1].show`) == off || b.holds(`document.activeElement.ariaPressed === 'true'`) == off {
			t.Errorf("switched off %v, but the curve is not", off)
		}
	}
	walk(".plot")
	b.press("ArrowRight")
	b.press("ArrowRight")
	if !b.holds(`/^\d.* s · [\d.]+% \[/.test(page.charts[0].readout.textContent)`) {
		var text string
		b.eval(`page.charts[0].readout.textContent`, &text)
		t.Errorf("the cursor tells %q", text)
	}
	if !b.holds(`page.overTime().every(c => Math.abs(c.data[0][c.u.cursor.idx] - page.charts[0].data[0][page.charts[0].u.cursor.idx]) < 0.2)`) {
		t.Error("the cursors of other charts are elsewhere")
	}
	const whole = `page.overTime().every(c => c.u.scales.x.min === c.home[0] && c.u.scales.x.max === c.home[1] && c.undo.hidden)`
	b.press("+")
	if b.holds(whole) || !b.holds(`page.overTime().every(c => c.u.scales.x.max - c.u.scales.x.min < 7.1 && !c.undo.hidden)`) {
		t.Error("+ does not zoom into all charts over time")
	}
	b.press("0")
	if !b.holds(whole) {
		t.Error("0 does not show all again")
	}
	b.press("1")
	b.press("End")
	if !b.holds(`!page.charts[0].u.series[1].show && page.charts[0].u.cursor.idx === page.charts[0].data[0].length - 1`) {
		t.Error("1 does not switch the first curve, or End does not go to the end")
	}
	b.press("1")
}

// checkZoom drags over the second chart, to see two seconds of all.
func checkZoom(t *testing.T, b *browser) {
	var at struct{ X, Y, From, To float64 }
	b.eval(`(() => { const c = page.charts[1], u = c.u; c.plot.scrollIntoView({block: 'center'}); const r = u.over.getBoundingClientRect();
		return {X: r.left, Y: r.top + r.height / 2, From: r.left + u.valToPos(5, 'x'), To: r.left + u.valToPos(7, 'x')}; })()`, &at)
	b.drag(at.From, at.Y, at.To, at.Y+3)
	if !b.holds(`page.overTime().every(c => Math.abs(c.u.scales.x.min - 5) < 0.1 && Math.abs(c.u.scales.x.max - 7) < 0.1)`) {
		t.Error("a drag does not zoom into all charts over time")
	}
	if !b.holds(`page.charts[1].u.scales.y.max >= 500 && page.charts.filter(c => !c.model.time).every(c => c.undo.hidden)`) {
		t.Error("a drag along the time changes more than the time")
	}
	b.settle()
	b.picture("zoomed")
	b.eval(`page.charts[1].undo.click()`, nil)
	b.settle()
	if !b.holds(`page.overTime().every(c => c.u.scales.x.max === c.home[1])`) {
		t.Error("the button does not show all again")
	}
}

// checkLooks takes pictures of light, dark, narrow and paper.
func checkLooks(t *testing.T, b *browser) {
	media := func(kind, scheme string) {
		b.call("Emulation.setEmulatedMedia", map[string]any{"media": kind, "features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}, nil)
		b.settle()
	}
	paper := func() (c string) { b.eval(`getComputedStyle(document.body).backgroundColor`, &c); return c }
	media("", "light")
	light := paper()
	b.picture("light")
	media("", "dark")
	if paper() == light {
		t.Error("dark is as light as light")
	}
	b.picture("dark")
	media("print", "dark")
	if paper() != light || b.holds(`[...document.querySelectorAll('.live')].some(e => e.checkVisibility())`) ||
		!b.holds(`[...document.querySelectorAll('.interactive > svg')].every(e => e.checkVisibility())`) {
		t.Error("paper is dark, or shows what moves")
	}
	media("", "light")
	b.paper("print")
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true}, nil)
	b.settle()
	if !b.holds(`document.documentElement.scrollWidth <= 390 && page.charts.every(c => c.u.width <= 390)`) {
		t.Error("the page is wider than a narrow screen")
	}
	if !b.holds(`page.overTime().every(c => { const box = c.laneBox.getBoundingClientRect(), name = c.laneBox.querySelector('span').getBoundingClientRect();
		return name.left >= box.left && name.right <= box.right + 1 && name.width > 100; })`) {
		t.Error("names of faults are cut on a narrow screen")
	}
	b.picture("narrow")
	b.call("Emulation.clearDeviceMetricsOverride", nil, nil)
	b.settle()
}

// checkPolicy tries what the policy forbids: to load, to send, to run text and to
// style by attribute.
func checkPolicy(t *testing.T, b *browser) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	var got string
	b.eval(strings.ReplaceAll(`(async () => {
		const refused = [], wait = e => new Promise(done => { e.onerror = () => done(true); e.onload = () => done(false); document.head.append(e); });
		await fetch('URL').catch(() => refused.push('fetch'));
		const image = new Image(); image.src = 'URL/x.png'; if (await wait(image)) refused.push('image');
		const script = document.createElement('script'); script.src = 'URL/x.js'; if (await wait(script)) refused.push('script');
		try { eval('1'); } catch { refused.push('eval'); }
		const inline = document.createElement('script'); inline.textContent = 'window.ran = 1'; document.head.append(inline); if (!window.ran) refused.push('inline');
		const p = document.createElement('p'); p.setAttribute('style', 'position: fixed'); document.body.append(p);
		if (getComputedStyle(p).position !== 'fixed') refused.push('style');
		return refused.join(' ');
	})()`, "URL", server.URL), &got)
	if got != "fetch image script eval inline style" || asked.Load() != 0 {
		t.Errorf("refused: %s; %d requests", got, asked.Load())
	}
}

// checkWithoutScripts opens the page as a reader who runs no scripts does.
func checkWithoutScripts(t *testing.T, b *browser, url string) {
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.forget()
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	for b.count("Page.loadEventFired") == 0 {
		b.read("loading " + url)
	}
	var doc struct{ Root struct{ NodeID int } }
	b.call("DOM.getDocument", nil, &doc)
	count := func(selector string) int {
		var out struct{ NodeIDs []int }
		b.call("DOM.querySelectorAll", map[string]any{"nodeId": doc.Root.NodeID, "selector": selector}, &out)
		for _, id := range out.NodeIDs {
			b.call("DOM.getBoxModel", map[string]any{"nodeId": id}, nil) // fails if it is not on the page
		}
		return len(out.NodeIDs)
	}
	if n := count("figure > svg"); n < 10 || count("canvas") != 0 {
		t.Errorf("%d pictures", n)
	}
	b.picture("without-scripts")
}

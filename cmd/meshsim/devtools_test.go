package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A browser is a tab of a headless Chromium that is spoken to in the DevTools
// protocol (https://chromedevtools.github.io/devtools-protocol/) over a pipe:
// messages of JSON, each ended by a byte 0.
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	last    int
	events  []devtoolsEvent
}

type devtoolsEvent struct {
	Method string
	Params json.RawMessage
}

// findBrowser returns the path of a Chromium, or skips the test. Where the
// environment names one it must be there.
func findBrowser(t *testing.T) string {
	if path := os.Getenv("MESHSIM_BROWSER"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium to look at reports with; .ci/browser installs it")
	return ""
}

// startBrowser opens an empty tab, and ends the browser with the test.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	args := []string{"--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + profile(t), "--disable-gpu", "--no-first-run",
		"--disable-dev-shm-usage", "--hide-scrollbars", "--window-size=1280,1000", "about:blank"}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium's does not work for root
	}
	cmd := exec.CommandContext(ctx, findBrowser(t), args...)
	theirs, to := pipe(t)
	from, reply := pipe(t)
	cmd.ExtraFiles = []*os.File{theirs, reply} // descriptors 3 and 4, as the protocol wants
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	reply.Close()
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		to.Close()
		cancel()
		cmd.Wait()
		from.Close()
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Network", "Runtime", "Log", "Audits", "DOM"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// profile makes a directory for what a browser keeps. Processes of the browser may
// outlive it for a moment and write there, so it is removed until it is gone.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "meshsim-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Logf("%s is left", dir)
	})
	return dir
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// call waits for the answer to a command, and keeps the events before it.
func (b *browser) call(method string, params map[string]any, result any) {
	b.t.Helper()
	b.last++
	if params == nil {
		params = map[string]any{}
	}
	message := map[string]any{"id": b.last, "method": method, "params": params}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	text, err := json.Marshal(message)
	if err == nil {
		_, err = b.to.Write(append(text, 0))
	}
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	for {
		id, failure, answer := b.read(method)
		if id != b.last {
			continue
		}
		if failure != "" {
			b.t.Fatalf("%s: %s", method, failure)
		}
		if result != nil {
			if err := json.Unmarshal(answer, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

// read takes one message; id is 0 for an event, which it keeps.
func (b *browser) read(what string) (id int, failure string, result json.RawMessage) {
	b.t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("%s: the browser is gone: %v", what, err)
	}
	var m struct {
		devtoolsEvent
		ID     int
		Error  struct{ Message string }
		Result json.RawMessage
	}
	if err := json.Unmarshal(text[:len(text)-1], &m); err != nil {
		b.t.Fatalf("%s: %v in %s", what, err, text)
	}
	if m.ID == 0 {
		b.events = append(b.events, m.devtoolsEvent)
	}
	return m.ID, m.Error.Message, m.Result
}

// open loads a page and waits until its charts are drawn.
func (b *browser) open(url string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	for b.count("Page.loadEventFired") == 0 {
		b.read("loading " + url)
	}
	b.settle()
}

// settle waits for two frames, after which everything that was asked for is on
// the screen.
func (b *browser) settle() {
	b.t.Helper()
	b.eval(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`, nil)
}

// count is the number of events of a kind since the last call of forget.
func (b *browser) count(method string) (n int) {
	for _, e := range b.events {
		if e.Method == method {
			n++
		}
	}
	return n
}

func (b *browser) forget() { b.events = nil }

// eval is the value of an expression in the page.
func (b *browser) eval(expression string, result any) {
	b.t.Helper()
	var out struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &out)
	if e := out.ExceptionDetails; e.Text != "" {
		b.t.Fatalf("%s: %s %s", expression, e.Text, e.Exception.Description)
	}
	if result != nil {
		if err := json.Unmarshal(out.Result.Value, result); err != nil {
			b.t.Fatalf("%s is %s: %v", expression, out.Result.Value, err)
		}
	}
}

// holds reports whether an expression in the page is true.
func (b *browser) holds(expression string) (is bool) {
	b.t.Helper()
	b.eval("!!("+expression+")", &is)
	return is
}

// keyCodes are those of keys that do something by themselves.
var keyCodes = map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39}

// press types a key.
func (b *browser) press(key string) {
	b.t.Helper()
	down := map[string]any{"type": "keyDown", "key": key, "windowsVirtualKeyCode": keyCodes[key]}
	switch {
	case key == "Enter":
		down["text"] = "\r"
	case len(key) == 1:
		down["text"] = key
	}
	b.call("Input.dispatchKeyEvent", down, nil)
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": keyCodes[key]}, nil)
	b.settle()
}

// drag moves the mouse from one point of the window to another with the button
// held.
func (b *browser) drag(x0, y0, x1, y1 float64) {
	b.t.Helper()
	for _, m := range []struct {
		what    string
		x, y    float64
		buttons int
	}{{"mouseMoved", x0, y0, 0}, {"mousePressed", x0, y0, 1}, {"mouseMoved", (x0 + x1) / 2, (y0 + y1) / 2, 1}, {"mouseMoved", x1, y1, 1}, {"mouseReleased", x1, y1, 0}} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": m.what, "x": m.x, "y": m.y, "button": "left", "buttons": m.buttons, "clickCount": 1}, nil)
	}
	b.settle()
}

// picture leaves the page as a bitmap in the directory PICTURES, if that is set.
func (b *browser) picture(name string) {
	b.t.Helper()
	b.keep(name+".png", "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true})
}

// paper leaves the page as it is printed there.
func (b *browser) paper(name string) {
	b.t.Helper()
	b.keep(name+".pdf", "Page.printToPDF", map[string]any{"printBackground": true, "paperWidth": 8.27, "paperHeight": 11.69})
}

func (b *browser) keep(name, method string, params map[string]any) {
	b.t.Helper()
	dir := os.Getenv("PICTURES")
	if dir == "" {
		return
	}
	var out struct{ Data string }
	b.call(method, params, &out)
	raw, err := base64.StdEncoding.DecodeString(out.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), raw, 0o644)
	}
	if err != nil {
		b.t.Fatal(fmt.Errorf("%s: %w", name, err))
	}
}

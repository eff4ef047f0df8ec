// A chart that moves.

const height = 250, syncKey = 'time';

class LiveChart {
  constructor(figure, model, grids, page) {
    Object.assign(this, {figure, model, page});
    const {series, bands, places} = seriesOf(model);
    this.places = places;
    this.data = columnsOf(model, grids);
    this.home = home(model, this.data[0]);
    this.lanes = lanesOf(model.spans || []);
    this.frame();
    this.u = new uPlot({
      width: this.width(), height, scales: scalesOf(model), axes: axesOf(model), series, bands,
      legend: {show: false}, padding: [8, 18, 0, 0],
      cursor: {
        y: false,
        drag: {x: true, y: true, uni: 40, dist: 4, setScale: false},
        points: {size: 7}, bind: {dblclick: () => () => { this.reset(); return null; }},
        ...(model.time && {sync: {key: syncKey, scales: ['x', null], filters: {pub: onlyMoves, sub: onlyMoves}}}),
      },
      hooks: {
        drawClear: [u => this.shade(u)], draw: [u => this.lanes.length && drawLanes(this.laneBox, this.lanes, u)],
        setCursor: [u => this.read(u)], setSelect: [u => this.zoomToSelection(u)],
      },
    }, this.data, this.plot);
    this.show(...this.home);
    new ResizeObserver(() => this.resize()).observe(this.plot);
    this.plot.addEventListener('keydown', e => this.key(e));
    this.plot.addEventListener('blur', () => this.u.setCursor({left: -10, top: -10}, true, true));
  }

  width() { return Math.max(this.plot.clientWidth, 200); }

  resize() { if (this.plot.clientWidth && this.width() !== this.u.width) this.u.setSize({width: this.width(), height}); }

  // frame makes what stands around the plot.
  frame() {
    const live = element('div', 'live'), {model} = this;
    live.append(element('h3', '', model.title), element('p', 'muted doc', model.subtitle));
    this.keys = model.curves.map((c, i) => this.legendKey(c, i));
    this.undo = element('button', 'undo', 'Reset zoom');
    this.undo.addEventListener('click', () => { this.reset(); this.plot.focus(); });
    const keys = element('div', 'keys');
    keys.append(...this.keys, this.undo);
    this.readout = element('div', 'readout muted');
    this.plot = element('div', 'plot');
    this.plot.tabIndex = 0;
    this.plot.setAttribute('role', 'group');
    this.plot.setAttribute('aria-label', 'Chart: ' + model.title);
    this.plot.setAttribute('aria-describedby', 'chart-help');
    this.laneBox = element('div', 'lanes');
    live.append(keys, this.readout, this.plot, this.laneBox);
    this.figure.append(live);
    this.figure.classList.add('interactive');
  }

  // legendKey is the button that switches a curve off and on.
  legendKey(c, i) {
    const key = element('button', 'key c' + i % dashes.length), ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg'), line = document.createElementNS(ns, 'line');
    const set = (e, attributes) => Object.entries(attributes).forEach(([k, v]) => e.setAttribute(k, v));
    set(svg, {viewBox: '0 0 26 10', width: 26, height: 10, class: c.lo ? 'band' : '', 'aria-hidden': 'true'});
    set(line, {x1: 0, y1: 5, x2: 26, y2: 5, stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': dashOf(i).join(' ') || 'none'});
    svg.append(line);
    key.append(svg, element('span', '', c.name));
    key.setAttribute('aria-pressed', 'true');
    key.addEventListener('click', () => this.toggle(i));
    return key;
  }

  toggle(i) {
    const show = this.keys[i].getAttribute('aria-pressed') !== 'true';
    this.keys[i].setAttribute('aria-pressed', String(show));
    this.u.batch(() => Object.values(this.places[i]).forEach(s => this.u.setSeries(s, {show})));
  }

  // read tells the values under the cursor, or else what the curves are.
  read(u) {
    const {model} = this, i = u.cursor.idx;
    if (i == null) {
      this.readout.textContent = model.note || '\u00a0';
      return;
    }
    const parts = [text(model.x.unit, this.data[0][i])];
    model.curves.forEach((c, k) => {
      const {line, lo, hi} = this.places[k], at = s => s && valueAt(this.data[0], this.data[s], i, c.steps);
      if (u.series[line].show) parts.push((model.curves.length > 1 ? c.name + ' ' : '') + interval(model.y.unit, at(line), at(lo), at(hi)));
    });
    this.readout.textContent = parts.join(' · ');
  }

  shade(u) {
    const {ctx, bbox} = u, {min, max} = u.scales.x;
    ctx.save();
    ctx.fillStyle = colour('shade') + '22';
    for (const s of this.model.spans || []) {
      if (s.to < min || s.from > max) continue;
      const from = u.valToPos(Math.max(s.from, min), 'x', true), to = u.valToPos(Math.min(s.to, max), 'x', true);
      ctx.fillRect(from, bbox.top, Math.max(to - from, 2), bbox.height);
    }
    ctx.restore();
  }

  zoomToSelection(u) {
    const {left, top, width, height: tall} = u.select;
    if (width < 3 && tall < 3) return;
    const across = width >= 3 && width < u.over.offsetWidth, up = tall >= 3 && tall < u.over.offsetHeight;
    const y = [u.posToVal(top + tall, 'y'), u.posToVal(top, 'y')];
    if (across) this.zoom(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
    if (up) u.setScale('y', {min: y[0], max: y[1]});
    this.undo.hidden = false;
    u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
  }

  // together are the charts that zoom when this one does.
  together() { return this.model.time ? this.page.overTime() : [this]; }

  zoom(min, max) { this.together().forEach(c => c.show(min, max)); }

  show(min, max) {
    this.u.setScale('x', {min, max});
    this.undo.hidden = min === this.home[0] && max === this.home[1];
  }

  reset() { this.together().forEach(c => c.show(...c.home)); }

  // closer zooms by a factor around the cursor, or the middle.
  closer(factor) {
    const {min, max} = this.u.scales.x, log = this.model.x.log, to = log ? Math.log : v => v, from = log ? Math.exp : v => v;
    const idx = this.u.cursor.idx, at = idx == null ? (to(min) + to(max)) / 2 : to(this.data[0][idx]);
    const ends = [min, max].map(v => from(at + (to(v) - at) * factor)), homes = this.together().map(c => c.home);
    this.zoom(Math.max(ends[0], Math.min(...homes.map(h => h[0]))), Math.min(ends[1], Math.max(...homes.map(h => h[1]))));
  }

  // step moves the cursor by so many points that can be seen.
  step(n) {
    const {u} = this, xs = this.data[0], {min, max} = u.scales.x;
    const first = xs.findIndex(v => v >= min), last = xs.findLastIndex(v => v <= max);
    if (first < 0 || last < first) return;
    const idx = u.cursor.idx, from = idx == null ? (n > 0 ? first - 1 : last + 1) : idx;
    const i = Math.min(Math.max(from + n, first), last);
    u.setCursor({left: u.valToPos(xs[i], 'x'), top: u.over.offsetHeight / 2}, true, true);
    this.readout.setAttribute('aria-live', 'polite');
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const far = e.shiftKey ? 10 : 1;
    const does = {
      ArrowRight: () => this.step(far), ArrowLeft: () => this.step(-far),
      Home: () => this.step(-1e9), End: () => this.step(1e9),
      '+': () => this.closer(0.5), '=': () => this.closer(0.5), '-': () => this.closer(2),
      0: () => this.reset(), Escape: () => this.reset(),
    }[e.key] || (this.keys[e.key - 1] && (() => this.toggle(e.key - 1)));
    if (!does) return;
    e.preventDefault();
    does();
  }
}

// onlyMoves shares the cursor between charts; zooms are shared by zoom.
function onlyMoves(type) { return type === 'mousemove' || type === 'mouseleave' || type === 'mouseenter'; }

// What uPlot is told of scales, axes and looks.

const dashes = [[], [8, 3], [2, 3], [10, 3, 2, 3], [5, 3], [10, 3, 2, 3, 2, 3]];

// dashOf is the pattern of the i-th curve. Where colours come again, they have
// other dashes.
function dashOf(i) { return dashes[(i + Math.floor(i / dashes.length)) % dashes.length]; }

const font = '12px system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif';

// colour is a custom property of the page, which changes between light and dark.
function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim(); }

function faint(name) { return colour(name) + '38'; }

// niceEnd is the smallest of ..., 0.5, 1, 2, 5, 10, ... that is not below v.
function niceEnd(v) {
  const m = Math.pow(10, Math.floor(Math.log10(v) + 1e-9));
  return [1, 2, 5, 10].map(k => k * m).find(x => x >= v * (1 - 1e-9));
}

// rangeOf is the range of the y axis for values in that range.
function rangeOf(axis, lo, hi) {
  if (axis.lo < axis.hi) return [axis.lo, axis.hi];
  if (lo == null) return axis.log ? [0.1, 1] : [0, 1];
  if (axis.log) {
    const [a, b] = [1 / niceEnd(1 / lo), niceEnd(hi)];
    return a < b ? [a, b] : [a / 2, b * 2];
  }
  if (axis.zero || lo >= 0 && lo <= hi / 2) lo = Math.min(lo, 0);
  if (lo === hi) return lo === 0 ? [0, 1] : [lo - Math.abs(lo) / 20, hi + Math.abs(hi) / 20];
  const pad = (hi - lo) / 20;
  return [lo === 0 ? 0 : lo - pad, hi + pad];
}

// home is the part of the x axis that the chart shows first.
function home(model, xs) {
  const {lo, hi, log} = model.x, first = xs[0], last = xs[xs.length - 1];
  if (lo < hi) return [lo, hi];
  if (log) return rangeOf(model.x, first, last);
  const from = model.time ? 0 : rangeOf({}, first, last)[0], to = hi > from ? hi : last;
  return from < to ? [from, to] : rangeOf({}, first, last);
}

function scalesOf(model) {
  const distr = a => a.log ? 3 : 1;
  return {
    x: {time: false, distr: distr(model.x), range: (u, lo, hi) => [lo, hi]},
    y: {distr: distr(model.y), range: (u, lo, hi) => rangeOf(model.y, lo, hi)},
  };
}

function labels(axis, splits, step) {
  if (axis.log) return splits.map(v => v == null ? '' : logTickText(axis.unit, v));
  const shown = splits.filter(v => v != null), largest = Math.max(...shown.map(Math.abs));
  return splits.map(v => v == null ? '' : tickText(axis.unit, v, step, largest));
}

// minuteSteps are those of uPlot, and whole minutes and hours.
function minuteSteps() {
  const out = [];
  for (let e = -9; e < 2; e++) out.push(...[1, 2, 5].map(m => parseFloat(m + 'e' + e)));
  return out.filter(v => v < 60).concat([60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 72000, 180000, 360000]);
}

// logSplits are at most about n ticks of a logarithmic axis: at 1, 2 and 5 of each
// decade, at decades where these are many, and like those of a linear axis where
// there is no whole decade.
function logSplits(lo, hi, n) {
  const decades = Math.log10(hi / lo), out = [];
  if (decades < 1) {
    const step = niceEnd((hi - lo) / n);
    for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi * (1 + 1e-9); k++) out.push(Number((k * step).toPrecision(12)));
    return out;
  }
  const between = decades * 3 <= n ? [1, 2, 5] : [1], every = Math.max(1, Math.ceil(decades / n));
  for (let e = Math.floor(Math.log10(lo)); e <= Math.ceil(Math.log10(hi)); e++)
    if (e % every === 0) out.push(...between.map(m => parseFloat(m + 'e' + e)).filter(v => v >= lo * (1 - 1e-9) && v <= hi * (1 + 1e-9)));
  return out;
}

function axesOf(model) {
  const look = {
    stroke: () => colour('muted'), font, labelFont: font, labelSize: 18, labelGap: 2, gap: 4,
    ticks: {stroke: () => colour('muted'), width: 1, size: 4}, border: {show: true, stroke: () => colour('muted'), width: 1},
  };
  const x = {...look, label: model.x.label, space: 56, size: 26, grid: {show: false},
    values: (u, splits, i, space, step) => labels(model.x, splits, step)};
  if (model.x.unit === 's' && !model.x.log) x.incrs = minuteSteps();
  if (model.x.log) Object.assign(x, {filter: (u, splits) => splits, splits: (u, i, lo, hi) => logSplits(lo, hi, u.bbox.width / devicePixelRatio / 48)});
  const y = {...look, label: model.y.label, space: 36, grid: {stroke: () => colour('rule'), width: 1},
    values: (u, splits, i, space, step) => labels(model.y, splits, step),
    size: (u, values) => widest(u, values) + 10};
  if (model.y.log) Object.assign(y, {filter: (u, splits) => splits, splits: (u, i, lo, hi) => logSplits(lo, hi, u.bbox.height / devicePixelRatio / 32)});
  y.border = {show: false};
  y.ticks = {show: false};
  return [x, y];
}

function widest(u, values) {
  u.ctx.font = font;
  return Math.max(24, ...(values || []).map(v => u.ctx.measureText(v).width));
}

// seriesOf lists what is drawn: for each curve its line and, if it has a band,
// the two sides of that. places tells where these are.
function seriesOf(model) {
  const series = [{}], bands = [], places = [];
  model.curves.forEach((c, i) => {
    const name = 'c' + i % dashes.length;
    const paths = c.steps ? uPlot.paths.stepped({align: -1}) : uPlot.paths.linear();
    const alone = c.y.filter(v => v != null).length <= 1;
    const line = {label: c.name, scale: 'y', width: 2, dash: dashOf(i), stroke: () => colour(name), paths,
      points: {show: alone, size: 6, fill: () => colour(name)}};
    const place = {line: series.push(line) - 1};
    if (c.lo) {
      const side = {scale: 'y', width: 0, stroke: 'transparent', paths, points: {show: false}};
      place.hi = series.push({...side}) - 1;
      place.lo = series.push({...side}) - 1;
      bands.push({series: [place.hi, place.lo], fill: () => faint(name)});
    }
    places.push(place);
  });
  return {series, bands, places};
}

// columnsOf are the values of all series on one x axis.
function columnsOf(model, grids) {
  const table = c => c.lo ? [grids[c.grid], c.y, c.hi, c.lo] : [grids[c.grid], c.y];
  if (model.curves.every(c => c.grid === model.curves[0].grid))
    return [grids[model.curves[0].grid], ...model.curves.flatMap(c => table(c).slice(1))];
  return uPlot.join(model.curves.map(table));
}

// valueAt is the value of a column at the i-th place of the x axis: where the
// place is that of other curves alone, what the line shows there.
function valueAt(xs, column, i, steps) {
  if (column[i] !== undefined) return column[i];
  let a = i, b = i;
  while (a >= 0 && column[a] === undefined) a--;
  while (b < xs.length && column[b] === undefined) b++;
  if (a < 0 || b === xs.length || column[a] == null || column[b] == null) return null;
  return steps ? column[b] : column[a] + (column[b] - column[a]) * (xs[i] - xs[a]) / (xs[b] - xs[a]);
}

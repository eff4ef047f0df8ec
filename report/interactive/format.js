// Quantities in words, as package report/unit writes them.

const times = [[3600, ' h'], [60, ' min'], [1, ' s'], [1e-3, ' ms'], [1e-6, ' µs'], [1e-9, ' ns']];
const sizes = [[1e12, ' TB'], [1e9, ' GB'], [1e6, ' MB'], [1e3, ' kB'], [1, ' B']];
const counts = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']];
const longSeconds = 600, longMinutes = 3 * 3600, digits = 4;

function splitUnit(unit) {
  return unit.endsWith('/s') ? {base: unit.slice(0, -2), rate: '/s'} : {base: unit, rate: ''};
}

function pick(steps, magnitude) {
  return steps.find(s => magnitude >= s[0]) || steps[steps.length - 1];
}

function timeScale(magnitude) {
  if (magnitude === 0 || magnitude >= 1 && magnitude < longSeconds) return [1, ' s'];
  if (magnitude >= longSeconds && magnitude < longMinutes) return [60, ' min'];
  return pick(times, magnitude);
}

// scaleFor is the scale in which a value of that magnitude reads best:
// [divided by, suffix].
function scaleFor(unit, magnitude) {
  const {base, rate} = splitUnit(unit);
  const m = isFinite(magnitude) ? Math.abs(magnitude) : 0;
  switch (base) {
    case 's': { const [per, suffix] = timeScale(m); return [per, suffix + rate]; }
    case 'ratio': return [0.01, '%' + rate];
    case 'B': { const [per, suffix] = pick(sizes, m); return [per, suffix + rate]; }
  }
  const [per, suffix] = pick(counts, m);
  return [per, suffix + (base === '1' || base === '' ? '' : ' ' + base) + rate];
}

// counted reports whether values are numbers of things.
function counted(unit) {
  const {base} = splitUnit(unit);
  return base !== 's' && base !== 'ratio' && base !== 'B';
}

function grouped(v) { return v.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ','); }

function decimalsOf([per, suffix], value) {
  const v = Math.abs(value / per);
  if (v === 0) return 0;
  let d = Math.min(Math.max(digits - 1 - Math.floor(Math.log10(v)), 0), digits);
  if (suffix === '%') while (d < 6 && v < 100 && v.toFixed(d).startsWith('100')) d++; // 99.9996% is not all
  return d;
}

function fixed(v, decimals) {
  const s = v.toFixed(decimals);
  return /[1-9]/.test(s) ? s : s.replace('-', '');
}

// estimate writes values in the scale and with the decimals of the first:
// [value, others ...], the unit behind the first alone.
function estimate(unit, v, ...others) {
  const all = [v, ...others];
  if (counted(unit) && all.every(x => Number.isInteger(x) && Math.abs(x) < 1e6))
    return all.map((x, i) => grouped(x) + (i ? '' : scaleFor(unit, 0)[1]));
  const scale = scaleFor(unit, v), d = decimalsOf(scale, v);
  return all.map((x, i) => fixed(x / scale[0], d) + (i ? '' : scale[1]));
}

// text is one value, "-" if there is none.
function text(unit, v) { return v == null || isNaN(v) ? '-' : estimate(unit, v)[0]; }

// interval is a value with the bounds of its interval.
function interval(unit, v, lo, hi) {
  if (v == null) return '-';
  if (lo == null || hi == null) return text(unit, v);
  const [value, low, high] = estimate(unit, v, lo, hi);
  return `${value} [${low}, ${high}]`;
}

// compact writes 10000 as 10k and drops the noise of floats.
function compact(v) {
  const [per, suffix] = Math.abs(v) < 1000 ? [1, ''] : pick(counts, Math.abs(v));
  return String(Number((v / per).toPrecision(12))) + suffix;
}

// tickText labels the ticks of a linear axis, step apart, all in one scale.
function tickText(unit, at, step, largest) {
  if (counted(unit)) return compact(at);
  let [per, suffix] = scaleFor(unit, largest);
  if (splitUnit(unit).base === 's' && per > 1 && step % 60) [per, suffix] = [1, ' s']; // looked at closely
  return fixed(at / per, Math.max(0, -Math.floor(Math.log10(step / per) + 1e-9))) + suffix.trimEnd().replace(/\/s$/, '');
}

// logTickText labels one tick of a logarithmic axis.
function logTickText(unit, at) {
  if (counted(unit)) return at >= 1e-4 && at < 1e15 ? compact(at) : at.toExponential(0).replace('e+', 'e');
  const [per, suffix] = scaleFor(unit, at * (1 + 1e-9));
  return compact(Number((at / per).toPrecision(6))) + suffix;
}

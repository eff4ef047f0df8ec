// Faults as lanes under a chart over time: one lane a fault, a bar for each
// time that it was in force, on the chart's own x axis.

const mostLanes = 8;

function element(name, className, content) {
  const e = document.createElement(name);
  if (className) e.className = className;
  if (content) e.textContent = content;
  return e;
}

// lanesOf groups spans by name, in the order in which they begin.
function lanesOf(spans) {
  const lanes = new Map();
  for (const s of spans) {
    if (!lanes.has(s.name)) lanes.set(s.name, []);
    lanes.get(s.name).push(s);
  }
  return [...lanes].map(([name, list]) => ({name, spans: list}));
}

// drawLanes lays the lanes out under a plot.
function drawLanes(box, lanes, u) {
  const {min, max} = u.scales.x, width = u.over.offsetWidth;
  box.style.marginLeft = u.over.offsetLeft + 'px';
  box.style.width = width + 'px';
  box.replaceChildren(...lanes.slice(0, mostLanes).map(l => laneElement(l, min, max, width)));
  if (lanes.length > mostLanes) box.append(element('p', 'muted', `and ${lanes.length - mostLanes} more, in the table of faults`));
}

function laneElement(lane, min, max, width) {
  const row = element('div', 'lane');
  const place = t => (Math.min(Math.max(t, min), max) - min) / (max - min) * width;
  const bars = joined(lane.spans.filter(s => s.to >= min && s.from <= max).map(s => [place(s.from), place(s.to), s]));
  for (const [from, to, s] of bars) {
    const bar = element('div', 'bar');
    bar.style.left = from + 'px';
    bar.style.width = Math.max(to - from, 2) + 'px';
    bar.title = `${s.name}: ${text('s', s.from)} to ${text('s', s.to)}`;
    row.append(bar);
  }
  row.append(nameOf(lane, bars, width));
  return row;
}

// joined merges bars that cannot be told apart: of thousands of them only so
// many are drawn as there is room for.
function joined(bars) {
  const out = [];
  for (const b of bars) {
    const last = out[out.length - 1];
    if (last && b[0] - last[1] < 1) last[1] = Math.max(last[1], b[1]);
    else out.push([...b]);
  }
  return out;
}

// nameOf puts the lane's name into the bar that has room for it, else behind
// the last bar, else before the first, else over them.
function nameOf(lane, bars, width) {
  const name = element('span', '', lane.name), room = 6.4 * lane.name.length + 10;
  if (!bars.length) {
    name.textContent += ' (not in this window)';
    name.style.left = '0px';
    return name;
  }
  const inside = bars.find(b => b[1] - b[0] >= room), end = bars[bars.length - 1][1];
  if (inside) name.style.left = inside[0] + 'px';
  else if (end + room <= width) name.style.left = end + 'px';
  else if (bars[0][0] >= room) name.style.right = width - bars[0][0] + 'px';
  else name.style.left = Math.max(0, Math.min(bars[0][0], width - room)) + 'px';
  return name;
}

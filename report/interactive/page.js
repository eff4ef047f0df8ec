// The page: every figure that has data becomes a chart that moves.

const page = {
  charts: [],
  overTime() { return this.charts.filter(c => c.model.time); },

  start() {
    const source = document.getElementById('charts');
    if (!source) return;
    const {grids, charts} = JSON.parse(source.textContent);
    for (const figure of document.querySelectorAll('figure[data-chart]'))
      this.charts.push(new LiveChart(figure, charts[figure.dataset.chart], grids, this));
    document.getElementById('chart-help').hidden = false;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.charts.forEach(c => c.u.redraw(false)));
  },
};

// openForPrint lets paper show what a click would.
function openForPrint() {
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')];
    opened.forEach(d => { d.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach(d => { d.open = false; }));
}

openForPrint();
page.start();

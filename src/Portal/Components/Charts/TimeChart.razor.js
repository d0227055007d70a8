// One chart: uPlot draws it, the server sends what is new. See Portal.Components.Charts.ChartUpdate for the message.
import uPlot from '../../lib/uplot/uPlot.esm.js';
import { emptyLine, stacked, table, take, valueAt } from '../../js/charts/points.js';
import { colours, faint, onThemeChange } from '../../js/charts/theme.js';
import { distances, timeFormat, valueFormat } from '../../js/charts/units.js';
import { listen } from '../../js/charts/keys.js';
import { save } from '../../js/charts/image.js';

const charts = new WeakMap();

// Returns the browser's time zone, in which the table is written.
export function create(root, owner, language) {
  charts.set(root, new Chart(root, owner, language));
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

// Returns false when the chart has another version than the update begins at.
export function show(root, update, bytes) {
  return charts.get(root)?.take(update, bytes) ?? true;
}

export function dispose(root) {
  charts.get(root)?.end();
  charts.delete(root);
}

export function saveImage(root) {
  const chart = charts.get(root);
  if (chart?.plot) save(chart);
}

// What is drawn: moments in milliseconds and, per line, values as they came.
export function drawn(root) {
  const chart = charts.get(root);
  return { from: chart.from, to: chart.to, times: chart.data[0], lines: chart.shape.lines.map((_, at) => chart.valuesOf(at)) };
}

class Chart {
  constructor(root, owner, language) {
    Object.assign(this, { root, owner, language, version: 0, lines: [], data: [[]], hidden: new Set() });
    this.place = root.querySelector('.plot');
    this.times = timeFormat(language);
    this.isInSight = false;
    this.colours = colours(root);
    this.ends = [
      onThemeChange(() => {
        this.colours = colours(root);
        this.plot?.redraw(false, true);
      }),
      listen(this),
    ];
    // What nobody sees is not drawn.
    const sight = new IntersectionObserver(entries => {
      this.isInSight = entries.at(-1).isIntersecting;
      if (this.isInSight && this.isStale) this.draw();
    }, { rootMargin: '200px' });
    sight.observe(this.place);
    const size = new ResizeObserver(() => this.fit());
    size.observe(this.place);
    this.ends.push(() => sight.disconnect(), () => size.disconnect());
    root.addEventListener('click', event => {
      const button = event.target.closest('button[data-line]');
      if (button) this.toggle(button);
    });
  }

  take(update, bytes) {
    if (update.base !== 0 && update.base !== this.version) return false;
    if (update.shape) {
      this.shape = update.shape;
      this.value = valueFormat(this.shape, this.language);
      this.lines = this.shape.lines.map(emptyLine);
      this.plot?.destroy();
      this.plot = undefined;
    }
    take(this.lines, update, bytes, this.shape.hasSpread);
    Object.assign(this, { version: update.version, from: update.from, to: update.to });
    this.data = table(this.lines, this.shape.hasSpread);
    this.isStale = true;
    // A legend that Blazor has made anew is filled once it is there.
    if (this.isInSight && !document.hidden) this.draw();
    else this.write();
    return true;
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (!this.shape || width === 0) return;
    this.isStale = false;
    this.plot ??= new uPlot(this.options(width, height), undefined, this.place);
    this.plot.batch(() => {
      this.plot.setData(this.shape.isStacked ? stacked(this.data) : this.data, false);
      this.plot.setScale('x', { min: this.from, max: this.to });
    });
    this.write();
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (!this.plot) this.draw();
    else if (width > 0 && (width !== this.plot.width || height !== this.plot.height)) this.plot.setSize({ width, height });
  }

  end() {
    this.ends.forEach(end => end());
    this.plot?.destroy();
  }

  // uPlot's number of a line; those after it are the edges of its band.
  numberOf(at) {
    return 1 + at * (this.shape.hasSpread ? 3 : 1);
  }

  valuesOf(at) {
    return this.data[this.numberOf(at)] ?? [];
  }

  wordsAt(at) {
    return this.shape.lines.map((line, place) => `${line.name} ${this.value(valueAt(this.valuesOf(place), at))}`);
  }

  // Values under the cursor, or the last ones, beside the names of the lines.
  write() {
    const cursor = this.plot?.cursor.idx;
    const last = this.data[0].length - 1;
    this.root.querySelectorAll('.legend button[data-line]').forEach(button => {
      const value = button.parentElement.querySelector('.value');
      if (this.shape && value) value.textContent = this.value(valueAt(this.valuesOf(+button.dataset.line), cursor ?? last));
      button.setAttribute('aria-pressed', !this.hidden.has(+button.dataset.line));
    });
    this.root.querySelector('.at').textContent = cursor === null || cursor === undefined ? '' : this.times.whole(this.data[0][cursor]);
  }

  toggle(button) {
    const line = +button.dataset.line;
    const shows = this.hidden.delete(line);
    if (!shows) this.hidden.add(line);
    for (let one = this.numberOf(line); one < this.numberOf(line + 1); one++) this.plot?.setSeries(one, { show: shows });
    button.setAttribute('aria-pressed', shows);
  }

  zoom(from, to) {
    if (to > from) this.owner.invokeMethodAsync('ZoomAsync', from, to);
  }

  zoomOut() {
    this.owner.invokeMethodAsync('ZoomOutAsync');
  }

  options(width, height) {
    const { shape } = this;
    const font = '12px system-ui, sans-serif';
    const axis = { font, stroke: () => this.colours.text, grid: { stroke: () => this.colours.grid, width: 1 }, ticks: { show: false } };
    return {
      width, height, ms: 1, legend: { show: false },
      padding: [8, 20, 0, 0],
      scales: {
        x: { time: true },
        y: { range: (_, low, high) => shape.isPercent ? [0, 100] : [Math.min(0, low ?? 0), high > 0 ? high * 1.08 : 1] },
      },
      axes: [
        { ...axis, size: 36, space: 70, values: (_, times, __, ___, distance) => this.times.axis(times, distance) },
        { ...axis, size: 70, space: 28, incrs: distances(shape), values: (_, values) => values.map(this.value) },
      ],
      cursor: {
        sync: { key: 'charts', scales: ['x', null] },
        drag: { x: true, y: false, setScale: false },
        y: false,
        points: { size: 6 },
        bind: { dblclick: () => () => this.zoomOut() },
      },
      hooks: {
        setCursor: [() => this.write()],
        setSelect: [plot => {
          // The charts that only follow the cursor are told of the stretch, too.
          if (plot.select.width < 4 || !this.place.matches(':hover')) return;
          this.zoom(plot.posToVal(plot.select.left, 'x'), plot.posToVal(plot.select.left + plot.select.width, 'x'));
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        }],
      },
      series: [{}, ...shape.lines.flatMap((line, at) => this.seriesOf(line, at))],
      bands: this.bands(),
    };
  }

  seriesOf(line, at) {
    const colour = () => this.colours.lines[line.colour];
    const show = !this.hidden.has(at);
    const main = {
      label: line.name, show, stroke: colour, width: 1.5, dash: [undefined, [6, 4], [2, 3], [8, 3, 2, 3]][line.dash % 4], points: { size: 4, fill: colour, filter: alone },
      fill: this.shape.isStacked && at === 0 ? () => faint(colour(), 35) : undefined,
    };
    const edge = { show, stroke: 'transparent', width: 0, points: { show: false } };
    return this.shape.hasSpread ? [main, edge, edge] : [main];
  }

  bands() {
    const of = (at, share) => () => faint(this.colours.lines[this.shape.lines[at].colour], share);
    if (this.shape.isStacked) return this.shape.lines.slice(1).map((_, at) => ({ series: [at + 2, at + 1], fill: of(at + 1, 35) }));
    if (!this.shape.hasSpread) return [];
    return this.shape.lines.map((_, at) => ({ series: [this.numberOf(at) + 1, this.numberOf(at) + 2], fill: of(at, 18) }));
  }
}

// Points that no line reaches are drawn as dots.
function alone(plot, line) {
  const values = plot.data[line];
  const neighbour = (at, step) => {
    do at += step;
    while (values[at] === undefined && at >= 0 && at < values.length);
    return values[at];
  };
  const found = [];
  for (let at = 0; at < values.length; at++) {
    const isPoint = values[at] !== null && values[at] !== undefined;
    if (isPoint && (neighbour(at, -1) ?? null) === null && (neighbour(at, 1) ?? null) === null) found.push(at);
  }
  return found;
}

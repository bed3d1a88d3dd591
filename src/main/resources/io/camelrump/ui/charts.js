// Rates over time, drawn by uPlot.
import { element, setText } from "./elements.js";
import { count, duration, short } from "./format.js";

/** As many points as the run itself keeps. */
const MOST_POINTS = 1000;
const HEIGHT = 160;
/** Between two marks of the axis of time. */
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
const MEASURES = [
  { name: "Keys per second", least: 10, value: (run) => run.keysPerSecond, past: (series) => series.keysReadPerSecond },
  {
    name: "MB per second",
    least: 0.1,
    value: (run) => run.bytesPerSecond / 1e6,
    past: (series) => series.bytesReadPerSecond.map((bytes) => bytes / 1e6),
  },
  { name: "Lag in seconds", least: 1, value: (run) => run.live?.lagSeconds, past: (series) => series.lagSeconds },
];

export class Charts {
  #times = [];
  #charts;

  constructor(place) {
    this.#charts = MEASURES.map((measure) => new Chart(place, measure, this.#times));
    new ResizeObserver(() => this.#charts.forEach((chart) => chart.resize())).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      this.#charts.forEach((chart) => chart.redraw()),
    );
  }

  /** Puts what the run did before this page was there in front. */
  addPast(series, startedAt) {
    const times = series.seconds.map((seconds) => startedAt + seconds);
    const earlier = times.filter((time) => !(time >= this.#times[0])).length;
    this.#times.unshift(...times.slice(0, earlier));
    this.#charts.forEach((chart) => chart.addPast(series, earlier));
    this.#charts.forEach((chart) => chart.show());
  }

  add(seconds, run) {
    if (seconds <= this.#times.at(-1)) {
      return;
    }
    this.#times.push(seconds);
    this.#charts.forEach((chart) => chart.add(run));
    while (this.#times.length > MOST_POINTS) {
      thin(this.#times);
      this.#charts.forEach((chart) => thin(chart.values));
    }
    this.#charts.forEach((chart) => chart.show());
  }
}

/** Joins each two neighbours to their mean, in place. */
function thin(values) {
  for (let i = 0; 2 * i + 1 < values.length; i++) {
    const [one, other] = [values[2 * i], values[2 * i + 1]];
    values[i] = one == null || other == null ? (one ?? other) : (one + other) / 2;
  }
  values.length = Math.floor(values.length / 2);
}

class Chart {
  values = [];
  #measure;
  #times;
  #figure;
  #place = element("div", { role: "img" });
  #now = element("span");
  #plot;

  constructor(parent, measure, times) {
    this.#measure = measure;
    this.#times = times;
    this.#figure = element("figure", { hidden: "" }, element("figcaption", {}, measure.name, this.#now), this.#place);
    parent.append(this.#figure);
  }

  addPast(series, count) {
    this.values.unshift(...this.#measure.past(series).slice(0, count));
  }

  add(run) {
    this.values.push(this.#measure.value(run) ?? null);
  }

  show() {
    const known = this.values.filter((value) => value != null);
    this.#figure.hidden = known.length === 0;
    if (known.length === 0) {
      return;
    }
    const text = `now ${count(rounded(known.at(-1)))}, highest ${count(rounded(Math.max(...known)))}`;
    setText(this.#now, text);
    const past = duration(this.#times.at(-1) - this.#times[0]);
    this.#place.setAttribute("aria-label", `${this.#measure.name} over ${past}: ${text}`);
    if (this.#plot) {
      this.#plot.setData([this.#times, this.values]);
    } else {
      this.redraw();
    }
  }

  resize() {
    if (this.#plot && this.#place.clientWidth > 0) {
      this.#plot.setSize({ width: this.#place.clientWidth, height: HEIGHT });
    }
  }

  /** Makes it anew, in the colors of now. */
  redraw() {
    if (this.#place.clientWidth > 0) {
      this.#plot?.destroy();
      this.#plot = new uPlot(options(this.#place.clientWidth, this.#measure.least), [this.#times, this.values], this.#place);
    }
  }
}

function rounded(value) {
  return value < 10 ? Math.round(value * 100) / 100 : Math.round(value);
}

/** @param least what the axis shows at least */
function options(width, least) {
  const colors = getComputedStyle(document.documentElement);
  const color = (name) => colors.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: color("soft"), grid: { stroke: color("line"), width: 1 }, ticks: { stroke: color("line"), width: 1 } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (plot, lowest, most) => [0, Math.max(most * 1.1, least)] } },
    axes: [
      { ...axis, space: 80, size: 32, incrs: SECONDS, values: (plot, times) => times.map((time) => clock(time, plot)) },
      { ...axis, size: 54, values: (plot, values) => values.map(short) },
    ],
    series: [{}, { stroke: color("accent"), width: 2, points: { show: false } }],
  };
}

function clock(seconds, plot) {
  const isLong = plot.scales.x.max - plot.scales.x.min > 600;
  return new Date(seconds * 1000).toTimeString().slice(0, isLong ? 5 : 8);
}

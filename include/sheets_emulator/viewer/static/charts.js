"use strict";
// Simple drawings of charts: horizontal bars for every kind, lines for LINE, and the figures as a table below.
const COLORS = ["#1a73e8", "#d93025", "#f9ab00", "#188038", "#9334e6", "#12b5cb"];

function make(name, attributes = {}, text = "") {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text) node.textContent = text;
  return node;
}

function drawChart(chart) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = chart.title || chart.kind;
  figure.append(caption, chart.kind === "LINE" ? lines(chart) : bars(chart), figures(chart));
  return figure;
}

function bars(chart) {
  const labels = chart.labels.slice(0, 12), series = chart.series, height = 18 * Math.max(series.length, 1);
  const most = Math.max(1, ...series.flatMap((one) => one.values.map((value) => value || 0)));
  const svg = make("svg", { viewBox: `0 0 480 ${labels.length * (height + 8) + 6}`, role: "img", "aria-label": chart.title });
  labels.forEach((label, row) => {
    const top = row * (height + 8) + 4;
    svg.append(make("text", { x: 150, y: top + height / 2 + 4, "text-anchor": "end", "font-size": 11 }, label.slice(0, 26)));
    series.forEach((one, index) => {
      const value = one.values[row] || 0, width = (270 * value) / most;
      svg.append(make("rect", { x: 156, y: top + index * 18, width, height: 15, rx: 2, fill: COLORS[index % COLORS.length] }));
      svg.append(make("text", { x: 160 + width, y: top + index * 18 + 12, "font-size": 11 }, value.toLocaleString(LANGUAGE)));
    });
  });
  return svg;
}

function lines(chart) {
  const count = Math.max(chart.labels.length, 2);
  const most = Math.max(1, ...chart.series.flatMap((one) => one.values.map((value) => value || 0)));
  const svg = make("svg", { viewBox: "0 0 480 180", role: "img", "aria-label": chart.title });
  const x = (index) => 30 + (430 * index) / (count - 1), y = (value) => 150 - (135 * value) / most;
  svg.append(make("line", { x1: 30, y1: 150, x2: 460, y2: 150, stroke: "#999" }));
  chart.series.forEach((one, index) => {
    const points = one.values.slice(0, count).map((value, place) => (value === null ? null : `${x(place)},${y(value)}`)).filter(Boolean);
    svg.append(make("polyline", { points: points.join(" "), fill: "none", stroke: COLORS[index % COLORS.length], "stroke-width": 2 }));
  });
  [0, count - 1].forEach((index) => {
    svg.append(make("text", { x: x(index), y: 168, "font-size": 11, "text-anchor": index ? "end" : "start" }, chart.labels[index] || ""));
  });
  svg.append(make("text", { x: 30, y: 11, "font-size": 11 }, most.toLocaleString(LANGUAGE)));
  return svg;
}

function figures(chart) {
  const details = document.createElement("details"), summary = document.createElement("summary"), table = document.createElement("table");
  summary.textContent = say("table");
  const head = table.insertRow();
  head.insertCell();
  chart.series.forEach((one) => { head.insertCell().textContent = one.name; });
  chart.labels.forEach((label, row) => {
    const line = table.insertRow();
    line.insertCell().textContent = label;
    chart.series.forEach((one) => { line.insertCell().textContent = one.values[row] ?? ""; });
  });
  details.append(summary, table);
  return details;
}

/* Arrivals as a histogram and as cumulative curves, by severity, in inline SVG. */

/* Scaled to the page; drawn narrower for a telephone, where the labels would become too small. */
const CHART = { width: innerWidth > 560 ? 560 : 340, height: 250, left: 44, right: 10, top: 12,
                bottom: 40 };

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/* A step that gives at most `count` ticks up to `limit`: 1, 2, 5 or 10 times a power of ten. */
function niceStep(limit, count) {
  const raw = limit / count, power = 10 ** Math.floor(Math.log10(raw));
  return Math.max(1, power * [1, 2, 5, 10].find((factor) => factor * power >= raw));
}

/* The step of an axis in minutes: what clocks have. */
function minuteStep(limit, count) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
  return steps.find((step) => limit / step <= count) || 2880;
}

function axes(title, limitX, stepX, limitY, stepY, labelY) {
  const { width, height, left, right, top, bottom } = CHART;
  const x = (minutes) => left + (width - left - right) * minutes / limitX;
  const y = (value) => height - bottom - (height - top - bottom) * value / limitY;
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img",
                             "aria-label": title });
  const label = (atX, atY, anchor, text) =>
    svg("text", { x: atX, y: atY, "text-anchor": anchor }, text);
  for (let value = 0; value <= limitY; value += stepY) {
    const at = y(value);
    chart.append(svg("line", { x1: left, x2: width - right, y1: at, y2: at, class: "grid" }),
                 label(left - 8, at + 4, "end", labelY(value)));
  }
  for (let minutes = 0; minutes <= limitX; minutes += stepX) {
    chart.append(label(x(minutes), height - bottom + 18, "middle", String(minutes)));
  }
  chart.append(label((left + width - right) / 2, height - 4, "middle", t("minutes_axis")));
  return { chart, x, y };
}

/* `arrivals`: minutes by severity, { extreme: [..], ... }, each rising. */
function histogram(arrivals, severities) {
  const all = severities.flatMap((s) => arrivals[s]);
  const last = Math.max(1, ...all), bin = minuteStep(last, 20), count = Math.floor(last / bin) + 1;
  const bins = severities.map((s) => {
    const column = new Array(count).fill(0);
    for (const minutes of arrivals[s]) ++column[Math.floor(minutes / bin)];
    return column;
  });
  const height = (b) => bins.reduce((sum, column) => sum + column[b], 0);
  const tallest = Math.max(1, ...bins[0].map((_, b) => height(b)));
  const stepY = niceStep(tallest, 5), limitY = Math.ceil(tallest / stepY) * stepY;
  const { chart, x, y } = axes(t("histogram_of", { n: all.length }), count * bin,
    minuteStep(count * bin, 10), limitY, stepY, String);
  for (let b = 0; b < count; ++b) {
    let base = 0;
    severities.forEach((severity, s) => {
      const value = bins[s][b];
      if (value === 0) return;
      const box = { x: x(b * bin) + 1, width: Math.max(1, x(bin) - x(0) - 2),
                    y: y(base + value), height: y(base) - y(base + value) };
      chart.append(svg("rect", { ...box, class: `fill-${severity}` },
        svg("title", {}, t("histogram_bar", { n: value, severity: t(`severity.${severity}`), from: b * bin,
                                               to: (b + 1) * bin }))));
      base += value;
    });
  }
  chart.id = "histogram";
  return chart;
}

function cumulative(arrivals, severities) {
  const last = Math.max(1, ...severities.flatMap((s) => arrivals[s]));
  const stepX = minuteStep(last, 10), limitX = Math.ceil(last / stepX) * stepX;
  const { chart, x, y } = axes(t("cumulative_of"),
    limitX, stepX, 1, 0.25, (share) => `${share * 100}%`);
  for (const severity of severities) {
    const times = arrivals[severity];
    if (times.length === 0) continue;
    let path = `M${x(0)} ${y(0)}`;
    times.forEach((minutes, i) => { path += `H${x(minutes)}V${y((i + 1) / times.length)}`; });
    chart.append(svg("path", { d: `${path}H${x(limitX)}`, class: `curve stroke-${severity}` },
                     svg("title", {}, t(`severity.${severity}`))));
  }
  chart.id = "cumulative";
  return chart;
}

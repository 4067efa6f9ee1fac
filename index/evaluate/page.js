'use strict';
// What the pages with plots share: tables, and plots with whiskers in the page's colours. Text reaches a page through
// textContent and Chart.js's canvas alone, never as markup.
const page = (() => {
  const byId = (id) => document.getElementById(id);
  const percent = (x, digits = 1) => (100 * x).toFixed(digits);
  const number = (x) => x.toLocaleString('en-US');

  function element(tag, text, className) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  // ---- Tables ----
  function figureCell(figure, signed) {
    const cell = element('td', (signed && figure.value > 0 ? '+' : '') + figure.value.toFixed(4) + ' ');
    cell.append(element('i', '±' + figure.standard_error.toFixed(4)));
    return cell;
  }

  function fillTable(id, head, rows) {
    const table = byId(id);
    const top = element('tr');
    head.forEach((name, i) => {
      const first = rows.length > 0 && rows[0].cells[i];
      top.append(element('th', name, first instanceof Node ? first.className : ''));
    });
    table.append(top);
    for (const row of rows) {
      const line = element('tr', undefined, row.className);
      for (const cell of row.cells) line.append(cell instanceof Node ? cell : element('td', String(cell)));
      table.append(line);
    }
  }

  // ---- Plots ----
  // Of a point {x, y}, or of a plain value.
  const valueOf = (value) => value !== null && typeof value === 'object' ? value.y : value;

  // Whiskers of a dataset's `errors` (half lengths, by index), along the value axis.
  const whiskers = {id: 'whiskers', afterDatasetsDraw(chart) {
    const flat = chart.options.indexAxis === 'y';
    const scale = chart.scales[flat ? 'x' : 'y'];
    const pen = chart.ctx;
    chart.data.datasets.forEach((dataset, d) => {
      if (!dataset.errors || !chart.isDatasetVisible(d)) return;
      pen.save();
      pen.strokeStyle = dataset.whiskerColor;
      pen.lineWidth = 1.4;
      chart.getDatasetMeta(d).data.forEach((mark, i) => {
        const value = valueOf(dataset.data[i]);
        if (value === null || !dataset.errors[i]) return;
        const low = scale.getPixelForValue(value - dataset.errors[i]);
        const high = scale.getPixelForValue(value + dataset.errors[i]);
        const line = (a, b, c, e) => flat ? (pen.moveTo(a, b), pen.lineTo(c, e)) : (pen.moveTo(b, a), pen.lineTo(e, c));
        const middle = flat ? mark.y : mark.x;
        pen.beginPath();
        line(low, middle, high, middle);
        line(low, middle - 4, low, middle + 4);
        line(high, middle - 4, high, middle + 4);
        pen.stroke();
      });
      pen.restore();
    });
  }};

  const charts = [];
  const colors = {};
  // Takes away all plots, and reads the colours for the next ones: they change with the screen's scheme.
  function clear() {
    for (const chart of charts.splice(0)) chart.destroy();
    for (const figure of document.querySelectorAll('figure')) figure.remove();
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(name).trim();
    Object.assign(colors, {ink: get('--ink'), soft: get('--soft'), line: get('--line'), accent: get('--accent'), good: get('--good'),
      bad: get('--bad'), methods: [get('--accent'), get('--c1'), get('--c2'), get('--c3'), get('--c4'), get('--c5')]});
    Chart.defaults.color = colors.soft;
    Chart.defaults.borderColor = colors.line;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12.5;
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
  }

  function plot(section, title, height, config, caption) {
    const figure = element('figure');
    const box = element('div', undefined, 'canvas');
    box.style.height = height + 'px';
    const canvas = element('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', title);
    box.append(canvas);
    figure.append(element('h3', title), box);
    if (caption) figure.append(element('figcaption', caption));
    byId(section).append(figure);
    config.plugins = [whiskers];
    charts.push(new Chart(canvas, config));
  }

  // Room on the value axis for whiskers at both ends.
  function room(datasets) {
    const ends = (sign) => datasets.flatMap((d) => d.data.map((v, i) => valueOf(v) + sign * (d.errors ? d.errors[i] : 0)));
    return {max: Math.max(0, ...ends(1)) * 1.02, min: Math.min(0, ...ends(-1)) * 1.02};
  }

  function options({flat, legend, axis, format, space = {}, title}) {
    const value = {grid: {color: colors.line}, beginAtZero: true, suggestedMax: space.max || .1, suggestedMin: space.min || 0,
      ticks: {callback: format}};
    const category = {grid: {display: false}, ticks: {color: colors.ink, maxRotation: 0, autoSkip: false}};
    if (axis) category.title = {display: true, text: axis};
    return {
      indexAxis: flat ? 'y' : 'x', scales: flat ? {x: value, y: category} : {y: value, x: category},
      plugins: {legend: {display: Boolean(legend), position: 'bottom', labels: {color: colors.ink, boxWidth: 14, boxHeight: 3}},
        tooltip: {callbacks: {title, label: (item) => {
          const error = item.dataset.errors ? ' ± ' + format(item.dataset.errors[item.dataIndex]) : '';
          return (legend ? item.dataset.label + ': ' : '') + format(valueOf(item.raw)) + error;
        }}}},
    };
  }

  const asPercent = (x) => (100 * x).toFixed(1).replace('.0', '') + '%';
  const asScore = (x) => Number(x).toFixed(3);

  return {byId, percent, number, element, figureCell, fillTable, colors, clear, plot, room, options, asPercent, asScore};
})();

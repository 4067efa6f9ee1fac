'use strict';
// Draws history.html from the records of an index's versions and measurements, as Protobuf JSON: whole numbers of 64 bits
// come as strings.
(() => {
  const {byId, number, element, figureCell, fillTable, colors, clear, plot, room, options, asPercent, asScore} = page;
  const data = JSON.parse(document.getElementById('data').textContent);
  const date = (ms) => Number(ms) ? new Date(Number(ms)).toISOString().slice(0, 10) : '';
  const quality = (record, name) => record.quality.find((figure) => figure.name === name);
  const aged = data.measurements.filter((m) => m.age_days !== undefined)
    .sort((a, b) => a.version - b.version || a.age_days - b.age_days);
  const known = data.measurements.filter((m) => m.age_days === undefined);
  const active = data.published[0];
  const overruled = (version) => data.published.includes(Number(version.version)) ? 'published all the same' : '';
  const measured = data.versions.filter((v) => quality(v, 'hit@10'));
  const drawable = aged.filter((m) => Number(m.trials) >= 20);  // Of fewer pairs a figure says nothing, nor its error.
  // Colours tell so many versions apart: the newest that were measured.
  const shown = [...new Set(drawable.map((m) => m.version))].slice(-6).reverse();

  // ---- Words and tables ----
  function cellOf(record, name) {
    const figure = quality(record, name);
    return figure ? figureCell(figure) : element('td', '-');
  }

  function verdict(version) {
    if (!version.comparison) return '';
    if (version.comparison.objections.length === 0) return 'holds beside ' + version.comparison.version;
    return ['worse than ' + version.comparison.version, overruled(version)].filter(Boolean).join(', ');
  }

  function writeWords() {
    byId('headline').textContent = 'How related keywords age';
    byId('advice').textContent = data.advice;
    byId('basis').textContent = `${number(data.versions.length)} versions, ` +
      (active ? `version ${active} is active; ` : 'none is active; ') +
      `${number(aged.length)} measurements on later logs` +
      (shown.length > 0 ? `, the newest ${shown.length > 1 ? shown.length + ' measured versions are' : 'is'} drawn.` : '.');
  }

  function writeTables() {
    fillTable('versions-table', ['version', 'built', 'log to', 'queries', 'hit@10', 'mrr@10', 'coverage', 'compared'],
      data.versions.map((v) => ({className: Number(v.version) === active ? 'ours' : '', cells: [
        v.version + (Number(v.version) === active ? ' (active)' : ''), date(v.built_at_ms), date(v.log.last_event_ms),
        number(v.markets.reduce((sum, market) => sum + Number(market.lists), 0)), cellOf(v, 'hit@10'), cellOf(v, 'mrr@10'),
        cellOf(v, 'coverage'), element('td', verdict(v), 'text')]})));
    const figures = (m) => [date(m.from_ms), date(m.to_ms), number(Number(m.trials)), cellOf(m, 'hit@10'), cellOf(m, 'mrr@10'),
      cellOf(m, 'coverage')];
    const columns = ['from', 'to', 'pairs', 'hit@10', 'mrr@10', 'coverage'];
    fillTable('measurements-table', ['version', 'age in days', ...columns],
      aged.map((m) => ({cells: [m.version, m.age_days.toFixed(1), ...figures(m)]})));
    fillTable('known-table', ['version', ...columns], known.map((m) => ({cells: [m.version, ...figures(m)]})));
    const worse = data.versions.filter((v) => v.comparison && v.comparison.objections.length > 0);
    fillTable('objections-table', ['version', '', ''], worse.flatMap((v) => v.comparison.objections.map((why) => ({
      cells: [v.version, element('td', overruled(v), 'text'), element('td', why, 'wide')]}))));
    byId('measurements-section').hidden = aged.length === 0;
    byId('known-section').hidden = known.length === 0;
    byId('objections-section').hidden = worse.length === 0;
    byId('ages-section').hidden = drawable.length === 0;
    byId('versions-section').hidden = measured.length === 0;
  }

  // ---- Plots ----
  function byAge(figure, title, format, line) {
    const datasets = shown.map((version, i) => {
      const points = drawable.filter((m) => m.version === version && quality(m, figure));
      const color = colors.methods[i];
      return {label: 'version ' + version, data: points.map((m) => ({x: m.age_days, y: quality(m, figure).value})),
        errors: points.map((m) => quality(m, figure).standard_error), whiskerColor: color, borderColor: color,
        backgroundColor: color, borderWidth: i === 0 ? 3 : 1.5, pointRadius: i === 0 ? 4 : 3, showLine: true,
        clip: false};
    });
    const space = room(datasets);
    if (line) {
      datasets.push({label: 'one slope through all', data: [{x: 0, y: line.start},
        {x: line.max_days, y: line.start + line.per_day * line.max_days}], borderColor: colors.soft, borderDash: [5, 5],
      borderWidth: 1.5, pointRadius: 0, showLine: true});
    }
    const settings = options({legend: true, format, space, title: (items) => items[0].raw.x.toFixed(1) + ' days old'});
    settings.scales.x = {type: 'linear', min: 0, grid: {display: false}, ticks: {color: colors.ink},
      title: {display: true, text: 'age in days'}};
    if (figure === 'coverage') {  // All of it happens near the top.
      const lowest = Math.min(...datasets.flatMap((d) => d.data.map((point, i) => point.y - d.errors[i])));
      Object.assign(settings.scales.y, {beginAtZero: false, max: 1, suggestedMin: Math.max(0, Math.floor(lowest * 20) / 20)});
    }
    plot('ages', title, 330, {type: 'scatter', data: {datasets}, options: settings});
  }

  function byVersion(figure, title, format) {
    const dataset = {data: measured.map((v) => quality(v, figure).value),
      errors: measured.map((v) => quality(v, figure).standard_error), whiskerColor: colors.ink, maxBarThickness: 48,
      backgroundColor: measured.map((v) => Number(v.version) === active ? colors.accent : colors.methods[5] + '99')};
    const dated = measured.length <= 5;  // More dates would run into each other; the table has them.
    const labels = measured.map((v) => dated ? [v.version, date(v.log.last_event_ms)] : v.version);
    plot('versions', title, 290, {type: 'bar', data: {labels, datasets: [dataset]}, options: options({format,
      axis: dated ? 'version, and the day its log ends' : 'version', space: room([dataset])})});
  }

  function draw() {
    clear();
    if (drawable.length > 0) {
      byAge('hit@10', 'hit@10 by age', asPercent, data.decay);
      byAge('mrr@10', 'MRR@10 by age', asScore);
      byAge('coverage', 'Coverage by age', asPercent);
    }
    if (measured.length > 0) {
      byVersion('hit@10', 'hit@10 by version', asPercent);
      byVersion('mrr@10', 'MRR@10 by version', asScore);
    }
  }

  writeWords();
  writeTables();
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();

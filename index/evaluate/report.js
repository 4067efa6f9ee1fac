'use strict';
// Draws report.html from the JSON of an evaluation. Text of the log reaches the page through textContent and Chart.js's
// canvas alone, never as markup.
(() => {
  const {byId, percent, number, element, figureCell, fillTable, colors, clear, plot, room, options, asPercent, asScore} = page;
  const data = JSON.parse(document.getElementById('data').textContent);
  const names = data.methods.map((m) => m.method);
  const all = data.slices[0];
  // Of the strongest baseline, as the headline has it: its index in `names`.
  const rival = names.slice(1).reduce((best, _, i) =>
    all.methods[i + 1]['hit@10'].value > all.methods[best]['hit@10'].value ? i + 1 : best, 1);

  // ---- Words and tables ----
  const FIGURES = ['hit@1', 'hit@5', 'hit@10', 'mrr@10', 'ndcg@10', 'coverage'];

  function methodsTable(id, part) {
    fillTable(id, ['method (' + number(data.methods[0][part].pairs) + ' pairs)', ...FIGURES], data.methods.map((m, i) => ({
      className: i === 0 ? 'ours' : '',
      cells: [m.method, ...FIGURES.map((name) => figureCell(m[part][name]))],
    })));
  }

  function namedTable(id, counts) {
    const rows = Object.entries(counts).map(([name, value]) => ({
      cells: [name, typeof value === 'number' ? number(value) : value === '' ? '(empty)' : value]}));
    if (rows.length === 0) byId(id.replace('-table', '-section')).hidden = true;
    fillTable(id, ['', ''], rows);
  }

  function writeTables() {
    methodsTable('methods-table', 'all');
    methodsTable('unseen-table', 'unseen');
    fillTable('differences-table', ['baseline', 'hit@10', 'mrr@10'], all.differences.map((d, i) => ({
      cells: [names[i + 1], figureCell(d['hit@10'], true), figureCell(d['mrr@10'], true)]})));
    fillTable('slices-table', ['kind', 'query', 'pairs', 'hit@1', 'hit@10', 'ahead of ' + names[rival], 'mrr@10', 'ndcg@10',
      'coverage', 'distinct keywords', 'lists with a respelling', 'an alias', 'no evidence'],
    data.slices.map((s) => ({cells: [
      s.kind === 'all' ? '' : s.kind, element('td', s.name, 'text'), number(s.methods[0].pairs),
      figureCell(s.methods[0]['hit@1']), figureCell(s.methods[0]['hit@10']),
      figureCell(s.differences[rival - 1]['hit@10'], true), figureCell(s.methods[0]['mrr@10']),
      figureCell(s.methods[0]['ndcg@10']), figureCell(s.methods[0].coverage), number(s.lists.distinct_keywords),
      figureCell(s.lists.respelling), figureCell(s.lists.alias), figureCell(s.lists.no_evidence)]})));
    fillTable('cuts-table', ['from', 'to', 'rows before', 'pairs after', 'asked', 'of unseen queries', 'min_users',
      ...Object.keys(data.cuts[0].index)], data.cuts.map((c) => ({cells: [
      c.from, c.to, number(c.train_rows), number(c.pairs), number(c.asked_pairs), number(c.unseen_pairs), c.min_users,
      ...Object.values(c.index).map(number)]})));
    namedTable('log-table', data.log);
    namedTable('parameters-table', data.parameters);
    if (data.examples.length === 0) byId('examples-section').hidden = true;
    fillTable('examples', ['query', 'asked', ''], data.examples.map((e) => {
      const list = element('td', e.keywords.length === 0 ? '(no keywords)' : undefined, 'wide');
      e.keywords.forEach(([keyword, hits], i) => {
        list.append(i > 0 ? ' · ' : '', element('span', hits > 0 ? keyword + ' ×' + hits : keyword, hits > 0 ? 'hit' : ''));
      });
      return {cells: [e.query, number(e.asked), list]};
    }));
  }

  function writeWords() {
    byId('headline').textContent = data.headline;
    byId('verdict').textContent = data.verdict;
    const cuts = data.cuts.length;
    const heldOut = data.cuts.reduce((sum, cut) => sum + cut.pairs, 0);
    const asked = all.methods[0].pairs;
    byId('basis').textContent = `Measured on ${number(asked)}${asked < heldOut ? ' of ' + number(heldOut) : ''} pairs of ` +
      'successive searches from ' +
      `${data.cuts[0].from} to ${data.cuts[cuts - 1].to}, held out in ${cuts} ${cuts > 1 ? 'cuts' : 'cut'}: for each, an ` +
      'index was built from the rows before it alone, and asked what shoppers searched after it.';
    const ours = all.methods[0];
    const ahead = all.differences[rival - 1]['hit@10'];
    const cards = [
      ['hit@10', percent(ours['hit@10'].value) + '%', '± ' + percent(ours['hit@10'].standard_error)],
      ['MRR@10', ours['mrr@10'].value.toFixed(3), '± ' + ours['mrr@10'].standard_error.toFixed(3)],
      ['points ahead of ' + names[rival], (ahead.value > 0 ? '+' : '') + percent(ahead.value), '± ' + percent(ahead.standard_error)],
      ['of searches get keywords', percent(ours.coverage.value) + '%', '± ' + percent(ours.coverage.standard_error)],
      ['distinct keywords shown', number(all.lists.distinct_keywords), 'in ' + number(all.lists.lists) + ' lists'],
    ];
    for (const [what, value, error] of cards) {
      const card = element('div', undefined, 'card');
      card.append(element('b', value), element('span', what), element('br'), element('small', error));
      byId('cards').append(card);
    }
    const absent = TRAITS.filter(([trait]) => all.lists[trait].value === 0).map(([, what]) => what);
    if (absent.length > 0) byId('absent').textContent = `Not one of ${number(all.lists.lists)} lists has ${absent.join(' or ')}.`;
    byId('slices-note').textContent = `hit@10 of kindred beside ${names[rival]}, the strongest baseline. Where there are few ` +
      'pairs, look at the whiskers first.';
  }

  // ---- Plots ----
  const wrap = (name) => name.length > 20 ? name.split(' + ').map((part, i) => (i ? '+ ' : '') + part) : name;

  function bars(section, title, figure, format) {
    const dataset = {data: all.methods.map((m) => m[figure].value), errors: all.methods.map((m) => m[figure].standard_error),
      backgroundColor: names.map((_, i) => i === 0 ? colors.accent : colors.methods[5] + '99'), whiskerColor: colors.ink,
      barPercentage: .75};
    plot(section, title, 270, {type: 'bar', data: {labels: names.map(wrap), datasets: [dataset]},
      options: options({flat: true, format, space: room([dataset])})});
  }

  function differences(figure, title, format) {
    const values = all.differences.map((d) => d[figure].value);
    const errors = all.differences.map((d) => 2 * d[figure].standard_error);
    const dataset = {data: values, errors, whiskerColor: colors.ink, barPercentage: .5,
      backgroundColor: values.map((v) => v >= 0 ? colors.good : colors.bad)};
    plot('differences', title, 240, {type: 'bar', data: {labels: names.slice(1).map(wrap), datasets: [dataset]},
      options: options({flat: true, format, space: room([dataset])})});
  }

  function lines(points, errors) {
    return names.map((name, m) => ({label: name, data: points(m), errors: errors && errors(m), whiskerColor: colors.methods[m],
      borderColor: colors.methods[m], backgroundColor: colors.methods[m], borderWidth: m === 0 ? 3 : 1.5,
      pointRadius: m === 0 ? 3.5 : 2.5, borderDash: m === names.length - 1 ? [4, 4] : [], order: m}));
  }

  function hitCurve() {
    const cumulative = (m) => {
      let sum = 0;
      return all.methods[m].ranks.map((count) => (sum += count) / Math.max(1, all.methods[m].pairs));
    };
    const datasets = lines(cumulative);
    plot('curves', 'Share found within the first k keywords', 330, {type: 'line',
      data: {labels: all.methods[0].ranks.map((_, i) => i + 1), datasets},
      options: options({legend: true, axis: 'k', format: asPercent, title: (items) => 'first ' + items[0].label})});
  }

  function byCut() {
    const datasets = lines((m) => data.cuts.map((c) => c.methods[m]['hit@10'].value),
      (m) => m === 0 ? data.cuts.map((c) => c.methods[m]['hit@10'].standard_error) : undefined);
    plot('curves', 'hit@10 by cut', 330, {type: 'line', data: {labels: data.cuts.map((c) => c.from), datasets},
      options: options({legend: true, axis: 'cut at', format: asPercent})});
  }

  function slicePlots() {
    const kinds = [...new Set(data.slices.map((s) => s.kind))].filter((kind) => kind !== 'all');
    for (const kind of kinds) {
      const slices = data.slices.filter((s) => s.kind === kind);
      const datasets = [0, rival].map((m) => ({label: names[m], data: slices.map((s) => s.methods[m]['hit@10'].value),
        errors: slices.map((s) => s.methods[m]['hit@10'].standard_error), whiskerColor: colors.ink, barPercentage: .9,
        categoryPercentage: .7, backgroundColor: m === 0 ? colors.accent : colors.methods[5] + '99'}));
      plot('slices', {source: 'Known before the cut, or not', popularity: 'By how often the query was searched',
        words: 'By number of words', script: 'By script'}[kind] || kind, 90 + 46 * slices.length, {type: 'bar',
        data: {labels: slices.map((s) => [s.name, number(s.methods[0].pairs) + (s.methods[0].pairs === 1 ? ' pair' : ' pairs')]), datasets},
        options: options({flat: true, legend: true, format: asPercent, space: room(datasets)})});
    }
  }

  const TRAITS = [['respelling', 'a respelling'], ['alias', 'an alias of the query'],
    ['no_evidence', 'a keyword without evidence']];

  function traitPlots() {
    const shown = data.slices.filter((s) => ['all', 'source', 'popularity', 'words'].includes(s.kind) && s.lists.lists > 0);
    for (const [trait, what] of TRAITS) {
      if (shown.every((s) => s.lists[trait].value === 0)) continue;  // The note says so.
      const dataset = {data: shown.map((s) => s.lists[trait].value), errors: shown.map((s) => s.lists[trait].standard_error),
        whiskerColor: colors.ink, backgroundColor: shown.map((s) => s.kind === 'all' ? colors.accent : colors.methods[5] + '99')};
      plot('traits', 'Lists with ' + what, 60 + 24 * shown.length, {type: 'bar', data: {labels: shown.map((s) => s.name), datasets: [dataset]},
        options: options({flat: true, format: asPercent, space: room([dataset])})});
    }
  }

  function floorPlots() {
    if (data.floors.length === 0) byId('floors-section').hidden = true;
    for (const flag of new Set(data.floors.map((f) => f.flag))) {
      const floors = data.floors.filter((f) => f.flag === flag);
      const current = flag === 'min_users' ? data.cuts[data.cuts.length - 1].min_users : Number(data.parameters[flag]);
      const dataset = (name, label, color) => ({label, data: floors.map((f) => f.quality[name].value), borderColor: color,
        backgroundColor: color, whiskerColor: color, errors: floors.map((f) => f.quality[name].standard_error), borderWidth: 2,
        pointRadius: 3.5});
      const datasets = [dataset('hit@10', 'hit@10', colors.accent), dataset('mrr@10', 'MRR@10', colors.methods[1])];
      const labels = floors.map((f) => f.value === current ? [f.value, '(as evaluated)'] : f.value);
      plot('floors', '--' + flag, 290, {type: 'line', data: {labels, datasets}, options: options({legend: true,
        axis: 'people who must have searched ' + (flag === 'min_users' ? 'a keyword' : 'two queries, for them to count as a pair'),
        format: asPercent, space: room(datasets)})},
      'Coverage: ' + floors.map((f) => f.value + ': ' + asPercent(f.quality.coverage.value)).join(', ') + '. ' +
        number(floors[0].quality.pairs) + ' pairs.');
    }
  }

  function draw() {
    clear();
    bars('methods', 'hit@10: the next search is among ten keywords', 'hit@10', asPercent);
    bars('methods', 'MRR@10: and how near the top', 'mrr@10', asScore);
    differences('hit@10', 'hit@10, kindred minus baseline', asPercent);
    differences('mrr@10', 'MRR@10, kindred minus baseline', asScore);
    hitCurve();
    byCut();
    slicePlots();
    traitPlots();
    floorPlots();
  }

  writeWords();
  writeTables();
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();

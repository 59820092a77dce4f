/**
 * Filters and search. The page is complete without it: it only hides what was filtered out, and shows the form for
 * that. It never turns text into markup.
 */
export const SCRIPT = `'use strict';
(() => {
  const form = document.getElementById('filters');
  const rows = [...document.querySelectorAll('details.requirement')];
  const groups = [...document.querySelectorAll('section.group, section.verdict')];
  const shown = document.getElementById('shown');
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const values = (name) => [...form.querySelectorAll('input[name="' + name + '"]:checked')].map((input) => input.value);

  function filter() {
    const verdicts = values('verdict');
    const levels = values('level');
    const sides = values('side');
    const words = form.elements.search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const { verdict, level, side } = row.dataset;
      row.hidden = !(
        verdicts.includes(verdict) && levels.includes(level) && sides.includes(side) &&
        words.every((word) => texts.get(row).includes(word))
      );
      if (!row.hidden) count += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector('details.requirement:not([hidden])');
    shown.textContent = count + ' of ' + rows.length + ' requirements are shown';
  }

  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.closest('[hidden]')) {
      form.reset();
      filter();
    }
    for (let each = target.closest('details'); each; each = each.parentElement.closest('details')) each.open = true;
    target.scrollIntoView({ block: 'center' });
  }

  form.hidden = false;
  form.addEventListener('input', filter);
  form.addEventListener('reset', () => setTimeout(filter));
  form.addEventListener('submit', (event) => event.preventDefault());
  const openAll = (open) => {
    for (const row of rows) if (!row.hidden) row.open = open;
  };
  document.getElementById('open').addEventListener('click', () => openAll(true));
  document.getElementById('close').addEventListener('click', () => openAll(false));
  addEventListener('hashchange', reveal);
  filter();
  reveal();
})();
`;

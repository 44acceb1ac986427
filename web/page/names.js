// Names that the lexicon gives: sectors are data, so that an office can change
// them, and the server tells their names with the counts.
import {h, $$} from './dom.js';
import {sectorWord} from './terms.js';

const sectors = new Map(); /* code: name */

/* Takes the names of what was counted, and puts them where only codes stood. */
export function learnSectors(list) {
  for (const {value, name} of list ?? []) sectors.set(value, name || value);
  for (const place of $$('[data-sector]')) place.textContent = sectorName(place.dataset.sector);
}

export const sectorName = (code, told) => sectorWord(code, told || (sectors.get(code) ?? code));

export const sectorList = (codes) => (codes?.length
  ? h('span', {class: 'sectors'}, codes.map((code) => h('span', {data: {sector: code}}, sectorName(code)))) : '—');

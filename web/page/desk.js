// The desk: the queue, the finding, and the rail of reasons. What is shown is
// the path (which finding) and the query (which queue); the rest of its state
// is here.
import {h, button, icon, replace, setCurrent, $} from './dom.js';
import {t, number} from './i18n.js';
import {get, mayDecide} from './api.js';
import {go} from './nav.js';
import {announce, failed} from './dialog.js';
import {drawList, dropRows, markCurrent} from './list.js';
import {drawFilters, drawTotal, apiQuery} from './filters.js';
import {drawFinding, toView} from './finding.js';
import {VIEWS, hasView} from './captures.js';
import {drawRail} from './rail.js';
import {Lease} from './lease.js';
import {decideOne, decideMany, decideGroup, undo, onSettled, pending, possible} from './decide.js';
import {keyOf} from './keys.js';
import {correctQuote} from './correct.js';
import {learnSectors} from './names.js';
import {CLASSES, claimClass, action as actionWords} from './terms.js';

const PAGE = 50;
const LOOK_MS = 60_000; /* how often it is looked whether the queue has grown */
const COUNT_MS = 1500; /* after the last decision, counts are asked for */
const AHEAD = 2; /* findings read before they are asked for */


/* What is said comes before what is missing. Boxes name a claim by its index. */
function ordered(finding) {
  const claims = (finding.claims ?? []).map((claim, index) => ({claim, index}));
  const sorted = [...claims.filter(({claim}) => claim.quote), ...claims.filter(({claim}) => !claim.quote)];
  const place = new Map(sorted.map(({index}, at) => [index, at]));
  const shots = (finding.screenshots ?? []).map((shot) => ({...shot,
    boxes: (shot.boxes ?? []).map((box) => ({...box, claim: place.get(box.claim) ?? box.claim}))}));
  return {...finding, claims: sorted.map(({claim}) => claim), screenshots: shots};
}

/* The claim that the queue's row shows, as an index. */
function gravest({claim, claims}) {
  const at = claims.findIndex((one) => one.quote === claim?.quote && one.class === claim?.class);
  return Math.max(0, at);
}

class Desk {
  constructor(main, {base, prefix, source}) {
    Object.assign(this, {base, prefix, source, query: new URLSearchParams(), asked: null, id: 0,
      items: [], next: null, total: {groups: 0, findings: 0}, facets: null, grown: 0, loading: false,
      selected: new Map(), cache: new Map(), finding: null, claim: 0, view: 'text', chosen: null,
      owed: [], lease: new Lease((holder) => this.onLease(holder)), stop: new AbortController()});
    this.panes = {
      list: h('section', {class: 'pane list-pane', 'aria-labelledby': 'queue-title'}),
      finding: h('section', {class: 'pane finding-pane', 'aria-label': t('finding.pane')}),
      rail: h('aside', {class: 'pane rail-pane', 'aria-label': t('rail.title'), tabindex: 0}),
    };
    this.filters = h('div', {class: 'filters'});
    this.rows = h('div', {class: 'rows', tabindex: -1});
    this.bulk = h('div', {class: 'bulk', role: 'group', 'aria-label': t('bulk.label'), hidden: true});
    this.panes.list.append(this.filters, this.bulk, this.rows);
    this.root = h('div', {class: 'desk', data: {pane: 'list'}},
      h('h1', {class: 'unseen'}, this.source === 'second' ? t('nav.second') : t('nav.queue')), this.panes.list,
      h('div', {class: 'work'}, this.panes.finding, this.panes.rail), this.paneBar());
    main.className = 'desk-main';
    main.append(this.root);
    onSettled((result) => this.settled(result));
    this.timer = setInterval(() => this.look(), LOOK_MS);
    get('/facets?state=all', {signal: this.stop.signal}).then((all) => learnSectors(all.sectors), () => {});
  }

  paneBar() {
    const tab = (pane, words, sign) => button(words, () => this.showPane(pane), {icon: sign, data: {tab: pane}});
    return h('nav', {class: 'pane-bar', 'aria-label': t('desk.panes')}, tab('list', t('nav.queue'), 'queue'),
      tab('finding', t('finding.pane'), 'note'), tab('rail', t('rail.title'), 'rules'));
  }

  showPane(pane) {
    this.root.dataset.pane = pane;
    for (const tab of this.root.querySelectorAll('[data-tab]'))
      setCurrent(tab, tab.dataset.tab === pane);
  }

  leave() {
    this.stop.abort();
    clearInterval(this.timer);
    clearTimeout(this.counting);
    this.lease.drop();
    onSettled(() => {});
  }

  href(id, query = this.query) {
    const text = query.toString();
    return (id ? `${this.prefix}${id}` : this.base) + (text ? `?${text}` : '');
  }

  update(match, query) {
    this.query = query;
    const id = Number(match[1] ?? 0);
    if (this.asked !== query.toString()) this.load();
    if (id !== this.id) this.open(id);
    else if (!id) this.showPane('list');
  }

  /* ---- the queue -------------------------------------------------------- */

  listPath(after) {
    if (this.source === 'second') return '/second';
    const query = apiQuery(this.query);
    query.set('limit', PAGE);
    if (after) query.set('after', after);
    return `/findings?${query}`;
  }

  async load() {
    const asked = this.query.toString();
    this.asked = asked;
    this.loading = true;
    this.drawAll();
    try {
      const page = await get(this.listPath(), {signal: this.stop.signal});
      if (this.asked !== asked) return;
      this.take(page, []);
      this.drawAll();
      announce(t('queue.total', {groups: number(this.total.groups), findings: number(this.total.findings)}));
      if (!this.id && this.items.length && matchMedia('(min-width: 900px)').matches)
        go(this.href(this.items[0].id), {replace: true});
      else if (!this.id) drawFinding(this);
      this.prefetch();
    } catch (error) {
      if (!this.stop.signal.aborted) failed(error);
    } finally {
      this.loading = false;
    }
    this.loadFacets();
  }

  take(page, before) {
    const known = new Set(before.map((row) => row.id));
    this.items = [...before, ...page.items.filter((row) => !known.has(row.id))];
    this.next = page.next ?? null;
    this.total = page.total ?? {groups: page.items.length, findings: page.items.length};
    this.loading = false;
    this.grown = 0;
  }

  async more() {
    if (!this.next || this.loading) return;
    this.loading = true;
    const asked = this.asked;
    try {
      const page = await get(this.listPath(this.next), {signal: this.stop.signal});
      if (this.asked === asked) this.take(page, this.items);
      this.drawList();
    } catch (error) {
      if (!this.stop.signal.aborted) failed(error);
    } finally {
      this.loading = false;
    }
  }

  async loadFacets() {
    if (this.source === 'second') return;
    const asked = this.asked;
    try {
      const facets = await get(`/facets?${apiQuery(this.query)}`, {signal: this.stop.signal});
      if (this.asked !== asked) return;
      this.facets = facets;
      learnSectors(facets.sectors);
      drawFilters(this);
    } catch (error) {
      if (!this.stop.signal.aborted) failed(error);
    }
  }

  /* Has the queue grown since? It is said, not done: rows do not move under
   * the hand. */
  async look() {
    if (document.hidden || this.source === 'second' || this.loading || pending()) return;
    try {
      const query = apiQuery(this.query);
      query.set('limit', 1);
      const {total} = await get(`/findings?${query}`, {signal: this.stop.signal});
      const grown = total.findings - this.total.findings;
      if (grown === this.grown || grown <= 0) return;
      this.grown = grown;
      this.drawList();
      announce(t('queue.grown', {n: number(grown)}));
    } catch { /* the banner tells that the server is away */ }
  }

  drawAll() {
    drawFilters(this);
    this.drawList();
  }

  drawList() {
    drawList(this);
    this.drawBulk();
  }

  drawBulk() {
    const n = this.selected.size;
    this.bulk.hidden = !n;
    if (!n) return;
    const decide = (what) => decideMany(this, what);
    replace(this.bulk, h('strong', {}, t('bulk.count', {n: number(n)})),
      mayDecide() ? [
        button(actionWords('confirm'), () => decide('confirm'), {kind: 'small', data: {key: 'b1'}}),
        button(actionWords('dismiss'), () => decide('dismiss'), {kind: 'small', data: {key: 'b2'}}),
        button(actionWords('escalate'), () => decide('escalate'), {kind: 'small', data: {key: 'b3'}})] : null,
      n < this.items.length ? button(t('bulk.all', {n: number(this.items.length)}), () => this.selectAll(),
        {kind: 'small quiet', key: keyOf('selectAll'), data: {key: 'b5'}}) : null,
      button(t('bulk.clear'), () => {
        this.selected.clear();
        this.drawList();
      }, {kind: 'small quiet', data: {key: 'b4'}}));
  }

  toggle(row) {
    if (this.selected.has(row.id)) this.selected.delete(row.id);
    else this.selected.set(row.id, row.version);
    this.drawList();
    announce(t('bulk.count', {n: this.selected.size}));
  }

  /* All that the list shows; or none, when all are selected. */
  selectAll() {
    if (this.items.length && this.items.every(({id}) => this.selected.has(id))) this.selected.clear();
    else for (const row of this.items) this.selected.set(row.id, row.version);
    this.drawList();
    announce(t('bulk.count', {n: this.selected.size}));
  }

  /* ---- the finding ------------------------------------------------------ */

  read(id, {anew = false} = {}) {
    if (anew) this.cache.delete(id);
    if (!this.cache.has(id)) {
      const entry = {value: null};
      entry.promise = get(`/findings/${id}`, {signal: this.stop.signal}).then((told) => {
        entry.value = ordered(told);
        return entry.value;
      });
      entry.promise.catch(() => this.cache.delete(id));
      this.cache.set(id, entry);
      if (this.cache.size > 20) this.cache.delete(this.cache.keys().next().value);
    }
    return this.cache.get(id);
  }

  async open(id, {anew = false} = {}) {
    this.id = id;
    this.claim = 0;
    this.chosen = null;
    this.lease.drop();
    markCurrent(this);
    if (!id) {
      this.finding = null;
      this.showPane('list');
      return this.drawOpen();
    }
    this.showPane(this.root.dataset.pane === 'rail' ? 'rail' : 'finding');
    const entry = this.read(id, {anew});
    if (!entry.value) {
      this.finding = null;
      drawFinding(this, {busy: true});
    }
    try {
      const value = entry.value ?? await entry.promise;
      if (this.id !== id) return;
      this.finding = value;
      this.claim = gravest(value);
      this.drawOpen();
      this.prefetch();
      if (mayDecide()) this.lease.take(id);
    } catch (error) {
      if (this.stop.signal.aborted || this.id !== id) return;
      drawFinding(this, {missing: error});
    }
  }

  drawOpen() {
    drawFinding(this);
    drawRail(this);
    const {finding} = this;
    if (!finding) return;
    if (!document.activeElement || document.activeElement === document.body)
      $('.finding-title', this.panes.finding)?.focus({preventScroll: true});
    announce(t('finding.opened', {title: finding.title || finding.host || finding.url,
      classes: (finding.classes ?? []).map(claimClass).join('、')}));
  }

  /* Reads it again: something in it has changed. */
  async refresh() {
    const {id, claim} = this;
    if (!id) return;
    try {
      const value = await this.read(id, {anew: true}).promise;
      if (this.id !== id) return;
      this.finding = value;
      this.claim = claim;
      drawFinding(this);
      drawRail(this);
    } catch (error) {
      failed(error);
    }
  }

  position() {
    return this.items.findIndex((row) => row.id === this.id);
  }

  after(id = this.id) {
    const at = this.items.findIndex((row) => row.id === id);
    return this.items[at + 1] ?? null;
  }

  prefetch() {
    const at = this.position();
    for (const row of this.items.slice(at + 1, at + 1 + AHEAD)) this.read(row.id);
    if (this.items.length - at < 10) this.more();
  }

  move(step) {
    const row = this.items[this.position() + step];
    if (row) go(this.href(row.id), {replace: true});
    else announce(t('queue.end'));
  }

  onLease(holder) {
    const place = $('.lease', this.panes.finding);
    if (!place) return;
    place.replaceChildren(...(holder ? [icon('lock'), t('lease.other', {name: holder.name})] : []));
    place.hidden = !holder;
  }

  /* ---- what is done ----------------------------------------------------- */

  can(what) {
    return Boolean(this.finding) && possible(this.finding.state).includes(what);
  }

  async decide(what) {
    const {finding} = this;
    if (!finding || !mayDecide()) return;
    const body = await decideOne(this, what, finding);
    if (!body) return;
    this.lease.forget();
    const next = this.after(finding.id);
    this.owe(finding.id);
    this.forget(new Set([finding.id]));
    this.advance(next);
  }

  /* A row stands for its group: when it goes, another open member takes its place. */
  owe(id) {
    const at = this.items.findIndex((row) => row.id === id);
    const group = this.items[at]?.group;
    if (this.source === 'second' || this.query.has('flat') || this.query.get('state') === 'all') return;
    if (group && group.findings > 1) this.owed.push({id: group.id, at});
  }

  async payGroups() {
    for (const {id, at} of this.owed.splice(0)) {
      const query = apiQuery(this.query);
      for (const [name, value] of [['group', id], ['flat', 1], ['limit', 1]]) query.set(name, value);
      const asked = this.asked;
      try {
        const {items} = await get(`/findings?${query}`, {signal: this.stop.signal});
        if (this.asked !== asked || !items.length || this.items.some((row) => row.id === items[0].id)) continue;
        this.items.splice(Math.min(at, this.items.length), 0, items[0]);
        this.drawList();
      } catch (error) {
        if (!this.stop.signal.aborted) failed(error);
      }
    }
  }

  /* Takes rows out of the list, where the list is of open ones. */
  forget(ids) {
    for (const id of ids) {
      this.selected.delete(id);
      this.cache.delete(id);
    }
    if ((this.query.get('state') ?? 'new') === 'all') return;
    const left = this.items.filter((row) => !ids.has(row.id));
    this.total = {groups: Math.max(0, this.total.groups - (this.items.length - left.length)),
      findings: Math.max(0, this.total.findings - ids.size)};
    this.items = left;
    dropRows(this, ids);
    drawTotal(this);
    this.drawBulk();
  }

  advance(next) {
    const row = next ?? this.items[0];
    if (row && row.id !== this.id) {
      go(this.href(row.id), {replace: true});
    } else if (!row) {
      go(this.href(0), {replace: true});
      announce(t('queue.empty'));
    } else {
      this.refresh();
    }
  }

  /* The server has answered: what was in the way is shown by decide.js; rows
   * that did not go come back. */
  settled({back, undone}) {
    if (undone) {
      for (const {finding} of undone) this.cache.delete(finding);
      this.load();
      if (undone.length) go(this.href(undone[0].finding), {replace: true});
      if (undone.some(({finding}) => finding === this.id)) this.refresh();
    } else if (back.length) {
      for (const id of back) this.cache.delete(id);
      this.load();
      if (back.includes(this.id)) this.refresh();
    } else {
      this.payGroups();
      clearTimeout(this.counting);
      this.counting = setTimeout(() => this.recount(), COUNT_MS);
    }
  }

  /* A group that was decided had more members than the list has rows. */
  async recount() {
    if (this.source === 'second' || pending() || this.stop.signal.aborted) return;
    const query = apiQuery(this.query);
    query.set('limit', 1);
    try {
      const {total} = await get(`/findings?${query}`, {signal: this.stop.signal});
      if (!pending()) this.total = total;
      drawTotal(this);
    } catch { /* the next look tells */ }
    this.loadFacets();
  }

  choose(digit) {
    const code = CLASSES[Number(digit) - 1];
    if (!code || !this.finding || !mayDecide()) return;
    this.chosen = this.chosen === code ? null : code;
    drawFinding(this, {barOnly: true});
    announce(t('class.chosen', {name: claimClass(this.chosen ?? this.finding.claims?.[this.claim]?.class)}));
  }

  moveClaim(step) {
    const count = this.finding?.claims?.length ?? 0;
    if (!count) return;
    this.claim = (this.claim + step + count) % count;
    drawFinding(this, {claimOnly: true});
    drawFinding(this, {barOnly: true});
    drawRail(this);
    const claim = this.finding.claims[this.claim];
    announce(t('claim.at', {n: this.claim + 1, count, name: claimClass(claim.class)}));
  }

  nextView() {
    if (!this.finding) return;
    const after = VIEWS.indexOf(this.view) + 1;
    const turned = [...VIEWS.slice(after), ...VIEWS.slice(0, after)];
    this.showView(turned.find((view) => hasView(this.finding, view)));
  }

  showView(view) {
    this.view = view;
    drawFinding(this, {viewOnly: true});
    toView(this);
  }

  get acts() {
    return {
      confirm: () => this.can('confirm') && this.decide('confirm'),
      dismiss: () => this.can('dismiss') && this.decide('dismiss'),
      escalate: () => this.can('escalate') && this.decide('escalate'),
      reopen: () => this.can('reopen') && this.decide('reopen'),
      skip: () => this.move(1),
      undo: () => mayDecide() && undo(),
      class: (digit) => this.choose(digit),
      select: () => {
        const row = this.items.find(({id}) => id === this.id);
        if (row) this.toggle(row);
      },
      selectAll: () => this.selectAll(),
      group: () => this.finding?.group && this.finding.group.findings > 1 && decideGroup(this, this.finding.group),
      nextClaim: () => this.moveClaim(1),
      previousClaim: () => this.moveClaim(-1),
      view: () => this.nextView(),
      correct: () => this.finding && mayDecide() && correctQuote(this),
      comment: () => {
        this.showPane(innerWidth < 900 ? 'rail' : this.root.dataset.pane);
        $('#comment', this.panes.rail)?.focus();
      },
      assign: () => $('#assign', this.panes.rail)?.focus(),
      down: () => this.move(1),
      up: () => this.move(-1),
      search: () => $('#search', this.filters)?.focus(),
    };
  }
}

function desk(main, match, query, options) {
  const it = new Desk(main, options);
  it.update(match, query);
  return {update: (m, q) => it.update(m, q), leave: () => it.leave(), acts: it.acts};
}

export const deskPage = (main, match, query) => desk(main, match, query,
  {base: '/', prefix: '/finding/', source: 'queue'});

export const secondPage = (main, match, query) => desk(main, match, query,
  {base: '/second', prefix: '/second/', source: 'second'});

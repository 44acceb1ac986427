// The API's codes in the words of the office. An unknown code shows as it is.
import {lang, t} from './i18n.js';

const term = (table) => (code) => (Object.hasOwn(table, code) ? t(table[code]) : String(code ?? '—'));

export const CLASSES = ['capital_protection', 'no_risk', 'guaranteed_return',
  'assured_promise', 'endorsement', 'no_risk_warning'];

export const claimClass = term({
  capital_protection: 'class.capital_protection',
  no_risk: 'class.no_risk',
  guaranteed_return: 'class.guaranteed_return',
  assured_promise: 'class.assured_promise',
  endorsement: 'class.endorsement',
  no_risk_warning: 'class.no_risk_warning',
});

export const channel = term({
  web: 'channel.web', poster: 'channel.poster', app: 'channel.app',
  sms: 'channel.sms', call: 'channel.call', seminar: 'channel.seminar',
});

export const CHANNELS = ['web', 'poster', 'app', 'sms', 'call', 'seminar'];
export const STATES = ['new', 'second', 'confirmed', 'dismissed', 'escalated', 'all'];

export const state = term({
  new: 'state.new', second: 'state.second', confirmed: 'state.confirmed',
  dismissed: 'state.dismissed', escalated: 'state.escalated', all: 'state.all',
});

export const action = term({
  confirm: 'action.confirm', dismiss: 'action.dismiss', escalate: 'action.escalate',
  reopen: 'action.reopen', propose: 'action.propose', undo: 'action.undo',
  agree: 'action.agree', oppose: 'action.oppose',
});

export const why = term({
  severity: 'why.severity', score: 'why.score', reach: 'why.reach',
  audience: 'why.audience', new_domain: 'why.new_domain',
  repeat_publisher: 'why.repeat_publisher', clock: 'why.clock', similar: 'why.similar',
});

/* The lexicon's own names are Chinese, and data. English has words for those
 * that come with the program; an office's own stay as they are. */
const SECTORS = {
  'elder-care': 'sector.elderCare',
  crypto: 'sector.crypto',
  p2p: 'sector.p2p',
  rebates: 'sector.rebates',
  crowdfunding: 'sector.crowdfunding',
  'metals-forex': 'sector.metalsForex',
  'private-funds': 'sector.privateFunds',
  'shop-lease-back': 'sector.shopLeaseBack',
  cooperatives: 'sector.cooperatives',
  'forest-farm': 'sector.forestFarm',
  collectibles: 'sector.collectibles',
  guarantee: 'sector.guarantee',
  franchise: 'sector.franchise',
  'private-education': 'sector.privateEducation',
};
const AUDIENCES = {
  elderly: 'audience.elderly',
  'minors-students': 'audience.students',
  vulnerable: 'audience.vulnerable',
  rural: 'audience.rural',
  'parents-at-home': 'audience.parentsAtHome',
  veterans: 'audience.veterans',
};
const inEnglish = (table, code, told) => (lang() === 'en' && Object.hasOwn(table, code) ? t(table[code]) : told);
export const sectorWord = (code, told) => inEnglish(SECTORS, code, told);

const reachWords = (part) => [
  part.sites > 1 && t('why.onSites', {n: part.sites}),
  part.times > 1 && t('why.handedIn', {n: part.times}),
  part.adverts > 0 && t('why.adverts', {n: part.adverts}),
].filter(Boolean).join(', ');

const DETAILS = {
  severity: (n) => t('why.severityOf', {n}),
  new_domain: (n) => (n ? t('why.newDomainOf', {n}) : t('why.newDomainToday')),
  repeat_publisher: (n) => t('why.repeatOf', {n}),
  clock: (n) => (n < 0 ? t('why.clockOver', {n: -n}) : t('why.clockLeft', {n})),
  similar: (n) => t('why.similarOf', {n}),
};
/* A part of the urgency in words; the server's, where it has more to say than
 * a number. */
export function whyDetail(part) {
  if (part.code === 'audience') return inEnglish(AUDIENCES, part.audience, part.detail);
  if (part.code === 'reach' && lang() === 'en') return reachWords(part) || part.detail;
  return Object.hasOwn(DETAILS, part.code) && Number.isInteger(part.number)
    ? DETAILS[part.code](part.number) : part.detail;
}

export const role = term({
  reviewer: 'role.reviewer', second_officer: 'role.second_officer',
  supervisor: 'role.supervisor', administrator: 'role.administrator', auditor: 'role.auditor',
});
export const ROLES = ['reviewer', 'second_officer', 'supervisor', 'administrator', 'auditor'];

export const blockKind = term({
  title: 'block.title', heading: 'block.heading', body: 'block.body', link: 'block.link',
  meta: 'block.meta', attribute: 'block.attribute', 'json-ld': 'block.jsonld',
  script: 'block.script', state: 'block.state', listing: 'block.listing',
  review: 'block.review', ocr: 'block.ocr', message: 'block.message',
});

export const hidden = term({
  element: 'hidden.element', attribute: 'hidden.attribute', display: 'hidden.display',
  visibility: 'hidden.visibility', opacity: 'hidden.opacity', size: 'hidden.size',
  colour: 'hidden.colour', 'off-screen': 'hidden.offscreen', clip: 'hidden.clip',
});

export const charsetWhy = term({
  detected: 'charset.detected', http: 'charset.http', meta: 'charset.meta', xml: 'charset.meta',
  bom: 'charset.bom', forced: 'charset.forced', corrected: 'charset.corrected',
});

export const runState = term({
  running: 'run.running', done: 'run.done', stopped: 'run.stopped', broken: 'run.broken',
});

export const documentKind = term({
  advert: 'kind.advert', warning: 'kind.warning', news: 'kind.news', notice: 'kind.notice',
  other: 'kind.other',
});

export const party = term({
  names: 'party.names', uscc: 'party.uscc', icp: 'party.icp', psb: 'party.psb',
  phones: 'party.phones', wechat: 'party.wechat', qq: 'party.qq',
  developers: 'party.developers', addresses: 'party.addresses', domains: 'party.domains',
});

export const publisherKey = term({
  uscc: 'party.uscc', icp: 'party.icp', psb: 'party.psb', name: 'party.names',
  phone: 'party.phones', domain: 'party.domains', host: 'party.host',
});

export const provisionStatus = term({
  'full-text': 'provision.full', 'second-hand': 'provision.second', general: 'provision.general',
});

export const audit = term({
  begin: 'audit.begin', decision: 'audit.decision', comment: 'audit.comment',
  assignment: 'audit.assignment', correction: 'audit.correction', view: 'audit.view',
  export: 'audit.export', bundle: 'audit.bundle', seal: 'audit.seal',
  stamp: 'audit.stamp', login: 'audit.login', login_failed: 'audit.login_failed',
  logout: 'audit.logout', user: 'audit.user',
  setting: 'audit.setting',
});
export const AUDITED = ['decision', 'comment', 'assignment', 'correction', 'view', 'export', 'bundle',
  'seal', 'stamp', 'login', 'login_failed', 'logout', 'user', 'setting'];

export const subjectKind = term({
  decision: 'subject.decision', capture: 'subject.capture', shot: 'subject.shot', user: 'subject.user',
});
export const viewWay = term({
  text: 'show.text', source: 'show.source', replay: 'show.replay', screenshot: 'show.shot', difference: 'show.difference', diff: 'show.difference',
});

export const secondWhy = term({
  severity: 'second.severity', new_publisher: 'second.new_publisher', random: 'second.random',
});

export const shotKind = term({
  full: 'shot.full', screen: 'shot.screen', first: 'shot.screen', page: 'shot.full',
});

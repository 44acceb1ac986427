// Correcting what was quoted: by marking it with the mouse, or with the arrow
// keys, code point by code point, within the passage that is kept with it.
import {h, button} from './dom.js';
import {t} from './i18n.js';
import {post} from './api.js';
import {dialog, actions, toast} from './dialog.js';
import {length, reveal, selectionIn, slice} from './text.js';
import {field} from './login.js';
import {CLASSES, claimClass} from './terms.js';

/* The passage as one text, with the span in its own offsets. */
class Span {
  constructor(claim) {
    this.text = (claim.before ?? '') + claim.quote + (claim.after ?? '');
    this.size = length(this.text);
    this.from = claim.start - length(claim.before ?? ''); /* of the block */
    const now = claim.correction ?? claim;
    this.start = Math.max(0, now.start - this.from);
    this.end = Math.min(this.size, now.end - this.from);
  }

  set(start, end) {
    this.start = Math.min(Math.max(0, start), this.size - 1);
    this.end = Math.min(Math.max(this.start + 1, end), this.size);
  }

  quote() {
    return slice(this.text, this.start, this.end);
  }

  nodes() {
    return [reveal(slice(this.text, 0, this.start), 0),
      h('mark', {class: 'claim'}, reveal(this.quote(), this.start)),
      reveal(slice(this.text, this.end, this.size), this.end)].flat();
  }
}

const STEPS = [
  [() => t('correct.startBack'), -1, 0], [() => t('correct.startOn'), 1, 0],
  [() => t('correct.endBack'), 0, -1], [() => t('correct.endOn'), 0, 1],
];

function editor(span) {
  const box = h('bdi', {class: 'crawled passage editor', tabindex: 0, role: 'group', 'aria-label': t('correct.passage'), autofocus: true});
  const says = h('p', {class: 'note', 'aria-live': 'polite'});
  const draw = () => {
    box.replaceChildren(...span.nodes());
    says.textContent = t('correct.now', {quote: span.quote(), n: span.end - span.start});
  };
  const step = (start, end) => {
    span.set(span.start + start, span.end + end);
    draw();
  };
  box.addEventListener('keydown', (event) => {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!by || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.shiftKey) step(by, 0);
    else step(0, by);
  });
  box.addEventListener('mouseup', () => {
    const marked = selectionIn(box);
    if (!marked) return;
    span.set(marked.start, marked.end);
    draw();
    getSelection().removeAllRanges();
  });
  draw();
  return [box, h('div', {class: 'steps'}, STEPS.map(([words, start, end]) => button(words(), () => step(start, end), {kind: 'small'}))), says];
}

export async function correctQuote(desk) {
  const {finding} = desk;
  const at = finding.claims[desk.claim]?.quote ? desk.claim : finding.claims.findIndex((c) => c.quote);
  const claim = finding.claims[at];
  if (!claim) return;
  const span = new Span(claim);
  await dialog(t('correct.of', {n: at + 1}), (close) => {
    const kind = field(t('correct.class'), {options: CLASSES.filter((code) => code !== 'no_risk_warning').map((code) => [code, claimClass(code)]),
      value: claim.correction?.class ?? claim.class});
    const says = h('p', {class: 'says', role: 'alert'});
    return h('form', {on: {submit: async (event) => {
      event.preventDefault();
      try {
        await post(`/findings/${finding.id}/corrections`, {claim: claim.id ?? at, class: kind.input.value,
          start: span.from + span.start, end: span.from + span.end});
        close();
        toast(t('correct.done'), {kind: 'good'});
        if (desk.id === finding.id) desk.refresh();
      } catch (error) {
        says.textContent = t('error.failed', {why: error.message});
      }
    }}}, h('p', {class: 'note'}, t('correct.how')), editor(span), kind.node, says,
    actions(button(t('dialog.cancel'), () => close()), h('button', {type: 'submit', class: 'btn primary'}, h('span', {}, t('dialog.save')))));
  }, {kind: 'wide'});
}

// What the pages of numbers reckon before they draw.

export const RULE_LEAST = 10; /* decisions, before a rule is called out: reports/dashboard.h */

export const isFew = (rule) => rule.decided < RULE_LEAST;

/* A day on which nothing was found or decided. */
export const isIdle = (series) => (row) => series.every(({name}) => !row[name]);

/* A person's decisions: what is neither confirmed nor dismissed is the rest. */
export const withRest = (row) => ({...row, rest: row.decisions - row.confirmed - row.dismissed});

/* The server's open ones hold the escalated; as parts of a bar they are apart. */
export const withWaiting = (row) => ({...row, waiting: row.open - row.escalated});

/* What an audit row is about: "decision 12" is of a finding that its detail
 * names, and so are captures and pictures; finding: its id, or null. */
export function subjectOf({subject, detail}) {
  const [, kind, id] = String(subject ?? '').match(/^([a-z]+) (\d+)$/) ?? [null, '', ''];
  const named = Number.isInteger(detail?.finding) && detail.finding > 0 ? detail.finding : null;
  return {kind, id, finding: kind === 'finding' ? Number(id) : named};
}

// What the pages of numbers reckon before they draw.

export const RULE_LEAST = 10; /* decisions, before a rule is called out: reports/dashboard.h */

export const isFew = (rule) => rule.decided < RULE_LEAST;

/* A person's decisions: what is neither confirmed nor dismissed is the rest. */
export const withRest = (row) => ({...row, rest: row.decisions - row.confirmed - row.dismissed});

// Moves to another part of the page: its path and query are its whole state.
let moved = () => {};

export const onGo = (heard) => { moved = heard; };

export function go(href, {replace = false} = {}) {
  if (href !== location.pathname + location.search)
    history[replace ? 'replaceState' : 'pushState'](null, '', href);
  moved();
}

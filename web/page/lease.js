// Who is on a finding: a lease that is renewed while the finding is open and
// runs out by itself. It keeps nobody out; it tells that another is there.
import {post, remove, session} from './api.js';

const BEAT_MS = 20_000;
const DWELL_MS = 250; /* a finding that is only passed is not taken */

export class Lease {
  constructor(told) {
    this.told = told;
    this.id = 0;
    this.held = false;
    this.timer = null;
  }

  take(id) {
    this.drop();
    this.id = id;
    this.timer = setTimeout(() => this.beat(id), DWELL_MS);
  }

  async beat(id) {
    let holder = null;
    try {
      await post(`/findings/${id}/lease`, {}, {quiet: true});
      this.held = this.held || this.id === id;
    } catch (error) {
      if (error.status === 409) holder = error.body.lease ?? null;
    }
    if (this.id !== id) return;
    this.told(holder && holder.id !== session.user?.id ? holder : null);
    this.timer = setTimeout(() => this.beat(id), BEAT_MS);
  }

  /* The decision gave it up already. */
  forget() {
    clearTimeout(this.timer);
    this.id = 0;
    this.held = false;
  }

  drop() {
    const {id, held} = this;
    this.forget();
    if (held) remove(`/findings/${id}/lease`, {quiet: true}).catch(() => {}); /* it runs out anyway */
  }
}

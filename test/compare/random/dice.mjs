// Random choices that a seed makes again.
import { randomNumbers } from '../../lib/random.js';

export class Dice {
  constructor(seed) {
    this.next = randomNumbers(seed);
  }

  below(n) { return Math.floor(this.next() * n); }

  chance(p) { return this.next() < p; }

  of(list) { return list[this.below(list.length)]; }

  some(list, p) { return list.filter(() => this.chance(p)); }

  times(n, make) { return Array.from({ length: n }, (_, i) => make(i)); }

  // One of [[weight, choice], ...].
  weighted(choices) {
    let at = this.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    return choices.find(([weight]) => (at -= weight) < 0)[1];
  }
}

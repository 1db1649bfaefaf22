// The shapes of a cache: which property names its objects have, stored once for all objects that are alike.

/** Shapes at most. Objects of further shapes hold their names themselves. */
const MOST_SHAPES = 4096;
/** Characters at most in the names of all shapes. */
const MOST_CHARACTERS = 1 << 18;
/** Names at most in a shape. */
const MOST_NAMES = 64;
/** Characters at most in a shape, with its quotes and commas. */
const LONGEST = 4096;
/** How many shapes are taken at first sight. Later ones must be seen twice. */
const AT_FIRST_SIGHT = 256;
/** How many shapes seen once are remembered at most. */
const MOST_CANDIDATES = 256;
const RECENT = 64;
const EMPTY = {};

/**
 * A table of shapes. It only grows, within bounds, as long as values refer to it. An object that is used as a
 * dictionary, with new names each time, would fill it; so once it has a fair number, a shape is taken only when
 * it is seen again.
 */
export class Shapes {
  /** The names of each shape, by its number. */
  readonly names: (readonly string[])[] = [];
  #numbers = new Map<string, number>();
  #candidates = new Set<string>();
  #characters = 0;
  /** Numbers of shapes by a cheap hash of the names: what is met most is found without the map. */
  #recent = new Uint16Array(RECENT);

  /** The number of the shape with these names, or -1 if it is to have none. */
  number(names: readonly string[]): number {
    const count = names.length;
    if (count === 0 || count > MOST_NAMES) return -1;
    const first = names[0] as string;
    const last = names[count - 1] as string;
    const place = (count * 7 + first.length * 3 + last.length * 5 + last.charCodeAt(0)) & (RECENT - 1);
    const guess = this.#recent[place] as number;
    const known = this.names[guess];
    if (known !== undefined && known.length === count) {
      let i = 0;
      while (i < count && known[i] === names[i]) i++;
      if (i === count) return guess;
    }
    const number = this.#find(names);
    if (number >= 0) this.#recent[place] = number;
    return number;
  }

  /** Adds the next shape, as a snapshot has it. Whether it can be one. */
  add(names: readonly string[]): boolean {
    const characters = names.reduce((sum, name) => sum + name.length, 0);
    const fits = this.names.length < MOST_SHAPES && this.#characters + characters <= MOST_CHARACTERS;
    // A name that plain objects inherit cannot simply be assigned to.
    if (!fits || names.length > MOST_NAMES || names.some((name) => name in EMPTY)) return false;
    this.#numbers.set(JSON.stringify(names), this.names.length);
    this.#characters += characters;
    this.names.push(names);
    return true;
  }

  #find(names: readonly string[]): number {
    // Names that are numbers come first, and tell of a dictionary.
    const digit = (names[0] as string).charCodeAt(0) - 48;
    if (digit >= 0 && digit <= 9) return -1;
    const id = JSON.stringify(names);
    if (id.length > LONGEST) return -1;
    const number = this.#numbers.get(id);
    if (number !== undefined) return number;
    if (this.names.length >= AT_FIRST_SIGHT && !this.#candidates.delete(id)) {
      if (this.#candidates.size >= MOST_CANDIDATES) this.#candidates.clear();
      this.#candidates.add(id);
      return -1;
    }
    return this.add(names) ? this.names.length - 1 : -1;
  }
}

// The front table: the arguments of calls that hit lately, and the slots of their results, so that a call that is
// repeated does not cross to the engine. Direct-mapped; for one or two primitives, short texts among them.
//
// It holds slots and no results, so it keeps nothing alive. Any change to an entry of the store, other than a new
// one, begins a new epoch, and what was noted in an earlier one does not count any more.

/** What was noted of a call. */
export interface Noted {
  count: number;
  first: unknown;
  second: unknown;
  slot: number;
  /** `null`: never. A field that has held `null` holds numbers as they come, so that handing them on allocates nothing. */
  expiry: number | null;
  epoch: number;
}

const FIRST_SIZE = 16;
const LARGEST = 8192;
/** Longer texts are not held. */
const LONGEST = 64;

export class Front {
  #table: (Noted | undefined)[] = new Array(FIRST_SIZE).fill(undefined);

  /** What is noted of a call with these arguments in this epoch. */
  get(count: number, first: unknown, second: unknown, epoch: number): Noted | undefined {
    const noted = this.#table[this.#place(count, first, second)];
    return noted !== undefined &&
      noted.first === first &&
      noted.second === second &&
      noted.count === count &&
      noted.epoch === epoch
      ? noted
      : undefined;
  }

  /** Notes a call. A place that is taken makes the table grow, and once it is large, is taken over. */
  put(count: number, first: unknown, second: unknown, epoch: number, slot: number, expiry: number | null): void {
    if (isLong(first) || isLong(second)) return;
    const place = this.#place(count, first, second);
    let noted = this.#table[place];
    if (noted === undefined) {
      noted = { count, first, second, slot, expiry: null, epoch };
      this.#table[place] = noted;
    } else if (noted.epoch === epoch && noted.first !== first && this.#table.length < LARGEST) {
      this.#table = new Array(2 * this.#table.length).fill(undefined);
      return;
    }
    noted.count = count;
    noted.first = first;
    noted.second = second;
    noted.slot = slot;
    noted.expiry = expiry;
    noted.epoch = epoch;
  }

  #place(count: number, first: unknown, second: unknown): number {
    const place = count === 1 ? mark(first) : mark(first) + 31 * mark(second);
    return place & (this.#table.length - 1);
  }
}

/** A number for a primitive, different where calls usually differ. */
function mark(value: unknown): number {
  if (typeof value === "number") return value | 0;
  if (typeof value !== "string") return value === true ? 1 : 0;
  const last = value.length - 1;
  if (last < 0) return 2;
  return (
    value.charCodeAt(last) + 13 * value.charCodeAt(last >> 1) + 7 * value.charCodeAt(last - (last > 0 ? 1 : 0)) + last
  );
}

function isLong(value: unknown): boolean {
  return typeof value === "string" && value.length > LONGEST;
}

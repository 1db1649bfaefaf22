// The forms of what flat keys hold: lists, dates, objects by the names of their properties, and what has one value only.
import { Tag, textRoom, writeTagged } from "./format.js";
import { Golden } from "./hash.js";

const { assign, create, preventExtensions } = Object;

/** The most values and forms in a flat key. */
export const MOST = 24;
/** The most characters in it. */
export const MOST_CHARACTERS = 1200;
/** The most bytes: three for a character and ten for all else. There is room for them in any scratch. */
export const MOST_BYTES = 4096;
/** The most forms of objects; names beyond are not for keeping. */
const MOST_FORMS = 2000;

let forms = 0;

export class Form {
  readonly tag: Tag;
  /** How many values follow. */
  readonly count: number;
  readonly hash: number = Math.imul(++forms, Golden.Ratio);
  // Fields, not properties: `addPlain` may have no function put into it for each.
  /** Of an object: the form with the names in order, where that is known; and the places of the values in that order. */
  sorted: Form | undefined;
  order: readonly number[] = [];
  /** Of an object: the names, as they come. */
  readonly names: readonly string[];
  /** In all names. */
  readonly characters: number;
  /** The form with one name more: the one that was asked for last, and all. */
  #next: Form | undefined;
  #all: Map<string, Form> | undefined;
  #model: object | undefined;
  #heads: readonly Uint8Array[] | undefined;

  constructor(tag: Tag, count: number, names: readonly string[], characters: number) {
    this.tag = tag;
    this.count = count;
    this.names = names;
    this.characters = characters;
  }

  /** The form with this name more; `undefined` if that would be one too many. */
  with(name: string): Form | undefined {
    const next = this.#next;
    if (next !== undefined && next.names[this.count] === name) return next;
    this.#all ??= new Map();
    let form = this.#all.get(name);
    if (form === undefined) {
      const characters = this.characters + name.length;
      if (characters > MOST_CHARACTERS || forms > MOST_FORMS) return undefined;
      form = new Form(Tag.Object, this.count + 1, [...this.names, name], characters);
      this.#all.set(name, form);
    }
    this.#next = form;
    return form;
  }

  /**
   * Throws if an object has enumerable properties that the form has not: symbols. They cannot be assigned to a model
   * that cannot grow, which is twice as fast as asking for symbols. The model keeps the values.
   */
  check(object: object): void {
    if (this.#model === undefined) {
      const model = create(null);
      for (const name of this.names) model[name] = undefined;
      this.#model = preventExtensions(model) as object;
    }
    assign(this.#model, object);
  }

  /** Looks for `sorted`. */
  sort(): Form | undefined {
    const names = this.names;
    this.order = names.map((_, i) => i).sort((a, b) => ((names[a] as string) < (names[b] as string) ? -1 : 1));
    let form: Form | undefined = formOfNothing;
    for (const i of this.order) form = form?.with(names[i] as string);
    this.sorted = form;
    return form;
  }

  /** What is written before each value: the names. */
  get heads(): readonly Uint8Array[] {
    this.#heads ??= this.names.map((name) => {
      const bytes = new Uint8Array(textRoom(name));
      return bytes.slice(0, writeTagged(name, bytes, 0));
    });
    return this.#heads;
  }
}

const lists: Form[] = [];

/** The form of a list. */
export function formOfList(length: number): Form {
  const form = lists[length];
  if (form !== undefined) return form;
  return (lists[length] = new Form(Tag.Array, length, [], 0));
}

const formOfUndefined = new Form(Tag.Undefined, 0, [], 0);
const formOfNull = new Form(Tag.Null, 0, [], 0);
const formOfFalse = new Form(Tag.False, 0, [], 0);
const formOfTrue = new Form(Tag.True, 0, [], 0);

/** The form of `undefined`, `null` or a boolean. */
export function formOf(value: unknown): Form | undefined {
  if (typeof value === "boolean") return value ? formOfTrue : formOfFalse;
  return value === undefined ? formOfUndefined : value === null ? formOfNull : undefined;
}

export const formOfDate = new Form(Tag.Date, 1, [], 0);
/** The form of an object without properties. */
export const formOfNothing = new Form(Tag.Object, 0, [], 0);

// The seed of the engine's hash: random, or whoever chooses keys could make them collide.

// Taken when the package loads, before a test puts something else in its place and counts the calls.
const { createObjectURL, revokeObjectURL } = (globalThis.URL ?? {}) as Partial<typeof URL>;

let words: ArrayLike<number> | undefined;

/** Two random words of 32 bits, the same at each call. */
export function seedWords(): ArrayLike<number> {
  words ??= randomWords();
  return words;
}

function randomWords(): ArrayLike<number> {
  const words = new Uint32Array(2);
  try {
    return wordsOfNode() ?? crypto.getRandomValues(words);
  } catch {
    // workerd gives no random bytes before there is a request, which is when most programs make their caches.
    return words.map(() => Math.random() * 2 ** 32);
  }
}

/**
 * The same from the same generator, in Node: its object URLs have a `crypto.randomUUID()` in them. For the global
 * `crypto` it loads all of Web Cryptography and of streams, which takes three times as long and, with Node 24, longer
 * than all that the package does itself.
 */
function wordsOfNode(): number[] | null {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  if (process?.versions?.node === undefined || createObjectURL === undefined) return null;
  const url = createObjectURL(new Blob());
  revokeObjectURL?.(url);
  const words = /^blob:nodedata:([\da-f]{8})-.+([\da-f]{8})$/.exec(url);
  return words === null ? null : [1, 2].map((part) => Number.parseInt(words[part] as string, 16));
}

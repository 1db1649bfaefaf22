// The cells: one kind of access, on one kind of key, at one size, with or without expiry.

const SIZES = [1_000, 10_000, 100_000, 1_000_000];

// One row per kind of access: the operation (a function of operations.mjs), the kind of key (of keys.mjs), whether
// the key is built anew for each call, how keys are chosen.
const KINDS = [
  { operation: "get", key: "short", fresh: false, choice: "zipf" },
  { operation: "get", key: "short", fresh: false, choice: "uniform" },
  { operation: "get", key: "short", fresh: true, choice: "zipf" },
  { operation: "get", key: "short", fresh: true, choice: "uniform" },
  { operation: "get", key: "long", fresh: false, choice: "zipf" },
  { operation: "get", key: "long", fresh: false, choice: "uniform" },
  { operation: "get", key: "long", fresh: true, choice: "zipf" },
  { operation: "get", key: "long", fresh: true, choice: "uniform" },
  { operation: "get", key: "integer", fresh: false, choice: "zipf" },
  { operation: "get", key: "integer", fresh: false, choice: "uniform" },
  { operation: "get", key: "array", fresh: true, choice: "zipf" },
  { operation: "miss", key: "short", fresh: false, choice: "uniform" },
  { operation: "miss", key: "short", fresh: true, choice: "uniform" },
  { operation: "miss", key: "integer", fresh: false, choice: "uniform" },
  { operation: "fill", key: "short", fresh: false, choice: "once" },
  { operation: "fill", key: "integer", fresh: false, choice: "once" },
  { operation: "overwrite", key: "short", fresh: false, choice: "uniform" },
  { operation: "overwrite", key: "integer", fresh: false, choice: "uniform" },
  { operation: "reinsert", key: "short", fresh: false, choice: "uniform" },
  { operation: "reinsert", key: "integer", fresh: false, choice: "uniform" },
  { operation: "churn", key: "short", fresh: false, choice: "zipf" },
  { operation: "churn", key: "integer", fresh: false, choice: "zipf" },
  { operation: "mix", key: "short", fresh: false, choice: "zipf" },
  { operation: "mix", key: "short", fresh: true, choice: "zipf" },
  { operation: "mix", key: "integer", fresh: false, choice: "zipf" },
  { operation: "burst", key: "short", fresh: false, choice: "zipf" },
];

// What `--quick` measures: a bit of everything, at one size.
const QUICK = new Set([
  "get short same zipf",
  "get short fresh zipf",
  "get long fresh zipf",
  "get integer zipf",
  "miss short fresh uniform",
  "overwrite short same uniform",
  "churn short same zipf",
]);
const QUICK_SIZE = 10_000;

function describe(kind) {
  const age = kind.key === "integer" || kind.choice === "once" ? "" : kind.fresh ? " fresh" : " same";
  const choice = kind.choice === "once" ? "" : ` ${kind.choice}`;
  return `${kind.operation} ${kind.key}${age}${choice}`;
}

/** All cells, the small ones first. */
export const cells = SIZES.flatMap((size) =>
  [false, true].flatMap((expiry) =>
    KINDS.map((kind) => {
      const title = describe(kind);
      return {
        name: `${title}, ${size}${expiry ? ", ttl" : ""}`,
        title,
        ...kind,
        size,
        expiry,
        quick: QUICK.has(title) && size === QUICK_SIZE,
      };
    }),
  ),
);

// The form of values held by copy, beyond what they share with keys. docs/value-format.md describes the whole.

/** The version of the form. It stands in snapshots, once for all their values. */
export const FORMAT = 1;

/** The errors that keep their class, in the order of their numbers; others become the first. */
export const ERRORS = ["", "Eval", "Range", "Reference", "Syntax", "Type", "URI"].map((name) => `${name}Error`);

/** The parts of an error that are stored, in the order of their bits. */
export const ERROR_PARTS = ["message", "stack", "cause"] as const;

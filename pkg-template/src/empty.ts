// Arrays for what has nothing yet, one for all: of many small caches, most of the time went into making them.
export const NO_INTS: Int32Array = new Int32Array(0);
export const NO_DOUBLES: Float64Array = new Float64Array(0);

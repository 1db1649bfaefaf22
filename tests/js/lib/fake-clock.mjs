// A clock moved by hand in the place of Date.now.

/** Replaces Date.now until the test ends. `now` may be set; `reads` counts. */
export function fakeClock(t, now = 1_700_000_000_000) {
  const real = Date.now;
  const clock = { now, reads: 0 };
  Date.now = () => {
    clock.reads += 1;
    return clock.now;
  };
  t.after(() => {
    Date.now = real;
  });
  return clock;
}

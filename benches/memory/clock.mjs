// The time that this thread has run: of Node's interfaces only WASI's has it.
import { WASI } from "node:wasi";

const THREAD_CPU_TIME = 3;

const wasi = new WASI({ version: "preview1" });
const memory = new WebAssembly.Memory({ initial: 1 });
wasi.initialize({ exports: { memory } });
const nanoseconds = new BigUint64Array(memory.buffer, 0, 1);

/** That time in milliseconds. */
export function clock() {
  if (wasi.wasiImport.clock_time_get(THREAD_CPU_TIME, 1n, 0) !== 0) throw new Error("no clock of the thread");
  return Number(nanoseconds[0]) / 1e6;
}

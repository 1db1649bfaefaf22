// `npm run bench:guard`: has anything become slower? Counts the instructions of the engine's operations with callgrind,
// measures poche's calls as multiples of a bare Map's, and holds both against what was recorded.
//
//   --instructions, --ratios     only this half
//   --node VERSION               the Node to measure with: 20, 22, 24 or a path (default: the one that runs this)
//   --record                     record what is measured as what is right from now on, and add it to the history
import { parseArgs } from "node:util";
import { main } from "../scripts/lib/process.mjs";
import { ensureRust } from "../scripts/lib/rust.mjs";
import { ensureValgrind } from "../scripts/lib/valgrind.mjs";
import { guardInstructions, guardRatios, recordAll } from "./guard/check.mjs";
import { nodeProgram } from "./nodes.mjs";
import { linkPackage } from "./set-up.mjs";

const { values } = parseArgs({
  options: {
    instructions: { type: "boolean", default: false },
    ratios: { type: "boolean", default: false },
    node: { type: "string" },
    record: { type: "boolean", default: false },
  },
});
const both = values.instructions === values.ratios;
const wants = { instructions: both || values.instructions, ratios: both || values.ratios };

await main(async () => {
  if (wants.instructions) {
    await ensureRust();
    await ensureValgrind();
  }
  if (wants.ratios) await linkPackage();
  const node = await nodeProgram(values.node);
  if (values.record) return recordAll(wants, node);
  if (wants.instructions) guardInstructions();
  if (wants.ratios) guardRatios(node);
});

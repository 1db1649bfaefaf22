// The recipe docs/recipes/cli.md: words.mjs prints what the recipe says, at the first run and at the second.
import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { it } from "node:test";
import { blocksOf } from "./lib/blocks.mjs";
import { makeProject } from "./lib/project.mjs";

const DOCUMENT = "docs/recipes/cli.md";
const FILES = { "poem.txt": "Sous le pont Mirabeau coule la Seine, et", "letter.txt": "Dear Ada, hello" };

it("counts once, then reads the snapshot; what was changed is counted anew", async () => {
  const project = await makeProject(DOCUMENT, "cli");
  for (const [name, text] of Object.entries(FILES)) project.write(name, text);
  const printed = blocksOf(DOCUMENT).filter(({ language }) => language === "text");
  const run = () => project.node("words.mjs", ...Object.keys(FILES));
  assert.equal(await run(), printed[0].text);
  assert.equal(await run(), printed[1].text);

  project.write("letter.txt", "Dear Ada, hello again");
  utimesSync(project.path("letter.txt"), new Date(), new Date("2100-01-01"));
  assert.match(await run(), /^4 letter\.txt\n1 from the cache, 1 counted$/m);
});

it("begins anew with a snapshot that is damaged", async () => {
  const project = await makeProject(DOCUMENT, "cli-damaged");
  project.write("poem.txt", FILES["poem.txt"]);
  writeFileSync(project.path("words.poche"), "no snapshot");
  assert.match(await project.node("words.mjs", "poem.txt"), /^0 from the cache, 1 counted$/m);
});

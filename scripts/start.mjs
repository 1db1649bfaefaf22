// `npm start`: builds the package, shows it in the terminal, then serves the demo pages until Ctrl-C.
import { build } from "./build.mjs";
import { installPackage } from "./lib/installed.mjs";
import { main } from "./lib/process.mjs";
import { serveUntilStopped } from "./serve.mjs";
import { tour } from "./tour.mjs";

await main(async () => {
  await build();
  await installPackage();
  await tour();
  await serveUntilStopped();
});

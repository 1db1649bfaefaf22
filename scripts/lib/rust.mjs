// Set-up of the Rust side: the pinned toolchain, the wasm32 target, wasm-bindgen, wasm-pack, Miri.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { at, Missing, output, preferPath, run, say } from "./process.mjs";

const TARGET = "wasm32-unknown-unknown";
const COMPONENTS = ["rustfmt", "clippy"];
const WASM_PACK = "0.15.1";

/** The toolchain of rust-toolchain.toml with its target, wasm-bindgen in the crate's version, wasm-pack. */
export async function ensureRust() {
  findCargo();
  await ensureToolchain();
  const tools = at("target", "tools");
  preferPath(join(tools, "bin"));
  const wasmBindgen = lockedVersion("wasm-bindgen");
  await ensureTool("wasm-bindgen", "wasm-bindgen-cli", wasmBindgen, tools, []);
  await ensureTool("wasm-pack", "wasm-pack", WASM_PACK, tools, ["--locked"]);
}

/** A nightly toolchain with Miri; only the tests need it. */
export async function ensureMiri() {
  const installed = output("rustup", ["component", "list", "--installed", "--toolchain", "nightly"]) ?? "";
  if (/^miri/m.test(installed) && /^rust-src/m.test(installed)) return;
  say("installing Miri (rustup toolchain install nightly)");
  await orMissing(
    run("rustup", ["toolchain", "install", "nightly", "--profile", "minimal", "-c", "miri", "-c", "rust-src"]),
    "Miri is missing: rustup toolchain install nightly -c miri -c rust-src",
  );
}

function findCargo() {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  if (existsSync(join(home, "bin"))) preferPath(join(home, "bin"));
  if (output("rustup", ["--version"]) === null) {
    throw new Missing("rustup is missing: install Rust as https://rustup.rs says, then run this again");
  }
  if (process.platform !== "win32" && output("cc", ["--version"]) === null) {
    throw new Missing("a C linker (cc) is missing: install one (on Debian: apt-get install gcc libc6-dev)");
  }
}

async function ensureToolchain() {
  const channel = /channel = "(.+)"/.exec(readFileSync(at("rust-toolchain.toml"), "utf8"))[1];
  const toolchains = (output("rustup", ["toolchain", "list"]) ?? "").split("\n").map((line) => line.split(" ")[0]);
  let toolchain = toolchains.find((name) => name === channel || name.startsWith(`${channel}-`));
  if (!toolchain) {
    // The same release under the name of its channel does as well, and saves a large download.
    toolchain = toolchains.find(
      (name) => name.startsWith("stable") && output("rustc", [`+${name}`, "--version"])?.includes(` ${channel} `),
    );
    if (toolchain) process.env.RUSTUP_TOOLCHAIN = toolchain;
  }
  if (!toolchain) {
    say(`installing Rust ${channel} (rustup toolchain install)`);
    const components = COMPONENTS.flatMap((name) => ["-c", name]);
    await orMissing(
      run("rustup", ["toolchain", "install", channel, "--profile", "minimal", ...components, "-t", TARGET]),
      `Rust ${channel} is missing: rustup toolchain install ${channel}`,
    );
    return;
  }
  const has = output("rustup", ["component", "list", "--installed", "--toolchain", toolchain]) ?? "";
  if (!has.includes(`rust-std-${TARGET}`)) {
    say(`installing the target ${TARGET} (rustup target add)`);
    await orMissing(
      run("rustup", ["target", "add", TARGET, "--toolchain", toolchain]),
      `the target ${TARGET} is missing: rustup target add ${TARGET}`,
    );
  }
  const missing = COMPONENTS.filter((name) => !new RegExp(`^${name}`, "m").test(has));
  if (missing.length > 0) {
    say(`installing ${missing.join(" and ")} (rustup component add)`);
    await orMissing(
      run("rustup", ["component", "add", ...missing, "--toolchain", toolchain]),
      `${missing.join(" and ")} missing: rustup component add ${missing.join(" ")}`,
    );
  }
}

// The generated glue and the command line that generates it must be of one version, to the last digit.
function lockedVersion(crate) {
  const lock = readFileSync(at("Cargo.lock"), "utf8");
  return new RegExp(`name = "${crate}"\\nversion = "(.+)"`).exec(lock)[1];
}

async function ensureTool(command, crate, version, tools, flags) {
  const found = output(command, ["--version"]);
  if (found?.trim().split(" ")[1] === version) return;
  // Another project may need the other version: it stays, and ours goes where only poche looks.
  const place = found === null ? [] : ["--root", tools];
  say(`installing ${command} ${version} (cargo install; some minutes, once)`);
  await orMissing(
    run("cargo", ["install", crate, "--version", version, "--debug", "--force", ...flags, ...place], {
      env: { CARGO_PROFILE_DEV_DEBUG: "0" },
    }),
    `${command} ${version} is missing: cargo install ${crate} --version ${version}`,
  );
}

async function orMissing(installing, line) {
  try {
    await installing;
  } catch (error) {
    throw new Missing(line, { cause: error });
  }
}

// The figures of memory, stalls and lookups as tables of Markdown.

/** The tables of all sizes and of the lookups. */
export function writeTable(results, lookups) {
  const rows = [
    "| entries | | bytes per entry | worst stall, filling | worst stall, churning |",
    "|---|---|---|---|---|",
  ];
  for (const [size, measured] of Object.entries(results)) {
    for (const [name, { bytes, filling, churning }] of Object.entries(measured)) {
      const cells = [bytes.toFixed(0), `${filling.worst.toFixed(0)} ms`, `${churning.worst.toFixed(0)} ms`];
      rows.push(`| ${Number(size).toLocaleString("en")} | ${name} | ${cells.join(" | ")} |`);
    }
  }
  rows.push("", "| `get` of a small flat object | nanoseconds |", "|---|---|");
  for (const [name, time] of Object.entries(lookups)) rows.push(`| ${name} | ${time.toFixed(0)} |`);
  return `${rows.join("\n")}\n`;
}

// Draws ZPL with a renderer not written here: JSON jobs on standard input, JSON pictures (base 64 PNG) out.
import { readFileSync } from "node:fs";
import { ready } from "zpl-renderer-js";

const jobs = JSON.parse(readFileSync(0, "utf8"));
const { api } = await ready;
const pictures = [];
for (const { zpl, width, height, dots } of jobs) {
  pictures.push(await api.zplToBase64MultipleAsync(zpl, width, height, dots));
}
process.stdout.write(JSON.stringify(pictures), () => process.exit(0));

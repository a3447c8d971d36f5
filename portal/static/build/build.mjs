// Puts what the pages need of others' work into ../files: the typeface and the map. Names stay; the program adds the hash of the content.
import { build } from "esbuild";
import { copyFile, readFile, writeFile } from "node:fs/promises";

const out = new URL("../files/", import.meta.url).pathname;
await copyFile("node_modules/@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2", out + "jakarta.woff2");
await build({ entryPoints: ["src/map.mjs"], bundle: true, minify: true, format: "esm", target: "es2020", outfile: out + "map.js", legalComments: "inline" });

// The pictures of Leaflet's marker and layer switch are not used: our pin is drawn.
const css = await readFile("node_modules/leaflet/dist/leaflet.css", "utf8");
await writeFile(out + "map.css", css.replace(/^[^\n]*url\([^\n]*\n/gm, ""));

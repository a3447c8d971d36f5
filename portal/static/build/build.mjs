// Makes ../files: every module of src, bundled with what it needs of others' work, and the typeface. Names stay; the program adds the hash of the content.
import { build } from "esbuild";
import { Resvg, initWasm } from "@resvg/resvg-wasm";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";

const out = new URL("../files/", import.meta.url).pathname;
await copyFile("node_modules/@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2", out + "jakarta.woff2");
await copyFile("node_modules/htmx.org/dist/htmx.esm.min.js", out + "htmx.js");
const modules = (await readdir("src")).filter((name) => name.endsWith(".mjs")).map((name) => "src/" + name);
await build({ entryPoints: modules, bundle: true, minify: true, format: "esm", target: "es2020", outdir: out, legalComments: "inline" });

// The pictures of Leaflet's marker and layer switch are not used: our pin is drawn.
const css = await readFile("node_modules/leaflet/dist/leaflet.css", "utf8");
await writeFile(out + "map.css", css.replace(/^[^\n]*url\([^\n]*\n/gm, ""));

// Icons for home screens, of our drawing; a maskable one is cut to any shape by the device, so its ground goes to the edge.
await initWasm(readFile("node_modules/@resvg/resvg-wasm/index_bg.wasm"));
const drawing = await readFile(out + "icon.svg", "utf8"), square = drawing.replace(' rx="8"', "");
const icon = (name, svg, width) => writeFile(out + name, new Resvg(svg, { fitTo: { mode: "width", value: width } }).render().asPng());
await icon("icon-192.png", drawing, 192);
await icon("icon-512.png", drawing, 512);
await icon("icon-maskable-512.png", square, 512);

// The map of the city: what the server found in the piece that is shown, as pins, and the list beside it in step. The list is HTML from the server,
// and the pins are drawn from it. With data-addressed the address follows, so that a place can be passed on.
import { map as makeMap, marker, divIcon } from "leaflet/dist/leaflet-src.esm.js";
import { ground } from "./lib/ground.mjs";

const clusterZoom = 2; // how much nearer a tap on several reports goes

// style is there before the map is: it measures itself by it.
function style(url) {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet"; link.href = url; link.onload = link.onerror = done;
    document.head.append(link);
  });
}

export async function show(place) {
  const said = place.dataset;
  await style(said.css);
  const drawn = place.querySelector("svg");
  const map = makeMap(place, { attributionControl: Boolean(said.tiles), zoomControl: false, minZoom: 9, maxZoom: 19 });
  drawn?.remove();
  document.querySelector("[data-moves]")?.remove();
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", said.label);
  map.setView([+said.latitude, +said.longitude], zoomFor(place, +said.zoom));
  zoomButtons(map, said);
  ground(place).addTo(map);
  // A wheel that goes down the page is not caught by a map that nobody has touched.
  map.scrollWheelZoom.disable();
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  const pins = new Map();
  const list = () => document.getElementById("temuan");
  let asked, waiting, live;

  function draw() {
    const gone = new Set(pins.keys());
    for (const item of list()?.querySelectorAll("[data-pins] > li") ?? []) gone.delete(pin(item));
    for (const key of gone) { pins.get(key).remove(); pins.delete(key); }
  }

  function pin(item) {
    const { at, count, url, status, word, size } = item.dataset, key = at + "/" + count + "/" + url;
    if (pins.has(key)) return key;
    const icon = divIcon({ className: "pin pin-" + size + (url ? " pin-" + status : " pin-many"), html: url ? "" : count, iconSize: null });
    const label = url ? item.textContent + ", " + word : item.textContent;
    const one = marker(at.split(",").map(Number), { icon, keyboard: true, title: label }).addTo(map);
    one.getElement().setAttribute("aria-label", label);
    if (url) one.bindPopup(() => popup(item.textContent, word, url, said.open), { closeButton: false });
    else one.on("click keypress", (event) => {
      if (event.type === "click" || event.originalEvent.key === "Enter") map.setView(one.getLatLng(), Math.min(map.getZoom() + clusterZoom, 19));
    });
    pins.set(key, one);
    return key;
  }

  async function load() {
    const query = box(map, said.query);
    asked?.abort();
    asked = new AbortController();
    const html = await fetch("/peta/isi?" + query, { signal: asked.signal }).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "");
    if (!html) return; // asked again meanwhile, or the line is down: what is shown stays
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    list()?.replaceWith(fresh.content);
    document.getElementById("baru")?.setAttribute("hidden", "");
    draw();
    place.dataset.ready = "";
    follow(query);
  }

  // A new report is put on the map at once; the list is left as it is, under a button that says how many have come.
  function follow(query) {
    live?.close();
    if (document.hidden) return;
    let count = 0;
    live = new EventSource("/peta/kabar?" + query);
    live.addEventListener("message", (event) => {
      const item = document.createElement("template");
      item.innerHTML = event.data;
      const fresh = item.content.firstElementChild;
      list()?.querySelector("[data-pins]")?.append(fresh);
      pins.get(pin(fresh))?.getElement()?.classList.add("pin-new");
      const told = document.getElementById("baru");
      if (!told) return;
      const button = document.createElement("button");
      button.className = "quiet-button"; button.dataset.testid = "fresh";
      button.textContent = said.fresh.replace("{count}", ++count);
      button.addEventListener("click", load);
      told.replaceChildren(button);
      told.hidden = false;
    });
  }

  map.on("moveend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(load, 250);
    if (!("addressed" in said)) return;
    const to = new URL(location.href), middle = map.getCenter();
    to.searchParams.set("di", middle.lat.toFixed(5) + "," + middle.lng.toFixed(5));
    to.searchParams.set("dekatkan", map.getZoom());
    history.replaceState(history.state, "", to);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) live?.close(); else load(); });
  addEventListener("pagehide", () => live?.close());
  await load();
  return map;
}

// zoomFor shows on a narrow screen what the drawing of the server shows on a wide one.
function zoomFor(place, zoom) { return place.clientWidth < 480 && zoom === 12 ? 11 : zoom; }

function box(map, query) {
  const b = map.getBounds(), values = new URLSearchParams(query);
  for (const [name, value] of [["selatan", b.getSouth()], ["barat", b.getWest()], ["utara", b.getNorth()], ["timur", b.getEast()]]) values.set(name, value.toFixed(5));
  values.set("dekatkan", map.getZoom());
  return values;
}

function popup(title, word, url, open) {
  const box = document.createElement("div"), name = document.createElement("strong"), state = document.createElement("p"), link = document.createElement("a");
  name.textContent = title; name.dir = "auto"; state.textContent = word; link.textContent = open; link.href = url;
  box.className = "pin-about";
  box.append(name, state, link);
  return box;
}

// zoomButtons are buttons, with names in the page's language.
function zoomButtons(map, said) {
  const bar = document.createElement("div");
  bar.className = "zoom";
  for (const [sign, label, by] of [["+", said.in, 1], ["−", said.out, -1]]) {
    const button = document.createElement("button");
    button.type = "button"; button.textContent = sign; button.setAttribute("aria-label", label);
    button.addEventListener("click", (event) => { event.stopPropagation(); map.setZoom(map.getZoom() + by); });
    button.addEventListener("dblclick", (event) => event.stopPropagation());
    bar.append(button);
  }
  map.getContainer().append(bar);
}

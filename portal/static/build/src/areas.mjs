// The map on which somebody draws the circle that they want to hear from: a pin by tap or by key, and its reach. The fields beside it stay what counts.
import { circle, divIcon, map as makeMap, marker } from "leaflet/dist/leaflet-src.esm.js";
import { ground } from "./lib/ground.mjs";

const place = document.querySelector("[data-map]");
const latitude = document.getElementById("latitude"), longitude = document.getElementById("longitude"), radius = document.getElementById("jarak");

function pinned() {
  const at = [latitude, longitude].map((field) => parseFloat(field.value.replace(",", ".")));
  return at.every(Number.isFinite) ? at : null;
}

place.hidden = false;
const middle = [place.dataset.latitude, place.dataset.longitude].map(Number);
const map = makeMap(place, { attributionControl: Boolean(place.dataset.tiles) }).setView(pinned() || middle, 13);
ground(place).addTo(map);
for (const { dataset } of document.querySelectorAll("[data-testid=area]")) {
  circle([dataset.latitude, dataset.longitude].map(Number), { radius: Number(dataset.radius), className: "reach held", interactive: false }).addTo(map);
}
const pin = marker(middle, { icon: divIcon({ className: "pin", iconSize: [28, 36], iconAnchor: [14, 36] }), draggable: true, keyboard: false });
const reach = circle(middle, { radius: 1000, className: "reach", interactive: false });

function follow(look) {
  const at = pinned(), metres = Number(radius.value);
  if (!at || !metres) { pin.remove(); reach.remove(); return; }
  pin.setLatLng(at).addTo(map);
  reach.setLatLng(at).setRadius(metres).addTo(map);
  if (look) map.fitBounds(reach.getBounds(), { padding: [12, 12] });
}

function write(at, look) {
  latitude.value = at.lat.toFixed(5); longitude.value = at.lng.toFixed(5);
  follow(look);
}

follow(true);
map.on("click", (event) => write(event.latlng, true));
pin.on("dragend", () => write(pin.getLatLng()));
place.addEventListener("keydown", (event) => { // arrows move the map, this sets the pin in its middle
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); write(map.getCenter(), true); }
});
for (const field of [latitude, longitude, radius]) field.addEventListener("change", () => follow(true));
new ResizeObserver(() => map.invalidateSize()).observe(place);

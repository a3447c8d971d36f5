// The map of the report form: a pin to set by tap or by key, and "use my position". The fields beside it stay what counts.
import { map as makeMap, marker, divIcon } from "leaflet/dist/leaflet-src.esm.js";
import { ground } from "./lib/ground.mjs";

const place = document.querySelector("[data-map]");
const latitude = document.getElementById("latitude"), longitude = document.getElementById("longitude");

function pinned() {
  const at = [parseFloat(latitude.value.replace(",", ".")), parseFloat(longitude.value.replace(",", "."))];
  return at.every(Number.isFinite) ? at : null;
}

if (place && latitude && longitude) {
  place.hidden = false;
  const middle = [parseFloat(place.dataset.latitude), parseFloat(place.dataset.longitude)];
  const map = makeMap(place, { attributionControl: Boolean(place.dataset.tiles) }).setView(pinned() || middle, pinned() ? 16 : 12);
  ground(place).addTo(map);
  const pin = marker(middle, { icon: divIcon({ className: "pin", iconSize: [28, 36], iconAnchor: [14, 36] }), draggable: true, keyboard: false, autoPan: true });
  const write = (at) => {
    latitude.value = at.lat.toFixed(6); longitude.value = at.lng.toFixed(6);
    longitude.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const follow = (look) => {
    const at = pinned();
    if (!at) { pin.remove(); return; }
    pin.setLatLng(at).addTo(map);
    if (look && !map.getBounds().pad(-0.1).contains(at)) map.setView(at, Math.max(map.getZoom(), 16));
  };
  follow();
  map.on("click", (event) => write(event.latlng));
  pin.on("dragend", () => write(pin.getLatLng()));
  place.addEventListener("keydown", (event) => { // arrows move the map, this sets the pin in its middle
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); write(map.getCenter()); }
  });
  for (const field of [latitude, longitude]) field.addEventListener("change", () => follow(true));
  new ResizeObserver(() => map.invalidateSize()).observe(place);

  const here = document.querySelector("[data-here]"), said = document.querySelector("[data-here-said]");
  if (here && navigator.geolocation) {
    here.hidden = false;
    here.addEventListener("click", () => {
      here.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        (found) => { here.removeAttribute("aria-busy"); said.textContent = ""; write({ lat: found.coords.latitude, lng: found.coords.longitude }); },
        () => { here.removeAttribute("aria-busy"); said.textContent = said.dataset.hereSaid; }, { enableHighAccuracy: true, timeout: 15000 });
    });
  }
}

// The map of the report form: a pin to set by tap or by key, and "use my position". The fields beside it stay what counts.
import { map as makeMap, circleMarker } from "leaflet/dist/leaflet-src.esm.js";
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
  const pin = circleMarker(pinned() || middle, { radius: 10, weight: 3, color: "#fff", fillColor: "#b42318", fillOpacity: 1, interactive: false });
  const set = (at, look) => {
    latitude.value = at[0].toFixed(6); longitude.value = at[1].toFixed(6);
    pin.setLatLng(at).addTo(map);
    if (look) map.setView(at, Math.max(map.getZoom(), 16));
  };
  if (pinned()) pin.addTo(map);
  map.on("click", (e) => set([e.latlng.lat, e.latlng.lng]));
  for (const field of [latitude, longitude]) field.addEventListener("change", () => pinned() && set(pinned(), true));

  const here = document.querySelector("[data-here]"), said = document.querySelector("[data-here-said]");
  if (here && navigator.geolocation) {
    here.hidden = false;
    here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      (found) => { said.textContent = ""; set([found.coords.latitude, found.coords.longitude], true); },
      () => { said.textContent = said.dataset.hereSaid; }, { enableHighAccuracy: true, timeout: 15000 }));
  }
}

// The map of the report form: a pin to set by tap or by key, and "use my position". Without a tile server it shows a grid of whole
// hundredths of a degree, about a kilometre, so that there is something to hold on to. The fields beside it stay what counts.
import { map as makeMap, tileLayer, circleMarker, gridLayer, Point } from "leaflet/dist/leaflet-src.esm.js";

const place = document.querySelector("[data-map]");
const latitude = document.getElementById("latitude"), longitude = document.getElementById("longitude");

const plain = gridLayer({ attribution: "" });
plain.createTile = function (coords) {
  const tile = document.createElement("canvas"), size = this.getTileSize();
  tile.width = size.x; tile.height = size.y;
  const pen = tile.getContext("2d"), world = this._map;
  const from = world.unproject(new Point(coords.x * size.x, coords.y * size.y), coords.z);
  const to = world.unproject(new Point((coords.x + 1) * size.x, (coords.y + 1) * size.y), coords.z);
  const step = coords.z >= 15 ? 0.002 : coords.z >= 12 ? 0.01 : 0.1;
  pen.strokeStyle = getComputedStyle(place).getPropertyValue("--line"); pen.lineWidth = 1;
  for (let x = Math.ceil(from.lng / step) * step; x < to.lng; x += step) {
    const at = (size.x * (x - from.lng)) / (to.lng - from.lng);
    pen.beginPath(); pen.moveTo(at, 0); pen.lineTo(at, size.y); pen.stroke();
  }
  for (let y = Math.ceil(to.lat / step) * step; y < from.lat; y += step) {
    const at = (size.y * (from.lat - y)) / (from.lat - to.lat);
    pen.beginPath(); pen.moveTo(0, at); pen.lineTo(size.x, at); pen.stroke();
  }
  return tile;
};

function pinned() {
  const at = [parseFloat(latitude.value.replace(",", ".")), parseFloat(longitude.value.replace(",", "."))];
  return at.every(Number.isFinite) ? at : null;
}

if (place && latitude && longitude) {
  place.hidden = false;
  const middle = [parseFloat(place.dataset.latitude), parseFloat(place.dataset.longitude)];
  const map = makeMap(place, { attributionControl: Boolean(place.dataset.tiles) }).setView(pinned() || middle, pinned() ? 16 : 12);
  (place.dataset.tiles ? tileLayer(place.dataset.tiles, { attribution: place.dataset.attribution, maxZoom: 19 }) : plain).addTo(map);
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

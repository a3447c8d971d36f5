// What lies under a map: the tiles of the server that the place names, or a grid of whole hundredths of a degree, about a kilometre, so that there
// is something to hold on to; and above either the outlines of the districts, with their names once there is room.
import { tileLayer, gridLayer, polygon, tooltip, Point } from "leaflet/dist/leaflet-src.esm.js";

const roomForNames = 13; // the zoom from which names do not lie on each other

export function ground(place) {
  const layer = place.dataset.tiles ? tileLayer(place.dataset.tiles, { attribution: place.dataset.attribution, maxZoom: 19 }) : grid(place);
  layer.on("add", () => outlines(layer._map));
  return layer;
}

function grid(place) {
  const plain = gridLayer({ attribution: "" });
  plain.createTile = function (coords) {
    const tile = document.createElement("canvas"), size = this.getTileSize();
    tile.width = size.x; tile.height = size.y;
    const pen = tile.getContext("2d"), world = this._map;
    const from = world.unproject(new Point(coords.x * size.x, coords.y * size.y), coords.z);
    const to = world.unproject(new Point((coords.x + 1) * size.x, (coords.y + 1) * size.y), coords.z);
    const step = coords.z >= 15 ? 0.002 : coords.z >= 12 ? 0.01 : 0.1;
    pen.strokeStyle = getComputedStyle(place).getPropertyValue("--thin"); pen.lineWidth = 1;
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
  return plain;
}

// The map is good without outlines: where they cannot be had, nothing is said.
async function outlines(map) {
  const answer = await fetch("/peta/wilayah").catch(() => null);
  if (!answer?.ok) return;
  for (const { name, outline } of await answer.json()) {
    if (!map._container) return; // the map has gone meanwhile
    const shape = polygon(outline, { className: "district", interactive: false, weight: 1.5 }).addTo(map);
    tooltip({ permanent: true, direction: "center", className: "district-name" }).setLatLng(shape.getBounds().getCenter()).setContent(name).addTo(map);
  }
  const names = () => map._container.classList.toggle("far", map.getZoom() < roomForNames);
  map.on("zoomend", names);
  names();
}

// Where a JPEG says that it was taken: { latitude, longitude } in degrees, or null. It reads the GPS block of the Exif segment (Exif 2.32, TIFF 6.0)
// and nothing else.
const START = 0xffd8, EXIF = 0xffe1, SCAN = 0xffda, HEAD = 256 << 10; // Exif stands in the first segments, each of at most 64 KB
const GPS = 0x8825, SOUTH_OR_NORTH = 1, LATITUDE = 2, EAST_OR_WEST = 3, LONGITUDE = 4;

export async function placeOf(file) {
  try {
    const tiff = segment(new DataView(await file.slice(0, HEAD).arrayBuffer()));
    return tiff && place(tiff);
  } catch {
    return null; // cut short, or not what it says it is
  }
}

// segment finds the TIFF structure within the JPEG.
function segment(view) {
  if (view.byteLength < 4 || view.getUint16(0) !== START) return null;
  for (let at = 2; at + 4 <= view.byteLength;) {
    const mark = view.getUint16(at), length = view.getUint16(at + 2);
    if (mark === EXIF && view.getUint32(at + 4) === 0x45786966) return new DataView(view.buffer, at + 10, Math.min(length - 8, view.byteLength - at - 10));
    if (mark === SCAN || mark < 0xff00) return null;
    at += 2 + length;
  }
  return null;
}

function place(tiff) {
  const little = tiff.getUint16(0) === 0x4949;
  const entries = (at) => {
    const found = new Map();
    for (let i = 0, n = tiff.getUint16(at, little); i < n; i++) found.set(tiff.getUint16(at + 2 + 12 * i, little), at + 2 + 12 * i + 8); // where its value is
    return found;
  };
  const pointer = entries(tiff.getUint32(4, little)).get(GPS);
  if (!pointer) return null;
  const gps = entries(tiff.getUint32(pointer, little));
  const degrees = (tag, side, negative) => {
    const at = tiff.getUint32(gps.get(tag), little); // three fractions: degrees, minutes, seconds
    const part = (i) => tiff.getUint32(at + 8 * i, little) / (tiff.getUint32(at + 8 * i + 4, little) || 1);
    const value = part(0) + part(1) / 60 + part(2) / 3600;
    return String.fromCharCode(tiff.getUint8(gps.get(side))) === negative ? -value : value;
  };
  const latitude = degrees(LATITUDE, SOUTH_OR_NORTH, "S"), longitude = degrees(LONGITUDE, EAST_OR_WEST, "W");
  const sure = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude || longitude); // some cameras write zeros while they look for satellites
  return sure ? { latitude, longitude } : null;
}
